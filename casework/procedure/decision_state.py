"""The one question that disclosure, execution and discipline ask of a decision: is it in force?"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from casework.procedure import remedies
from casework.procedure.facts import Facts, TrackFacts
from casework.procedure.ids import StepId
from casework.procedure.remedies import DECISIONS, Holds

__all__ = ["DECISIONS"]

# the step by which the bureau itself takes back what it served (处罚法 §75)
REVOKED: StepId = "revoke_decision"
# results of a remedy after which an entry must go (处罚法 §48)
LOST = ("set_aside", "redo", "changed", "unlawful")


def fell(facts: Facts) -> bool:
    """A remedy, or the bureau itself, took the decision away, and nothing new was decided since:
    nobody owes anything."""
    return _ended_as(facts, ("set_aside", "redo")) or revoked(facts)


def stands(facts: Facts) -> bool:
    """A decision was made, served or not; the case did not go back behind it, and nothing took it
    away."""
    return facts.stage in ("serve", "effective") and facts.did(*DECISIONS) and not fell(facts)


def revoked(facts: Facts) -> bool:
    """The bureau revoked its newest decision."""
    taken, made = facts.last(REVOKED), facts.last(*DECISIONS)
    return taken is not None and made is not None and taken.seq > made.seq


def outcome(facts: Facts) -> Holds | None:
    """What remedies made of the newest decision, as far as that is in force."""
    return remedies.remedied_decision(facts.done(), facts.last(*DECISIONS))


def lost_by(facts: Facts) -> Holds | None:
    """The newest end of a decision after which nothing of it is shown: a remedy's result, or a
    revocation. What comes of an old decision when a new one stands takes nothing off that was shown
    of the new one."""
    acts = list(facts.done())
    made = [*(a for a in acts if a.step in DECISIONS), None]
    found = [Holds("", None, REVOKED, a.seq, a.on) for a in acts if a.step == REVOKED]
    for decision, later in pairwise(made):
        end = remedies.remedied_decision(acts, decision)
        if end is not None and end.result in LOST and (later is None or end.seq < later.seq):
            found.append(end)
    return max(found, key=lambda end: end.seq, default=None)


def not_to_be_shown(facts: Facts) -> bool:
    """It fell, or was found unlawful, which it may be and stand (行政诉讼法 §74; 行政处罚法 §48);
    or the case was ended after it: what the bureau itself no longer follows up, it does not begin
    to show."""
    return _ended_as(facts, ("set_aside", "redo", "unlawful")) or revoked(facts) or given_up(facts)


def given_up(facts: Facts) -> bool:
    """The case was terminated after its newest decision."""
    end, made = facts.last("terminate"), facts.last(*DECISIONS)
    return end is not None and made is not None and end.seq > made.seq


def _ended_as(facts: Facts, results: tuple[str, ...]) -> bool:
    end = outcome(facts)
    return end is not None and end.result in results


def running(facts: Facts) -> list[TrackFacts]:
    """Remedies that run against the newest decision: one about an earlier decision holds nothing of
    it up."""
    own = {a.track for a in remedies.begun_against(facts.done(), facts.last(*DECISIONS))}
    return [t for t in facts.open_tracks("remedy") if t.label in own]


def stayed(facts: Facts) -> bool:
    """A running remedy ordered a stay of execution (行政复议法 §42; 行政诉讼法 §56); or the first
    court went against the decision, and its judgment waits for the appeal: nothing is lost of the
    decision, and nothing is built on it."""
    labels = {t.label for t in running(facts)}
    ordered = any(
        a.track in labels and a.asked.get("stay") in (True, "yes")
        for a in facts.done("remedy_start")
    )
    judged = remedies.open_judgment(facts.done(), facts.last(*DECISIONS))
    return ordered or (judged is not None and judged.asked.get("result") in LOST)


def litigated(facts: Facts) -> list[tuple[date, date | None]]:
    """From when to when remedies against the newest decision ran (处罚法 §73): a suit that was
    appealed, from its beginning to the end of the appeal."""
    acts = list(facts.done())
    ends = {a.track: a for a in acts if a.step == "remedy_end"}
    spans: list[tuple[date, date | None]] = []
    for begun in remedies.begun_against(acts, facts.last(*DECISIONS)):
        end = ends.get(begun.track)
        appeal = (
            remedies.appeal_of(acts, end) if end and begun.asked.get("kind") == "suit" else None
        )
        spans.append((begun.on, appeal.on if appeal else end.on if end else None))
    return spans


def in_force(facts: Facts) -> bool:
    """The newest decision is served (or was made on the spot), and not stayed, set aside or
    unlawful."""
    made = facts.last(*DECISIONS)
    if made is None or stayed(facts) or not_to_be_shown(facts):
        return False
    served = facts.served("decision")
    return made.step == "on_the_spot" or (served is not None and served.seq >= made.seq)
