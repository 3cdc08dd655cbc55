"""The days of the party are its own: what it says within them is heard and reviewed, a hearing it
asked for is held."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, decision, drive, facts_of, refused, reviewed_by
from tests.support.acts import (
    BIG,
    NOT_DUE,
    WRITTEN,
    concluded_again,
    last_day,
    refused_by,
    sent_back,
)

ORAL = {"opinion": "不服，书面意见三日内补交。", "evidence": ""}
ANSWERED = {"adopted": "rejected", "reason": "不影响认定。"}
REQUEST = {"form": "written", "points": "认为未达处罚标准"}


@pytest.fixture
def told(case_at_notice_served: Walk) -> Walk:
    """A case whose notice of a small fine has just been served: no hearing can be asked for."""
    return case_at_notice_served


@pytest.fixture
def told_big(large_case_at_notice_served: Walk) -> Walk:
    """A case whose notice of a large fine has just been served."""
    return large_case_at_notice_served


# -- one word does not close the window (处罚法 §44-45, §62)
def test_an_oral_word_leaves_the_days_open(told: Walk) -> None:
    told.take("defence_heard", ORAL)
    told.at(road.later(told.day, 1)).take("defence_review", ANSWERED)
    told.take("review_not_due", NOT_DUE)
    assert refused_by(told, "decide_penalty", decision(told)) == {"windows_over"}
    assert facts_of(told).clock("defence").state == "open"  # type: ignore[union-attr]
    told.at(last_day(told) + timedelta(1))
    tick(told.now)
    told.at(road.later(told.day, 0)).take(
        "decide_penalty", {**decision(told), "defence": "不予采纳。"}
    )


@pytest.mark.parametrize("document", ["", "　"])
def test_a_whole_defence_is_proved(told: Walk, document: str) -> None:
    assert refused_by(told, "defence_heard", {**WRITTEN, "whole": True, "document": document}) == {
        "whole_defence_proved"
    }


def test_a_defence_declared_whole_closes_its_window(told: Walk) -> None:
    told.take(
        "defence_heard",
        {**WRITTEN, "whole": True, "document": "书面申辩意见（3页，注明已全部提出）"},
    )
    told.at(road.later(told.day, 1)).take("defence_review", ANSWERED)
    told.take("review_not_due", NOT_DUE)
    told.take("decide_penalty", {**decision(told), "defence": "不予采纳。"})
    told.serve("decision")
    assert facts_of(told).stage == "effective"


# -- a second defence, a posted one
def test_a_second_defence_is_recorded_and_reviewed_anew(told: Walk) -> None:
    told.take("defence_heard", ORAL)
    told.at(road.later(told.day, 1)).take("defence_review", ANSWERED)
    told.take("review_not_due", NOT_DUE)
    told.at(road.later(told.day, 1)).take("defence_heard", WRITTEN)
    assert facts_of(told).stage == "defence"
    told.at(road.later(last_day(told), 1)).take("defence_review", ANSWERED)
    told.take("review_not_due", NOT_DUE)
    told.take("decide_penalty", {**decision(told), "defence": "不予采纳。"})


@pytest.mark.parametrize("stage", ["defence", "review", "decide"])
def test_a_posted_defence_arrives_after_the_days_were_noted_as_over(told: Walk, stage: str) -> None:
    """Posted on the last day: it is in time, and is reviewed before anything is decided."""
    due = last_day(told)
    told.at(road.later(due, 1)).take("defence_waived", {"note": ""})
    if stage != "defence":
        told.take("defence_review", ANSWERED)
    if stage == "decide":
        told.take("review_not_due", NOT_DUE)
    told.at(road.later(told.day, 2)).take("defence_heard", WRITTEN, on=due)
    assert facts_of(told).stage == "defence"
    told.take(
        "add_evidence",
        {"title": "申辩书", "kind": "documentary", "source": "当事人", "purpose": "申辩"},
    )
    told.take("defence_review", ANSWERED)
    assert facts_of(told).stage == "review"


def test_a_late_defence_is_recorded_and_holds_nothing_up(told: Walk) -> None:
    due = last_day(told)
    told.at(road.later(due, 1)).take("defence_waived", {"note": ""})
    told.take("defence_review", ANSWERED)
    told.at(road.later(told.day, 2)).take("defence_heard", WRITTEN)
    assert facts_of(told).stage == "review"
    told.take("review_not_due", NOT_DUE)
    told.take(
        "decide_penalty",
        {**decision(told), "defence": "期限内未提出陈述申辩；逾期提出的意见不影响认定。"},
    )


def test_no_defence_before_the_notice_arrived(told: Walk) -> None:
    with pytest.raises(Refused) as error:
        told.take("defence_heard", WRITTEN, on=told.day - timedelta(1))
    assert refused(error) == {"after_the_notice"}


# -- a hearing that was asked for in time (§63-64)
def test_telling_anew_does_not_wipe_a_request(told_big: Walk) -> None:
    case = told_big
    case.take("hearing_request", REQUEST)
    case.take("prior_notice_again", notice_of(BIG))
    case.serve("prior_notice")
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    assert refused_by(case, "hearing_refuse", {"ground": "late", "reason": "x"}) == {
        "hearing_refusal_holds"
    }
    case.take("defence_review", ANSWERED)
    assert facts_of(case).stage == "hearing"


def test_nor_does_another_round(told_big: Walk) -> None:
    case = told_big
    case.take("hearing_request", REQUEST)
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    sent_back(case)
    concluded_again(case)
    case.serve("prior_notice")
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    case.take("defence_review", ANSWERED)
    assert facts_of(case).stage == "hearing"


def test_a_request_withdrawn_in_writing_is_over(told_big: Walk) -> None:
    case = told_big
    case.take("hearing_request", REQUEST)
    case.take("prior_notice_again", notice_of(BIG))
    case.serve("prior_notice")
    signed = {
        "signer": "负责人李某",
        "signed_on": case.day.isoformat(),
        "document": "声明（1页）",
        "written": "statement",
    }
    case.take("rights_waived", {**signed, "rights": ["defence", "hearing"], "note": ""})
    case.take("defence_review", ANSWERED)
    assert facts_of(case).stage == "review"


def test_told_anew_below_the_threshold_the_request_may_be_refused(told_big: Walk) -> None:
    case = told_big
    case.take("hearing_request", REQUEST)
    case.take("prior_notice_again", notice_of(500_000))
    case.serve("prior_notice")
    case.take("hearing_refuse", {"ground": "not_entitled", "reason": "拟罚款未达听证标准"})


def test_a_posted_request_is_recorded_after_the_review_and_heard(told_big: Walk) -> None:
    case, due = told_big, last_day(told_big, "hearing_request")
    case.at(road.later(due, 1)).take("defence_waived", {"note": ""})
    case.take("defence_review", ANSWERED)
    case.at(road.later(case.day, 1)).take("hearing_request", REQUEST, on=due)
    assert facts_of(case).stage == "hearing"


def test_a_late_request_in_review_is_refused_in_writing(told_big: Walk) -> None:
    case, due = told_big, last_day(told_big, "hearing_request")
    case.at(road.later(due, 1)).take("defence_waived", {"note": ""})
    case.take("defence_review", ANSWERED)
    case.at(road.later(case.day, 1)).take("hearing_request", REQUEST)
    assert facts_of(case).stage == "review"
    case.take("hearing_refuse", {"ground": "late", "reason": "期满后提出"})
    case.serve("hearing_refusal")
    reviewed_by(case, case.team.legal)
    case.take("decide_penalty", decision(case))


# -- a refusal of an old round
def test_the_refusal_of_an_old_round_is_withdrawn(told_big: Walk) -> None:
    case = told_big
    case.at(road.later(last_day(case, "hearing_request"), 1)).take("hearing_request", REQUEST)
    case.take("defence_waived", {"note": ""})
    case.take("hearing_refuse", {"ground": "late", "reason": "逾期"})
    sent_back(case)
    assert facts_of(case).paper("hearing_refusal") is None
    concluded_again(case)
    case.serve("prior_notice")
    assert not [
        p for p in facts_of(case).papers if p.kind == "hearing_refusal" and p.state == "issued"
    ]


# -- a corrected day takes no right away without its proof
def correction(act: int, day: date, **more: str) -> dict[str, Any]:
    return {
        "act": act,
        "corrected_on": day.isoformat(),
        "fields": {},
        "was": {},
        "reason": "登记有误",
        **more,
    }


def test_a_timely_request_is_not_made_late_by_a_word(told_big: Walk) -> None:
    case = told_big
    case.take("hearing_request", REQUEST)
    act, due = case.last_seq(), last_day(case, "hearing_request")
    case.at(road.later(due, 3))
    late = due + timedelta(1)
    for proof in ({}, {"proof": "　"}):
        assert refused_by(case, "correct_act", correction(act, late, **proof)) == {
            "right_not_taken_by_correction"
        }
    case.take("correct_act", correction(act, due))  # still in time
    assert refused_by(case, "hearing_refuse", {"ground": "late", "reason": "x"}) == {
        "hearing_refusal_holds"
    }
    case.take("correct_act", correction(act, late, proof="信封邮戳复印件（1页）"))
    case.take("hearing_refuse", {"ground": "late", "reason": "邮戳日期在期满之后"})


# -- the same where a firm is to be determined, or listed longer
def test_one_word_does_not_end_the_days_before_a_determination(team: Team, bureau: Bureau) -> None:
    law = {"facts": "虚报", "articles": "令第35号"}
    case = drive(case_of(team, bureau), "served")
    case.at(road.later(case.day, 200)).take(
        "assess_dishonesty", {"ground": "fabricated", "facts": "虚报"}
    )
    case.take("dishonesty_notice", law, "dishonesty-1")
    case.serve("dishonesty_notice")
    said = {"opinion": "请求从轻", "adopted": "不采纳"}
    case.take("dishonesty_defence", said, "dishonesty-1")
    with pytest.raises(Refused) as error:
        case.propose("determine", law, "dishonesty-1")
    assert refused(error) == {"dishonesty_heard"}
    with pytest.raises(Refused) as error:
        case.take("dishonesty_defence", {**said, "whole": True, "document": ""}, "dishonesty-1")
    assert refused(error) == {"whole_defence_proved"}
    case.take(
        "dishonesty_defence", {**said, "whole": True, "document": "书面意见（1页）"}, "dishonesty-1"
    )
    case.take("determine", law, "dishonesty-1")


# -- what the party did is not taken back by a word
@pytest.mark.parametrize("step", ["hearing_request", "defence_heard"])
def test_what_the_party_did_is_annulled_only_on_a_document(told_big: Walk, step: str) -> None:
    told_big.take(step, REQUEST if step == "hearing_request" else WRITTEN)
    act = {"act": told_big.last_seq(), "reason": "误录"}
    for proof in ({}, {"proof": "　"}):
        assert refused_by(told_big, "annul_step", {**act, **proof}) == {"partys_act_kept"}
    told_big.take("annul_step", {**act, "proof": "另案当事人的申请书，误录入本案"})
    assert not facts_of(told_big).did(step)


def test_nobody_gives_up_what_was_not_told_yet(told: Walk) -> None:
    """A waiver that turns out to be older than the arrival of the notice closes no window (处罚法
    §§44-45)."""
    waived = {
        "rights": ["defence"],
        "written": "statement",
        "signer": "谭某",
        "document": "声明一份",
    }
    told.at(road.later(told.day, 1)).take(
        "rights_waived", {**waived, "signed_on": told.day.isoformat()}
    )
    served = [a.seq for a in facts_of(told).acts if a.step == "serve"][-1]
    told.at(road.later(told.day, 4))
    right = {
        "act": served,
        "corrected_on": told.day.isoformat(),
        "proof": "回证",
        "reason": "登记时看错了回证上的日期。",
    }
    told.take("correct_service", right)
    told.take("defence_review", ANSWERED)
    told.take("review_not_due", NOT_DUE)
    assert refused_by(told, "decide_penalty", decision(told)) == {"windows_over"}
    told.at(last_day(told) + timedelta(1)).propose("decide_penalty", decision(told))
