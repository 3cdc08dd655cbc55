"""Search finds any number and any word that somebody may see, says why, and nothing else."""

from __future__ import annotations

import re
from copy import copy
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, update

from casework.docket import sealed_words
from casework.docket.journal import first
from casework.docket.models import Docket, Recusal
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.conftest import Mould, program
from tests.support.counted import counted
from tests.support.desk import SignIn, code

NAME = "丰都县豪达房地产开发有限公司"
UNIT = "91510100728012345X"
Grown = tuple[Mould, Walk]


@pytest.fixture(scope="module")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """An instance with a case of a decision that was served, made once."""
    made = peopled.copy(tmp_path_factory.mktemp("found") / "instance")
    assert made.team
    with program(made):
        bureau = db.session.scalars(select(Bureau)).one()
        start = road.later(today() - timedelta(days=140), 0)
        ground = Ground(bureau, made.team, {**FIRM, "name": NAME}, start)
        case = ground.case("served", 3_000_000)
        tick()
        return made, case


@pytest.fixture
def mould(grown: Grown) -> Mould:
    return grown[0]


@pytest.fixture
def case(app: Flask, grown: Grown) -> Walk:
    return copy(grown[1])


def found(page: str) -> dict[str, str]:
    """Codes that a search page lists, each with why."""
    rows = re.findall(r'<tr data-href="/desk/dockets/([^"]+)">(.*?)</tr>', page, re.S)
    return {
        c: unescape(re.sub("<[^>]+>", "", re.findall(r"<td.*?</td>", row, re.S)[-1])).strip()
        for c, row in rows
    }


def decision(case: Walk) -> Paper:
    wanted = select(Paper).where(Paper.docket_id == case.docket_id, Paper.kind == "decision")
    return db.session.scalars(wanted).one()


def test_a_paper_is_found_by_its_number_in_any_way_of_writing(case: Walk, sign_in: SignIn) -> None:
    head, paper = sign_in("head"), decision(case)
    no, year = paper.no, paper.year
    ways = (
        paper.number,
        f"丰统罚[{year}]{no}",
        f"罚 {year} {no}",
        f"丰统罚（{year}）第{no}号",
        f"罚{no}号",
        f"文号：{paper.number}",
        paper.number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )
    for typed in ways:
        page = head.get("/desk/search", query_string={"q": typed}).text
        assert "处罚决定书" in found(page)[code(case)], typed
        assert f'href="/desk/papers/{paper.id}.pdf"' in page
        listed = head.get("/desk/cases", query_string={"q": typed}).text
        assert NAME in listed, typed


def test_a_paper_is_found_by_its_code_of_verification(case: Walk, sign_in: SignIn) -> None:
    short = decision(case).short_code
    page = sign_in("head").get(
        "/desk/search", query_string={"q": f"{short[:4]} {short[4:].lower()}"}
    )
    assert "处罚决定书" in found(page.text)[code(case)]


def test_a_visible_number_never_means_the_hidden_code_of_another(
    case: Walk, sign_in: SignIn
) -> None:
    """One case bears the number 66, another the code C2026-66: who types the number means the
    first."""
    year = today().year
    with writing() as session:
        session.execute(
            update(Docket)
            .where(Docket.id == case.docket_id)
            .values(number=f"丰统案〔{year}〕66号", code=f"C{year}-9066")
        )
        other = session.scalars(select(Docket).where(Docket.kind == "report")).first()
        assert other
        other.code = f"C{year}-66"
    head = sign_in("head")
    for typed in (f"{year}-66", f"案{year}-66", f"丰统案〔{year}〕66号"):
        answer = head.get("/desk/search", query_string={"q": typed})
        assert answer.location == f"/desk/dockets/C{year}-9066", typed
    for typed in (f"C{year}-66", f"ｃ{year}－６６"):
        assert head.get("/desk/search", query_string={"q": typed}).location.endswith(f"C{year}-66")


@pytest.mark.parametrize(
    "typed", [UNIT, "9151 0100 7280 1234 5x", "９１５１０１００７２８０１２３４５Ｘ"]
)
def test_a_unit_is_found_by_its_code(case: Walk, sign_in: SignIn, typed: str) -> None:
    with writing() as session:
        session.execute(update(Docket).where(Docket.id == case.docket_id).values(unit_code=UNIT))
    page = sign_in("head").get("/desk/search", query_string={"q": typed}).text
    assert found(page)[code(case)] == "单位代码"


