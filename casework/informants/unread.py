"""What the informant wrote and nobody has read yet: while there is something, nothing of the docket
may be deleted."""

from __future__ import annotations

from sqlalchemy import func, select

from casework.informants.models import Message
from casework.store import db


def unread(docket_id: int) -> int:
    """Number of the informant's messages that nobody has read."""
    query = select(func.count()).where(
        Message.docket_id == docket_id, Message.from_informant, Message.read_at.is_(None)
    )
    return db.session.scalar(query) or 0


def may_be_deleted(docket_id: int) -> bool:
    """Whether a docket's contents may be deleted: nothing of the informant is unread. Whatever
    deletes asks here first."""
    return unread(docket_id) == 0
