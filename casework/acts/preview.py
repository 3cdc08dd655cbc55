"""A step's first paper as it would be printed now, marked 草稿: no number is taken and nothing is kept."""

from __future__ import annotations

from dataclasses import replace

from casework.acts.draw import wording
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import vault
from casework.docket.models import Docket
from casework.procedure.checks.registry import holds
from casework.procedure.load import procedure
from casework.store import db
from letters.build import Issue, build


def preview(intent: Intent) -> bytes | None:
    """The draft as PDF; None when the step prints nothing. Errors: those of ``letters``."""
    p, session = procedure(), db.session()
    facts = gather(session, vault(), session.get_one(Docket, intent.docket_id), intent.actor_id)
    step = p.steps[intent.step]
    paper = next((b.to for b in step.prints if holds(b.when, facts, intent.payload)), "")
    if not paper:
        return None
    issue = Issue(p.papers[paper], "", intent.on, wording=wording(), track=intent.track)
    letter = build(issue, facts, step.id, intent.payload)
    return replace(letter, number="").draw(draft=True)
