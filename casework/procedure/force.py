"""The one question that disclosure, execution and discipline ask of a decision: is it in force?"""

from __future__ import annotations

from casework.procedure.facts import Facts

DECISIONS = ("decide_penalty", "decide_no_penalty", "on_the_spot")


def set_aside(facts: Facts) -> bool:
    """A remedy took the decision away, and nothing new was decided since."""
    end = facts.last("remedy_end")
    if end is None or end.asked.get("result") not in ("set_aside", "redo", "unlawful"):
        return False
    anew = facts.last(*DECISIONS)
    return anew is None or anew.seq < end.seq


def stayed(facts: Facts) -> bool:
    """A running remedy ordered a stay of execution (行政复议法 §42; 行政诉讼法 §56)."""
    running = {t.label for t in facts.open_tracks("remedy")}
    return any(a.track in running and a.asked.get("stay") in (True, "yes") for a in facts.done("remedy_start"))


def in_force(facts: Facts) -> bool:
    """The newest decision is served (or was made on the spot), and not stayed or set aside."""
    made = facts.last(*DECISIONS)
    if made is None or stayed(facts) or set_aside(facts):
        return False
    served = facts.served("decision")
    return made.step == "on_the_spot" or (served is not None and served.seq >= made.seq)
