"""The party is heard before it is penalised: a lawful hearing is held, nothing is given up without
its words."""

from datetime import timedelta
from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, case_of, decision, drive, facts_of, refused, reviewed_by
from tests.support.acts import MAIL, NO_PENALTY, announced, right

BIG = 6_000_000
REQUEST = {"form": "written", "points": "申请听证"}
ANSWERED = {"adopted": "rejected", "reason": "未提出陈述申辩。"}


@pytest.fixture
def told(large_case_at_notice_served: Walk) -> Walk:
    """A case whose notice of a large fine has just been served."""
    return large_case_at_notice_served


def waiver(case: Walk, *rights: str, **more: Any) -> dict[str, Any]:
    signed = {
        "signer": "负责人李某",
        "signed_on": case.day.isoformat(),
        "document": "声明（1页）",
        "written": "statement",
    }
    return {**signed, "rights": list(rights), "note": "", **more}


# -- §63: a hearing asked for in time is held
def test_a_request_in_time_is_not_refused(told: Walk) -> None:
    told.at(road.later(told.day, 2)).take("hearing_request", REQUEST)
    for ground in ("late", "not_entitled", "", "工作忙"):
        with pytest.raises(Refused) as error:
            told.propose("hearing_refuse", {"ground": ground, "reason": "工作忙"})
        assert refused(error) == {"hearing_refusal_holds"}, ground
    told.at(road.later(told.day, 6)).take("defence_heard", {"opinion": "x", "evidence": ""})
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "hearing"


def test_a_late_request_is_recorded_and_may_be_refused(told: Walk) -> None:
    last = facts_of(told).clock("hearing_request").due  # type: ignore[union-attr]
    told.at(road.later(last, 2)).take("hearing_request", REQUEST)
    told.take("hearing_refuse", {"ground": "late", "reason": "期满后提出"})
    told.take("defence_waived", {"note": ""})
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "review"


def test_a_request_without_a_right_to_it_may_be_refused(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "notice_served", 100_000)
    case.take("hearing_request", REQUEST)
    with pytest.raises(Refused):
        case.propose("hearing_refuse", {"ground": "late", "reason": "x"})
    case.take("hearing_refuse", {"ground": "not_entitled", "reason": "未达标准"})


# -- waivers are the party's own words
@pytest.mark.parametrize("lacking", ["signer", "document", "signed_on"])
def test_nothing_is_given_up_without_proof(told: Walk, lacking: str) -> None:
    told.at(road.later(told.day, 1))
    with pytest.raises(Refused) as error:
        told.propose("rights_waived", {**waiver(told, "defence"), lacking: ""})
    assert refused(error) == {"waiver_proved"}


def test_nothing_is_given_up_before_the_notice_arrived(told: Walk) -> None:
    before = {"signed_on": (told.day - timedelta(1)).isoformat()}
    with pytest.raises(Refused) as error:
        told.propose("rights_waived", waiver(told, "defence", **before))
    assert refused(error) == {"waiver_proved"}


def test_a_waiver_needs_a_second_person() -> None:
    steps = procedure().steps
    assert steps["rights_waived"].approvals
    assert steps["hearing_given_up"].approvals


def test_the_days_are_not_noted_as_over_while_they_run(told: Walk) -> None:
    for how in ("waived", "expired"):
        with pytest.raises(Refused) as error:
            told.take("defence_waived", {"how": how, "note": ""})
        assert refused(error) == {"defence_days_over"}


def test_a_written_waiver_of_both_is_recorded_while_the_days_run(told: Walk) -> None:
    told.at(road.later(told.day, 1)).take("rights_waived", waiver(told, "defence", "hearing"))
    assert facts_of(told).stage == "defence"
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "review"


def test_a_waiver_of_the_defence_leaves_the_hearing(told: Walk) -> None:
    told.take("rights_waived", waiver(told, "defence"))
    with pytest.raises(Refused) as error:
        told.propose("defence_review", ANSWERED)
    assert refused(error) == {"hearing_window_over"}
    # nobody is led to record a request nobody made
    assert procedure().checks["hearing_window_over"].cure == ""


