"""What was added for being late stays owed, whatever is granted afterwards (行政处罚法 §66,
§72–73)."""

from datetime import date, timedelta

import pytest

from casework.acts.errors import Refused
from casework.procedure.clock_rules import add_months
from casework.procedure.fines import account, balance, percent_of
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused

FINE = 3_000_000  # fen
A_DAY = FINE * 3 // 100


def plan(due: date) -> dict[str, str]:
    return {"request": "资金困难申请", "plan": "第一期\n第二期", "due": due.isoformat()}


def last_day(case: Walk) -> date:
    return facts_of(case).clock("pay").due  # type: ignore[union-attr]


@pytest.fixture
def served(case_at_served: Walk) -> Walk:
    return case_at_served


def late(case: Walk, days: int) -> Walk:
    return case.at(last_day(case) + timedelta(days))


def added(case: Walk) -> int:
    return balance(facts_of(case)).surcharge.fen


def test_what_had_accrued_stays_owed_when_instalments_are_granted_late(served: Walk) -> None:
    late(served, 10)
    assert added(served) == 10 * A_DAY
    served.take("instal", plan(road.later(served.day, 60)), "execution-1")
    assert added(served) == 10 * A_DAY


def test_nothing_is_added_while_the_instalments_run_and_again_after_their_end(served: Walk) -> None:
    end = road.later(late(served, 10).day, 60)
    served.take("instal", plan(end), "execution-1")
    assert added(served.at(end)) == 10 * A_DAY
    assert added(served.at(end + timedelta(3))) == 13 * A_DAY


def test_instalments_granted_in_time_cost_nothing(served: Walk) -> None:
    end = road.later(served.day, 90)
    served.take("instal", plan(end), "execution-1")
    assert added(served.at(end)) == 0
    assert added(served.at(end + timedelta(2))) == 2 * A_DAY


def test_a_second_grant_after_the_first_ended_keeps_both(served: Walk) -> None:
    first = road.later(served.day, 40)
    served.take("instal", plan(first), "execution-1")
    served.at(first + timedelta(5)).take("instal", plan(road.later(first, 60)), "execution-1")
    assert added(served) == 5 * A_DAY
    assert added(served.at(road.later(first, 60))) == 5 * A_DAY


def test_a_plan_that_ends_sooner_does_not_take_the_place_of_the_longer_one(served: Walk) -> None:
    """A grant is for the party: what it was given is not taken away by another."""
    longer, sooner = road.later(served.day, 90), road.later(served.day, 40)
    served.take("instal", plan(longer), "execution-1")
    with pytest.raises(Refused) as error:
        served.at(road.later(served.day, 10)).propose("instal", plan(sooner), "execution-1")
    assert refused(error) == {"instalments_not_shorter"}
    assert added(served.at(longer + timedelta(4))) == 4 * A_DAY


def test_sums_of_many_cases_say_the_same(served: Walk) -> None:
    end = road.later(late(served, 10).day, 60)
    served.take("instal", plan(end), "execution-1")
    kept = account(facts_of(served))
    assert kept
    for days in (0, 30, 59, 60, 75):
        facts = (
            facts_of(served.at(served.day))
            if not days
            else facts_of(served.at(end + timedelta(days - 60)))
        )
        assert kept.on(facts.today, percent_of(facts)).surcharge == balance(facts).surcharge, days


def test_who_pays_for_a_day_before_the_grant_owes_what_had_accrued_by_then(served: Walk) -> None:
    first = late(served, 4).day
    served.at(first + timedelta(6)).take("instal", plan(road.later(first, 60)), "execution-1")
    assert balance(facts_of(served), first).surcharge.fen == 4 * A_DAY


# -- §66 speaks of need, not of years
def test_the_last_instalment_does_not_lie_ten_years_off(served: Walk) -> None:
    beyond = road.later(add_months(served.day, 12), 1)
    for due, why in ((date(2036, 1, 4), "day_not_possible"), (beyond, "instalments_not_too_long")):
        with pytest.raises(Refused) as error:
            served.propose("instal", plan(due), "execution-1")
        assert refused(error) == {why}
    served.take("instal", plan(add_months(served.day, 12)), "execution-1")


def test_one_grant_after_another_does_not_reach_further(served: Walk) -> None:
    granted = served.day
    served.take("instal", plan(add_months(granted, 6)), "execution-1")
    served.at(road.later(served.day, 120))
    with pytest.raises(Refused) as error:
        served.propose("instal", plan(road.later(add_months(granted, 12), 3)), "execution-1")
    assert refused(error) == {"instalments_not_too_long"}
    served.take("instal", plan(add_months(granted, 12)), "execution-1")
