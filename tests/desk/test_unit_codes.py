"""Codes of units on the desk: refused with what is wrong, doubtful until a person has confirmed
them, found by search."""

import html
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, drive, facts_of
from tests.support.desk import ASKED, SignIn, code, sent

SLIP = "91350211M0000XUF46"
CARD = "11010519491231002X"
GOOD = "91350100M000100Y43"


def said(answer: Any) -> str:
    return html.unescape(answer.text)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("91500230MA5YQ1234", "这里是17位"),
        ("91500230MAOYQI2345", "这里写了 OI"),
        ("9.15E+17", "被电子表格改坏了"),
        ("见附件", "只有字母和数字"),
        (CARD, "这是个人身份证号码，不是单位代码"),
        ("110105 19491231 002x", "这是个人身份证号码，不是单位代码"),
    ],
)
def test_every_form_says_what_is_wrong_and_keeps_what_was_typed(
    team: Team, bureau: Bureau, sign_in: SignIn, typed: str, says: str
) -> None:
    before = len(db.session.scalars(select(Docket.id)).all())
    case = {**ASKED, "credit_code": typed, "on": today().isoformat()}
    asked = {
        "tip": sign_in("clerk").post("/desk/reports/new", data=sent("phone", credit_code=typed)),
        "tie": sign_in("clerk").post(
            "/desk/office/me", data={"name": "某单位", "credit_code": typed, "reason": "亲属"}
        ),
        "case": sign_in("head").post("/desk/cases/new", data=case),
    }
    for form, answer in asked.items():
        assert answer.status_code == 422, form
        assert says in said(answer), form
        assert typed in said(answer), form
    assert len(db.session.scalars(select(Docket.id)).all()) == before


def test_rows_of_a_table_are_asked_too_and_a_person_needs_none(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    from tests.acts.roads import tip

    walk = tip(team, bureau)
    name = "丰都县老李建材经营部"
    row = {
        "respondents-0-name": name,
        "respondents-0-kind": "sole_trader",
        "cause": "虚报",
        "opinion": "受理",
    }
    row |= {"respondents-1-kind": "enterprise", "on": today().isoformat()}
    page, clerk = f"/desk/dockets/{code(walk)}/report/accept", sign_in("clerk")
    # good by both check digits: a doubt for a firm, a person's number for a sole trader
    both = "512301195003150432"
    answer = clerk.post(page, data={**row, "respondents-0-credit_code": both})
    assert (answer.status_code, "这是个人身份证号码" in said(answer), both in said(answer)) == (
        422,
        True,
        True,
    )
    answer = clerk.post(page, data={**row, "respondents-0-name": f"李某{CARD}"})
    assert (answer.status_code, "请删去其中的身份证号码" in said(answer)) == (422, True)
    answer = clerk.post(page, data=row)
    assert answer.status_code == 302


def confirm(client: FlaskClient, case: Walk, **data: str) -> Any:
    asked = {
        "credit_code": SLIP,
        "compared": "licence",
        "note": "",
        "on": facts_of(case).today.isoformat(),
        **data,
    }
    return client.post(f"/desk/dockets/{code(case)}/main/confirm_code", data=asked)


def test_a_doubtful_code_is_shown_as_such_until_a_person_confirms_it(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau, {**FIRM, "credit_code": SLIP.lower()}), "assign")
    officer, page = sign_in("officer1"), f"/desk/dockets/{code(case)}"
    before = said(officer.get(page))
    assert '<span class="tag waiting">待确认</span>' in before
    assert f"{page}/main/confirm_code" in before
    step = officer.get(f"{page}/main/confirm_code")
    assert SLIP.lower() in step.text
    for wrong, says in (
        ({"credit_code": CARD}, "这是个人身份证号码"),
        ({"compared": ""}, "请填写"),
        ({"compared": "none"}, "只能选"),
        ({"credit_code": ""}, "只能选"),
    ):
        answer = confirm(officer, case, **wrong)
        assert (answer.status_code, says in said(answer)) == (422, True), wrong
    assert confirm(officer, case).status_code == 302
    after = said(officer.get(page))
    assert "待确认" not in after
    assert f"{facts_of(case).today.isoformat()}由" in after
    assert "营业执照或者登记证书" in after
    assert f"{page}/main/confirm_code" not in after
    assert facts_of(case).party.credit_code == SLIP  # type: ignore[union-attr]


