"""What must be done before a case is closed, and what may be corrected or annulled."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.readable import corrected_facts, readable
from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.checks.service import unserved
from casework.procedure.decision_state import DECISIONS, fell, given_up, outcome
from casework.procedure.effects import PaperMade
from casework.procedure.facts import CORRECTIONS, ActFacts, Asked, Facts
from casework.procedure.load import procedure
from casework.procedure.overlay import correction_applies
from casework.procedure.remedies import open_judgment
from casework.procedure.roles import who_may
from casework.text import is_blank

# Effects that can be taken back (acts/undo.py); all others stay: a number taken, a person recused,
# a thing told or linked.
OPPOSITES = frozenset(
    {
        "open",
        "move",
        "paper",
        "told",
        "clock.start",
        "clock.meet",
        "clock.stop",
        "clock.pause",
        "clock.resume",
        "clock.extend",
    }
)

# entries of what a court or a reviewing body did
OTHERS_WORD = ("remedy_start", "remedy_end", "court_result")


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
    waiting = [x.number for x in facts.links if x.named and x.stage != "answered"]
    return refused_unless(not waiting, number="、".join(waiting))


@check
def papers_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No paper waits for service."""
    return refused_unless(not unserved(facts), paper="、".join(p.number for p in unserved(facts)))


@check
def no_open_own_clock(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """None of the bureau's own deadlines on the main track runs; a penalty that is to be shown may
    be shown beside a closed case."""
    rules = procedure().clocks
    held = (c for c in facts.clocks if c.track == "main" and c.running and c.rule != "publish")
    own = [c for c in held if rules[c.rule].owner == "bureau"]
    names = [rules[c.rule].name for c in own]
    return refused_unless(
        not own, clock="、".join(n.zh for n in names), clock_en=", ".join(n.en for n in names)
    )


@check
def running_remedy_said(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """No remedy is open; or it is said why the case is closed before its outcome."""
    return refused_unless(
        not remedy_open(facts) or not is_blank(str(asked.get("remedy_reason") or ""))
    )


def remedy_open(facts: Facts) -> bool:
    """Whether the outcome of a remedy is still to come: one runs, or a judgment may yet be
    appealed."""
    return (
        bool(facts.open_tracks("remedy"))
        or open_judgment(facts.done(), facts.last(*DECISIONS)) is not None
    )


@check
def redo_ordered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A remedy set the decision aside and ordered a new one, and that is in force (行政诉讼法 §85:
    a judgment that may still be appealed is not acted on)."""
    end, done = outcome(facts), facts.last("redo")
    return refused_unless(
        end is not None and end.result == "redo" and (done is None or done.seq < end.seq)
    )


@check
def decision_unserved(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A decision waits for service: what is found wrong in it does not go out (处罚法 §75)."""
    made, paper = facts.last(*DECISIONS), facts.paper("decision")
    return refused_unless(
        made is not None and paper is not None and paper.seq == made.seq and paper.state == "issued"
    )


@check
def decision_to_revoke(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The newest decision, of a penalty or of none, still stands: found unlawful by a court it may
    stand, and be revoked."""
    return refused_unless(facts.did(*DECISIONS) and not fell(facts) and not given_up(facts))


@check
def anew_by(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A case that is dealt with anew has a last day for it, after today."""
    due = str(asked.get("due") or "")
    return refused_unless(asked.get("result") != "anew" or due > facts.today.isoformat())


def written(act: ActFacts) -> bool:
    """Whether a person wrote the entry: one of the staff, or the informant, of whom nobody knows
    who it is."""
    return act.actor is not None or not procedure().steps[act.step].by_system


def correctable(facts: Facts) -> list[ActFacts]:
    """Entries that «correct» is offered for, oldest first: what a person wrote, neither printed on
    a paper nor a correction.

    The words of an informant are among them: they stay in the journal as they came, and what is
    right lies over them.
    """
    people = (a for a in facts.done() if written(a) and a.step not in CORRECTIONS)
    return [a for a in people if not any(isinstance(e, PaperMade) for e in a.effects)]


@check
def something_correctable(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """There is an entry that could be corrected."""
    return refused_unless(bool(correctable(facts)))


@check
def entry_correctable(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The entry exists, took effect, and what changes is not printed on a paper, nor the day that
    the program itself noted."""
    act = facts.entry_named(asked)
    if act is None:
        return {}
    printed = any(isinstance(e, PaperMade) for e in act.effects)
    noted = act.step == "receive" and act.actor is None and asked.get("corrected_on")
    return refused_unless(
        not noted and not (printed and (asked.get("fields") or asked.get("corrected_on")))
    )


@check
def correction_fits(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The right text is of the kind of the one it replaces, and with it the docket can still be
    read."""
    act = facts.entry_named(asked)
    fields = asked.get("fields") or {}
    if act is None or not fields:
        return None  # refused as such, or a day alone
    good = correction_applies(act.asked, fields) and readable(
        corrected_facts(facts, act.seq, fields)
    )
    return refused_unless(good)


@check
def others_word_proved(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What a court, or the body for reconsideration, did and decided is no word of the bureau's:
    the entry of it is corrected on the document that shows it (行政诉讼法 §94; 行政复议法 §77: it
    binds)."""
    act = facts.entry_named(asked)
    theirs = act is not None and act.step in OTHERS_WORD
    return refused_unless(not theirs or not is_blank(str(asked.get("proof") or "")))


def annullable(facts: Facts, track: str) -> ActFacts | None:
    """The last act of a track, when it may still be taken back: nothing followed, no served paper,
    no number taken."""
    acts = list(facts.done(track=track))
    last = acts[-1] if acts else None
    if last is None or last.step == "annul_step":
        return None
    served = any(p.seq == last.seq and p.served and not p.served.failed for p in facts.papers)
    return last if not served and all(e.do in OPPOSITES for e in last.effects) else None


@check
def last_step_annullable(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The last step of the first track can be taken back."""
    return refused_unless(bool(facts.tracks) and annullable(facts, facts.main.label) is not None)


@check
def own_judgement(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """What head, reviewer or leader judged alone (a review, a panel, a case sent back) is taken
    back by that person alone (处罚法 §58: it would be no review if who failed could undo it); what
    officers and clerks enter, by any of them."""
    last = annullable(facts, facts.main.label) if facts.tracks else None
    if last is None or facts.actor is None or facts.actor.id == last.actor:
        return None
    step = procedure().steps[last.step]
    shared = bool(step.approvals) or bool(who_may("case.record") & set(step.roles))
    judge = facts.people.get(last.actor or 0)
    return refused_unless(
        shared and facts.actor.may("case.record"), name=judge.name if judge else ""
    )


@check
def annuls_the_last(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What was asked to be taken back is that step; nothing came between asking and approving."""
    last = annullable(facts, facts.main.label)
    return refused_unless(last is not None and last.seq == int(asked.get("act") or 0))