def test_a_hearing_that_was_asked_for_is_given_up_in_writing(told: Walk) -> None:
    told.take("hearing_request", REQUEST)
    told.at(road.later(told.day, 1)).take("rights_waived", waiver(told, "defence", "hearing"))
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "review"


def called(case: Walk) -> Walk:
    case.take("hearing_request", REQUEST)
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    case.take("defence_review", ANSWERED)
    return case


def test_a_hearing_is_not_given_up_by_an_officers_word(told: Walk) -> None:
    """Before it was even called."""
    case = called(told)
    for asked in ({"how": "waived"}, {"how": "absent"}, {}):
        with pytest.raises(Refused) as error:
            case.propose("hearing_given_up", {"reason": "x", **asked})
        assert refused(error) == {"hearing_giving_up_proved"}
    case.take("hearing_given_up", {**waiver(case), "how": "waived", "reason": "当事人书面放弃"})
    assert facts_of(case).stage == "review"


def test_who_stays_away_gives_the_hearing_up(told: Walk, team: Team) -> None:
    case = called(told)
    day = road.CALENDAR.add_workdays(case.day, 9)
    notice = {
        "hearing_on": day.isoformat(),
        "time": "9:00",
        "place": "本局",
        "host": team.head,
        "openness": "public",
    }
    case.take("hearing_notice", notice)
    case.serve("hearing_notice")
    with pytest.raises(Refused) as error:
        case.propose("hearing_given_up", {"how": "absent", "reason": "未到"})
    assert refused(error) == {"hearing_giving_up_proved"}
    case.at(day).take("hearing_given_up", {"how": "absent", "reason": "未到"})
    assert facts_of(case).stage == "review"


# -- §62: also after a day of service was corrected
def decided_too_early(team: Team, bureau: Bureau) -> Walk:
    """Decided by a day of service that was entered wrongly: the notice had arrived three days
    before the decision."""
    case = drive(case_of(team, bureau), "prior_notice", 3_000_000)
    case.take("serve", {"paper": case.paper("prior_notice").id, **MAIL})
    act = case.last_seq()
    stops = {name: (days, stop) for name, days, stop in road.stops(END, 3_000_000)}
    for name in ("defence", "reviewed", "no_review_due", "decide"):
        days, stop = stops[name]
        stop(case.at(road.later(case.day, days)))
    right(case, act, case.day - timedelta(3))
    return case


def test_a_decision_made_too_early_is_not_served(team: Team, bureau: Bureau) -> None:
    case = decided_too_early(team, bureau)
    for later in (0, 30):  # the days that went by since then do not mend it
        case.at(road.later(case.day, later))
        tick(case.now)
        with pytest.raises(Refused) as error:
            case.serve("decision")
        assert refused(error) == {"heard_before_served"}
    assert facts_of(case).stage == "serve"


