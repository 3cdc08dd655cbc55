"""What tips said, on the pages of whoever acts on them: on the tip's own, and on those of the cases
that it feeds."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from casework.acts.entries import acts_of
from casework.desk.context import Here, my_scope
from casework.desk.form_answers import Rows, tip_rows
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.procedure.kinds import kinds
from casework.store import db


def tip_of(here: Here) -> Rows:
    """The words of this tip; none for a case."""
    return tip_rows(here.facts, here.facts.acts) if kinds()[here.facts.kind].informant else []


def linked_tips(here: Here) -> dict[int, Rows]:
    """The words of each tip behind this case, by its docket id. Empty unless the person may see all
    of them: tips withheld for a tie or a recusal may come from the same hand."""
    ids = [link.id for link in here.facts.links if kinds()[link.kind].informant]
    if not ids:
        return {}
    session, vault = db.session(), current_app.extensions["vault"]
    seen = session.scalars(select(Docket).where(Docket.id.in_(ids), visible_to(my_scope()))).all()
    if len(seen) < len(ids):
        return {}
    return {d.id: tip_rows(here.facts, acts_of(session, vault, d)) for d in seen}
