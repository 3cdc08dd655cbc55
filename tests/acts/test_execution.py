"""After the decision, on the tracks of execution and remedy: late payment, demand, court, set
aside, changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.checks.registry import CHECKS
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.acts.roads import decided_anew, facts_of, refused
from tests.support.disclosure import entries_on_list


def test_late_payment_then_demand_and_court(case_at_served: Walk) -> None:
    case = case_at_served
    with pytest.raises(Refused) as error:
        case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    assert refused(error) == {"payment_overdue"}
    case.at(road.later(case.day, 30)).take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")
    from casework.procedure.fines import owed, surcharge_due

    facts = facts_of(case)
    assert 0 < surcharge_due(facts).fen <= facts.fine.fen
    assert owed(facts).fen == facts.fine.fen + surcharge_due(facts).fen
    with pytest.raises(Refused) as error:
        case.take("apply_court", {"court": "法院", "material": "决定书"}, "execution-1")
    assert refused(error) == {"demand_over", "remedies_over"}
    tick(case.at(road.later(case.day, 200)).now)
    late = facts_of(case)
    last = late.clock("court_window").due  # type: ignore[union-attr]
    assert CHECKS["court_window_open"](replace(late, today=last), {}, last) is None
    assert CHECKS["court_window_open"](replace(late, today=last + timedelta(1)), {}, last) == {
        "day": last.isoformat()
    }
    case.take("apply_court", {"court": "法院", "material": "决定书"}, "execution-1")
    case.take(
        "court_result", {"result": "executed", "ruling": "(2026)1号", "note": ""}, "execution-1"
    )
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]


def test_a_decision_set_aside_is_carried_through(case_at_served: Walk, bureau: Bureau) -> None:
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    assert len(entries_on_list(db.session(), bureau.id, case.day)) == 1
    case.at(road.later(case.day, 20)).take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    case.at(road.later(case.day, 30)).take(
        "remedy_end",
        {
            "kind": "reconsideration",
            "result": "redo",
            "number": "2",
            "fine_fen": None,
            "reason": "程序",
        },
        "remedy-1",
    )
    tick(case.now)
    assert entries_on_list(db.session(), bureau.id, case.day) == []
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]
    assert facts_of(case).clock("withdraw_entry")
    assert facts_of(case).clock("pay").state == "stopped"  # type: ignore[union-attr]
    case.take(
        "redo",
        {"order": "复议决定", "due": road.later(case.day, 60).isoformat(), "reason": "重新处理"},
    )
    assert facts_of(case).stage == "investigate"
    case.take("withdraw_entry", {"reason": "决定被撤销"}, "publication-1")
    decided_anew(case, 2_000_000)
    facts = facts_of(case)
    assert (facts.fine.fen, facts.stage) == (2_000_000, "serve")
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    with pytest.raises(Refused) as error:  # the first decision was served, this one is not yet
        case.take("publish", {"note": ""}, "publication-2")
    assert refused(error) == {"decision_in_force"}
    case.serve("decision")
    case.take("publish", {"note": ""}, "publication-2")
    tick(case.now)
    (entry,) = entries_on_list(db.session(), bureau.id, case.day)
    assert (entry.fields["fine_fen"], entry.fields["decision"]) == (
        2_000_000,
        case.paper("decision").number,
    )


def test_a_changed_decision_asks_anew_whether_it_is_shown(
    case_at_served: Walk, bureau: Bureau
) -> None:
    """行政处罚法 §48: the entry goes; the sum as changed is shown, or not, by a new decision;
    without one nothing is closed."""
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    asked = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    case.at(road.later(case.day, 9)).take("remedy_start", asked)
    end = {
        "kind": "reconsideration",
        "result": "changed",
        "number": "2",
        "fine_fen": 1_000_000,
        "reason": "过重",
    }
    case.at(road.later(case.day, 30)).take("remedy_end", end, "remedy-1")
    tick(case.now)
    assert entries_on_list(db.session(), bureau.id, case.day) == []
    case.take(
        "pay", {"paid_fen": 1_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1"
    )
    with pytest.raises(Refused) as error:
        case.take("approve_publication", {"influence": "有", "summary": "x"})
    assert refused(error) == {"no_publication_yet"}  # the old entry is withdrawn first
    case.take("withdraw_entry", {"reason": "决定已变更"}, "publication-1")
    with pytest.raises(Refused) as error:
        case.scanned().take("close", {"result": "x", "execution": "y", "publication": ""})
    assert refused(error) == {"publication_decided"}
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.scanned().take("close", {"result": "x", "execution": "y", "publication": ""})
    case.take("publish", {"note": ""}, "publication-2")
    tick(case.now)
    assert [e.fields["fine_fen"] for e in entries_on_list(db.session(), bureau.id, case.day)] == [
        1_000_000
    ]


def test_beside_an_agreement_nothing_is_enforced_unless_it_is_broken(case_at_served: Walk) -> None:
    """行政强制法 §42第三款: before a demand and after one; a demand that says what was not kept
    opens the way to the court."""
    case, asked = case_at_served, {"way": "到银行缴纳"}
    terms = {"terms": "分三期，每月二十日前缴纳10,000元。", "remedied": "已更正报表。"}
    case.at(road.later(case.day, 30)).take("agree", terms, "execution-1")
    for broken, check in (({}, "agreement_broken"), ({"broken": "无"}, "says_something")):
        with pytest.raises(Refused) as error:
            case.take("demand", {**asked, **broken}, "execution-1")
        assert refused(error) == {check}
    case.take("demand", {**asked, "broken": "第二期10,000元到期未缴。"}, "execution-1")
    case.serve("demand")
    tick(case.at(road.later(case.day, 200)).now)
    case.take("agree", terms, "execution-1")
    court = {"court": "法院", "material": "决定书"}
    with pytest.raises(Refused) as error:
        case.take("apply_court", court, "execution-1")
    assert refused(error) == {"agreement_broken"}
    case.take("apply_court", {**court, "broken": "第一期10,000元到期未缴。"}, "execution-1")


def test_a_changed_sum_is_demanded_anew(case_at_served: Walk) -> None:
    """行政强制法 §54: the court is not asked for a sum that nobody demanded."""
    case, way = case_at_served, {"way": "到银行缴纳"}
    case.at(road.later(case.day, 30)).take("demand", way, "execution-1")
    case.serve("demand")
    with pytest.raises(Refused) as error:
        case.take("demand", way, "execution-1")
    assert refused(error) == {"not_yet_demanded"}
    case.take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "changed",
        "number": "2",
        "fine_fen": 1_000_000,
        "reason": "过重",
    }
    case.at(road.later(case.day, 30)).take("remedy_end", end, "remedy-1")
    tick(case.at(road.later(case.day, 30)).now)
    court = {"court": "法院", "material": "决定书"}
    with pytest.raises(Refused) as error:
        case.take("apply_court", court, "execution-1")
    assert refused(error) == {"demand_of_the_sum"}
    case.take("demand", way, "execution-1")
    case.serve("demand")
    tick(case.at(road.later(case.day, 30)).now)
    case.take("apply_court", court, "execution-1")
