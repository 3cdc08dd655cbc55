"""When the three months for the court run (强制法 §53; 处罚法 §72), and whose deadline an act
meets."""

from datetime import date

import pytest

from casework.acts.errors import Refused
from casework.procedure.checks.registry import CHECKS
from casework.procedure.clock_rules import add_months
from casework.procedure.fines import balance, owed
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import PERSON, remedy

COURT = {"court": "法院", "material": "决定书"}


def demanded(case: Walk) -> None:
    tick(case.now)
    case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")


def window(case: Walk) -> date | None:
    clock = facts_of(case).clock("court_window")
    return clock.start if clock and clock.running else None


def test_after_a_reconsideration_only_its_fifteen_days_count(case_at_served: Walk) -> None:
    """行政诉讼法 §45: who asked for reconsideration has fifteen days for a suit, and no longer six
    months."""
    case = case_at_served
    remedy(case, "reconsideration", "upheld", 1, 30)
    after = facts_of(case).clock("suit_after")
    assert after is not None
    assert facts_of(case).clock("suit").state == "stopped"  # type: ignore[union-attr]
    demanded(case.at(road.later(after.due, 1)))
    assert window(case) == after.due
    case.at(road.later(case.day, 20)).take("apply_court", COURT, "execution-1")
    assert facts_of(case).clock("court_window").state == "met"  # type: ignore[union-attr]


def test_a_long_suit_does_not_eat_up_the_months_for_the_court(case_at_served: Walk) -> None:
    case = case_at_served
    remedy(case, "suit", "upheld", 1, 400)
    assert window(case) is None  # an appeal may come
    appeal = facts_of(case).clock("appeal")
    demanded(case.at(road.later(appeal.due, 1)))  # type: ignore[union-attr]
    assert window(case) == appeal.due  # type: ignore[union-attr]
    case.at(road.later(case.day, 20)).take("apply_court", COURT, "execution-1")


def test_an_appeal_that_fails_opens_the_court_at_once(case_at_served: Walk) -> None:
    case = case_at_served
    remedy(case, "suit", "upheld", 1, 300)
    remedy(case, "appeal", "dismissed", 2, 60)
    assert window(case) == case.day


def test_who_withdraws_the_reconsideration_may_still_sue(case_at_served: Walk) -> None:
    case = case_at_served
    remedy(case, "reconsideration", "withdrawn", 1, 20)
    facts = facts_of(case)
    assert facts.clock("suit_after") is None
    assert facts.clock("suit").state == "open"  # type: ignore[union-attr]


def test_the_court_waits_for_the_last_instalment(case_at_served: Walk) -> None:
    """行政处罚法 §72: the months for the court run from the end of the instalments."""
    case = case_at_served
    last = road.later(case.day, 330)
    plan = {"request": "申请", "plan": "两期", "due": last.isoformat()}
    case.take("instal", plan, "execution-1")
    tick(case.at(road.later(case.day, 250)).now)
    assert window(case) == last
    demanded(case.at(road.later(last, 1)))
    case.at(road.later(case.day, 20)).take("apply_court", COURT, "execution-1")


def test_instalments_late_in_the_day_move_the_months_that_run(case_at_served: Walk) -> None:
    case = case_at_served
    tick(case.at(road.later(case.day, 200)).now)
    assert window(case)
    last = road.later(case.day, 100)
    case.take("instal", {"request": "申请", "plan": "两期", "due": last.isoformat()}, "execution-1")
    assert window(case) == last


def test_the_months_for_the_court_end(case_at_served: Walk) -> None:
    case = case_at_served
    demanded(case.at(road.later(case.day, 200)))
    begun = window(case)
    assert begun is not None
    with pytest.raises(Refused) as error:
        case.at(road.later(add_months(begun, 3), 9)).take("apply_court", COURT, "execution-1")
    assert refused(error) == {"court_window_open"}


def test_nothing_runs_on_when_execution_has_ended(case_at_served: Walk) -> None:
    case = case_at_served
    tick(case.at(road.later(case.day, 200)).now)
    case.take("end_execution", {"ground": "gone", "reason": "终止"}, "execution-1")
    case.take("not_public", {"reason": "不具有一定社会影响"})
    case.scanned().take("close", {"result": "x", "execution": "y", "publication": ""})
    assert facts_of(case).stage == "closed"


def test_an_unlawful_decision_that_stands_is_still_to_be_paid(case_at_served: Walk) -> None:
    """行政诉讼法 §74: found unlawful and not set aside, it keeps its force; it is only not to be
    published (处罚法 §48)."""
    case = case_at_served
    remedy(case, "suit", "unlawful", 1, 60)
    assert owed(facts_of(case)).fen >= 3_000_000
    paid = {"paid_fen": owed(facts_of(case)).fen, "paid_on": case.day.isoformat(), "slip": "1"}
    case.take("pay", paid, "execution-1")
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]


