"""Notices: one for each person and matter, shown until seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.docket.work import Notice
from casework.people.facts import staff_facts
from casework.people.may import today
from casework.procedure.roles import who_may
from casework.store import utcnow, writing

SHOWN = 20  # on a home page
# topics of :func:`tell_of_batch`
COUNTED = frozenset({"new_tips", "assigned", "returned", "approved"})


def holders(bureau_id: int, permission: str) -> list[int]:
    """Ids of everybody who has the permission today. KeyError for an unknown one."""
    able = who_may(permission)
    return [p.id for p in staff_facts(bureau_id, today()).values() if p.roles & able]


def tell(
    session: Session,
    people: Iterable[int],
    topic: str,
    docket_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write a notice for each person, in the caller's transaction; ``at`` defaults to now."""
    for person in people:
        session.add(
            Notice(
                person_id=person,
                topic=topic,
                docket_id=docket_id,
                data=dict(data or {}),
                at=at or utcnow(),
            )
        )


def tell_of_batch(
    session: Session,
    people: Iterable[int],
    topic: str,
    hours: float,
    now: datetime,
    count: int = 1,
    docket_id: int | None = None,
) -> None:
    """One notice for what arrives together: raises the count of an unseen notice of the topic that
    is younger than ``hours``, else writes a new one. ``docket_id``: what it is about while it is
    one."""
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
            standing.data = {**standing.data, "count": int(standing.data["count"]) + count}
            standing.docket_id = None
        else:
            data = {"count": count}
            session.add(
                Notice(person_id=person, topic=topic, docket_id=docket_id, data=data, at=now)
            )


@dataclass(frozen=True)
class Told:
    """A notice as it is shown; counted ones of one topic are one, under the newest's id and
    time."""

    id: int
    topic: str
    data: Mapping[str, Any]
    at: datetime
    docket_id: int | None


def unseen(session: Session, person_id: int) -> list[Told]:
    """A person's unseen notices, newest first; counted ones of a topic as one."""
    mine = (
        select(Notice)
        .where(Notice.person_id == person_id, Notice.seen_at.is_(None))
        .order_by(Notice.id.desc())
    )
    counted = list(session.scalars(mine.where(Notice.topic.in_(COUNTED))))
    total = Counter({n.topic: 0 for n in counted})
    for n in counted:
        total[n.topic] += int(n.data["count"])
    newest = {n.topic: n for n in reversed(counted)}
    rows = sorted(
        [*newest.values(), *session.scalars(mine.where(Notice.topic.not_in(COUNTED)).limit(SHOWN))],
        key=_age,
    )
    return [
        Told(
            n.id,
            n.topic,
            {**n.data, "count": total.get(n.topic, n.data.get("count"))},
            n.at,
            n.docket_id,
        )
        for n in rows
    ]


def _age(notice: Notice) -> int:
    return -notice.id


def see(person_id: int, notice_id: int) -> None:
    """Mark a notice as seen, with the earlier ones it counts. No effect on somebody else's."""
    with writing() as session:
        row = session.get(Notice, notice_id)
        if row is None or row.person_id != person_id:
            return
        these = (
            Notice.id == row.id
            if row.topic not in COUNTED
            else (Notice.topic == row.topic) & (Notice.id <= row.id)
        )
        session.execute(
            update(Notice)
            .where(these, Notice.person_id == person_id, Notice.seen_at.is_(None))
            .values(seen_at=utcnow())
        )
