"""Notices: one for each person and matter, shown until seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.docket.work import Notice
from casework.people.facts import staff_facts
from casework.people.may import today
from casework.store import utcnow, writing

SHOWN = 20  # on a home page


def holders(bureau_id: int, *roles: str) -> list[int]:
    """Everybody who holds one of the roles today."""
    return [p.id for p in staff_facts(bureau_id, today()).values() if p.roles & set(roles)]


def tell(
    session: Session, people: Iterable[int], topic: str, docket_id: int | None = None, data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """A notice for each, in the caller's transaction."""
    for person in people:
        session.add(Notice(person_id=person, topic=topic, docket_id=docket_id, data=dict(data or {}), at=at or utcnow()))


def tell_of_batch(session: Session, people: Iterable[int], topic: str, hours: float, now: datetime) -> None:
    """One notice for what arrives together: it counts on while it is unseen and not older than some hours."""
    session.flush()
    for person in people:
        standing = session.scalars(
            select(Notice)
            .where(Notice.person_id == person, Notice.topic == topic, Notice.seen_at.is_(None))
            .where(Notice.at > now - timedelta(hours=hours))
            .order_by(Notice.id.desc())
            .limit(1)
        ).one_or_none()
        if standing:
            standing.data = {**standing.data, "count": int(standing.data["count"]) + 1}
        else:
            session.add(Notice(person_id=person, topic=topic, data={"count": 1}, at=now))


def unseen(session: Session, person_id: int) -> Sequence[Notice]:
    """A person's notices, newest first."""
    query = select(Notice).where(Notice.person_id == person_id, Notice.seen_at.is_(None))
    return session.scalars(query.order_by(Notice.id.desc()).limit(SHOWN)).all()


def see(person_id: int, notice_id: int) -> None:
    """It is seen; somebody else's is not touched."""
    with writing() as session:
        session.execute(
            update(Notice)
            .where(Notice.id == notice_id, Notice.person_id == person_id, Notice.seen_at.is_(None))
            .values(seen_at=utcnow())
        )
