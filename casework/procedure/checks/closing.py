"""What must be done before a case is closed, and what may be corrected or annulled."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check
from casework.procedure.checks.service import unserved
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.load import procedure


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
    return refused_unless(not own, clock="、".join(rules[c.rule].name.zh for c in own))


@check
def redo_ordered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A remedy set the decision aside and ordered a new one."""
    act = facts.last("remedy_end")
    done = facts.last("redo")
    return refused_unless(act is not None and act.asked.get("result") == "redo" and (done is None or done.seq < act.seq))


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
    if last is None or last.step in ("annul_step", "correct_act", "receive", "open_case", "file", "serve"):
        return None
    served = any(p.seq == last.seq and p.served and not p.served.failed for p in facts.papers)
    final = any(
        e["do"] in ("end", "open_cases", "publish_entry", "list_entry", "withdraw_entry", "case_ended") for e in last.effects
    )
    return None if served or final else last


@check
def last_step_annullable(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The last step of the first track can be taken back."""
    return refused_unless(bool(facts.tracks) and annullable(facts, facts.main.label) is not None)
