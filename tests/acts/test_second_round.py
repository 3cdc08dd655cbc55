"""What a case brings with it into a second round: told anew, sent back, dealt with anew after a
remedy."""

from datetime import date

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import AGAIN, END, decided_anew, decision, facts_of, refused, told_again
from tests.support.acts import VOICES, called, redone, unheard

DECISION = {**notice_of(0), "defence": "未提出。", "bank": "农业银行丰都支行，丰都县财政局，31-1"}


def told_anew(case: Walk, fine_fen: int) -> None:
    """A new notice with another sum, served."""
    case.at(road.later(case.day, 1)).take("prior_notice_again", notice_of(fine_fen))
    case.serve("prior_notice")


def test_a_sum_told_anew_is_the_one_that_binds(case_at_notice_served: Walk) -> None:
    case = case_at_notice_served
    told_anew(case, 1_000_000)
    assert facts_of(case).proposed_fine.fen == 1_000_000
    unheard(case)
    case.take("review_not_due", {"reason": "未达标准。"})
    with pytest.raises(Refused) as error:
        case.take(
            "decide_penalty", {**DECISION, "kinds": ["warning", "fine"], "fine_fen": 3_000_000}
        )
    assert refused(error) == {"not_above_notice"}


def test_a_raised_sum_opens_the_hearing(case_at_notice_served: Walk) -> None:
    case = case_at_notice_served
    told_anew(case, 6_000_000)
    case.at(road.later(case.day, 1)).take(
        "hearing_request", {"form": "written", "points": "申请听证"}
    )
    assert facts_of(case).last("hearing_request")


def test_a_review_is_of_what_was_told_last(case_at_reviewed: Walk) -> None:
    """行政处罚法 §58: who passed a small sum has not passed the big one that was told
    afterwards."""
    case = case_at_reviewed
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    assert facts_of(case).stage == "decide"
    told_anew(case, 6_000_000)
    unheard(case)
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    assert facts_of(case).stage == "review"


def test_an_early_review_counts_for_the_notice_after_it(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    case.take("prior_notice", notice_of(3_000_000))
    from casework.procedure.checks.review import passed

    assert passed(facts_of(case))


def test_what_was_heard_is_reviewed_also_when_less_is_told_afterwards(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    """行政处罚法 §58第二项: a case that went through a hearing is never decided without a review,
    whatever its sum is then."""
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    case.at(day).take("hearing_held", {"present": "双方", "record": "质证", "session": "closed"})
    case.take("hearing_report", {"opinion": "从轻"})
    told_anew(case, 3_000_000)
    unheard(case)
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "处罚未达到标准，案情不复杂。"})
    assert refused(error) == {"review_is_not_due"}
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    case.take("decide_penalty", {**DECISION, "kinds": ["warning", "fine"], "fine_fen": 3_000_000})
    case.serve("decision")
    # the next round had no hearing: that no review is due is confirmed on its way
    told_again(redone(case), 3_000_000)


@pytest.mark.parametrize(("said", "check"), [("", "not_the_same_again"), ("无", "says_something")])
def test_the_same_is_not_decided_again_without_a_word(
    case_at_served: Walk, said: str, check: str
) -> None:
    """行政诉讼法 §71, 行政复议法 §64: on the same facts and grounds, unless only the procedure was
    wrong."""
    case = redone(case_at_served)
    told_again(case, 3_000_000)
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", {**decision(case), "again_reason": said})
    assert refused(error) == {check}
    case.take("decide_penalty", {**decision(case), "again_reason": AGAIN})


def test_a_case_dealt_with_anew_can_be_closed(case_at_served: Walk) -> None:
    case = redone(case_at_served)
    decided_anew(case, 1_000_000)
    assert facts_of(case).clock("redo").state == "met"  # type: ignore[union-attr]
    case.serve("decision")
    case.take(
        "pay", {"paid_fen": 1_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-2"
    )
    case.take("not_public", {"reason": "不具有一定社会影响"})
    case.scanned().take("close", {"result": "x", "execution": "缴清", "publication": ""})
    assert facts_of(case).stage == "closed"


def test_a_penalty_on_the_spot_after_a_redo_is_in_force(case_at_served: Walk) -> None:
    from casework.procedure.decision_state import in_force

    case = redone(case_at_served)
    spot = {
        "violations": [road.violation(END)],
        "place": "现场",
        "evidence": "笔录",
        "kinds": ["warning"],
        "fine_fen": None,
        "told": True,
        "heard": "无异议",
        "bank": "",
    }
    case.take("on_the_spot", spot)
    assert in_force(facts_of(case))


def test_who_is_sent_back_from_the_hearing_leaves_no_day_of_it(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    case = large_case_at_notice_served
    case.at(road.later(case.day, 2)).take(
        "hearing_request", {"form": "written", "points": "申请听证"}
    )
    case.at(road.later(case.day, 15)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "无。"})
    day = road.CALENDAR.add_workdays(case.day, 9).isoformat()
    case.take(
        "hearing_notice",
        {
            "hearing_on": day,
            "time": "9:00",
            "place": "本局",
            "host": team.head,
            "openness": "public",
        },
    )
    case.take("send_back", {"reason": "补充调查"})
    assert facts_of(case).clock("hearing_day").state == "stopped"  # type: ignore[union-attr]


def test_nobody_is_circulated_who_was_not_penalised(case_at_conclude: Walk) -> None:
    """通报曝光 shames; it needs a penalty that stands (统计法 §§44–45)."""
    case = case_at_conclude
    asked = {
        "ground": "minor",
        "corrected": True,
        "proof": "",
        "evidence": "笔录",
        "education": "已教育。",
    }
    case.take("decide_no_penalty", asked)
    with pytest.raises(Refused) as error:
        case.take("circulate", {"text": "通报", "recipients": "各乡镇"})
    assert "penalty_decided" in refused(error)
