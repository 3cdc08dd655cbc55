"""What must be done before a case is closed, and what may be corrected or annulled."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check
from casework.procedure.checks.service import unserved
from casework.procedure.facts import CORRECTIONS, ActFacts, Asked, Facts
from casework.procedure.load import procedure

# Effects that can be taken back (acts/undo.py); all others stay: a number taken, a person recused, a thing told or linked.
OPPOSITES = frozenset(
    {"open", "move", "paper", "clock.start", "clock.meet", "clock.stop", "clock.pause", "clock.resume", "clock.extend"}
)


@check
def execution_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Execution has ended or was never opened."""
    return refused_unless(not facts.open_tracks("execution"))


@check
def prosecution_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No referral waits for an answer."""
    return refused_unless(not facts.open_tracks("prosecution"))


@check
def informants_answered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Every real-name informant has the final answer (条例 §38)."""
    waiting = [x.number for x in facts.links if x.kind == "report" and x.named and x.stage != "answered"]
    return refused_unless(not waiting, number="、".join(waiting))


@check
def papers_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No paper waits for service."""
    return refused_unless(not unserved(facts), paper="、".join(p.number for p in unserved(facts)))


@check
def no_open_own_clock(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """None of the bureau's own deadlines on the main track runs; a penalty that is to be shown may be shown beside a
    closed case."""
    rules = procedure().clocks
    held = (c for c in facts.clocks if c.track == "main" and c.running and c.rule != "publish")
    own = [c for c in held if rules[c.rule].owner == "bureau"]
    names = [rules[c.rule].name for c in own]
    return refused_unless(not own, clock="、".join(n.zh for n in names), clock_en=", ".join(n.en for n in names))


@check
def redo_ordered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A remedy set the decision aside and ordered a new one."""
    act = facts.last("remedy_end")
    done = facts.last("redo")
    return refused_unless(act is not None and act.asked.get("result") == "redo" and (done is None or done.seq < act.seq))


def correctable(facts: Facts) -> list[ActFacts]:
    """Entries that «correct» is offered for, oldest first: somebody's own, neither printed on a paper nor a correction."""
    people = (a for a in facts.done() if a.actor is not None and a.step not in CORRECTIONS)
    return [a for a in people if not any(e["do"] == "paper" for e in a.effects)]


@check
def entry_correctable(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The entry exists, took effect, and what changes is not printed on a paper."""
    act = next((a for a in facts.done() if a.seq == int(asked.get("act") or 0)), None)
    printed = act is not None and any(e["do"] == "paper" for e in act.effects)
    return refused_unless(act is not None and not (printed and (asked.get("fields") or asked.get("corrected_on"))))


def annullable(facts: Facts, track: str) -> ActFacts | None:
    """The last act of a track, when it may still be taken back: nothing followed, no served paper, no number taken."""
    acts = list(facts.done(track=track))
    last = acts[-1] if acts else None
    if last is None or last.step == "annul_step":
        return None
    served = any(p.seq == last.seq and p.served and not p.served.failed for p in facts.papers)
    return last if not served and all(e["do"] in OPPOSITES for e in last.effects) else None


@check
def last_step_annullable(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The last step of the first track can be taken back."""
    return refused_unless(bool(facts.tracks) and annullable(facts, facts.main.label) is not None)


@check
def annuls_the_last(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What was asked to be taken back is that step; nothing came between asking and approving."""
    last = annullable(facts, facts.main.label)
    return refused_unless(last is not None and last.seq == int(asked.get("act") or 0))
