"""Tells people once a day which deadlines are near: three days before, on the day, and the day
after."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from casework.docket.models import Assignment, Clock, Docket
from casework.docket.notices import holders
from casework.docket.work import Notice
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.store import writing

TOPIC = "due_days"
WHEN = {"soon": 3, "today": 0, "over": -1}  # days between today and the deadline


def note_due(day: date) -> int:
    """One notice for each person with deadlines that day; answers how many were written. Of what
    nobody handles yet, whoever deals with new tips is told. Twice on one day tells nobody twice."""
    with writing() as session:
        found = _counted(session, day)
        told = _told(session, day, found.keys())
        for person, count in found.items():
            if person not in told:
                _tell(session, person, {**{n: count[n] for n in WHEN}, "day": day.isoformat()})
        return len(found.keys() - told)


def _counted(session: Session, day: date) -> dict[int, Counter[str]]:
    """How many deadlines of the bureau each person has, by their day."""
    ours = [c.id for c in procedure().clocks.values() if c.owner == "bureau"]
    names = {day + timedelta(days): name for name, days in WHEN.items()}
    held = and_(Assignment.docket_id == Docket.id, Assignment.until.is_(None))
    rows = session.execute(
        select(Clock.due, Docket.bureau_id, Docket.kind, Assignment.person_id)
        .join(Docket, Docket.id == Clock.docket_id)
        .outerjoin(Assignment, held)
        .where(Clock.state == "open", Clock.due.in_(list(names)), Clock.rule.in_(ours))
    ).all()
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for person in _whose(row):
            found[person][names[row.due]] += 1
    return found


def _whose(row: Any) -> list[int]:
    if row.person_id is not None:
        return [row.person_id]
    permission = "report.triage" if kinds()[row.kind].informant else "case.open"
    return holders(row.bureau_id, permission)


def _told(session: Session, day: date, people: Any) -> set[int]:
    """Who has been told on that day."""
    newest = select(Notice.person_id, Notice.data).where(
        Notice.topic == TOPIC, Notice.person_id.in_(list(people))
    )
    return {person for person, data in session.execute(newest) if data["day"] == day.isoformat()}


def _tell(session: Session, person: int, data: dict[str, Any]) -> None:
    """In the place of what an earlier day said and nobody has seen."""
    standing = session.scalars(
        select(Notice).where(
            Notice.person_id == person, Notice.topic == TOPIC, Notice.seen_at.is_(None)
        )
    ).first()
    if standing is not None:
        session.delete(standing)
    session.add(Notice(person_id=person, topic=TOPIC, data=data))
