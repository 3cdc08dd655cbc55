"""The arithmetic of deadlines (procedure-table, «Clock rules»). Pure."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.procedure.calendar import ONE, WorkCalendar
from casework.procedure.terms import Money, Period, Unit


@dataclass(frozen=True)
class Due:
    """A last day. ``provisional``: some year it rests on has no published calendar.
    ``before_shift``: where the period would have ended had that not been a day off."""

    on: date
    provisional: bool = False
    before_shift: date | None = None


@dataclass(frozen=True)
class Left:
    """How far a last day is: kind «left», «today» or «overdue», with an amount in the clock's own
    unit."""

    kind: str
    amount: int
    unit: Unit


def due(start: date, period: Period, calendar: WorkCalendar) -> Due:
    """The last day of a period. The first day is not counted; a last day off moves to the next
    working day (民诉法 §85); months end on the same date, or on the month's last day."""
    if period.unit is Unit.WORKDAY:
        end = calendar.add_workdays(start, period.amount)
        return Due(end, _doubtful(start, end, calendar))
    raw = (
        start + timedelta(days=period.amount)
        if period.unit is Unit.DAY
        else add_months(start, period.amount)
    )
    end = calendar.next_workday(raw)
    return Due(end, _doubtful(raw, end, calendar), None if end == raw else raw)


def _doubtful(first: date, last: date, calendar: WorkCalendar) -> bool:
    return any(not calendar.known(first + timedelta(n)) for n in range((last - first).days + 1))


def add_months(start: date, amount: int) -> date:
    """The same date ``amount`` months later, or the last day of that month."""
    index = start.year * 12 + start.month - 1 + amount
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def backward(event: date, amount: int, calendar: WorkCalendar) -> Due:
    """The latest day so that ``amount`` whole working days lie between it and the event (hearing
    notice, 处罚法 §64)."""
    day, left = event, amount
    while left:
        day -= ONE
        left -= calendar.is_workday(day)
    latest = calendar.last_workday(day - ONE)
    return Due(latest, _doubtful(latest, event, calendar))


def resumed(last: date, paused: date, resumed_on: date, unit: Unit, calendar: WorkCalendar) -> Due:
    """The last day after a pause: what stood still is added, in working days for a period of
    working days. ``last``: where the period would have ended, before it moved off a day off; else
    every pause would give the move as a present."""
    if unit is Unit.WORKDAY:
        still = max(calendar.workdays_between(paused, resumed_on), 0)
        end = calendar.add_workdays(last, still)
        return Due(end, _doubtful(last, end, calendar))
    raw = last + max(resumed_on - paused, timedelta(0))
    end = calendar.next_workday(raw)
    return Due(end, _doubtful(raw, end, calendar), None if end == raw else raw)


@dataclass(frozen=True)
class Extension:
    """An approved extension: by a period, or to a fixed day; ``on`` is the day it was granted."""

    on: date
    to: date
    period: Period | None = None


def life(
    start: date,
    period: Period,
    pauses: Sequence[tuple[date, date | None]],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
) -> Due:
    """The last day by that calendar of a clock that began, stood still and was extended as told, in
    that order."""
    events: list[tuple[date, date | Extension]] = [(b, a) for a, b in pauses if b is not None]
    events += [(x.on, x) for x in extensions]
    found = due(start, period, calendar)
    for on, what in sorted(events, key=lambda e: e[0]):
        if isinstance(what, date):
            found = resumed(found.before_shift or found.on, what, on, period.unit, calendar)
        else:
            found = due(found.on, what.period, calendar) if what.period else Due(what.to)
    return found


def left(last: date, today: date, unit: Unit, calendar: WorkCalendar) -> Left:
    """What remains, counted as the clock counts: working days, else calendar days."""
    if last == today:
        return Left("today", 0, unit)
    first, second = (today, last) if last > today else (last, today)
    if unit is Unit.WORKDAY:
        return Left(
            "left" if last > today else "overdue",
            calendar.workdays_between(first, second),
            Unit.WORKDAY,
        )
    return Left("left" if last > today else "overdue", (second - first).days, Unit.DAY)


def late_days(
    last: date, until: date, standing_still: Sequence[tuple[date, date | None]] = ()
) -> int:
    """Plain calendar days after the last day for payment; days of reconsideration or suit (both
    ends included) do not count (行政处罚法 §73)."""
    return sum(
        1
        for n in range(1, (until - last).days + 1)
        if not _still(last + timedelta(n), standing_still)
    )


def surcharge_of(fine: Money, days: int, percent: float) -> Money:
    """加处罚款: ``percent`` of the fine for each late day, at most the fine itself (行政处罚法
    §72); whole fen."""
    return Money(min(fine.fen, fine.fen * per_myriad(percent) * days // 10_000))


def per_myriad(percent: float) -> int:
    """A rate in whole hundredths of a per cent: sums of money are reckoned in whole numbers."""
    return round(percent * 100)


def _still(day: date, spans: Sequence[tuple[date, date | None]]) -> bool:
    return any(first <= day and (end is None or day <= end) for first, end in spans)
