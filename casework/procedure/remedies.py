"""What holds of a decision in the end, after reconsideration, suit and appeal. Pure; asked of the
entries of a journal alone.

A decision on reconsideration holds when it arrives (行政复议法 §75). A judgment of the first court
holds when the days for an appeal are over, or when the appeal has ended (行政诉讼法 §85, §89). Each
remedy is about one decision, and about no later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework.procedure.effects import ClockStarted, JudgmentInForce
from casework.procedure.ids import StepId

if TYPE_CHECKING:
    from datetime import date

    from casework.procedure.facts import ActFacts

DECISIONS: tuple[StepId, ...] = ("decide_penalty", "decide_no_penalty", "on_the_spot")
# the effect by which time notes that nobody appealed; «judgment» is the entry of the result
FORCE = "judgment_in_force"
KEEPS = ("upheld", "withdrawn")  # of a reconsideration or a suit: what held before holds
FIRST_HOLDS = ("dismissed", "withdrawn")  # of an appeal: the judgment of the first court holds
# of an appeal: that judgment is gone, and the decision holds as before it
UNDONE = ("stands", "retrial")
# what an appeal may end in
APPEALS = (*FIRST_HOLDS, *UNDONE, "changed", "set_aside", "redo", "unlawful")
FELL = ("set_aside", "redo")


@dataclass(frozen=True)
class Holds:
    """What a remedy made of a decision: the result, the sum where one was changed, who decided, and
    when it took force."""

    result: str
    fine_fen: int | None
    kind: str  # reconsideration · suit · appeal
    seq: int
    on: date


def decision_entry(acts: Iterable[ActFacts], begun: ActFacts) -> int:
    """The entry of the decision that a remedy is about; 0 where there was none. An appeal is about
    that of its suit."""
    before = [a for a in acts if a.seq < begun.seq]
    if begun.asked.get("kind") == "appeal":
        suits = [a for a in before if a.step == "remedy_start" and a.asked.get("kind") == "suit"]
        return decision_entry(before, suits[-1]) if suits else 0
    return max((a.seq for a in before if a.step in DECISIONS), default=0)


def begun_against(acts: Iterable[ActFacts], decision: ActFacts | None) -> list[ActFacts]:
    """Entries of remedies begun against a decision, oldest first."""
    acts = list(acts)
    return [
        a
        for a in acts
        if decision and a.step == "remedy_start" and decision_entry(acts, a) == decision.seq
    ]


def remedied_decision(acts: Iterable[ActFacts], decision: ActFacts | None) -> Holds | None:
    """What remedies made of a decision, as far as it is in force; None while it stands as it was
    made."""
    acts = list(acts)
    found: Holds | None = None
    for begun in begun_against(acts, decision):
        end = _end(acts, begun)
        # an appeal is read with its judgment
        if end is None or begun.asked.get("kind") == "appeal":
            continue
        first = begun.asked.get("kind") == "reconsideration"
        found = _then(found, end, end) if first else _judged(acts, found, end)
    return found


def open_judgment(acts: Iterable[ActFacts], decision: ActFacts | None) -> ActFacts | None:
    """The newest judgment of a first court about a decision, while it is not in force: an appeal
    may come, or runs."""
    acts = list(acts)
    ends = [_end(acts, a) for a in begun_against(acts, decision) if a.asked.get("kind") == "suit"]
    judged = [e for e in ends if e is not None and e.asked.get("result") != "withdrawn"]
    return judged[-1] if judged and _in_force(acts, judged[-1]) is None else None


def made_of(acts: Iterable[ActFacts], decision: ActFacts | None, new: ActFacts) -> Holds | None:
    """What an entry that is about to be made changes in that: what takes force by it, or None."""
    acts = list(acts)
    before, after = remedied_decision(acts, decision), remedied_decision([*acts, new], decision)
    return after if after != before else None


def appeal_of(acts: Iterable[ActFacts], judgment: ActFacts) -> ActFacts | None:
    """The entry of the appeal against a judgment."""
    later = [
        a
        for a in acts
        if a.step == "remedy_start"
        and a.seq > judgment.seq
        and a.asked.get("kind") in ("appeal", "suit")
    ]
    return later[0] if later and later[0].asked.get("kind") == "appeal" else None


def _end(acts: list[ActFacts], begun: ActFacts) -> ActFacts | None:
    return next((a for a in acts if a.step == "remedy_end" and a.track == begun.track), None)


def _judged(acts: list[ActFacts], before: Holds | None, judgment: ActFacts) -> Holds | None:
    """What holds after a judgment of the first court and its appeal."""
    force = _in_force(acts, judgment)
    if force is None or force.asked.get("result") in UNDONE:
        return before
    own = force.step == "remedy_end" and force.asked.get("result") not in FIRST_HOLDS
    return _then(before, force if own else judgment, force)


def _in_force(acts: list[ActFacts], judgment: ActFacts) -> ActFacts | None:
    """The entry with which a judgment took force or its appeal ended; None while an appeal may come
    or runs. A ruling that lets a suit be withdrawn takes force at once; so did, in older entries,
    every judgment against the bureau."""
    appeal = appeal_of(acts, judgment)
    if appeal is not None:
        return _end(acts, appeal)
    if not any(isinstance(e, ClockStarted) and e.rule == "appeal" for e in judgment.effects):
        return judgment
    return next(
        (
            a
            for a in acts
            for e in a.effects
            if isinstance(e, JudgmentInForce) and e.judgment == judgment.seq
        ),
        None,
    )


def _then(before: Holds | None, decided: ActFacts, force: ActFacts) -> Holds | None:
    result = str(decided.asked.get("result") or "")
    if result in KEEPS:
        return before
    fine = decided.asked.get("fine_fen") if result == "changed" else None
    kept = before.fine_fen if before else None
    sum_ = int(fine) if fine is not None else kept
    return Holds(result, sum_, str(decided.asked.get("kind") or ""), force.seq, force.on)
