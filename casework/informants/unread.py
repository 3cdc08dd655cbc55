"""What the informant wrote and nobody has read yet: while there is something, nothing of the docket
may be deleted."""

from __future__ import annotations

from sqlalchemy import func, select

from casework.informants.models import Message
from casework.store import db


def unread(docket_id: int) -> int:
    """How many messages of the informant nobody has read."""
    query = select(func.count()).where(
        Message.docket_id == docket_id, Message.from_informant, Message.read_at.is_(None)
    )
    return db.session.scalar(query) or 0


def may_be_deleted(docket_id: int) -> bool:
    """Whatever deletes a docket's contents asks here first: nothing goes while something of the
    informant is unread."""
    return unread(docket_id) == 0