def test_nor_is_it_deemed_served_by_time(
    case_at_prior_notice: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    """A public notice that ran its days makes no decision effective that may not be served; that is
    logged once a day, not at each of a day's many rounds."""
    case = case_at_prior_notice
    case.take("serve", {"paper": case.paper("prior_notice").id, **MAIL})
    act = case.last_seq()
    stops = {name: (days, stop) for name, days, stop in road.stops(END, 3_000_000)}
    for name in ("defence", "reviewed", "no_review_due", "decide"):
        days, stop = stops[name]
        stop(case.at(road.later(case.day, days)))
    decided = case.day
    announced(case, "decision")
    right(case, act, decided - timedelta(3))
    for days in (60, 0, 1):
        tick(case.at(case.day + timedelta(days)).now)
    assert caplog.text.count("time could not act") == 2
    assert facts_of(case).stage == "serve"
    assert facts_of(case).paper("decision").state == "issued"  # type: ignore[union-attr]
    case.take("take_back_decision", {"reason": "期限未满"})
    assert facts_of(case).clock("public_notice").state == "stopped"  # type: ignore[union-attr]


def test_it_is_taken_back_and_decided_anew(team: Team, bureau: Bureau) -> None:
    case = decided_too_early(team, bureau)
    case.take("take_back_decision", {"reason": "期限未满"})
    facts = facts_of(case)
    assert facts.stage == "notice"
    assert facts.paper("decision") is None
    assert not facts.did("decide_penalty")
    assert [facts.clock(c).state for c in ("case_90", "case_limit", "defence")] == ["open"] * 3  # type: ignore[union-attr]
    assert [facts.clock(c).state for c in ("serve", "publish")] == ["stopped"] * 2  # type: ignore[union-attr]
    with pytest.raises(Refused):
        case.take("defence_waived", {"note": ""})
    case.take(
        "defence_heard",
        {"opinion": "愿意改正", "evidence": "", "whole": True, "document": "申辩书（2页）"},
    )
    case.at(road.later(case.day, 1)).take("defence_review", ANSWERED)
    case.take("review_not_due", {"reason": "未达标准"})
    case.take("decide_penalty", decision(case))
    case.serve("decision")
    assert facts_of(case).stage == "effective"


def test_a_wrong_decision_made_in_time_is_taken_back_to_be_decided_anew(
    case_at_decide: Walk,
) -> None:
    """行政处罚法 §75: what is found wrong before it is served does not go out; who was heard need
    not be heard again."""
    case = case_at_decide
    case.take("take_back_decision", {"reason": "决定书罚款数额计算有误。"})
    facts = facts_of(case)
    assert (facts.stage, facts.did("decide_penalty"), facts.paper("decision")) == (
        "decide",
        False,
        None,
    )
    assert [facts.clock(c).state for c in ("case_90", "case_limit", "serve")] == [
        "open",
        "open",
        "stopped",
    ]  # type: ignore[union-attr]
    case.take("decide_penalty", decision(case))
    case.serve("decision")
    assert facts_of(case).stage == "effective"
    with pytest.raises(Refused) as error:  # once it arrived it is revoked, and the party told
        case.propose("take_back_decision", {"reason": "决定书罚款数额计算有误。"})
    assert refused(error) == {"wrong_stage"}


def test_taking_it_back_says_what_is_wrong(case_at_decide: Walk) -> None:
    case = case_at_decide
    with pytest.raises(Refused) as error:
        case.propose("take_back_decision", {"reason": "x"})
    assert refused(error) == {"says_something"}


def test_a_decision_of_no_penalty_is_taken_back_too(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    case.take("decide_no_penalty", NO_PENALTY)
    case.take("take_back_decision", {"reason": "当事人并非初次违法。"})
    facts = facts_of(case)
    assert (facts.stage, facts.did("decide_no_penalty"), facts.clock("case_90").state) == (
        "decide",
        False,
        "open",
    )  # type: ignore[union-attr]
    case.take("prior_notice_again", notice_of(3_000_000))
    assert facts_of(case).stage == "notice"


def test_a_notice_with_a_smaller_sum_does_not_wait_for_the_old_window(told: Walk) -> None:
    """The window of a notice that another has replaced holds nothing up."""
    told.take("prior_notice_again", notice_of(1_000_000))
    told.serve("prior_notice")
    told.take("defence_heard", {"opinion": "x", "evidence": ""})
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "review"


# -- the party is told why there is no hearing (§63)
def test_a_refusal_is_told_in_writing(told: Walk) -> None:
    last = facts_of(told).clock("hearing_request").due  # type: ignore[union-attr]
    told.at(road.later(last, 2)).take("hearing_request", REQUEST)
    told.take("hearing_refuse", {"ground": "late", "reason": "期满后提出"})
    paper = facts_of(told).paper("hearing_refusal")
    assert paper
    assert paper.state == "issued"
    told.take("defence_waived", {"note": ""})
    told.take("defence_review", ANSWERED)
    reviewed_by(told, told.team.legal)
    with pytest.raises(Refused) as error:
        told.propose("decide_penalty", decision(told))
    assert refused(error) == {"hearing_refusal_told"}
    told.serve("hearing_refusal")
    told.take("decide_penalty", decision(told))
