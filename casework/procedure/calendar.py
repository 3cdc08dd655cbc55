"""Working days by the State Council's calendar, with its make-up days, and a bureau's own
corrections over it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property, lru_cache
from importlib.metadata import version as version_of

import chinese_calendar

ONE = timedelta(days=1)


@lru_cache(maxsize=8192)
def _published(day: date) -> bool | None:
    """Whether the published calendar makes it a working day; None for a year without one."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


class WorkCalendar:
    """Pure: two calendars with the same overrides answer alike.

    A year without a published calendar counts Monday to Friday; :meth:`known` then says no, and
    whoever uses such an answer marks it provisional.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self.overrides = dict(overrides or {})

    @cached_property
    def version(self) -> str:
        """Short name of exactly this calendar: library version and overrides."""
        text = version_of("chinesecalendar") + repr(sorted(self.overrides.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    def known(self, day: date) -> bool:
        """Whether the day's year has a published calendar, or the day itself was set by the
        bureau."""
        return day in self.overrides or _published(day) is not None

    def is_workday(self, day: date) -> bool:
        """Whether the bureau works on that day."""
        if day in self.overrides:
            return self.overrides[day]
        published = _published(day)
        return day.weekday() < 5 if published is None else published

    def next_workday(self, day: date) -> date:
        """The day itself when it is one, else the first after it."""
        while not self.is_workday(day):
            day += ONE
        return day

    def last_workday(self, day: date) -> date:
        """The day itself when it is one, else the last before it."""
        while not self.is_workday(day):
            day -= ONE
        return day

    def add_workdays(self, start: date, amount: int) -> date:
        """The ``amount``-th working day after ``start``, which itself is not counted."""
        day = start
        for _ in range(amount):
            day = self.next_workday(day + ONE)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` comes
        before."""
        if last < first:
            return -self.workdays_between(last, first)
        return sum(self.is_workday(first + timedelta(n)) for n in range(1, (last - first).days + 1))
