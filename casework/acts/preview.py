"""A step's papers before they are made; the first can be seen, marked 草稿: no number is taken and
nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from casework.acts.draw import wording
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.printed_answers import build_paper
from casework.docket.models import Docket
from casework.procedure.checks.registry import branch_taken
from casework.procedure.load import procedure
from casework.store import db
from casework.vault.sealing import vault
from letters.base import Letter, MissingField, WrongOrder
from letters.build import Issue
from letters.words import WordingError


def preview(intent: Intent) -> bytes | None:
    """The draft as PDF; None when the step prints nothing. Errors: those of ``letters``."""
    letter = next(_letters(intent), None)
    return letter.draw(draft=True) if letter else None


def otherwise(intent: Intent) -> dict[str, str]:
    """Signs that the step's papers would draw otherwise → as drawn; of papers that cannot be
    composed yet, none."""
    found: dict[str, str] = {}
    try:
        for letter in _letters(intent):
            found |= letter.changed()
    except (MissingField, WrongOrder, WordingError):
        return found
    return found


def _letters(intent: Intent) -> Iterator[Letter]:
    """The papers of the step as they would be made now, without a number."""
    p, session = procedure(), db.session()
    facts = gather(session, vault(), session.get_one(Docket, intent.docket_id), intent.actor_id)
    step = p.steps[intent.step]
    for branch in step.prints:
        if branch_taken(branch.when, facts, intent.answers):
            issue = Issue(p.papers[branch.to], "", intent.on, wording=wording(), track=intent.track)
            yield replace(build_paper(issue, facts, step.id, intent.answers), number="")
