"""One of several, or of others: each preservation has its own days and list, each demand its own
service, a court its own word, a hearing its own notice."""

from datetime import date, timedelta

import pytest

from casework.acts.errors import Refused
from casework.procedure.checks.inspection import looks_after
from casework.procedure.fines import owed_back
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import decision, facts_of, refused, reviewed_by
from tests.support.acts import WHY, called

KEPT = {"place": "本局", "reason": "可能灭失。"}
COURT = {"court": "法院", "material": "决定书"}
DEMAND = {"way": "到银行缴纳"}
EXECUTION = "execution-1"


def refuses(
    case: Walk, check: str, step: str, asked: dict[str, object], track: str = "main"
) -> None:
    with pytest.raises(Refused) as error:
        case.take(step, asked, track)
    assert refused(error) == {check}


# -- things that are kept (行政处罚法 §56)
@pytest.fixture
def kept_twice(case_at_interview: Walk) -> Walk:
    case = case_at_interview
    case.take("preserve", {**KEPT, "things": "总账一册"})
    case.at(road.later(case.day, 3)).take("preserve", {**KEPT, "things": "电脑一台"})
    return case


def days_left(case: Walk) -> list[str]:
    return [c.state for c in facts_of(case).clocks if c.rule == "preserve"]


def test_a_disposal_says_which_things_it_is_of(kept_twice: Walk) -> None:
    refuses(kept_twice, "preserved_named", "dispose_preserved", {"result": "退还。"})
    refuses(
        kept_twice, "preserved_named", "dispose_preserved", {"result": "退还。", "preserved": 1}
    )


def test_the_days_of_the_other_things_run_on(kept_twice: Walk) -> None:
    """Seven working days each: what was disposed of keeps no day of what was not."""
    first, second = [a.seq for a in facts_of(kept_twice).done("preserve")]
    kept_twice.take("dispose_preserved", {"result": "退还。", "preserved": second})
    assert days_left(kept_twice) == ["open", "met"]
    refuses(
        kept_twice,
        "preserved_named",
        "dispose_preserved",
        {"result": "退还。", "preserved": second},
    )
    kept_twice.take("dispose_preserved", {"result": "退还。", "preserved": first})
    assert days_left(kept_twice) == ["met", "met"]


# -- inquiries and orders to correct (重庆市统计管理条例 §39; 行政处罚法 §28)
def sent_twice(case: Walk, step: str, kind: str, asked: dict[str, object]) -> list[int]:
    """Two papers of a kind, both served, three days apart: their numbers."""
    made = []
    for days in (0, 3):
        due = {"due": road.later(case.day, 20).isoformat()} if step == "order_correction" else {}
        case.at(road.later(case.day, days)).take(step, {**asked, **due})
        case.serve(kind)
        made.append(case.paper(kind).id)
    return made


def running(case: Walk, rule: str) -> list[int | None]:
    """The papers whose days of that kind still run."""
    return [c.paper for c in facts_of(case).clocks if c.rule == rule and c.running]


INQUIRY = {"matters": "应收账款的账面余额", "days": "15"}
ANSWER = {"answer": "见所附账页。", "truthful": "yes"}
ORDER = {"act": "未设置统计台账", "articles": "统计法第四十四条", "demand": "补建统计台账"}
CHECKED = {"corrected": "yes", "proof": "台账已补建。"}


def test_an_answer_ends_the_days_of_its_own_inquiry(case_at_interview: Walk) -> None:
    case = case_at_interview
    first, second = sent_twice(case, "inquire", "inquiry", INQUIRY)
    refuses(case, "inquiry_named", "inquiry_answered", {**ANSWER})
    refuses(
        case,
        "inquiry_named",
        "inquiry_answered",
        {**ANSWER, "paper": case.paper("inquiry_answer").id},
    )
    case.take("inquiry_answered", {**ANSWER, "paper": second})
    assert running(case, "inquiry") == [first]
    case.take("inquiry_answered", {**ANSWER, "paper": first})
    assert running(case, "inquiry") == []


def test_a_check_ends_the_days_of_its_own_order(case_at_interview: Walk) -> None:
    case = case_at_interview
    first, second = sent_twice(case, "order_correction", "correction", ORDER)
    refuses(case, "order_named", "check_correction", {**CHECKED})
    case.take("check_correction", {**CHECKED, "paper": first})
    assert running(case, "correction") == [second]
    assert [
        looks_after(facts_of(case), p) != []
        for p in facts_of(case).papers
        if p.kind == "correction"
    ] == [True, False]


def test_of_one_order_nothing_has_to_be_said(case_at_interview: Walk) -> None:
    case = case_at_interview
    case.take("order_correction", {**ORDER, "due": road.later(case.day, 20).isoformat()})
    case.serve("correction")
    case.take("check_correction", {**CHECKED})
    assert running(case, "correction") == []


# -- the demand (行政强制法 §54)
def test_a_court_that_refused_is_asked_after_the_new_demand_arrived(case_at_served: Walk) -> None:
    case = case_at_served
    case.at(road.later(case.day, 30)).take("demand", DEMAND, EXECUTION)
    case.serve("demand")
    tick(case.at(road.later(case.day, 200)).now)
    case.take("apply_court", COURT, EXECUTION)
    case.take("court_result", {"result": "refused", "ruling": "(2026)1号", "note": ""}, EXECUTION)
    case.take("demand", DEMAND, EXECUTION)
    refuses(case, "demand_over", "apply_court", COURT, EXECUTION)
    case.serve("demand")
    refuses(case, "demand_over", "apply_court", COURT, EXECUTION)
    tick(case.at(road.later(case.day, 20)).now)
    case.take("apply_court", COURT, EXECUTION)


# -- what others decided (行政复议法 §77; 行政诉讼法 §94)
def test_what_took_a_decision_away_is_not_unsaid_by_a_word(case_at_served: Walk) -> None:
    """Paid, set aside, owed back: a correction that says «upheld» would keep the money."""
    case = case_at_served
    case.take(
        "pay", {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, EXECUTION
    )
    begun = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    case.at(road.later(case.day, 10)).take("remedy_start", begun)
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "程序违法",
    }
    case.at(road.later(case.day, 20)).take("remedy_end", end, "remedy-1")
    act = facts_of(case).last("remedy_end")
    assert act
    slip = {"act": act.seq, "fields": {"result": "upheld"}, "corrected_on": "", **WHY}
    refuses(case, "others_word_proved", "correct_act", slip)
    assert owed_back(facts_of(case)).fen == 3_000_000
    case.take("correct_act", {**slip, "proof": "行政复议决定书（丰都府复〔2025〕2号）"})


# -- the notice of a hearing (行政处罚法 §64第二项)
@pytest.mark.parametrize("days", [0, 4])
def test_a_hearing_called_too_late_carries_no_decision(
    large_case_at_notice_served: Walk, team: Team, days: int
) -> None:
    """The day of service was entered wrongly, and is set right after the hearing."""
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    service, told = case.last_seq(), case.day
    case.at(day).take("hearing_held", {"present": "双方", "record": "质证", "session": "closed"})
    case.take("hearing_report", {"opinion": "维持。"})
    if days:
        right = road.CALENDAR.add_workdays(told, days)
        case.take(
            "correct_service",
            {"act": service, "corrected_on": right.isoformat(), "proof": "送达回证", **WHY},
        )
    reviewed_by(case, team.legal)
    case.at(case.day + timedelta(1))
    if days:
        refuses(case, "heard_after_due_notice", "decide_penalty", decision(case))
    else:
        case.take("decide_penalty", decision(case))
