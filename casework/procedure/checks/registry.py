"""Where checks and conditions register themselves by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from casework.procedure.facts import Asked, Facts
from casework.procedure.ids import ClockId

Refusal = dict[str, str]  # values for the placeholders of the sentence; may be empty
CheckFn = Callable[[Facts, Asked, date], Refusal | None]
ConditionFn = Callable[[Facts, Asked], bool]

CHECKS: dict[str, CheckFn] = {}
CONDITIONS: dict[str, ConditionFn] = {}


def check(fn: CheckFn) -> CheckFn:
    """Register a check under the function's own name; a name is given once."""
    if fn.__name__ in CHECKS:
        raise ValueError(f"two checks are named {fn.__name__}")
    CHECKS[fn.__name__] = fn
    return fn


def condition(fn: ConditionFn) -> ConditionFn:
    """Register a condition for ``when`` under the function's own name."""
    if fn.__name__ in CONDITIONS:
        raise ValueError(f"two conditions are named {fn.__name__}")
    CONDITIONS[fn.__name__] = fn
    return fn


def refused_unless(good: bool, **values: str) -> Refusal | None:
    """None when good, else the values of the sentence."""
    return None if good else values


def refused_until_over(facts: Facts, rule: ClockId) -> Refusal | None:
    """A refusal with the last day of that clock until it is over; without a day where none was
    started."""
    clock = facts.clock(rule)
    day = clock.due.isoformat() if clock else ""
    return refused_unless(clock is not None and clock.over(facts.today), day=day)


def branch_taken(when: str, facts: Facts, asked: Asked) -> bool:
    """Whether a branch is taken: «» always, «key=value» compares what was asked, else the named
    condition."""
    if not when:
        return True
    if "=" in when:
        key, wanted = when.split("=", 1)
        got = asked.get(key)
        return wanted in got if isinstance(got, list) else str(got).lower() == wanted.lower()
    return CONDITIONS[when](facts, asked)
