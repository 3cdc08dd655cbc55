"""What a paper told holds when it arrives: a setting that changes meanwhile shortens no days and
takes no right (行政处罚法 §44, §63–64)."""

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau, BureauSetting
from casework.procedure.terms import Period, Unit
from casework.store import writing
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import WHY

REQUEST = {"form": "written", "points": "申请听证"}


def set_from(case: Walk, bureau: Bureau, **values: str) -> None:
    """Settings of the bureau from the case's day on."""
    with writing() as session:
        for key, value in values.items():
            name = key.replace("__", ".")
            session.add(
                BureauSetting(bureau_id=bureau.id, key=name, value=value, from_day=case.day)
            )


def test_days_count_as_the_notice_told_them(
    large_case_at_prior_notice: Walk, bureau: Bureau
) -> None:
    """Also where the setting was changed between making and serving; and when the day of service is
    set right."""
    case = large_case_at_prior_notice
    set_from(case, bureau, defence__period="1 workday", hearing__request="1 workday")
    case.at(road.later(case.day, 2)).serve("prior_notice")
    assert facts_of(case).clock("defence").period == Period(3, Unit.WORKDAY)  # type: ignore[union-attr]
    clock = facts_of(case).clock("hearing_request")
    assert clock
    assert (clock.period, clock.due) == (
        Period(5, Unit.WORKDAY),
        road.CALENDAR.add_workdays(case.day, 5),
    )


def test_a_right_that_was_told_is_there_when_the_notice_arrives(
    large_case_at_prior_notice: Walk, bureau: Bureau
) -> None:
    case = large_case_at_prior_notice
    set_from(case, bureau, hearing__organisation="100000")
    case.at(road.later(case.day, 1)).serve("prior_notice")
    assert facts_of(case).clock("hearing_request")


def test_a_right_that_was_told_is_not_refused(
    large_case_at_notice_served: Walk, bureau: Bureau
) -> None:
    case = large_case_at_notice_served
    set_from(case, bureau, hearing__organisation="100000")
    case.at(road.later(case.day, 1)).take("hearing_request", REQUEST)
    with pytest.raises(Refused) as error:
        case.take(
            "hearing_refuse", {"ground": "not_entitled", "reason": "拟处罚数额不属听证范围。"}
        )
    assert refused(error) == {"hearing_refusal_holds"}


def test_what_was_not_told_is_no_window(case_at_prior_notice: Walk, bureau: Bureau) -> None:
    """The party cannot use days of which its notice says nothing."""
    case = case_at_prior_notice
    set_from(case, bureau, hearing__organisation="10000")
    case.serve("prior_notice")
    assert facts_of(case).clock("hearing_request") is None


def test_the_days_of_a_decision_count_as_it_told_them(case_at_decide: Walk, bureau: Bureau) -> None:
    case = case_at_decide
    set_from(case, bureau, pay__period="5 day", remedy__suit="1 month")
    case.at(road.later(case.day, 1)).serve("decision")
    facts = facts_of(case)
    assert facts.clock("pay").period == Period(15, Unit.DAY)  # type: ignore[union-attr]
    assert facts.clock("suit").period == Period(6, Unit.MONTH)  # type: ignore[union-attr]


def test_a_notice_that_tells_periods_can_still_be_annulled(case_at_prior_notice: Walk) -> None:
    case = case_at_prior_notice
    case.take("annul_step", {"act": case.last_seq(), **WHY})
    assert facts_of(case).stage == "conclude"
