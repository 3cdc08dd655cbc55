"""The unit register answers at the desk: with scripts while one types, without them by a button;
what is chosen fills the form, and what was typed stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from casework.people.models import Bureau, Unit
from casework.people.register import units_like
from casework.procedure.codes import credit_check
from casework.store import db, writing
from casework.upkeep.walk import Team
from tests.acts.roads import tip
from tests.archive.conftest import code
from tests.support.desk import SignIn, sent
from tests.upkeep.on_pages import sheet

CODE = "91500230MA5U0AB01"
CODE += credit_check(CODE)
HOME = "丰都县三合街道平都大道西段1号"
FIRM = "丰都县豪达房地产开发有限公司"


@pytest.fixture
def register(bureau: Bureau) -> Bureau:
    """A register of a few units."""
    row: dict[str, Any] = {"bureau_id": bureau.id, "township": "500230109", "kind": "enterprise"}
    with writing() as session:
        known = {"credit_code": CODE, "address": HOME, "representative": "陈某"}
        session.add(Unit(name=FIRM, **known, **row))
        session.add(Unit(name="重庆汇锦机械制造有限公司", **row))
        session.add(Unit(name="丰都县100%_好酒厂", **row))
    return bureau


@pytest.mark.parametrize(
    "typed",
    [
        FIRM,
        "豪达房地产",
        "豪达房产",  # a short name
        "地产开发",  # a part within
        CODE,
        CODE[:8].lower(),
        f"{CODE[:4]} {CODE[4:8]} {CODE[8:]}",
    ],
)
def test_a_unit_is_found_by_any_part_of_its_name_or_code(register: Bureau, typed: str) -> None:
    assert [u.name for u in units_like(register, typed)] == [FIRM]


@pytest.mark.parametrize("typed", ["", "豪", " ", "没有的单位", "房产豪达", "9150", "%%", "__"])
def test_too_little_or_something_else_finds_nothing(register: Bureau, typed: str) -> None:
    assert units_like(register, typed) == []


def test_signs_of_a_pattern_are_signs_like_others(register: Bureau) -> None:
    assert [u.name for u in units_like(register, "100%_好")] == ["丰都县100%_好酒厂"]


@pytest.mark.parametrize("typed", ["豪达" + "甲" * 20000, "甲" * 60000, "%" * 60000, "9" * 60000])
def test_a_text_longer_than_any_name_finds_nothing(register: Bureau, typed: str) -> None:
    assert units_like(register, typed) == []


@pytest.mark.parametrize("number", ["9" * 20, "9" * 6000, "", "x"])
def test_a_number_that_is_no_units_fills_nothing(
    team: Team, register: Bureau, sign_in: SignIn, number: str
) -> None:
    page = f"/desk/dockets/{code(tip(team, register))}/report/accept"
    typed = {"respondents-1-name": "豪达", "unit": f"respondents-1-name:{number}"}
    answer = sign_in("clerk").post(page, data=typed)
    assert answer.status_code == 200
    assert sheet(answer.text, "opinion").standing["respondents-1-name"] == ["豪达"]


def test_another_bureaus_register_is_not_asked(register: Bureau) -> None:
    with writing() as session:
        other = Bureau(code="other", name="别县统计局", prefix="别统")
        session.add(other)
    assert units_like(db.session.get_one(Bureau, other.id), "豪达房地产") == []


def test_whoever_may_not_look_up_is_refused(
    team: Team, register: Bureau, sign_in: SignIn, client: FlaskClient
) -> None:
    assert client.get("/desk/units?q=豪达房产").status_code == 302  # to sign in
    assert sign_in("publisher").get("/desk/units?q=豪达房产").status_code == 403
    found = sign_in("clerk").get("/desk/units?q=豪达房产").json
    assert found == [
        {
            "id": found[0]["id"],
            "name": FIRM,
            "credit_code": CODE,
            "kind": "enterprise",
            "township": "500230109",
            "address": HOME,
            "representative": "陈某",
            "says": f"{CODE} · 企业 · 高家镇 · {HOME}",
        }
    ]


def chosen(client: FlaskClient, address: str, typed: dict[str, str], field: str) -> Any:
    """The form of the page after the name was looked up and the first match was chosen."""
    standing = sheet(client.get(address).text, field).standing
    looked = client.post(address, data={**standing, **typed, "look_up": field})
    assert looked.status_code == 200
    number = re.search(rf'name="unit"\s+value="({re.escape(field)}:\d+)"', looked.text)
    assert number, looked.text
    data = {**sheet(looked.text, field).standing, "unit": number[1]}
    picked = client.post(address, data=data)
    assert picked.status_code == 200
    return sheet(picked.text, field).standing


def test_a_match_fills_the_tip_and_keeps_what_was_typed(
    team: Team, register: Bureau, sign_in: SignIn
) -> None:
    typed = {"subject": "豪达房产", "narrative": "上报数\r\n比账面数多一倍。", "taker": "何静"}
    page = "/desk/reports/new?channel=phone"
    stands = chosen(sign_in("clerk"), page, typed, "subject")
    assert stands["subject"] == [FIRM]
    assert stands["credit_code"] == [CODE]
    assert stands["township"] == ["500230109"]
    assert "比账面数多一倍。" in stands["narrative"][0]


def test_a_match_fills_the_row_that_it_was_asked_for(
    team: Team, register: Bureau, sign_in: SignIn
) -> None:
    page = f"/desk/dockets/{code(tip(team, register))}/report/accept"
    typed = {"respondents-1-name": "豪达房产", "opinion": "建议受理。"}
    stands = chosen(sign_in("clerk"), page, typed, "respondents-1-name")
    assert stands["respondents-1-address"] == [HOME]
    assert stands["respondents-1-representative"] == ["陈某"]
    assert stands["respondents-1-credit_code"] == [CODE]
    assert stands["respondents-0-name"] != [FIRM]
    assert stands["opinion"][0].strip() == "建议受理。"


def test_a_match_fills_the_case_that_is_opened_directly(
    team: Team, register: Bureau, sign_in: SignIn
) -> None:
    stands = chosen(sign_in("head"), "/desk/cases/new", {"party_name": CODE}, "party_name")
    assert (stands["party_name"], stands["address"]) == ([FIRM], [HOME])


def test_nothing_found_is_said(team: Team, register: Bureau, sign_in: SignIn) -> None:
    answer = sign_in("clerk").post(
        "/desk/reports/new", data={**sent("phone", subject="没有的单位"), "look_up": "subject"}
    )
    assert answer.status_code == 200
    assert "名录中没有" in answer.text


def test_a_wrong_check_digit_is_said_at_once_and_passes_when_it_is_sent_again(
    team: Team, register: Bureau, sign_in: SignIn
) -> None:
    wrong = f"{CODE[:17]}{'A' if CODE[17] != 'A' else 'B'}"
    clerk = sign_in("clerk")
    first = clerk.post("/desk/reports/new", data=sent("phone", credit_code=wrong))
    assert first.status_code == 422
    assert f"最后一位应为{CODE[17]}" in first.text
    again = sheet(first.text, "credit_code").standing
    assert clerk.post("/desk/reports/new", data=again).status_code == 200