@pytest.mark.parametrize("typed", ["豪达房产", "丰都豪达", "豪达开发公司"])
def test_a_short_name_finds_the_whole_one(case: Walk, sign_in: SignIn, typed: str) -> None:
    page = sign_in("head").get("/desk/search", query_string={"q": typed}).text
    assert found(page)[code(case)] == f"简称：{NAME}"
    assert NAME in sign_in("head").get("/desk/cases", query_string={"q": typed, "short": 1}).text


def test_what_stands_in_another_order_is_no_short_name(case: Walk, sign_in: SignIn) -> None:
    page = sign_in("head").get("/desk/search", query_string={"q": "房产豪达"}).text
    assert code(case) not in found(page)


def test_an_officer_and_a_kind_of_paper_lead_to_their_dockets(case: Walk, sign_in: SignIn) -> None:
    head = sign_in("head")
    name = db.session.get_one(Docket, case.docket_id).handlers.split("、")[0]
    page = head.get("/desk/search", query_string={"q": name}).text
    assert found(page)[code(case)] == f"承办人：{name}"
    page = head.get("/desk/search", query_string={"q": "处罚决定书"}).text
    assert "文书：" in found(page)[code(case)]


@pytest.mark.parametrize("login", ["clerk", "officer1", "head", "legal", "leader"])
def test_words_of_records_are_found_and_shown_with_what_stands_beside_them(
    case: Walk, sign_in: SignIn, login: str
) -> None:
    words = "逐项核对"
    page = sign_in(login).get("/desk/search", query_string={"q": words}).text
    assert words in found(page)[code(case)]
    assert "核查" in found(page)[code(case)]


def test_records_are_looked_through_where_the_index_found_something_only_when_asked(
    case: Walk, sign_in: SignIn
) -> None:
    head = sign_in("head")
    assert "records=1" in head.get("/desk/search", query_string={"q": "豪达"}).text
    with counted() as seen:
        head.get("/desk/search", query_string={"q": "豪达"})
    assert not [s for s in seen if "act_body" in s]


def test_the_words_of_a_tip_are_found_by_those_alone_who_may_read_it(
    case: Walk, sign_in: SignIn
) -> None:
    tip = db.session.scalars(select(Docket).where(Docket.kind == "report")).one()
    said = str(first(db.session(), vault(), [tip.id])[tip.id]["narrative"])
    asked = {"q": said[:6], "records": 1}
    seen = {
        login: tip.code in found(sign_in(login).get("/desk/search", query_string=asked).text)
        for login in ("clerk", "head", "legal", "publisher")
    }
    assert seen == {"clerk": True, "head": True, "legal": False, "publisher": False}


def test_who_is_recused_finds_no_word_of_the_case(case: Walk, sign_in: SignIn) -> None:
    officer = sign_in("officer1")
    assert code(case) in found(officer.get("/desk/search?records=1&q=逐项核对").text)
    with writing() as session:
        me = session.scalars(select(Person).where(Person.login == "officer1")).one()
        session.add(Recusal(docket_id=case.docket_id, person_id=me.id, reason="亲属"))
    for query in ("逐项核对", "豪达", decision(case).number):
        page = officer.get("/desk/search", query_string={"q": query, "records": 1}).text
        assert code(case) not in found(page), query


def test_a_look_goes_on_with_older_dockets(
    case: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.desk.record_search.LOOK", 1)
    head, url, codes = sign_in("head"), "/desk/search?records=1&q=逐项核对", set[str]()
    for _look in range(10):
        page = head.get(url).text
        codes |= set(found(page))
        further = re.search(r'rel="next"\s+href="([^"]+)"', page)
        if not further:
            break
        url = unescape(further[1])
    assert code(case) in codes
    assert not further


def test_what_an_entry_may_bear_is_never_passed_over(case: Walk) -> None:
    """Blanks, width, capitals and signs that nobody sees stand in no way."""
    assert sealed_words.bare("Ａ 栋\u200b（2026）") in sealed_words.bare("位于a栋 (2026) 年")


def test_a_look_takes_two_statements_beside_those_of_the_pages_found(
    case: Walk, sign_in: SignIn
) -> None:
    head = sign_in("head")
    head.get("/desk/search?records=1&q=没有人写过的话")
    with counted() as seen:
        head.get("/desk/search?records=1&q=没有人写过的话")
    assert len([s for s in seen if "act_body" in s or "data_key" in s]) == 2
