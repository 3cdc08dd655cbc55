"""追责时效: until when conduct must have been found to be punished (行政处罚法 §36)."""

from __future__ import annotations

from datetime import date

from casework.procedure.clock_rules import due
from casework.procedure.facts import Facts


def time_bar_on(facts: Facts, conduct_end: date) -> date:
    """The last day on which conduct that ended then may still be found: the setting
    ``case.time_bar`` later. It is no period of a procedure and does not move off a day off."""
    last = due(conduct_end, facts.settings.period("case.time_bar"), facts.calendar)
    return last.before_shift or last.on


def time_barred(facts: Facts, conduct_end: date) -> bool:
    """Whether conduct that ended then was found too late to be punished. «Found» is the day of the
    earliest tip (a reading of ours)."""
    return facts.found_on > time_bar_on(facts, conduct_end)
