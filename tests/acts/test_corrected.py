"""A day or a text that was entered wrongly is set right by an entry of its own; what hung on it
moves and says why."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.archive.second_reading import reading_of
from casework.docket import journal
from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.people.models import Bureau
from casework.procedure.explain import explain
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.reading.rule import reading_faults
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import END, facts_of, refused
from tests.conftest import need
from tests.support.acts import MAIL, right


def served(case: Walk, kind: str) -> int:
    """By mail, entered with today's day; the entry's number."""
    case.take("serve", {"paper": case.paper(kind).id, **MAIL})
    return case.last_seq()


def receipts(case: Walk) -> list[str]:
    query = (
        select(Paper.state)
        .where(Paper.docket_id == case.docket_id, Paper.kind == "service_receipt")
        .order_by(Paper.id)
    )
    return list(db.session.scalars(query))[1:]  # the first is that of the notice of inspection


def sentence(facts: Facts, rule: str) -> str:
    clock = facts.clock(rule)
    assert clock
    return explain(procedure(), clock, facts)


def faults_of(case: Walk) -> set[str]:
    """Rules of the second reading that find a fault."""
    db.session.expire_all()
    docket = db.session.get_one(Docket, case.docket_id)
    return {
        name for name, _seq in reading_faults(reading_of(db.session(), vault(), docket, case.day))
    }


@pytest.fixture
def told(large_case_at_prior_notice: Walk) -> tuple[Walk, int, date]:
    """A prior notice by mail: the case, the entry of its service, and the day that was entered."""
    case = large_case_at_prior_notice
    return case, served(case, "prior_notice"), case.day


def test_clocks_count_from_the_right_day_and_say_why(told: tuple[Walk, int, date]) -> None:
    case, act, wrong = told
    before = {c.rule: c.due for c in facts_of(case).clocks}
    right(case.at(road.later(wrong, 3)), act, wrong + timedelta(2))
    facts = facts_of(case)
    for rule in ("defence", "hearing_request"):
        clock = facts.clock(rule)
        assert clock
        assert (clock.start, clock.state) == (wrong + timedelta(2), "open")
        assert clock.due > before[rule]
        assert (
            f"起算日原登记为{wrong.month}月{wrong.day}日，已更正（办理记录第{case.last_seq()}条）"
            in sentence(facts, rule)
        )
    assert sentence(facts, "case_90").count("更正") == 0


def test_the_entry_stays_and_the_day_is_the_right_one_everywhere(
    told: tuple[Walk, int, date],
) -> None:
    case, act, wrong = told
    right(case.at(road.later(wrong, 3)), act, wrong + timedelta(1))
    facts = facts_of(case)
    paper = facts.served("prior_notice")
    assert paper
    assert paper.served
    assert (paper.served.on, paper.served.seq) == (wrong + timedelta(1), act)
    assert next(a.on for a in facts.acts if a.seq == act) == wrong + timedelta(1)
    assert list(journal.verify_chains(db.session(), vault())) == []
    right(case, act, wrong)  # and back again: the newest holds
    assert facts_of(case).served("prior_notice").served.on == wrong  # type: ignore[union-attr]
    assert receipts(case) == ["withdrawn", "withdrawn", "issued"]


def test_a_new_receipt_says_what_was_wrong(
    app: Flask, told: tuple[Walk, int, date], tmp_path: Path
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    case, act, wrong = told
    day = wrong + timedelta(1)
    right(case.at(road.later(wrong, 3)), act, day)
    assert receipts(case) == ["withdrawn", "issued"]
    (tmp_path / "r.pdf").write_bytes(
        app.extensions["sealed_store"].read(case.paper("service_receipt").stored)
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "r.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    plain = "".join(text.split())
    assert f"原登记为{wrong.year}年{wrong.month}月{wrong.day}日" in plain
    assert f"更正为{day.year}年{day.month}月{day.day}日" in plain
    assert "邮寄送达" in plain


def test_a_receipt_that_came_back_signed_stays(told: tuple[Walk, int, date]) -> None:
    case, act, wrong = told
    db.session.get_one(Paper, case.paper("service_receipt").id).state = "returned"
    db.session.commit()
    right(case.at(road.later(wrong, 3)), act, wrong + timedelta(1))
    assert receipts(case) == ["returned", "issued"]


def test_a_right_that_time_closed_too_early_is_open_again(told: tuple[Walk, int, date]) -> None:
    """行政处罚法 §64: five working days to ask for a hearing, from the day the notice really
    arrived."""
    case, act, wrong = told
    window = facts_of(case).clock("hearing_request")
    assert window
    case.at(road.later(window.due, 2))
    tick(case.now)
    assert facts_of(case).clock("hearing_request").state == "stopped"  # type: ignore[union-attr]
    right(case, act, road.later(wrong, 6))
    reopened = facts_of(case).clock("hearing_request")
    assert reopened
    assert (reopened.state, reopened.met_on) == ("open", None)
    case.take("hearing_request", {"form": "written", "points": "申请听证"})
    assert facts_of(case).did("hearing_request")


def test_the_review_of_the_file_names_a_defence_that_was_cut_short(
    case_at_prior_notice: Walk,
) -> None:
    """What was done on a wrong day stays done; the file says so (行政处罚法 §§44–45)."""
    case = case_at_prior_notice
    act = served(case, "prior_notice")
    stops = {name: (days, stop) for name, days, stop in road.stops(END, 3_000_000)}
    for name in ("defence", "reviewed", "no_review_due", "decide"):
        days, stop = stops[name]
        stop(case.at(road.later(case.day, days)))
    waived = facts_of(case).last("defence_waived")
    assert waived
    assert "silence_after_the_days" not in faults_of(case)
    right(case, act, waived.on - timedelta(1))
    assert "silence_after_the_days" in faults_of(case)


def test_the_bureau_served_in_time_or_late_by_the_right_day(
    case_at_decide: Walk, bureau: Bureau
) -> None:
    """The bureau's own seven working days are met on the day of service, not on that of its
    entry."""
    case = case_at_decide
    decided = case.day
    case.at(road.later(decided, 20))
    case.take("serve", {"paper": case.paper("decision").id, **MAIL}, on=decided)
    act = case.last_seq()
    right(case, act, road.later(decided, 15))
    facts = facts_of(case)
    clock = facts.clock("serve")
    assert clock
    assert (clock.state, clock.met_on) == ("met", road.later(decided, 15))
    pay = facts.clock("pay")
    assert pay
    assert pay.start == road.later(decided, 15)


def test_the_courts_months_wait_for_a_right_that_opened_again(case_at_decide: Walk) -> None:
    """强制法 §53: three months from the end of the last right; it has not ended, so none of them
    has begun."""
    case = case_at_decide
    case.take("serve", {"paper": case.paper("decision").id, **MAIL})
    act, entered = case.last_seq(), case.day
    suit = facts_of(case).clock("suit")
    assert suit
    case.at(road.later(suit.due, 3))
    tick(case.now)
    assert facts_of(case).clock("court_window").state == "open"  # type: ignore[union-attr]
    right(case, act, entered + timedelta(30))
    facts = facts_of(case)
    assert (facts.clock("suit").state, facts.clock("court_window").state) == ("open", "stopped")  # type: ignore[union-attr]
    case.at(facts.clock("suit").due + timedelta(3))  # type: ignore[union-attr]
    tick(case.now)
    assert facts_of(case).clock("court_window").start == facts.clock("suit").due  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("shift", "why"), [(-1, "before the paper"), (0, "the same"), (9, "to come")]
)
def test_a_day_that_cannot_be_is_refused(
    told: tuple[Walk, int, date], shift: int, why: str
) -> None:
    case, act, wrong = told
    with pytest.raises(Refused) as error:
        right(case, act, wrong + timedelta(shift))
    assert refused(error) == {"right_day_of_service"}, why


def test_only_a_service_that_somebody_entered_is_named(told: tuple[Walk, int, date]) -> None:
    case, act, wrong = told
    case.at(road.later(wrong, 3))
    with pytest.raises(Refused) as error:
        right(case, act - 1, wrong + timedelta(1))
    assert refused(error) == {"service_named"}


def test_a_second_person_agrees(told: tuple[Walk, int, date], team: Team) -> None:
    case, act, wrong = told
    case.at(road.later(wrong, 3))
    asked = {
        "act": act,
        "corrected_on": (wrong + timedelta(1)).isoformat(),
        "proof": "x",
        "reason": "x",
    }
    case.propose("correct_service", asked)
    assert facts_of(case).served("prior_notice").served.on == wrong  # type: ignore[union-attr]
    with pytest.raises(NotAllowed):
        perform(
            Intent(
                case.docket_id, "correct_service", team.officers[0], case.day, "main", "approve", {}
            ),
            case.now,
        )
