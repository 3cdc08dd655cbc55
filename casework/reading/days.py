"""Counting days as the law does: 行政处罚法 §85, 行政强制法 §69, 民事诉讼法 §85. By itself: not the
clocks of the procedure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

ONE = timedelta(days=1)
Workday = Callable[[date], bool]


def after_workdays(start: date, amount: int, workday: Workday) -> date:
    """The last of so many working days; the first day is not counted."""
    day, left = start, amount
    while left:
        day += ONE
        left -= workday(day)
    return day


def after_days(start: date, amount: int, workday: Workday) -> date:
    """The last of so many calendar days; one that is a day off moves to the next working day."""
    return moved(start + timedelta(days=amount), workday)


def after_months(start: date, amount: int, workday: Workday) -> date:
    """The same date so many months later, or the month's last day; one that is a day off moves."""
    return moved(same_date(start, amount), workday)


def same_date(start: date, amount: int) -> date:
    """The same date so many months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    day = start.day
    while True:
        try:
            return date(year, month + 1, day)
        except ValueError:
            day -= 1


def moved(day: date, workday: Workday) -> date:
    """The day itself when it is a working day, else the first after it."""
    while not workday(day):
        day += ONE
    return day


def whole_workdays_between(first: date, last: date, workday: Workday) -> int:
    """Working days that lie wholly between two days."""
    return sum(workday(first + timedelta(n)) for n in range(1, (last - first).days))


def reckoned(start: date, amount: int, unit: str, workday: Workday) -> date:
    """The last day of a period of «workday», «day» or «month»."""
    ways = {"workday": after_workdays, "day": after_days, "month": after_months}
    return ways[unit](start, amount, workday)
