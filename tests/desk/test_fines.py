"""罚款 in a period: every sum is the sum of the list it links to, and of what each case's own page
says."""

import re
from copy import copy
from datetime import date, timedelta
from html import unescape
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import delete, select, text

from casework.acts.facts import gather
from casework.desk import fines
from casework.desk.statistics import Span
from casework.docket.models import FAR, Docket, Fine
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.procedure.fines import account, balance
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.conftest import ROOT, Mould, program
from tests.support.counted import counted
from tests.support.desk import SignIn

SPAN = "since=2020-01-01&until=2099-01-01"


@pytest.fixture(scope="module")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mould, list[Walk]]:
    """An instance with the cases, made once; every test works on a copy of its own."""
    made = peopled.copy(tmp_path_factory.mktemp("fined") / "instance")
    assert made.team
    with program(made):
        return made, fine(made.team, db.session.scalars(select(Bureau)).one())


@pytest.fixture
def mould(grown: tuple[Mould, list[Walk]]) -> Mould:
    return grown[0]


@pytest.fixture
def fined(app: Flask, grown: tuple[Mould, list[Walk]]) -> list[Walk]:
    return [copy(walk) for walk in grown[1]]


def fine(team: Team, bureau: Bureau) -> list[Walk]:
    """30,000 yuan each: never paid, paid in part, paid in full, paid and set aside, execution
    ended, under review, upheld."""
    start = road.later(today() - timedelta(days=140), 0)
    made = [
        Ground(bureau, team, {**FIRM, "name": f"重庆第{n}号罚款有限公司"}, start).case(
            "served", 3_000_000
        )
        for n in range(7)
    ]
    _never, part, full, aside, ended, running, upheld = made
    day = road.later(part.day, 3)
    for walk, fen in ((part, 1_000_000), (full, 3_000_000), (aside, 500_000)):
        walk.at(day).take(
            "pay", {"paid_fen": fen, "paid_on": day.isoformat(), "slip": "1"}, "execution-1"
        )
    aside.at(day).take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "事实不清",
    }
    aside.take("remedy_end", end, "remedy-1")
    ended.at(road.later(ended.day, 25)).take(
        "end_execution", {"ground": "gone", "reason": "企业终止"}, "execution-1"
    )
    for walk, body in ((running, "县政府"), (upheld, "市统计局")):
        asked = {"kind": "reconsideration", "body": body, "number": "1", "stay": "no"}
        walk.at(road.later(walk.day, 20)).take("remedy_start", asked)
    end = {
        "kind": "reconsideration",
        "result": "upheld",
        "number": "2",
        "fine_fen": None,
        "reason": "",
    }
    upheld.at(road.later(upheld.day, 5)).take("remedy_end", end, "remedy-1")
    tick()
    return made


def yuan(text: str) -> int:
    """«12,000.50 元» as fen."""
    return round(float(text.replace(",", "").removesuffix(" 元")) * 100)


def sums(page: str) -> dict[str, tuple[int, str]]:
    """Each sum with the address of its list."""
    table = page.split('<table class="counts">', 1)[1].split("</table>", 1)[0]
    found = re.findall(
        r'<th scope="row">([^<]+)</th><td '
        r'class="number">([^<]+)</td><td class="number">(?:<a '
        r'href="([^"]+)")?',
        table,
    )
    return {name: (yuan(sum_), unescape(href)) for name, sum_, href in found}


def rows(page: str) -> dict[str, list[int]]:
    """What each case of the list shows: levied, surcharge, paid, still owed."""
    body = page.split('<table class="cards">', 1)[1].split("</table>", 1)[0]
    found = re.findall(r'<td data-name="当事人">([^<]+)</td>(.*?)</tr>', body)
    return {
        name: [yuan(x) for x in re.findall(r'class="number"[^>]*>([^<]+)<', rest)]
        for name, rest in found
    }


def foot(page: str) -> list[int]:
    return [
        yuan(x)
        for x in re.findall(
            r'class="number"[^>]*>([^<]+)<', page.split("<tfoot>", 1)[1].split("</tfoot>", 1)[0]
        )
    ]


def test_each_sum_is_that_of_its_list(fined: list[Walk], sign_in: SignIn) -> None:
    client: FlaskClient = sign_in("head")
    page = client.get(f"/desk/statistics/fines/?{SPAN}").text
    found = sums(page)
    assert len(found) == 6
    for column, (sum_, href) in enumerate(found.values()):
        listed = client.get(href).text
        assert sum(r[column] for r in rows(listed).values()) == foot(listed)[column] == sum_ > 0
        assert all(r[column] for r in rows(listed).values())
    levied, surcharge, paid_, settled, outstanding, back = (sum_ for sum_, _href in found.values())
    assert (levied, paid_, back) == (18_000_000, 4_500_000, 500_000)
    assert levied + surcharge == paid_ - back + settled + outstanding


def case_page(page: str) -> dict[str, int]:
    """The money on a case's own page, by name."""
    figures = page.split('id="figures"', 1)[1].split("</section>", 1)[0]
    found = re.findall(r"<dt>([^<]+)</dt><dd>([\d,.]+ 元)", figures)
    return {name: yuan(sum_) for name, sum_ in found}


