"""What the first page of administrators and auditors says of a copy that was brought back."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from casework.desk.context import me
from casework.people.lost_span import Loss, losses
from casework.store import db, utcnow
from casework.web.filters import local

SAID_FOR = timedelta(days=30)


def lines() -> list[str]:
    """A sentence for each restored copy of the last month. Later the audit search and ``journal
    verify`` still show it."""
    recent = [one for one in losses(db.session(), me().bureau_id) if utcnow() - one.at < SAID_FOR]
    return [_sentence(one) for one in recent]


def _sentence(one: Loss) -> str:
    made, at = local(one.made), local(one.at)
    if one.known:
        return _(
            "A copy of %(made)s was brought back on %(at)s. Records "
            "%(first)s to %(last)s are lost; whatever was done "
            "in between must be entered anew.",
            made=made,
            at=at,
            first=one.place + 1,
            last=one.known,
        )
    return _(
        "A copy of %(made)s was brought back on %(at)s. What was recorded in "
        "between is lost, and how much that was is not "
        "known; it must be entered anew.",
        made=made,
        at=at,
    )
