"""Side exits end properly; what stands still, and deadlines as records."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.docket.models import Clock
from casework.people.models import Bureau
from casework.procedure.fines import balance, owed
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.conftest import FINE
from tests.acts.roads import case_of, drive, facts_of, refused, told_again

# what the party was told of with a prior notice
WINDOWS = ("defence", "hearing_request", "hearing_day")


@pytest.mark.parametrize(
    ("until", "step", "payload", "stage"),
    [
        ("report", "not_file", {"cause": "案由", "facts": "未发现违法事实"}, "not_filed"),
        ("file", "withdraw_filing", {"reason": "事实不成立"}, "withdrawn"),
        ("file", "terminate", {"reason": "企业注销且无承受人"}, "terminated"),
        (
            "report",
            "transfer_out",
            {"body": "县市场监管局", "reason": "不属本局", "material": "报告"},
            "transferred",
        ),
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
    case.scanned().take("close", {"result": "了结", "execution": "无", "publication": ""})
    assert facts_of(case).stage == "closed"


DISSOLVED = {"reason": "企业注销且无承受人", "ground": "gone", "proof": "准予注销登记通知书"}


@pytest.mark.parametrize(
    ("asked", "check"),
    [
        ({"reason": "镇长打招呼"}, "end_ground_given"),
        ({**DISSOLVED, "proof": " "}, "end_ground_given"),
        ({**DISSOLVED, "ground": "other"}, "end_ground_given"),
        ({**DISSOLVED, "ground": "dead"}, "end_ground_holds"),
    ],
)
@pytest.mark.parametrize("until", ["decide", "served"])
def test_a_fine_in_force_is_not_wiped_by_a_word(
    team: Team, bureau: Bureau, until: str, asked: dict[str, str], check: str
) -> None:
    """行政强制法 §40: what was decided ends where the law says so, and somebody proves it."""
    case = drive(case_of(team, bureau), until)
    with pytest.raises(Refused) as error:
        case.take("terminate", asked)
    assert refused(error) == {check}
    assert balance(facts_of(case)).levied.fen == 3_000_000


def test_execution_ends_on_a_ground_that_the_respondent_can_have(case_at_served: Walk) -> None:
    case = case_at_served
    for ground in ("dead", "annulled"):
        with pytest.raises(Refused) as error:
            case.take("end_execution", {"ground": ground, "reason": "x"}, "execution-1")
        assert refused(error) == {"end_ground_holds"}
    case.take("end_execution", {"ground": "gone", "reason": "企业注销且无承受人"}, "execution-1")


OUT = {
    "competence": "other_body",
    "body": "丰都县市场监督管理局",
    "reason": "不属本局管辖",
    "material": "调查材料",
}


@pytest.mark.parametrize(
    ("step", "asked"), [("transfer_out", OUT), ("report_up", {"reason": "依法由上级办理"})]
)
@pytest.mark.parametrize("until", ["file", "interview", "conclude"])
def test_a_filed_case_goes_to_who_has_power_and_comes_back_filed(
    team: Team, bureau: Bureau, until: str, step: str, asked: dict[str, str]
) -> None:
    """行政处罚法 §25: no ninety days anew by it, and no second number."""
    case = drive(case_of(team, bureau), until)
    before = facts_of(case)
    case.take(step, asked)
    sent = facts_of(case)
    assert sent.stage == "transferred"
    assert [c.rule for c in sent.clocks if c.running] == ["transfer_reply"]
    case.at(road.later(case.day, 10)).take("case_back", {"letter": "退回函", "reason": "对方退回"})
    after = facts_of(case)
    assert (after.stage, after.number) == ("investigate", before.number)
    clocks = [(before.clock(rule), after.clock(rule)) for rule in ("case_90", "case_limit")]
    assert [(old.id, old.due, "open") for old, _ in clocks if old] == [
        (new.id, new.due, new.state) for _, new in clocks if new
    ]


def test_and_is_closed_where_it_stays_away(case_at_interview: Walk) -> None:
    case = case_at_interview
    case.take("transfer_out", OUT)
    case.serve("transfer")
    case.scanned().take("close", {"result": "移送", "execution": "无", "publication": ""})
    assert facts_of(case).stage == "closed"


def test_what_was_decided_is_not_sent_away(case_at_served: Walk) -> None:
    case = case_at_served
    with pytest.raises(Refused) as error:
        case.take("transfer_out", OUT)
    assert refused(error) == {"wrong_stage"}


def test_a_case_terminated_after_its_decision_can_be_closed(case_at_served: Walk) -> None:
    """The firm is gone: there is nobody to show, and the publisher does not see the case."""
    case = case_at_served
    case.take("terminate", DISSOLVED)
    assert owed(facts_of(case)).fen == 0
    case.scanned().take("close", {"result": "了结", "execution": "无", "publication": ""})
    assert [c.rule for c in facts_of(case).clocks if c.running] == ["archive"]


def test_suspended_clocks_stand_still(case_at_file: Walk) -> None:
    case = case_at_file
    before = facts_of(case).clock("case_90")
    case.take("suspend", {"reason": "等待鉴定"})
    assert facts_of(case).clock("case_90").state == "paused"  # type: ignore[union-attr]
    case.at(case.day + timedelta(40)).take("resume", {"reason": "鉴定完成"})
    after = facts_of(case).clock("case_90")
    assert before
    assert after
    assert (after.due - before.due).days >= 40
    assert after.state == "open"


def test_a_deadline_is_a_record(case_at_assign: Walk, team: Team) -> None:
    """Rule, article, unit, act that started it, first and present last day, calendar, who approved
    what moved it, result."""
    case = case_at_assign
    opened = next(facts_of(case).done("open_case"))
    done = case.take("extend_verification", {"reason": "账目量大", "by": "tip.verify_ext"})
    row = db.session.scalars(
        select(Clock).where(Clock.docket_id == case.docket_id, Clock.rule == "verify")
    ).one()
    period = procedure().clocks["verify"]
    assert (row.basis, row.seq, row.track, row.state) == (period.basis, opened.seq, "main", "open")
    assert (row.amount, row.unit) == (60, "day")
    assert row.calendar == facts_of(case).calendar.version
    assert row.due > row.original_due > row.start == opened.on
    (step,) = row.extensions
    assert (step["act"], step["from"], step["to"]) == (
        done.seq,
        row.original_due.isoformat(),
        row.due.isoformat(),
    )
    assert step["by"] == team.leader  # who approved it, not who asked
    case.take("verify_figures", {"figures": road.FIGURES, "method": "账簿", "cards_shown": True})
    case.take("verification_report", road.verified(case))
    case.take("not_file", {"cause": "案由", "facts": "未发现违法事实"})
    db.session.expire_all()
    assert (row.state, row.met_on) == ("met", case.day)


# -- after the prior notice (行政处罚法 §§22–25: whoever has no power hands on, whatever was told by
# then)
@pytest.mark.parametrize(
    ("step", "asked"), [("transfer_out", OUT), ("report_up", {"reason": "依法由上级办理"})]
)
def test_a_case_is_handed_on_after_its_prior_notice(
    large_case_at_notice_served: Walk, step: str, asked: dict[str, str]
) -> None:
    case = large_case_at_notice_served
    case.take(step, asked)
    facts = facts_of(case)
    assert facts.stage == "transferred"
    assert [c.rule for c in facts.clocks if c.running and c.rule in WINDOWS] == []


def test_a_notice_that_never_arrived_is_withdrawn_with_it(large_case_at_prior_notice: Walk) -> None:
    case = large_case_at_prior_notice
    assert facts_of(case).stage == "notice"
    case.take("transfer_out", OUT)
    assert case.paper("prior_notice").state == "withdrawn"


def test_it_comes_back_to_the_investigation_and_is_told_anew(
    large_case_at_notice_served: Walk,
) -> None:
    """The windows of the old notice stay closed: nothing is decided on what was told before another
    body looked at it."""
    case = large_case_at_notice_served
    limit = facts_of(case).clock("case_limit")
    assert limit
    case.take("transfer_out", OUT)
    case.at(road.later(case.day, 5)).take(
        "case_back", {"letter": "退回函", "reason": "属统计机构管辖。"}
    )
    facts = facts_of(case)
    assert facts.stage == "investigate"
    assert [c.rule for c in facts.clocks if c.running and c.rule in WINDOWS] == []
    again = facts.clock("case_limit")
    assert again
    assert (again.running, again.due) == (True, limit.due)
    told_again(case, FINE)
