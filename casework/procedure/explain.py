"""The one sentence with which a deadline explains itself, for screen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from casework.procedure.clock_rules import due
from casework.procedure.effects import ClockMoved
from casework.procedure.facts import ClockFacts, Facts
from casework.procedure.model import Procedure
from casework.procedure.terms import Period, Unit
from casework.toml_file import read_toml

FILE = Path(__file__).with_name("explain.toml")


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return read_toml(FILE, dict[str, dict[str, str]])


def explain(p: Procedure, clock: ClockFacts, facts: Facts, language: str = "zh") -> str:
    """Where the date comes from: start, period, article, shift, extension, pause, and whether it is
    provisional."""
    tongue = "en" if language.startswith("en") else "zh"
    words = _sentences()[tongue]
    return ("" if tongue == "zh" else " ").join(_parts(p, clock, facts, words, tongue))


def _parts(
    p: Procedure, clock: ClockFacts, facts: Facts, words: dict[str, str], tongue: str
) -> Iterator[str]:
    rule = p.clocks[clock.rule]
    common = {
        "from": _day(clock.start, tongue),
        "basis": rule.basis,
        "due": _day(clock.original_due, tongue),
    }
    if clock.period:
        unit, amount = clock.period.unit.value, clock.period.amount
        length = words.get(f"one_{unit}", words[unit]) if amount == 1 else words[unit]
        yield words["period"].format(**common, period=length.format(n=amount))
        yield from _shift(clock.period, clock, facts, words, tongue)
    else:
        yield words["fixed"].format(**common)
    yield from _corrected(clock, facts, words, tongue)
    if clock.extended:
        yield words["extended"].format(original=_day(clock.original_due, tongue))
    for first, last in clock.pauses:
        if last is not None:
            yield words["stood"].format(first=_day(first, tongue), last=_day(last, tongue))
    if clock.state == "paused":
        yield words["paused"].format(paused=_day(clock.pauses[-1][0], tongue))
    if clock.provisional:
        yield words["provisional"].format(year=clock.due.year)


def _corrected(
    clock: ClockFacts, facts: Facts, words: dict[str, str], tongue: str
) -> Iterator[str]:
    """Each correction of the day from which it counts, and the entry that made it."""
    for act in facts.done():
        for e in act.effects:
            if isinstance(e, ClockMoved) and e.clock == clock.id and e.began:
                yield words["corrected"].format(was=_day(e.began, tongue), seq=act.seq)


def _shift(
    period: Period, clock: ClockFacts, facts: Facts, words: dict[str, str], tongue: str
) -> Iterator[str]:
    if period.unit is not Unit.WORKDAY and due(clock.start, period, facts.calendar).before_shift:
        yield words["shifted"].format(due=_day(due(clock.start, period, facts.calendar).on, tongue))


def _day(day: date, tongue: str) -> str:
    return day.isoformat() if tongue == "en" else f"{day.month}月{day.day}日"