def test_each_row_is_what_the_case_itself_says(fined: list[Walk], sign_in: SignIn) -> None:
    """The same sums in the list and on the page of every case, an ended execution and a fallen
    decision among them."""
    client = sign_in("leader")
    shown = rows(client.get(f"/desk/statistics/fines/?{SPAN}").text)
    assert len(shown) == 7
    for walk in fined:
        docket = db.session.get_one(Docket, walk.docket_id)
        page = case_page(client.get(f"/desk/dockets/{docket.code}").text)
        if walk is fined[3]:
            assert (page["罚款"], page["尚欠"], page["应退还当事人"]) == (3_000_000, 0, 500_000)
            # nothing is levied any more
            assert shown[docket.title] == [0, 0, 500_000, 0, 0, 500_000]
            continue
        levied, surcharge, paid_, settled, outstanding, _back = shown[docket.title]
        assert page == {
            "罚款": levied,
            "已缴": paid_,
            "尚欠": outstanding,
            **({"加处罚款": surcharge} if surcharge else {}),
            **({"随执行了结": settled} if settled else {}),
        }
    paid_in_full, ended = shown["重庆第2号罚款有限公司"], shown["重庆第4号罚款有限公司"]
    assert paid_in_full == [3_000_000, 0, 3_000_000, 0, 0, 0]
    assert ended[0] + ended[1] == ended[3] > 3_000_000
    assert ended[4] == 0


@pytest.mark.parametrize("days", [-100, -30, 0, 1, 9, 400])
def test_what_is_kept_says_the_same_as_the_journal(
    fined: list[Walk], app: Flask, days: int
) -> None:
    """The kept row and the database's own sum, against the case's whole journal, on days before and
    after today."""
    day = today() + timedelta(days)
    with app.test_request_context():
        login_user(db.session.get_one(Person, fined[0].team.head))
        listed = {
            r.id: r
            for r in db.session.execute(
                select(fines.fines(Span(date(2020, 1, 1), date(2099, 1, 1)), day))
            )
        }
    for walk in fined:
        docket = db.session.get_one(Docket, walk.docket_id)
        facts = gather(db.session(), vault(), docket)
        made, said = account(facts), balance(facts, max(day, facts.acts[-1].on))
        assert made
        if days >= 0:
            assert made.on(day, 3) == said
        row, now = listed[docket.id], made.on(day, 3)
        assert (
            row.levied,
            row.surcharge,
            row.paid,
            row.settled,
            row.outstanding,
            row.back,
        ) == tuple(
            x.fen for x in (now.levied, now.surcharge, now.paid, now.settled, now.owed, now.back)
        )


def test_a_list_of_any_length_takes_the_same_statements(fined: list[Walk], sign_in: SignIn) -> None:
    """700 more cases: all are in the sums, fifty on a page, and the database is asked no more
    often."""
    client = sign_in("head")
    address = f"/desk/statistics/fines/?{SPAN}&of=levied"
    client.get(address)  # what a process keeps of the bureau is read once
    with counted() as few:
        before = client.get(address).text
    with writing() as session:
        for n in range(700):
            docket = Docket(
                bureau_id=fined[0].team.bureau_id,
                kind="case",
                code=f"CX-{n}",
                number=f"X{n}",
                opened_on=today(),  # type: ignore[attr-defined]
                data_key=b"",
                title=f"第{n}家",
                stage="effective",
            )
            session.add(docket)
            session.flush()
            session.add(
                Fine(
                    docket_id=docket.id,
                    bureau_id=docket.bureau_id,
                    decided=today(),
                    levied=1_000,
                    paid=n % 2,
                    over=False,
                    late_days=0,
                    runs_from=FAR.toordinal(),
                )
            )
    with counted() as many:
        page = client.get(address).text
    assert len(many) == len(few) <= 5
    for name, more in (("罚款数额", 700_000), ("已缴", 350)):
        assert sums(page)[name][0] == sums(before)[name][0] + more
    seen = 0
    while page:
        seen += len(re.findall(r"<tr data-href", page))
        further = re.search(r'rel="next" href="([^"]+)"', page)
        page = client.get(unescape(further[1])).text if further else ""
    assert seen == 706
    assert client.get(f"{address}&after=x").status_code == 400


def test_what_was_decided_before_is_taken_in(fined: list[Walk]) -> None:
    """An instance from before the sums were kept: its migration asks for each row, the next tick
    makes it."""
    kept = set(db.session.execute(select(*Fine.__table__.c)).all())
    spec = spec_from_file_location("fines_migration", ROOT / "migrations/versions/0014_fines.py")
    migration = module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(migration)  # type: ignore[union-attr]
    with writing() as session:
        session.execute(delete(Fine))
        session.execute(text(migration.ASK_FOR_ROWS))
    tick()
    db.session.rollback()
    assert set(db.session.execute(select(*Fine.__table__.c)).all()) == kept
    assert len(kept) == 7


def test_a_period_without_a_decision_is_empty(fined: list[Walk], sign_in: SignIn) -> None:
    page = sign_in("head").get("/desk/statistics/fines/?since=2019-01-01&until=2019-12-31").text
    assert {sum_ for sum_, _href in sums(page).values()} == {0}
    assert "本期没有" in page
    assert sign_in("head").get("/desk/statistics/fines/?since=yesterday").status_code == 400