def test_a_good_code_asks_nothing_of_anybody(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    case = drive(case_of(team, bureau, {**FIRM, "credit_code": GOOD}), "assign")
    page = said(sign_in("officer1").get(f"/desk/dockets/{code(case)}"))
    assert "核对单位代码" not in page
    assert "待确认" not in page


def test_the_desk_finds_a_docket_by_the_code_however_it_is_typed(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case_of(
        team,
        bureau,
        {**FIRM, "name": "甲有限公司", "credit_code": f"{GOOD[:8]} {GOOD[8:].lower()}"},
    )
    case_of(team, bureau, {**FIRM, "name": "乙有限公司", "credit_code": ""})
    tick()
    head = sign_in("head")
    for typed in (
        GOOD,
        GOOD.lower(),
        "9135 0100 M000 100Y 43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        f" \u202a{GOOD}",
    ):
        for page in ("/desk/search", "/desk/cases"):
            found = head.get(page, query_string={"q": typed}).text
            assert "甲有限公司" in found, (page, typed)
            assert "乙有限公司" not in found, (page, typed)


def test_a_corrected_code_is_asked_and_is_right_everywhere_in_its_entry(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    head = sign_in("head")
    doubtful = {**ASKED, "credit_code": SLIP, "on": today().isoformat()}
    once = head.post("/desk/cases/new", data=doubtful)
    assert (once.status_code, "校验码不符" in said(once)) == (422, True)
    opened = head.post("/desk/cases/new", data={**doubtful, "credit_code-doubted": SLIP})
    docket = db.session.scalars(select(Docket).where(Docket.kind == "case")).one()
    walk = Walk(team, docket.id, road.later(today(), 0))
    assert opened.status_code == 302
    asked = {
        "act": "1",
        "field": "credit_code",
        "reason": "笔误",
        "corrected_on": "",
        "on": today().isoformat(),
    }
    page = f"/desk/dockets/{docket.code}/main/correct_act"
    answer = sign_in("clerk").post(page, data={**asked, "value": CARD})
    assert (answer.status_code, "这是个人身份证号码" in said(answer), CARD in said(answer)) == (
        422,
        True,
        True,
    )
    fields = {
        "act": 1,
        "corrected_on": None,
        "fields": {"credit_code": GOOD},
        "was": {"credit_code": SLIP},
        "reason": "笔误",
    }
    walk.take("correct_act", fields)
    assert facts_of(walk).party.credit_code == GOOD  # type: ignore[union-attr]
    db.session.expire_all()
    assert db.session.get_one(Docket, docket.id).unit_code == GOOD


def test_an_informant_who_wrote_an_identity_number_is_told_so_kindly(
    bureau: Bureau, client: FlaskClient
) -> None:
    """The words are kept, the number need only come out of the name."""
    from tests.support.public import Person as Informant

    status, page = Informant(client).post(
        "preview", subject=f"李某 {CARD}", narrative="产值多报了一倍"
    )
    assert status == 422
    for words in (
        "这里只写名称就可以，不需要身份证号码",
        "您写的其他内容都还在",
        "产值多报了一倍",
        CARD,
    ):
        assert words in html.unescape(page), words


def test_no_field_is_called_like_one_of_the_pages_own() -> None:
    """The page would send its own value under that name, and what the person chose would be
    lost."""
    from forms.registry import all_forms

    own = {"csrf_token", "seen", "kept", "files", "remove", "action", "verb"}
    assert {
        name: own & set(dir(form)) for name, form in all_forms().items() if own & set(dir(form))
    } == {}