def test_paid_in_full_ends_every_deadline_of_the_sum(case_at_served: Walk) -> None:
    case = case_at_served
    plan = {"request": "申请", "plan": "两期", "due": road.later(case.day, 90).isoformat()}
    case.take("instal", plan, "execution-1")
    case.take(
        "pay", {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1"
    )
    assert facts_of(case).clock("instal").state == "met"  # type: ignore[union-attr]


def test_old_instalments_do_not_age_a_new_decision(case_at_served: Walk) -> None:
    from tests.acts.roads import decided_anew

    case = case_at_served
    plan = {"request": "申请", "plan": "两期", "due": road.later(case.day, 20).isoformat()}
    case.take("instal", plan, "execution-1")
    remedy(case, "reconsideration", "redo", 1, 30)
    case.take(
        "redo",
        {"order": "复议决定", "due": road.later(case.day, 90).isoformat(), "reason": "重新处理"},
    )
    decided_anew(case, 1_000_000)
    case.serve("decision")
    assert balance(facts_of(case)).surcharge.fen == 0
    case.at(road.later(case.day, 30)).take("demand", {"way": "到银行缴纳"}, "execution-2")
    db.session.expire_all()


def test_one_persons_answer_is_not_anothers(case_at_served: Walk) -> None:
    case = case_at_served
    for name in ("李某", "王某"):
        case.take("propose_discipline", {**PERSON, "person_name": name})
    for track in ("discipline-1", "discipline-2"):
        case.take("send_discipline", {"enclosures": "报告", "contact": "向"}, track)
    until = road.later(case.day, 250).isoformat()
    case.take("extend_reply", {"until": until, "reason": "请求"}, "discipline-1")
    case.take("discipline_reply", {"result": "警告", "number": "1"}, "discipline-2")
    facts = facts_of(case)
    assert facts.clock("discipline_reply", "discipline-1").due.isoformat() == until  # type: ignore[union-attr]
    assert facts.clock("discipline_reply", "discipline-1").state == "open"  # type: ignore[union-attr]
    assert facts.clock("discipline_reply", "discipline-2").extended == 0  # type: ignore[union-attr]
    case.at(road.later(date.fromisoformat(until), 1)).take(
        "report_no_reply", {"note": "逾期"}, "discipline-1"
    )


def test_what_ends_a_case_leaves_the_deadlines_of_others(case_at_served: Walk) -> None:
    """A firm that is gone ends its case; the official's discipline goes on, and so does the end of
    what is shown."""
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "x"})
    case.take("publish", {"note": ""}, "publication-1")
    case.take("propose_discipline", {**PERSON, "person_name": "李某"})
    case.take("send_discipline", {"enclosures": "报告", "contact": "向"}, "discipline-1")
    case.take("terminate", {"reason": "企业注销", "ground": "gone", "proof": "准予注销登记通知书"})
    facts = facts_of(case)
    assert [facts.clock(rule).state for rule in ("pay", "show", "discipline_reply")] == [
        "stopped",
        "open",
        "open",
    ]  # type: ignore[union-attr]
    tick(case.at(road.later(case.day, 400)).now)
    assert facts_of(case).track("publication-1").ended  # type: ignore[union-attr]


def test_what_is_paused_does_not_go_to_the_court(case_at_served: Walk) -> None:
    """行政强制法 §39: while execution is paused nothing is asked of the court."""
    case = case_at_served
    demanded(case.at(road.later(case.day, 190)))
    case.at(road.later(case.day, 20)).take(
        "pause_execution", {"ground": "cannot", "reason": "停产"}, "execution-1"
    )
    with pytest.raises(Refused) as error:
        case.take("apply_court", COURT, "execution-1")
    assert refused(error) == {"not_stayed"}


def test_an_extension_makes_nothing_shorter(case_at_served: Walk) -> None:
    case = case_at_served
    case.take("propose_discipline", {**PERSON, "person_name": "李某"})
    case.take("send_discipline", {"enclosures": "报告", "contact": "向"}, "discipline-1")
    until = {"until": road.later(case.day, 60).isoformat(), "reason": "请求"}
    with pytest.raises(Refused) as error:
        case.take("extend_reply", until, "discipline-1")
    assert refused(error) == {"within_hard_limit"}


def test_a_result_is_of_the_kind_that_was_begun(case_at_served: Walk) -> None:
    """行政诉讼法 §45: taken for an appeal, a lost reconsideration would leave no fifteen days for a
    suit."""
    case = case_at_served
    begun = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    case.take("remedy_start", begun)
    end = {"kind": "appeal", "result": "dismissed", "number": "2", "fine_fen": None, "reason": ""}
    with pytest.raises(Refused) as error:
        case.take("remedy_end", end, "remedy-1")
    assert refused(error) == {"kind_as_begun"}
    case.take("remedy_end", {**end, "kind": "reconsideration", "result": "upheld"}, "remedy-1")
    with pytest.raises(Refused) as error:
        case.take("remedy_start", {**begun, "kind": "appeal"})
    assert refused(error) == {"appeal_follows_suit"}


@pytest.mark.parametrize(("fine", "over"), [(0, True), (2_000_000, True), (2_500_000, False)])
def test_nobody_is_pressed_for_what_a_remedy_left_nothing_of(
    case_at_served: Walk, fine: int, over: bool
) -> None:
    """Changed to what has come in already: no days for payment run on, nothing is demanded, and the
    case can be closed."""
    case = case_at_served
    case.take(
        "pay", {"paid_fen": 2_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1"
    )
    case.take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "changed",
        "number": "2",
        "fine_fen": fine,
        "reason": "过重",
    }
    case.take("remedy_end", end, "remedy-1")
    facts = facts_of(case)
    assert facts.track("execution-1").ended == over  # type: ignore[union-attr]
    assert facts.clock("pay").state == ("stopped" if over else "open")  # type: ignore[union-attr]
    late = facts_of(case.at(road.later(case.day, 60)))
    assert (CHECKS["payment_overdue"](late, {}, case.day) is None) == (not over)


def test_what_an_ended_investigation_asked_need_not_arrive(case_at_file: Walk) -> None:
    case = case_at_file
    case.take("inquire", {"matters": "明细", "days": 10})
    case.take("withdraw_filing", {"reason": "事实不成立"})
    case.scanned().take("close", {"result": "了结", "execution": "无", "publication": ""})
    assert facts_of(case).stage == "closed"
