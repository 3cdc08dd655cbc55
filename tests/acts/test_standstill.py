"""While a case is suspended nothing is investigated or decided; what the party sends is taken all
the same."""

import re
from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.procedure.clock_rules import due
from casework.procedure.load import ProcedureError, parse_procedure, procedure
from casework.procedure.offers import offers
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused
from tests.support.desk import SignIn, code

WHY = {"reason": "等待鉴定"}
P = procedure()


@pytest.fixture
def halted(case_at_notice_of_inspection: Walk) -> Walk:
    case = case_at_notice_of_inspection
    case.take("suspend", WHY)
    return case


def offered(case: Walk, person: int) -> set[str]:
    facts = facts_of(case)
    return {o.step.id for o in offers(P, facts, facts.people[person]) if o.possible}


def test_no_record_is_taken_of_a_suspended_case(halted: Walk) -> None:
    with pytest.raises(Refused) as error:
        halted.take("on_site_record", road.ON_SITE)
    assert refused(error) == {"not_suspended"}
    halted.take("resume", {"reason": "鉴定完成"})
    halted.take("on_site_record", road.ON_SITE)


def test_nothing_of_the_main_road_is_offered_but_what_goes_on(halted: Walk, team: Team) -> None:
    main = {s for s in offered(halted, team.officers[0]) if P.steps[s].track == "main"}
    assert main <= set(P.tracks["main"].while_suspended)
    assert "resume" in main


@pytest.mark.parametrize(
    ("step", "asked"), [("withdraw_filing", {}), ("terminate", {"ground": "", "proof": ""})]
)
def test_what_ended_while_it_stood_still_is_closed_and_put_away(
    halted: Walk, step: str, asked: dict[str, str]
) -> None:
    """A case that left the road stands still no more: nobody could resume it there."""
    halted.serve("inspection_notice")
    halted.take(step, {"reason": "经查，未发现违法事实，不再查处。", **asked})
    halted.scanned().take("close", {"result": "不再查处。", "execution": "无。", "publication": ""})
    halted.bound().take("archive", {"term": "30", "shelf": "2025-1-1"})


def test_no_notice_is_made_and_no_time_added(case_at_conclude: Walk, team: Team) -> None:
    case = case_at_conclude
    case.take("suspend", WHY)
    assert {"prior_notice", "extend_case", "suspend", "decide_no_penalty"}.isdisjoint(
        offered(case, team.officers[0])
    )


def test_what_the_party_says_meanwhile_is_taken(large_case_at_notice_served: Walk) -> None:
    """行政处罚法 §45: the right to speak does not stand still."""
    case = large_case_at_notice_served
    case.take("suspend", WHY)
    case.take("hearing_request", {"form": "written", "points": "x"})
    case.take("defence_heard", {"opinion": "x", "evidence": ""})
    with pytest.raises(Refused) as error:
        case.propose("defence_review", {"adopted": "rejected", "reason": "x"})
    assert refused(error) == {"not_suspended"}


def test_the_page_says_that_the_case_stands_still(halted: Walk, sign_in: SignIn) -> None:
    page = sign_in("officer1").get(f"/desk/dockets/{code(halted)}").text
    assert f"自{halted.day.isoformat()}起中止" in page
    bar = re.search(r'<ol class="stages".*?</ol>', page, re.S)
    assert bar
    assert "中止" in bar[0]
    halted.take("resume", {"reason": "完成"})
    assert "起中止" not in sign_in("officer1").get(f"/desk/dockets/{code(halted)}").text


def test_a_step_that_is_not_there_is_named_at_the_start() -> None:
    from app import create_app  # noqa: F401
    from casework.procedure import validate
    from casework.procedure.checks import CHECKS, CONDITIONS
    from casework.procedure.load import FILE

    text = FILE.read_text("utf-8").replace(
        'while_suspended = ["resume"', 'while_suspended = ["resumed"'
    )
    with pytest.raises(ProcedureError) as error:
        validate.validate_procedure(
            parse_procedure(text),
            forms=set(),
            letters=set(),
            checks=CHECKS,
            conditions=CONDITIONS,
            settings=set(),
        )
    assert any("unknown step «resumed»" in fault for fault in error.value.faults)


# -- 系统设定: what stood still is added, and no day more
@pytest.mark.parametrize("begins", [0, 1, 3, 5])
@pytest.mark.parametrize("days", [1, 7, 10, 33])
def test_a_suspension_adds_the_days_it_lasted(case_at_file: Walk, begins: int, days: int) -> None:
    """Both limits alike; a last day that falls on a day off moves to the next working day, once and
    not twice."""
    case = case_at_file
    before = {r: facts_of(case).clock(r) for r in ("case_90", "case_limit")}
    case.at(case.day + timedelta(begins)).take("suspend", WHY)
    case.at(case.day + timedelta(days)).take("resume", {"reason": "完成"})
    for rule, old in before.items():
        new = facts_of(case).clock(rule)
        assert old, rule
        assert old.period, rule
        assert new, rule
        raw = due(old.start, old.period, road.CALENDAR)
        assert new.due == road.CALENDAR.next_workday(
            (raw.before_shift or raw.on) + timedelta(days)
        ), rule


def test_two_suspensions_add_both(case_at_file: Walk) -> None:
    case = case_at_file
    for days in (3, 4):
        case.take("suspend", WHY)
        case.at(case.day + timedelta(days)).take("resume", {"reason": "完成"})
    for rule in ("case_90", "case_limit"):
        clock = facts_of(case).clock(rule)
        assert clock, rule
        assert clock.period, rule
        raw = due(clock.start, clock.period, road.CALENDAR)
        assert clock.due == road.CALENDAR.next_workday(
            (raw.before_shift or raw.on) + timedelta(7)
        ), rule
