"""Where a day that a form asks for can lie. Each field says it by itself (``forms.base.DayField``);
this is what it means."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from casework.procedure.clock_rules import add_months
from casework.procedure.effects import StageReached, TrackOpened
from casework.procedure.facts import ActFacts, Facts
from casework.procedure.model import ANY, Procedure

# the Statistics Law of 1983: in force from that day; no conduct before it was an offence
LAW_BEGAN = date(1984, 1, 1)
KEPT_MONTHS = 120  # how old a matter may be when it is entered for the first time (ours)
AHEAD_MONTHS = 36  # how far a last day may lie ahead: no period of any step is longer (ours)


class Lies(StrEnum):
    """Where the day of a field lies."""

    BEFORE = "before"  # it was, perhaps long before the docket: conduct, the date of a document
    DURING = "during"  # it was, since the docket began
    AHEAD = "ahead"  # a last day, or a day that is announced: today or later
    TERM = "term"  # a last day that others set: may be over by the time it is entered
    ENTRY = "entry"  # the right day of an entry: what that entry could say (:func:`of_entry`)


def began(facts: Facts) -> date:
    """The first day of the docket; for one that is just being opened, the earliest it may say."""
    return min(facts.opened_on, facts.acts[0].on) if facts.acts else _oldest(facts)


def bounds(lies: Lies, facts: Facts, entered: date | None = None) -> tuple[date, date]:
    """First and last day that a field may say; ``entered``: the day of the entry that is corrected,
    else today."""
    since = entered or facts.today
    furthest = add_months(since, AHEAD_MONTHS)
    return {
        Lies.BEFORE: (LAW_BEGAN, facts.today),
        Lies.DURING: (began(facts), facts.today),
        Lies.AHEAD: (since, furthest),
        Lies.TERM: (_oldest(facts), furthest),
        Lies.ENTRY: (_oldest(facts), facts.today),
    }[lies]


def of_entry(p: Procedure, facts: Facts, act: ActFacts) -> tuple[date, date]:
    """First and last day on which an entry of the journal can have happened."""
    if act.seq == facts.acts[0].seq:
        return bounds(Lies.ENTRY, facts)
    step = p.steps[act.step]
    since = (
        began(facts)
        if step.track == ANY or step.entered_late
        else stage_began(facts, act.track, act.seq)
    )
    return since or began(facts), facts.today


def stage_began(facts: Facts, track: str, before: int | None = None) -> date | None:
    """The day on which a track came to its present stage, or to that in which an earlier entry was
    made."""
    opened = [
        a.on
        for a in facts.done()
        if before is None or a.seq < before
        for e in a.effects
        if (isinstance(e, StageReached) and e.track == track)
        or (isinstance(e, TrackOpened) and e.label == track)
    ]
    return opened[-1] if opened else None


def _oldest(facts: Facts) -> date:
    return add_months(facts.today, -KEPT_MONTHS)
