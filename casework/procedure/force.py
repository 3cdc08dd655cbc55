"""The one question that disclosure, execution and discipline ask of a decision: is it in force?"""

from __future__ import annotations

from casework.procedure.facts import Facts

DECISIONS = ("decide_penalty", "decide_no_penalty", "on_the_spot")


def fell(facts: Facts) -> bool:
    """A remedy took the decision away, and nothing new was decided since: nobody owes anything."""
    return _ended_as(facts, ("set_aside", "redo"))


def not_to_be_shown(facts: Facts) -> bool:
    """It fell, or was found unlawful, which it may be and stand (行政诉讼法 §74; 行政处罚法 §48)."""
    return _ended_as(facts, ("set_aside", "redo", "unlawful"))


def _ended_as(facts: Facts, results: tuple[str, ...]) -> bool:
    end, anew = facts.last("remedy_end"), facts.last(*DECISIONS)
    return end is not None and end.asked.get("result") in results and (anew is None or anew.seq < end.seq)


def stayed(facts: Facts) -> bool:
    """A running remedy ordered a stay of execution (行政复议法 §42; 行政诉讼法 §56)."""
    running = {t.label for t in facts.open_tracks("remedy")}
    return any(a.track in running and a.asked.get("stay") in (True, "yes") for a in facts.done("remedy_start"))


def in_force(facts: Facts) -> bool:
    """The newest decision is served (or was made on the spot), and not stayed, set aside or unlawful."""
    made = facts.last(*DECISIONS)
    if made is None or stayed(facts) or not_to_be_shown(facts):
        return False
    served = facts.served("decision")
    return made.step == "on_the_spot" or (served is not None and served.seq >= made.seq)
