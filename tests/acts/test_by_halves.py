"""Two at once, and nothing by halves; what is returned, annulled, corrected, deemed served."""

from datetime import date, timedelta

import pytest

from casework.acts.errors import Conflict, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Clock, Docket
from casework.papers.models import Paper
from casework.procedure.effects import ClockMoved, NumberTaken
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, facts_of


def test_the_second_of_two_gets_a_conflict(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    seen = db.session.get_one(Docket, case.docket_id).last_seq
    case.take("add_evidence", {"kind": "written", "title": "a", "source": "b", "proves": "c"})
    intent = Intent(
        case.docket_id,
        "add_evidence",
        team.officers[0],
        case.day,
        "main",
        "take",
        {"kind": "written"},
        seen,
    )
    with pytest.raises(Conflict) as error:
        perform(intent, case.now)
    assert error.value.acts[0].step == "add_evidence"


def test_a_window_that_ends_while_a_form_is_open_is_no_conflict(
    case_at_prior_notice: Walk, team: Team
) -> None:
    """The program notes what the day brings about; nobody else did anything."""
    case = case_at_prior_notice
    case.serve("prior_notice")
    seen = db.session.get_one(Docket, case.docket_id).last_seq
    case.at(case.day + timedelta(30))
    tick(case.now)
    assert facts_of(case).acts[-1].step == "window_over"
    assert facts_of(case).acts[-1].track == "main"
    asked = {"kind": "written", "title": "账簿", "source": "企业", "proves": "少报"}
    done = perform(
        Intent(
            case.docket_id, "add_evidence", team.officers[0], case.day, "main", "take", asked, seen
        ),
        case.now,
    )
    assert done.seq == facts_of(case).acts[-1].seq > seen


def test_a_failure_leaves_nothing(
    case_at_report: Walk, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casework.docket import cache

    case = case_at_report
    before = (facts_of(case).acts, db.session.query(Paper).count(), db.session.query(Clock).count())
    case.propose("file", road.filing(END))

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(cache, "refresh", fail)
    with pytest.raises(OSError, match="disk full"):
        perform(
            Intent(case.docket_id, "file", team.leader, case.day, "main", "approve", {}), case.now
        )
    monkeypatch.undo()
    after = facts_of(case)
    assert after.acts[:-1] == before[0]
    assert (db.session.query(Paper).count(), db.session.query(Clock).count()) == before[1:]
    assert after.stage == "filing"
    done = perform(
        Intent(case.docket_id, "file", team.leader, case.day, "main", "approve", {}), case.now
    )
    assert [e.text for e in done.effects if isinstance(e, NumberTaken)] == ["丰统案〔2025〕1号"]


def test_a_missing_field_is_an_error_before_anything_is_numbered(case_at_file: Walk) -> None:
    from letters.base import MissingField

    case = case_at_file
    asked = {**road.inspection(case), "place": ""}
    with pytest.raises(MissingField):
        case.propose("inspection_notice", asked)
    assert facts_of(case).proposals == ()
    assert facts_of(case).paper("inspection_notice") is None


def test_returned_and_withdrawn_proposals_free_the_track(case_at_report: Walk, team: Team) -> None:
    case = case_at_report
    for verb, who in (("return", team.leader), ("withdraw", team.officers[0])):
        case.propose("file", road.filing(END))
        perform(
            Intent(case.docket_id, "file", who, case.day, "main", verb, {"opinion": "补正"}),
            case.now,
        )
        assert facts_of(case).proposals == ()
    assert facts_of(case).stage == "filing"


def test_the_last_step_can_be_annulled(case_at_report: Walk) -> None:
    case = case_at_report
    last = max(a.seq for a in facts_of(case).done(track="main"))
    case.take("annul_step", {"act": last, "reason": "误报"})
    facts = facts_of(case)
    assert facts.stage == "verify"
    assert facts.clock("verify").state == "open"  # type: ignore[union-attr]
    assert facts.paper("verification_report") is None


def test_a_corrected_day_moves_its_clocks_and_says_so(case_opened: Walk, team: Team) -> None:
    case = case_opened
    opened = next(facts_of(case).done("open_case"))
    case.take("assign", {"assigned": list(team.officers)})
    done = case.take(
        "correct_act",
        {"act": opened.seq, "corrected_on": "2025-09-01", "fields": {}, "reason": "录入有误"},
    )
    moved = [e for e in done.effects if isinstance(e, ClockMoved)]
    assert moved
    assert moved[0].before != moved[0].due
    assert facts_of(case).clock("verify").start == date(2025, 9, 1)  # type: ignore[union-attr]


def test_public_notice_is_deemed_served_once_also_after_standing_still(
    case_at_prior_notice: Walk,
) -> None:
    case = case_at_prior_notice
    paper = facts_of(case).paper("prior_notice")
    assert paper
    with pytest.raises(Refused):
        case.take("serve_public", {"paper": paper.id, "where": "县政府网站", "reason": "下落不明"})
    case.take("serve_failed", {"paper": paper.id, "method": "mail", "reason": "退回"})
    case.take("serve_public", {"paper": paper.id, "where": "县政府网站", "reason": "下落不明"})
    due = facts_of(case).clock("public_notice").due  # type: ignore[union-attr]
    case.at(due + timedelta(90))
    tick(case.now)
    served = facts_of(case).served("prior_notice")
    assert served
    assert served.served
    assert served.served.on == due + timedelta(1)
    count = len(facts_of(case).acts)
    tick(case.now)
    assert len(facts_of(case).acts) == count
