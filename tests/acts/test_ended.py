"""What has ended stays ended, unless a court says otherwise: late papers, suits after the archive,
cases that were absorbed."""

from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.procedure.offers import offers
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, decided_anew, drive, facts_of, refused
from tests.support.acts import CLOSING, GONE, RECONSIDERED, announced, archived


def sued(case: Walk, result: str) -> Walk:
    """A suit and its outcome, which nobody appealed."""
    case.take("remedy_start", {**RECONSIDERED, "kind": "suit"})
    end = {"kind": "suit", "result": result, "number": "2", "fine_fen": None, "reason": "程序违法"}
    case.at(road.later(case.day, 60)).take("remedy_end", end, "remedy-1")
    tick(case.at(road.later(case.day, 20)).now)
    return case


def anew(case: Walk) -> Walk:
    return (
        case.take(
            "redo",
            {"order": "判决", "due": road.later(case.day, 60).isoformat(), "reason": "重新处理"},
        )
        and case
    )


# -- the decision of a case that was terminated
def test_a_decision_nobody_is_left_to_receive_holds_nothing_up(case_at_decide: Walk) -> None:
    case = case_at_decide
    case.take("terminate", GONE)
    with pytest.raises(Refused) as error:
        case.serve("decision")
    assert refused(error) == {"something_to_serve"}
    case.scanned().take("close", CLOSING)
    assert facts_of(case).stage == "closed"


def test_no_public_notice_brings_a_terminated_case_back_to_life(case_at_decide: Walk) -> None:
    case = case_at_decide
    announced(case, "decision")
    case.take("terminate", GONE)
    tick(case.at(road.later(case.day, 90)).now)
    facts = facts_of(case)
    assert (facts.stage, [t.kind for t in facts.tracks]) == ("terminated", ["main"])
    assert not [c.rule for c in facts.clocks if c.running]


# -- the decision that fell before it arrived
def test_a_decision_that_fell_before_it_arrived_starts_nothing(case_at_decide: Walk) -> None:
    case = sued(case_at_decide, "set_aside")
    case.serve("decision")
    facts = facts_of(case)
    assert (facts.stage, [t.kind for t in facts.tracks]) == ("effective", ["main", "remedy"])
    assert not [c.rule for c in facts.clocks if c.running]


def test_it_is_dealt_with_anew_before_it_arrived(case_at_decide: Walk) -> None:
    case = sued(case_at_decide, "redo")
    old = case.paper("decision").id
    assert facts_of(anew(case)).stage == "investigate"
    assert [p.state for p in facts_of(case).papers if p.id == old] == ["withdrawn"]
    assert facts_of(case).clock("serve").state == "stopped"  # type: ignore[union-attr]


# -- after the archive
def test_a_suit_comes_after_the_case_was_archived_and_is_carried_through(
    case_at_served: Walk,
) -> None:
    """行政诉讼法 §46: six months; a case that was paid is archived in a few weeks."""
    case = archived(case_at_served)
    anew(sued(case.at(road.later(case.day, 60)), "redo"))
    facts = facts_of(case)
    assert (facts.stage, facts.main.ended) == ("investigate", False)
    decided_anew(case, 1_000_000)
    case.serve("decision")
    assert facts_of(case).stage == "effective"
    assert facts_of(case).clock("reconsider").running  # type: ignore[union-attr]


def test_an_archived_case_takes_no_step_of_an_open_one(case_at_served: Walk, team: Team) -> None:
    case = archived(case_at_served)
    for step, asked in (
        ("assign", {"assigned": list(team.officers)}),
        ("release_numbers", {"numbers": "1", "reason": "x"}),
        ("correct_act", {"act": 1, "fields": {}, "reason": "x"}),
    ):
        with pytest.raises(Refused) as error:
            case.take(step, asked)
        assert refused(error) == {"wrong_track"}, step


def test_papers_of_side_tracks_arrive_after_the_archive(case_at_served: Walk, team: Team) -> None:
    """The determination goes on beside an archived case; its notice has to be served on a page."""
    case = case_at_served
    case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
    archived(case).take(
        "dishonesty_notice", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1"
    )
    facts = facts_of(case)
    offered = {
        o.step.id for o in offers(procedure(), facts, facts.people[team.officers[0]]) if o.possible
    }
    assert {"serve", "serve_failed"} <= offered
    assert "assign" not in offered
    case.serve("dishonesty_notice", track="main")  # as the page does it
    assert facts_of(case).clock("sdx_reply").running  # type: ignore[union-attr]


# -- absorbed and back
def test_a_filed_case_comes_back_filed_with_its_old_deadlines(team: Team, bureau: Bureau) -> None:
    """行政处罚法 §60: no ninety days anew because two cases were one for a while."""
    one, two = (
        case_of(team, bureau),
        drive(case_of(team, bureau, {**FIRM, "name": "另一企业"}), "file"),
    )
    before = facts_of(two)
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一当事人"})
    two.at(two.day + timedelta(9)).take("undo_absorb", {"reason": "不是同一当事人"})
    after = facts_of(two)
    assert (after.stage, after.number) == ("investigate", before.number)
    for rule in ("case_90", "case_limit"):
        old, new = before.clock(rule), after.clock(rule)
        assert old, rule
        assert new, rule
        assert (new.id, new.due, new.state) == (old.id, old.due, "open")


def test_a_suspended_case_comes_back_suspended(team: Team, bureau: Bureau) -> None:
    one, two = (
        case_of(team, bureau),
        drive(case_of(team, bureau, {**FIRM, "name": "另一企业"}), "file"),
    )
    two.take("suspend", {"reason": "等待鉴定"})
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一当事人"})
    two.take("undo_absorb", {"reason": "不是同一当事人"})
    assert facts_of(two).clock("case_90").state == "paused"  # type: ignore[union-attr]
    two.at(two.day + timedelta(20)).take("resume", {"reason": "完成"})
    assert facts_of(two).clock("case_90").state == "open"  # type: ignore[union-attr]


# -- a paper that another one took the place of
def test_its_public_notice_ends_with_it(case_at_prior_notice: Walk) -> None:
    case = case_at_prior_notice
    announced(case, "prior_notice")
    case.take("prior_notice_again", notice_of(2_000_000))
    assert facts_of(case).clock("public_notice").state == "stopped"  # type: ignore[union-attr]
    count = len(facts_of(case).acts)
    tick(case.at(road.later(case.day, 60)).now)
    assert len(facts_of(case).acts) == count
