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
from casework.procedure.effects import Effect, plan
from casework.procedure.facts import Facts, ProposalFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
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
    opinions = [a for a in facts.acts if a.verb == "approve" and a.asked.get("_proposal") == p.seq]
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
    """What the approval brings about, in words: the diff of the docket. What nobody has to know of
    has none."""
    rows = []
    for effect in plan(procedure(), facts, step, track, asked, facts.today):
        if effect["do"] in _WORDS_OF:
            rows.append(_WORDS_OF[effect["do"]](facts, effect))
        elif effect["do"] in _OF_CLOCKS:
            clock = procedure().clocks[effect["rule"]].name.in_language(current())
            rows.append(_OF_CLOCKS[effect["do"]](clock, effect))
    return rows


def _moves(facts: Facts, effect: Effect) -> str:
    track, name = facts.track(effect["track"]), effect["to"]
    if track:
        name = procedure().stage(track.kind, name).name.in_language(current())
    return _("the stage becomes «%(stage)s»", stage=name)


def _prints(_facts: Facts, effect: Effect) -> str:
    paper = procedure().papers[effect["paper"]].name.in_language(current())
    return _("%(paper)s is numbered and made", paper=paper)


def _starts(_facts: Facts, effect: Effect) -> str:
    clock = procedure().clocks[effect["rule"]].name.in_language(current())
    return _("«%(clock)s» runs until %(due)s", clock=clock, due=effect["due"])


def _opens(_facts: Facts, effect: Effect) -> str:
    track = procedure().tracks[effect["track"]].name.in_language(current())
    return _("«%(track)s» begins", track=track)


def _withdraws(facts: Facts, effect: Effect) -> str:
    paper = next(x for x in facts.papers if x.id == effect["paper"])
    name = procedure().papers[paper.kind].name.in_language(current())
    return _("%(paper)s is withdrawn", paper=f"{name} {paper.number}".strip())


_WORDS_OF: dict[str, Callable[[Facts, Effect], str]] = {
    "move": _moves,
    "print": _prints,
    "clock.start": _starts,
    "open": _opens,
    "paper.withdraw": _withdraws,
}


_OF_CLOCKS: dict[str, Callable[[str, Any], str]] = {
    "clock.extend": lambda name, e: _("«%(clock)s» moves to %(due)s", clock=name, due=e["due"]),
    "clock.move": lambda name, e: _(
        "«%(clock)s» moves from %(before)s to %(due)s", clock=name, before=e["before"], due=e["due"]
    ),
    "clock.reopen": lambda name, _e: _(
        "«%(clock)s» was closed too early and is open again", clock=name
    ),
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
