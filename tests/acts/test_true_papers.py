"""What papers say of the case is so: what is still owed, whether a remedy was used, until when
somebody will be answered."""

from flask import Flask

from casework.procedure.fines import balance
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of
from tests.support.acts import remedy, text_of

COURT = {"court": "法院", "material": "决定书"}


def late(case: Walk) -> Walk:
    tick(case.at(road.later(case.day, 250)).now)
    return case


def test_the_court_is_told_that_a_remedy_was_used(case_at_served: Walk, app: Flask) -> None:
    """行政强制法 §55: what the application states is so."""
    case = case_at_served
    remedy(case, "suit", "upheld", 1, 100)
    tick(case.at(road.later(case.day, 20)).now)  # the days for an appeal are over
    case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")
    case.at(road.later(case.day, 16)).take("apply_court", COURT, "execution-1")
    text = text_of(app, case, "court_application")
    assert "诉讼已经终结" in text
    assert "未申请行政复议" not in text


def test_the_court_is_told_that_none_was_used(case_at_served: Walk, app: Flask) -> None:
    case = late(case_at_served)
    case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")
    case.at(road.later(case.day, 16)).take("apply_court", COURT, "execution-1")
    assert "未申请行政复议、未提起行政诉讼" in text_of(app, case, "court_application")


def test_a_demand_asks_for_what_is_still_owed(case_at_served: Walk, app: Flask) -> None:
    """What came in is no longer demanded: first the fine, then what was added to it."""
    case = case_at_served
    money = {"paid_fen": 1_000_000, "paid_on": case.day.isoformat(), "slip": "1"}
    case.take("pay", money, "execution-1")
    late(case).take("demand", {"way": "到银行缴纳"}, "execution-1")
    text, owes = text_of(app, case, "demand"), balance(facts_of(case))
    assert "¥20,000.00" in text
    assert "¥30,000.00" not in text.replace(f"¥{owes.surcharge.yuan:,.2f}", "")
    assert f"¥{owes.surcharge.yuan:,.2f}" in text
    assert owes.owed.fen == 2_000_000 + owes.surcharge.fen


def test_when_the_fine_is_paid_only_the_surcharge_is_demanded(
    case_at_served: Walk, app: Flask
) -> None:
    case = late(case_at_served)
    money = {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}
    case.take("pay", money, "execution-1")
    case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    text = text_of(app, case, "demand")
    assert "1.缴纳加处罚款人民币" in text
    assert "缴纳罚款人民币" not in text


def test_a_decision_names_the_paragraph_of_its_fine(case_at_served: Walk, app: Flask) -> None:
    case = case_at_served
    for kind in ("prior_notice", "decision"):
        assert "第四十四条第一款第二项、第二款的规定" in text_of(app, case, kind), kind
