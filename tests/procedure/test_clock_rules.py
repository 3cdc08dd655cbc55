"""Deadlines: the vectors of published cases, and properties that must hold for any day."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.procedure import clock_rules
from casework.procedure.calendar import WorkCalendar
from casework.procedure.load import procedure
from casework.procedure.settings import shipped
from casework.procedure.terms import Money, Period, Unit

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2020, 1, 2), date(2025, 12, 1))
W, D, M = Unit.WORKDAY, Unit.DAY, Unit.MONTH
# 2027 when this was written
UNPUBLISHED = next(y for y in range(2025, 2100) if not CALENDAR.known(date(y, 6, 1)))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2024-11-04", 15, D, "2024-11-19"),
        ("2024-11-08", 5, W, "2024-11-15"),
        ("2024-11-08", 7, W, "2024-11-19"),
        ("2024-11-04", 60, D, "2025-01-03"),
        ("2025-09-30", 5, W, "2025-10-14"),
        ("2025-09-20", 15, D, "2025-10-09"),
        ("2025-08-31", 1, M, "2025-09-30"),
        ("2023-11-30", 3, M, "2024-02-29"),
        ("2024-04-30", 7, W, "2024-05-13"),
        ("2024-02-09", 1, W, "2024-02-18"),
    ],
)
def test_vectors(start: str, amount: int, unit: Unit, expected: str) -> None:
    found = clock_rules.due(date.fromisoformat(start), Period(amount, unit), CALENDAR)
    assert found.on.isoformat() == expected
    assert not found.provisional


@pytest.mark.parametrize(
    ("rule", "event", "expected"),
    [
        ("pay", "2024-11-04", "2024-11-19"),
        ("hearing_request", "2024-11-08", "2024-11-15"),
        ("serve", "2024-11-08", "2024-11-19"),
        ("publish", "2024-11-08", "2024-11-19"),
        ("reconsider", "2024-11-04", "2025-01-03"),
        ("tell_informant", "2024-11-04", "2024-11-19"),
    ],
)
def test_the_vectors_hold_for_the_deadlines_of_the_procedure(
    rule: str, event: str, expected: str
) -> None:
    """The rule's own period, as shipped, not a number of the test's."""
    period = shipped().period(procedure().clocks[rule].setting)
    assert clock_rules.due(date.fromisoformat(event), period, CALENDAR).on.isoformat() == expected


def test_a_hearing_notice_leaves_seven_whole_working_days() -> None:
    assert clock_rules.backward(date(2025, 10, 16), 7, CALENDAR).on == date(2025, 9, 29)


def test_a_year_without_a_calendar_is_provisional() -> None:
    assert clock_rules.due(date(UNPUBLISHED - 1, 12, 28), Period(5, W), CALENDAR).provisional


@given(st.dates(date(UNPUBLISHED, 1, 1), date(UNPUBLISHED, 12, 31)), st.integers(1, 60))
def test_any_working_days_of_an_unpublished_year_are_marked(start: date, amount: int) -> None:
    assert clock_rules.due(start, Period(amount, W), CALENDAR).provisional


def test_an_override_moves_the_day_and_changes_the_version() -> None:
    own = WorkCalendar({date(2024, 11, 15): False})
    assert clock_rules.due(date(2024, 11, 8), Period(5, W), own).on == date(2024, 11, 18)
    assert own.version != CALENDAR.version


@given(DAYS)
def test_the_calendar_agrees_with_a_second_library(day: date) -> None:
    other = holidays.country_holidays("CN", years=[day.year])
    if day in other:
        assert not CALENDAR.is_workday(day)


@given(DAYS, st.integers(1, 60))
def test_exactly_that_many_working_days_lie_between(start: date, amount: int) -> None:
    end = clock_rules.due(start, Period(amount, W), CALENDAR).on
    assert CALENDAR.workdays_between(start, end) == amount
    assert CALENDAR.is_workday(end)


@given(DAYS, st.integers(1, 400), st.sampled_from([D, M]))
def test_a_last_day_is_never_a_day_off_and_never_early(
    start: date, amount: int, unit: Unit
) -> None:
    period = Period(min(amount, 24) if unit is M else amount, unit)
    found = clock_rules.due(start, period, CALENDAR)
    assert CALENDAR.is_workday(found.on)
    assert found.before_shift is None or found.before_shift < found.on


@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_a_longer_period_never_ends_earlier(start: date, one: int, two: int) -> None:
    short, long = sorted((one, two))
    for unit in (W, D):
        a = clock_rules.due(start, Period(short, unit), CALENDAR).on
        assert a <= clock_rules.due(start, Period(long, unit), CALENDAR).on


@given(DAYS, st.integers(0, 40))
def test_a_pause_adds_what_stood_still(last: date, still: int) -> None:
    paused = last - timedelta(days=3)
    found = clock_rules.resumed(last, paused, paused + timedelta(days=still), D, CALENDAR).on
    assert found >= last + timedelta(days=still)
    assert CALENDAR.is_workday(found) or (still == 0 and found == last)


@given(DAYS, st.integers(1, 20))
def test_backward_is_never_shortened(event: date, amount: int) -> None:
    latest = clock_rules.backward(event, amount, CALENDAR).on
    between = [latest + timedelta(n) for n in range(1, (event - latest).days)]
    assert sum(map(CALENDAR.is_workday, between)) >= amount


@given(st.integers(1, 10**8), st.integers(0, 200), st.integers(0, 50))
def test_the_surcharge_grows_and_stops_at_the_fine(fen: int, days: int, more: int) -> None:
    """3 % a day, at most the fine itself (行政处罚法 §72)."""
    last = date(2025, 1, 10)
    first = clock_rules.surcharge_of(
        Money(fen), clock_rules.late_days(last, last + timedelta(days)), 3
    )
    later = clock_rules.surcharge_of(
        Money(fen), clock_rules.late_days(last, last + timedelta(days + more)), 3
    )
    assert 0 <= first.fen <= later.fen <= fen
    if days >= 34:
        assert first.fen == fen


def test_the_surcharge_stands_still_during_a_remedy() -> None:
    """行政处罚法 §73."""
    last = date(2025, 1, 10)
    still = [(date(2025, 1, 12), date(2025, 1, 16))]
    assert clock_rules.late_days(last, date(2025, 1, 17), still) == 2
    assert clock_rules.late_days(last, last) == 0
    assert clock_rules.surcharge_of(Money(10_000), 2, 3) == Money(600)
    assert clock_rules.surcharge_of(Money(10_001), 1, 2.5) == Money(250)


@pytest.mark.parametrize(
    ("last", "kind", "amount"),
    [("2024-11-15", "left", 5), ("2024-11-08", "today", 0), ("2024-11-07", "overdue", 1)],
)
def test_what_is_left(last: str, kind: str, amount: int) -> None:
    found = clock_rules.left(date.fromisoformat(last), date(2024, 11, 8), W, CALENDAR)
    assert (found.kind, found.amount) == (kind, amount)
