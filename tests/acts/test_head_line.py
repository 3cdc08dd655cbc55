"""What a row keeps of its docket's entries is what they say now, corrected or taken back (the head
line, lists, search)."""

from typing import Any

import pytest
from flask import Flask

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, facts_of, tip
from tests.support.desk import SignIn, code


def corrected(case: Walk, act: int, **fields: str) -> None:
    entry = next(a for a in facts_of(case).done() if a.seq == act)
    was = {k: entry.asked.get(k) for k in fields}
    case.take(
        "correct_act",
        {
            "act": act,
            "corrected_on": None,
            "fields": fields,
            "was": was,
            "was_on": "",
            "reason": "误录",
        },
    )


def row(case: Walk) -> Docket:
    db.session.expire_all()
    return db.session.get_one(Docket, case.docket_id)


def entry(case: Walk, step: str) -> int:
    return next(facts_of(case).done(step)).seq


@pytest.mark.parametrize(
    ("field", "column", "right"),
    [
        ("channel", "channel", "letter"),
        ("township", "township", "500230102"),
        ("subject", "title", "重庆另一家有限公司"),
    ],
)
def test_the_line_of_a_tip_follows(
    team: Team, bureau: Bureau, field: str, column: str, right: str
) -> None:
    walk = tip(team, bureau)
    fields: dict[str, Any] = {field: right}
    entry_ = entry(walk, "receive")
    walk.take(
        "correct_act",
        {
            "act": entry_,
            "corrected_on": None,
            "fields": fields,
            "was": {},
            "was_on": "",
            "reason": "误录",
        },
        "report",
    )
    assert getattr(row(walk), column) == right


def test_the_line_of_a_case_follows(case_at_report: Walk) -> None:
    case = case_at_report
    opened = entry(case, "open_case")
    corrected(case, opened, cause="涉嫌拒绝提供统计资料")
    assert row(case).cause == "涉嫌拒绝提供统计资料"


def test_an_older_entry_does_not_overrule_a_newer_one(case_at_report: Walk) -> None:
    case = case_at_report
    opened = entry(case, "open_case")
    case.take("file", {**road.filing(END), "cause": "涉嫌迟报统计资料"})
    corrected(case, opened, cause="涉嫌拒绝提供统计资料")
    assert row(case).cause == "涉嫌迟报统计资料"


def test_the_search_finds_the_right_name_and_no_longer_the_wrong_one(
    team: Team, bureau: Bureau, sign_in: SignIn, app: Flask
) -> None:
    walk = tip(team, bureau)
    tick(walk.now)
    corrected_ = {
        "act": entry(walk, "receive"),
        "corrected_on": None,
        "fields": {"subject": "重庆市涪陵榨菜集团"},
    }
    walk.take("correct_act", {**corrected_, "was": {}, "was_on": "", "reason": "误录"}, "report")
    tick(walk.now)
    client = sign_in("clerk")
    assert code(walk) in client.get("/desk/search?q=涪陵榨菜").text
    assert code(walk) not in client.get("/desk/search?q=汇锦机械").text


def test_a_deadline_that_an_entry_fixed_moves_with_its_day(team: Team, bureau: Bureau) -> None:
    """The last day is a column of the clock."""
    walk = tip(
        team,
        bureau,
        channel="leader",
        deadline=road.later(team_day(), 20).isoformat(),
        instruction="请核查",
    )
    clock = facts_of(walk).clock("instruction")
    assert clock
    right = road.later(clock.due, 10)
    walk.take(
        "correct_act",
        {
            "act": clock.seq,
            "corrected_on": None,
            "fields": {"deadline": right.isoformat()},
            "was": {},
            "was_on": "",
            "reason": "误录",
        },
        "report",
    )
    assert facts_of(walk).clock("instruction").due == right  # type: ignore[union-attr]
    assert row(walk).next_due <= right


def team_day() -> Any:
    from tests.acts.roads import START

    return START
