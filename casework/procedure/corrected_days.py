"""What a corrected day brings with it: the clocks that ran from the wrong one, those that were met
by it, and the rights that time closed too early. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casework.procedure import effects
from casework.procedure.clock_rules import life
from casework.procedure.effects import Effect
from casework.procedure.facts import ActFacts, Asked, ClockFacts, Facts
from casework.procedure.model import Procedure, Step
from casework.procedure.overlay import is_day


def corrected(p: Procedure, facts: Facts, step: Step, asked: Asked) -> Iterator[Effect]:
    """The effects of a corrected day, and of a corrected last day that the entry itself set; none
    where nothing of the kind is corrected."""
    if "correct" not in step.does:
        return
    if asked.get("corrected_on"):
        yield from _of_the_day(facts, step, asked)
    yield from _of_last_days(p, facts, asked)


def _of_last_days(p: Procedure, facts: Facts, asked: Asked) -> Iterator[Effect]:
    """Clocks whose last day the entry named."""
    fields = asked.get("fields") or {}
    for clock in facts.clocks:
        right = fields.get(p.clocks[clock.rule].asked) if clock.rule in p.clocks else None
        if clock.running and clock.seq == int(asked["act"]) and right and is_day(right):
            last, version = date.fromisoformat(right), facts.calendar.version
            yield effects.ClockMoved(clock.id, clock.rule, last, clock.due, calendar=version)


def _of_the_day(facts: Facts, step: Step, asked: Asked) -> Iterator[Effect]:
    right = date.fromisoformat(asked["corrected_on"])
    act = next(a for a in facts.acts if a.seq == int(asked["act"]))
    yield from _replaced(facts, step, act)
    yield from _met(facts, act, right)
    for clock in facts.clocks:
        # another start was not that day's: it counts from something else
        if clock.seq == act.seq and clock.start == act.on:
            yield from _from(facts, clock, right)


def _replaced(facts: Facts, step: Step, act: ActFacts) -> Iterator[Effect]:
    """Papers that the step makes anew; one that came back signed stays in the file as what was
    signed."""
    kinds = {branch.to for branch in step.prints}
    acts = {act.seq, *(a.seq for a in facts.done(step.id) if int(a.asked["act"]) == act.seq)}
    for x in facts.papers:
        if x.kind in kinds and x.seq in acts and x.state == "issued":
            yield effects.PaperWithdrawn(x.id)


def _met(facts: Facts, act: ActFacts, right: date) -> Iterator[Effect]:
    """What the entry met was met on the right day: whether that was late hangs on it."""
    met = {e.clock for e in act.effects if isinstance(e, effects.ClockMet)}
    for c in facts.clocks:
        if c.id in met and c.state == "met":
            yield effects.ClockMet(c.id, c.rule, right)


def _from(facts: Facts, clock: ClockFacts, right: date) -> Iterator[Effect]:
    """The clock counts from the right day. A right that time closed before its real end is open
    again."""
    moved = _moved(facts, clock, right)
    closed = _closed(facts, clock)
    if closed is None:
        yield moved
        return
    if moved.due >= facts.today:
        yield effects.ClockReopened(clock.id, clock.rule)
    yield moved
    # the court's months begin when the last right has ended (强制法 §53)
    for follower in facts.clocks:
        if follower.seq == closed.seq and follower.running and follower.start == clock.due:
            stopped = effects.ClockStopped(follower.id, follower.rule)
            yield stopped if moved.due >= facts.today else _moved(facts, follower, moved.due)


def _closed(facts: Facts, clock: ClockFacts) -> ActFacts | None:
    """The act by which time closed it, or by which somebody noted that it had; None while it runs,
    or when it was used."""
    acts = [a for a in facts.done("window_over") if int(a.asked["clock"]) == clock.id]
    if acts and clock.state == "stopped":
        return acts[-1]
    noted = [a for a in facts.done("defence_waived") if _met_by(a, clock)]
    return noted[-1] if noted and clock.state == "met" else None


def _met_by(act: ActFacts, clock: ClockFacts) -> bool:
    return any(isinstance(e, effects.ClockMet) and e.clock == clock.id for e in act.effects)


def _moved(facts: Facts, clock: ClockFacts, start: date) -> effects.ClockMoved:
    """The clock from another day on; the day that a paper fixed stays."""
    last, provisional = clock.due, clock.provisional
    if clock.period is not None:
        found = life(start, clock.period, clock.pauses, clock.extensions, facts.calendar)
        last, provisional = found.on, found.provisional
    version = facts.calendar.version
    return effects.ClockMoved(
        clock.id, clock.rule, last, clock.due, provisional, version, clock.start, start
    )
