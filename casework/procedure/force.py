"""The one question that disclosure, execution and discipline ask of a decision: is it in force?"""

from __future__ import annotations

from casework.procedure.facts import Facts


def set_aside(facts: Facts) -> bool:
    """A remedy took the decision away, and nothing new was decided since."""
    end = facts.last("remedy_end")
    if end is None or end.asked.get("result") not in ("set_aside", "redo", "unlawful"):
        return False
    anew = facts.last("decide_penalty", "decide_no_penalty")
    return anew is None or anew.seq < end.seq


def stayed(facts: Facts) -> bool:
    """A running remedy ordered a stay of execution (行政复议法 §42; 行政诉讼法 §56)."""
    running = {t.label for t in facts.open_tracks("remedy")}
    return any(a.track in running and a.asked.get("stay") in (True, "yes") for a in facts.done("remedy_start"))


def in_force(facts: Facts) -> bool:
    """Served (or made on the spot), and not stayed or set aside."""
    arrived = facts.served("decision") is not None or facts.did("on_the_spot")
    return arrived and not stayed(facts) and not set_aside(facts)
