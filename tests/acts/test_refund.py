"""What was paid under a decision that fell is owed back (行政强制法 §41), unless the new decision
sets it off expressly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Fine
from casework.procedure.fines import Balance, account, balance
from casework.store import db
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import AGAIN, END, decision, facts_of, refused
from tests.conftest import need
from tests.support.acts import redone

FINE = 3_000_000


def pay(case: Walk, fen: int, track: str = "execution-1") -> None:
    case.take("pay", {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "1"}, track)


def give_back(case: Walk, fen: int) -> None:
    case.take(
        "refund",
        {"refunded_fen": fen, "refunded_on": case.day.isoformat(), "payee": "户名", "slip": "2"},
    )


@pytest.fixture
def redo(case_at_served: Walk) -> Walk:
    """30,000 yuan paid, then the decision was set aside and is to be made anew."""
    case = case_at_served
    pay(case.at(road.later(case.day, 3)), FINE)
    return redone(case)


def anew(case: Walk, fen: int, **more: object) -> Walk:
    """Investigated, told and decided again; the decision is served."""
    for name, days, stop in road.stops(END, fen):
        if name in (
            "conclude",
            "prior_notice",
            "notice_served",
            "defence",
            "reviewed",
            "no_review_due",
        ):
            stop(case.at(road.later(case.day, days)))
    decided = {
        **notice_of(fen),
        "defence": "未提出。",
        "bank": "农行，财政局，31-0",
        "again_reason": AGAIN,
        **more,
    }
    case.take("decide_penalty", decided)
    case.serve("decision")
    return case


def now(case: Walk) -> Balance:
    facts = facts_of(case)
    kept, made = (
        db.session.scalars(select(Fine).where(Fine.docket_id == case.docket_id)).one(),
        account(facts),
    )
    assert made
    assert (kept.levied, kept.paid, kept.apart) == (made.levied, made.paid, made.apart)
    assert made.on(facts.today, 3) == balance(facts)
    return balance(facts)


def fen(b: Balance) -> tuple[int, int, int, int]:
    return b.levied.fen, b.paid.fen, b.owed.fen, b.back.fen


def test_all_of_it_is_owed_back_when_the_decision_falls(redo: Walk) -> None:
    assert fen(now(redo)) == (0, FINE, 0, FINE)


def test_a_new_decision_does_not_take_it(redo: Walk) -> None:
    case = anew(redo, 2_000_000)
    assert fen(now(case)) == (2_000_000, 0, 2_000_000, FINE)
    pay(case, 2_000_000, "execution-2")
    assert fen(now(case)) == (2_000_000, 2_000_000, 0, FINE)


def test_it_is_paid_back_and_until_then_the_case_is_not_closed(redo: Walk) -> None:
    case = anew(redo, 0)
    case.take("not_public", {"reason": "不具有一定社会影响"})
    close = {"result": "x", "execution": "无", "publication": ""}
    with pytest.raises(Refused) as error:
        case.scanned().take("close", close)
    assert refused(error) == {"nothing_owed_back"}
    give_back(case, 1_000_000)
    assert now(case).back.fen == 2_000_000
    with pytest.raises(Refused) as error:
        give_back(case, 2_000_001)
    assert refused(error) == {"not_more_than_owed_back"}
    give_back(case, 2_000_000)
    assert now(case).back.fen == 0
    case.scanned().take("close", close)
    assert facts_of(case).stage == "closed"


def test_a_second_person_agrees_to_pay_back(redo: Walk, team: Team) -> None:
    redo.propose(
        "refund",
        {"refunded_fen": FINE, "refunded_on": redo.day.isoformat(), "payee": "户名", "slip": "2"},
    )
    assert now(redo).back.fen == FINE
    with pytest.raises(NotAllowed):
        perform(
            Intent(redo.docket_id, "refund", team.clerk, redo.day, "main", "approve", {}), redo.now
        )


@pytest.mark.parametrize(
    ("fine", "expected", "says"),
    [
        (4_000_000, (4_000_000, FINE, 1_000_000, 0), "尚应缴纳罚款人民币壹万元整（¥10,000.00）"),
        (FINE, (FINE, FINE, 0, 0), "罚款已经缴清"),
        (1_000_000, (1_000_000, FINE, 0, 2_000_000), "罚款已经缴清"),
    ],
)
def test_a_decision_that_sets_off_says_so_and_counts_it(
    app: Flask,
    redo: Walk,
    tmp_path: Path,
    fine: int,
    expected: tuple[int, int, int, int],
    says: str,
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    case = anew(redo, fine, set_off=True)
    assert fen(now(case)) == expected
    (tmp_path / "d.pdf").write_bytes(
        app.extensions["sealed_store"].read(case.paper("decision").stored)
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "d.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    plain = "".join(text.split())
    assert says in plain
    assert "经你单位书面同意" in plain
    assert ("到期不缴纳罚款的" in plain) == bool(expected[2])
    facts = facts_of(case)
    assert [t.ended for t in facts.tracks if t.label == "execution-2"] == (
        [False] if expected[2] else []
    )
    if expected[2]:
        pay(case, expected[2], "execution-2")
        assert now(case).owed.fen == 0
    case.at(road.later(case.day, 200))
    assert now(case).surcharge.fen == 0  # the days of the first decision are nobody's any more


def test_nothing_is_set_off_where_nothing_was_paid(case_at_no_review_due: Walk) -> None:
    case = case_at_no_review_due
    with pytest.raises(Refused) as error:
        case.take(
            "decide_penalty",
            {**notice_of(FINE), "defence": "无", "bank": "农行，财政局，31-0", "set_off": True},
        )
    assert refused(error) == {"something_to_set_off"}


def test_more_than_a_changed_sum_is_owed_back(case_at_served: Walk) -> None:
    case = case_at_served
    pay(case.at(road.later(case.day, 3)), FINE)
    case.take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "changed",
        "number": "2",
        "fine_fen": 1_000_000,
        "reason": "过重",
    }
    case.at(road.later(case.day, 20)).take("remedy_end", end, "remedy-1")
    assert fen(now(case)) == (1_000_000, FINE, 0, 2_000_000)
    give_back(case, 2_000_000)
    assert fen(now(case)) == (1_000_000, 1_000_000, 0, 0)


def test_between_the_new_decision_and_its_service_nothing_grows(redo: Walk) -> None:
    """The last day of the first decision's payment is long past; it says nothing of the new
    fine."""
    case = redo
    for name, days, stop in road.stops(END, FINE):
        if name in (
            "conclude",
            "prior_notice",
            "notice_served",
            "defence",
            "reviewed",
            "no_review_due",
        ):
            stop(case.at(road.later(case.day, days)))
    case.take("decide_penalty", {**decision(case), "again_reason": AGAIN})
    case.at(road.later(case.day, 3))
    assert now(case).surcharge.fen == 0
