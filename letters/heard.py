"""What a decision says of the hearing: asked for or not, held, refused or given up, and when (行政
处罚法 §§63–65)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.heard import WAIVED, gives_up, since_notice
from casework.procedure.facts import ActFacts, Facts
from letters.format import printed_date, word


def hearing_words(facts: Facts, who: str) -> str:
    """One sentence or two, in which the party is ``who``; "" where the law opened no hearing or
    nobody asked for one."""
    ends = ("hearing_held", "hearing_refuse", "hearing_given_up")
    answered = any(_newest(facts, step) for step in ends)
    # told anew since it was asked for
    asked = facts.last("hearing_request") if answered else _newest(facts, "hearing_request")
    waived = [a for a in since_notice(facts, WAIVED) if gives_up(a, "hearing")]
    if asked is None:
        return word("hearing_waived", who=who, day=_signed(waived[-1])) if waived else ""
    first = word("hearing_asked", who=who, day=printed_date(asked.on))
    return first + _what_came_of_it(facts, who, waived)


def _what_came_of_it(facts: Facts, who: str, waived: list[ActFacts]) -> str:
    """How a hearing that was asked for ended; "" while it did not."""
    held, refused = _newest(facts, "hearing_held"), _newest(facts, "hearing_refuse")
    given_up = _newest(facts, "hearing_given_up")
    if held:
        return word("hearing_held", who=who, day=printed_date(held.on))
    if refused:
        return word(f"hearing_refused_{refused.asked.get('ground') or 'other'}")
    if given_up and given_up.asked.get("how") == "absent":
        return word("hearing_absent", who=who)
    if given_up or waived:
        return word("hearing_given_up", who=who, day=_signed(given_up or waived[-1]))
    return ""


def defence_waived(facts: Facts) -> ActFacts | None:
    """The written waiver of the defence since the newest notice; None where there is none."""
    found = [a for a in since_notice(facts, WAIVED) if gives_up(a, "defence")]
    return found[-1] if found else None


def _newest(facts: Facts, step: str) -> ActFacts | None:
    return next(reversed(since_notice(facts, step)), None)


def _signed(act: ActFacts) -> str:
    signed = act.asked.get("signed_on")
    return printed_date(date.fromisoformat(signed) if signed else act.on)
