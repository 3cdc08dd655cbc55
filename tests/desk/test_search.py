"""Search through the whole path: tokens written by time, the list's statement, the last look; held
against LIKE."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from casework.desk.filters import tokens
from casework.docket import lists
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.may import scope, today
from casework.people.models import Bureau, Person
from casework.store import db
from casework.text import folded
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.support.desk import SignIn

pytestmark = pytest.mark.values

NAMES = (
    "计统计 统计",
    "统计统",
    "丰都县统计局",
    "县",
    "Ａ企业",
    "a企业",
    "大熊猫",
    "猫熊 熊猫大",
    "100%_x",
)
QUERIES = (
    "县",
    "统",
    "统计",
    "计统",
    "统计统",
    "计统计统",
    "熊猫",
    "大熊猫",
    "熊猫大",
    "a",
    "Ａ企",
    "%",
    "_",
    "0%_",
    "没有",
)


@pytest.fixture
def tips(team: Team, bureau: Bureau) -> None:
    for name in NAMES:
        receive(
            db.session.get_one(Bureau, bureau.id),
            {"channel": "web", "subject": name, "narrative": "x"},
        )
    tick()


def test_a_list_finds_exactly_what_like_finds(app: Flask, team: Team, tips: None) -> None:
    clerk = db.session.get_one(Person, team.clerk)
    rows = db.session.execute(
        select(Docket.id, Docket.number, Docket.code, Docket.title, Docket.cause)
    ).all()
    with app.test_request_context():
        from flask_login import login_user

        login_user(clerk)
        for query in QUERIES:
            wanted = {i for i, *texts in rows if folded(query) in folded(" ".join(texts))}
            f = Filter("report", tokens=tokens(query), words=query)
            page = lists.dockets_page(db.session(), scope(clerk, today()), f, today())
            assert {r.id for r in page.rows} == wanted, query


@pytest.mark.parametrize("common", [1, lists.COMMON], ids=["along the list", "from the token"])
def test_a_docket_behind_many_that_bear_the_tokens_in_vain_is_on_the_first_page(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    """«ab bc» has every pair of «abc», and is no «abc»."""
    monkeypatch.setattr(lists, "PAGE", 3)
    monkeypatch.setattr(lists, "LOOK", 4)
    monkeypatch.setattr(lists, "COMMON", common)
    lists._counted.cache_clear()
    for name in ("甲乙丙", *["甲乙 乙丙"] * 11, *["甲乙丙丁"] * 2):
        receive(
            db.session.get_one(Bureau, bureau.id),
            {"channel": "web", "subject": name, "narrative": "x"},
        )
    tick()
    clerk = db.session.get_one(Person, team.clerk)
    with app.test_request_context():
        from flask_login import login_user

        login_user(clerk)
        f = Filter("report", tokens=tokens("甲乙丙"), words="甲乙丙")
        page = lists.dockets_page(db.session(), scope(clerk, today()), f, today())
        assert [r.title for r in page.rows] == ["甲乙丙丁", "甲乙丙丁", "甲乙丙"]
        assert page.after is None
    lists._counted.cache_clear()


def test_what_all_bear_in_vain_is_looked_for_where_the_tokens_meet(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pair is common, together they stand in one name: no walk along the whole list, and the
    same row."""
    monkeypatch.setattr(lists, "COMMON", 1)
    lists._counted.cache_clear()
    for name in ("甲乙", "乙丙", "甲乙丙", "乙丙", "甲乙"):
        receive(
            db.session.get_one(Bureau, bureau.id),
            {"channel": "web", "subject": name, "narrative": "x"},
        )
    tick()
    clerk = db.session.get_one(Person, team.clerk)
    with app.test_request_context():
        from flask_login import login_user

        login_user(clerk)
        for query, way in (("甲乙丙", "meet"), ("甲乙", "along"), ("丁", "nowhere")):
            f = Filter("report", tokens=tokens(query), words=query)
            found = lists._way(db.session().connection(), f.tokens)[1]
            assert found == way, query
            page = lists.dockets_page(db.session(), scope(clerk, today()), f, today())
            assert [r.title for r in page.rows if query not in r.title] == []
            assert len(page.rows) == {"甲乙丙": 1, "甲乙": 3, "丁": 0}[query]
    lists._counted.cache_clear()


def test_a_whole_number_or_code_leads_straight_to_its_docket(tips: None, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    row = db.session.scalars(select(Docket).order_by(Docket.id)).first()
    assert row is not None
    for name in (row.number, row.code, row.code.lower()):
        answer = client.get("/desk/search", query_string={"q": name})
        assert answer.status_code == 302, name
        assert answer.headers["Location"] == f"/desk/dockets/{row.code}"
    assert sign_in("publisher").get("/desk/search", query_string={"q": row.code}).status_code == 200


@pytest.mark.sqlite
def test_a_whole_number_is_found_by_its_index(app: Flask, team: Team) -> None:
    """In the words of SQLite's plan; the index itself is the same (tests/store holds both to the
    models)."""
    asked = select(Docket.title).where(lists.bears(1, ["丰统案〔2026〕1号", "x"], "C2026-1"))
    plain = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {plain}")).all()
    assert not [p for p in plan if "SCAN docket" in p[-1]]
    assert "(bureau_id=? AND number=?)" in str(plan)
    assert "(bureau_id=? AND code=?)" in str(plan)
