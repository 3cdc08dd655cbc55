"""What is decided after the time for the case is decided all the same, and says why so late (行政处
罚法 §60)."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.checks.decision import limits_over
from casework.procedure.load import procedure
from casework.upkeep.walk import Team, Walk
from forms.decision import DecidePenalty
from forms.review import LegalReview
from tests.acts.roads import case_of, decision, drive, facts_of, refused
from tests.support.acts import MINOR
from tests.support.desk import SignIn, code

LATE = {"late_reason": "当事人两次更换经办人，账簿调取迟延。"}


def last_day(case: Walk) -> date:
    """The later of the two limits."""
    clocks = (facts_of(case).clock(rule) for rule in ("case_90", "case_limit"))
    return max(c.due for c in clocks if c)


def overdue(case: Walk) -> Walk:
    return case.at(last_day(case) + timedelta(18))


def needs_a_reason(case: Walk, step: str, asked: dict[str, Any]) -> None:
    for reason in ({}, {"late_reason": " "}):
        with pytest.raises(Refused) as error:
            case.take(step, {**asked, **reason})
        assert refused(error) == {"late_reason_given"}
    case.take(step, {**asked, **LATE})
    assert facts_of(case).last(step).asked["late_reason"] == LATE["late_reason"]  # type: ignore[union-attr]


def test_every_step_that_ends_the_limit_asks() -> None:
    """But what ends none: an absorbed case goes on in another, and a decision that is revoked had
    met its limit."""
    p = procedure()
    main = [s for s in p.steps.values() if s.track == "main"]
    ends = {
        s.id
        for s in main
        if {b.to for b in (*s.follows.meets, *s.follows.stops)} & {"case_90", "case_limit", "*"}
    }
    asking = {s.id for s in main if "late_reason_given" in s.checks}
    assert asking >= {
        "decide_penalty",
        "decide_no_penalty",
        "terminate",
        "withdraw_filing",
        "on_the_spot",
    }
    assert ends - asking <= {"absorb_case", "revoke_decision"}


def test_a_penalty_after_the_limit(case_at_no_review_due: Walk) -> None:
    case = overdue(case_at_no_review_due)
    needs_a_reason(case, "decide_penalty", decision(case))


@pytest.mark.parametrize(
    ("until", "step", "asked"),
    [
        ("conclude", "decide_no_penalty", MINOR),
        ("interview", "terminate", {"reason": "企业注销"}),
        ("interview", "withdraw_filing", {"reason": "违法事实不成立"}),
    ],
)
def test_any_other_end_after_the_limit(
    team: Team, bureau: Bureau, until: str, step: str, asked: dict[str, Any]
) -> None:
    needs_a_reason(overdue(drive(case_of(team, bureau), until)), step, asked)


def test_nothing_is_asked_in_time(case_at_no_review_due: Walk) -> None:
    case = case_at_no_review_due
    first = min(facts_of(case).clock(rule).due for rule in ("case_90", "case_limit"))  # type: ignore[union-attr]
    case.at(first).take("decide_penalty", decision(case))  # the last day is a day


def test_an_extension_in_force_is_time(case_at_no_review_due: Walk) -> None:
    """A rule sets another limit (§60 second sentence); extended before its end, it holds until its
    own."""
    case = case_at_no_review_due
    case.take("extend_case", {"reason": "案情复杂", "by": "case.extension"})
    ninety, limit = (facts_of(case).clock(rule).due for rule in ("case_90", "case_limit"))  # type: ignore[union-attr]
    assert ninety < limit
    assert limits_over(facts_of(case.at(ninety + timedelta(1)))) == []
    assert {c.rule for c in limits_over(facts_of(case.at(limit + timedelta(1))))} == {
        "case_90",
        "case_limit",
    }


def test_a_case_that_stands_still_is_not_late(case_at_interview: Walk) -> None:
    case = case_at_interview
    case.take("suspend", {"reason": "等待鉴定"})
    overdue(case).take("terminate", {"reason": "企业注销"})


def test_the_limit_may_run_out_on_the_approvers_desk(
    case_at_no_review_due: Walk, team: Team
) -> None:
    """What was proposed in time says nothing of the delay: it goes back, and comes again with the
    reason."""
    case = case_at_no_review_due
    case.propose("decide_penalty", decision(case))
    overdue(case)
    with pytest.raises(Refused) as error:
        case._do("decide_penalty", "main", "approve", {"opinion": "同意"}, team.leader, None)
    assert refused(error) == {"late_reason_given"}
    case._do("decide_penalty", "main", "return", {"opinion": "补充超期原因"}, team.leader, None)
    case.take("decide_penalty", {**decision(case), **LATE})


def test_the_reviewer_is_told_and_the_form_asks_only_then(
    case_at_no_review_due: Walk, app: Flask
) -> None:
    case = case_at_no_review_due
    with app.test_request_context():
        assert "late_reason" not in DecidePenalty(facts_of(case), officers=2, only_today=True)
        assert not LegalReview(facts_of(case), only_today=True).point_procedure.description
        day = last_day(case).isoformat()
        asked = DecidePenalty(facts_of(overdue(case)), officers=2, only_today=True)
        assert asked.late_reason.flags.required
        assert day in str(asked.late_reason.description)
        assert day in str(LegalReview(facts_of(case), only_today=True).point_procedure.description)


def test_whoever_approves_reads_it(case_at_no_review_due: Walk, sign_in: SignIn) -> None:
    case = overdue(case_at_no_review_due)
    case.propose("decide_penalty", {**decision(case), **LATE})
    leader = sign_in("leader")
    page = leader.get(f"/desk/dockets/{code(case)}/proposals/{case.last_seq()}").text
    assert LATE["late_reason"] in page
