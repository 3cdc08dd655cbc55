"""Side exits end properly; what stands still, and deadlines as records."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.docket.models import Clock
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team
from tests.acts.roads import case_of, drive, facts_of


@pytest.mark.parametrize(
    ("until", "step", "payload", "stage"),
    [
        ("report", "not_file", {"cause": "案由", "facts": "未发现违法事实"}, "not_filed"),
        ("file", "withdraw_filing", {"reason": "事实不成立"}, "withdrawn"),
        ("file", "terminate", {"reason": "企业注销且无承受人"}, "terminated"),
        ("report", "transfer_out", {"body": "县市场监管局", "reason": "不属本局", "material": "报告"}, "transferred"),
    ],
)
def test_side_exits_end_properly(
    team: Team, bureau: Bureau, until: str, step: str, payload: dict[str, str], stage: str
) -> None:
    case = drive(case_of(team, bureau), until)
    case.take(step, payload)
    assert facts_of(case).stage == stage
    if stage == "transferred":
        case.take("case_back", {"letter": "退回函", "reason": "对方退回"})
        assert facts_of(case).stage == "verify"
        return
    case.take("close", {"result": "了结", "execution": "无", "publication": "", "pages": 9})
    assert facts_of(case).stage == "closed"


def test_a_case_terminated_after_its_decision_can_be_closed(team: Team, bureau: Bureau) -> None:
    """The firm is gone: there is nobody to show, and the publisher does not see the case."""
    case = drive(case_of(team, bureau), "served")
    case.take("terminate", {"reason": "企业注销且无承受人"})
    case.take("close", {"result": "了结", "execution": "无", "publication": "", "pages": 9})
    assert [c.rule for c in facts_of(case).clocks if c.running] == ["archive"]


def test_suspended_clocks_stand_still(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "file")
    before = facts_of(case).clock("case_90")
    case.take("suspend", {"reason": "等待鉴定"})
    assert facts_of(case).clock("case_90").state == "paused"  # type: ignore[union-attr]
    case.at(case.day + timedelta(40)).take("resume", {"reason": "鉴定完成"})
    after = facts_of(case).clock("case_90")
    assert before
    assert after
    assert (after.due - before.due).days >= 40
    assert after.state == "open"


def test_a_deadline_is_a_record(team: Team, bureau: Bureau) -> None:
    """Rule, article, unit, act that started it, first and present last day, calendar, who approved what moved it, result."""
    case = drive(case_of(team, bureau), "assign")
    opened = next(facts_of(case).done("open_case"))
    done = case.take("extend_verification", {"reason": "账目量大", "by": "tip.verify_ext"})
    row = db.session.scalars(select(Clock).where(Clock.docket_id == case.docket_id, Clock.rule == "verify")).one()
    period = procedure().clocks["verify"]
    assert (row.basis, row.seq, row.track, row.state) == (period.basis, opened.seq, "main", "open")
    assert (row.amount, row.unit) == (60, "day")
    assert row.calendar == facts_of(case).calendar.version
    assert row.due > row.original_due > row.start == opened.on
    (step,) = row.extensions
    assert (step["act"], step["from"], step["to"]) == (done.seq, row.original_due.isoformat(), row.due.isoformat())
    assert step["by"] == team.leader  # who approved it, not who asked
    case.take("verify_figures", {"figures": road.FIGURES, "method": "账簿", "cards_shown": True})
    case.take("verification_report", road.verified(case))
    case.take("not_file", {"cause": "案由", "facts": "未发现违法事实"})
    db.session.expire_all()
    assert (row.state, row.met_on) == ("met", case.day)
