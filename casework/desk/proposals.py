"""Proposals: who waits for whom, what is proposed, what changes with the approval, what was said so
far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from casework.desk.form_answers import act_rows
from casework.desk.journal_rows import act_row
from casework.desk.naming import role_word
from casework.desk.next_steps import brings
from casework.procedure import effects
from casework.procedure.effects import Effect
from casework.procedure.facts import Facts, ProposalFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.plan import plan
from casework.web.language import current


def proposal_row(facts: Facts, p: ProposalFacts) -> dict[str, Any]:
    """A waiting proposal: who waits for whom, and whether it waits for me."""
    mine = facts.actor is not None and p.waits_for in facts.actor.roles and not facts.actor.recused
    mine = (
        mine
        and facts.actor is not None
        and not facts.accounts_of(facts.actor.id) & {p.proposer, *p.approved_by}
    )
    return {
        "seq": p.seq,
        "step": p.step,
        "name": procedure().steps[p.step].name.in_language(current()),
        "role": role_word(p.waits_for),
        "proposer": facts.people[p.proposer].name if p.proposer in facts.people else "",
        "mine": mine,
        "own": facts.actor is not None and facts.actor.id == p.proposer,
    }


def proposal_page(facts: Facts, p: ProposalFacts) -> dict[str, Any]:
    """The proposal's own words, its effects, and earlier opinions."""
    step = procedure().steps[p.step]
    act = next(a for a in facts.acts if a.seq == p.seq)
    opinions = [a for a in facts.acts if a.verb == "approve" and a.proposal == p.seq]
    return {
        **proposal_row(facts, p),
        "asked": act_rows(facts, act),
        "basis": step.basis,
        "brings": brings(step),
        "effects": effect_rows(facts, step, p.track, act.asked),
        "opinions": [act_row(facts, a) for a in opinions],
        "prints": bool(step.prints),
        "step": step.id,
        "on": act.on,
    }


def effect_rows(facts: Facts, step: Step, track: str, asked: Any) -> list[str]:
    """What the approval would bring about, in words, one line an effect; effects without words are
    left out."""
    rows = []
    for effect in plan(procedure(), facts, step, track, asked, facts.today):
        if words := _WORDS_OF.get(type(effect)):
            rows.append(words(facts, effect))
    return rows


def _moves(facts: Facts, effect: effects.StageReached) -> str:
    track, name = facts.track(effect.track), str(effect.to)
    if track:
        name = procedure().stage(track.kind, name).name.in_language(current())
    return _("the stage becomes «%(stage)s»", stage=name)


def _prints(_facts: Facts, effect: effects.PaperWanted) -> str:
    paper = procedure().papers[effect.paper].name.in_language(current())
    return _("%(paper)s is numbered and made", paper=paper)


def _clock(effect: effects.ClockStarted | effects.OfClock) -> str:
    return procedure().clocks[effect.rule].name.in_language(current())


def _starts(_facts: Facts, effect: effects.ClockStarted) -> str:
    return _("«%(clock)s» runs until %(due)s", clock=_clock(effect), due=effect.due)


def _extends(_facts: Facts, effect: effects.ClockExtended) -> str:
    return _("«%(clock)s» moves to %(due)s", clock=_clock(effect), due=effect.due)


def _moves_clock(_facts: Facts, effect: effects.ClockMoved) -> str:
    return _(
        "«%(clock)s» moves from %(before)s to %(due)s",
        clock=_clock(effect),
        before=effect.before,
        due=effect.due,
    )


def _reopens(_facts: Facts, effect: effects.ClockReopened) -> str:
    return _("«%(clock)s» was closed too early and is open again", clock=_clock(effect))


def _opens(_facts: Facts, effect: effects.TrackOpened) -> str:
    track = procedure().tracks[effect.track].name.in_language(current())
    return _("«%(track)s» begins", track=track)


def _withdraws(facts: Facts, effect: effects.PaperWithdrawn) -> str:
    paper = next(x for x in facts.papers if x.id == effect.paper)
    name = procedure().papers[paper.kind].name.in_language(current())
    return _("%(paper)s is withdrawn", paper=f"{name} {paper.number}".strip())


_WORDS_OF: dict[type[Effect], Callable[[Facts, Any], str]] = {
    effects.StageReached: _moves,
    effects.PaperWanted: _prints,
    effects.ClockStarted: _starts,
    effects.ClockExtended: _extends,
    effects.ClockMoved: _moves_clock,
    effects.ClockReopened: _reopens,
    effects.TrackOpened: _opens,
    effects.PaperWithdrawn: _withdraws,
}


def judged_sentence(step: Step, verb: str) -> str:
    """What was decided about a proposal."""
    name = step.name.in_language(current())
    return {
        "approve": _("«%(step)s» is approved.", step=name),
        "return": _("«%(step)s» is returned to its proposer.", step=name),
        "refuse": _("«%(step)s» is not approved; its proposer can read why.", step=name),
        "withdraw": _("The proposal «%(step)s» is withdrawn.", step=name),
    }[verb]
