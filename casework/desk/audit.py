"""Queries of the audit search, one statement each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from casework.acts.calendar import STEP
from casework.docket.models import Act, Docket
from casework.people.models import OfficeEntry, Person
from casework.people.row_journal import BEGUN, WHAT
from casework.procedure import effects
from casework.store import db
from casework.web.filters import SHANGHAI

PAGE = 100


@dataclass(frozen=True)
class Found:
    """One page of entries, newest first, and the id before which the next page begins."""

    rows: Sequence[Any]
    after: int | None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _between(column: Any, asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.get("first"):
        found.append(column >= _start(asked["first"]))
    if asked.get("last"):
        found.append(column < _start(asked["last"] + timedelta(days=1)))
    return found


def acts(bureau_id: int, asked: Mapping[str, Any]) -> Found:
    """Journal entries of the bureau's dockets, never their contents."""
    wanted = (
        select(
            Act.id,
            Act.at,
            Act.on,
            Act.step,
            Act.verb,
            Act.seq,
            Docket.code,
            Docket.number,
            Person.name,
        )
        .join(Docket, Docket.id == Act.docket_id)
        .outerjoin(Person, Person.id == Act.actor_id)
        .where(Docket.bureau_id == bureau_id, *_between(Act.at, asked))
        .order_by(Act.id.desc())
        .limit(PAGE + 1)
    )
    if asked.get("person"):
        wanted = wanted.where(Act.actor_id == int(asked["person"]))
    if asked.get("step"):
        wanted = wanted.where(Act.step == asked["step"])
    if asked.get("after"):
        wanted = wanted.where(Act.id < asked["after"])
    rows: Sequence[Any] = db.session.execute(wanted).all()
    return Found(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def changes(bureau_id: int, asked: Mapping[str, Any]) -> Sequence[Any]:
    """The newest changes of people, settings and calendar."""
    wanted = (
        select(OfficeEntry, Person.name)
        .outerjoin(Person, Person.id == OfficeEntry.actor_id)
        .where(
            OfficeEntry.bureau_id == bureau_id,
            OfficeEntry.what.not_in((WHAT, BEGUN)),
            *_between(OfficeEntry.at, asked),
        )
        .order_by(OfficeEntry.id.desc())
        .limit(PAGE)
    )
    if asked.get("person"):
        wanted = wanted.where(OfficeEntry.actor_id == int(asked["person"]))
    return db.session.execute(wanted).all()


def moved(bureau_id: int) -> list[dict[str, Any]]:
    """The newest deadlines that changed calendars moved, newest first."""
    rows = db.session.execute(
        select(Act.at, Act.effects, Docket.code, Docket.number, Docket.title)
        .join(Docket, Docket.id == Act.docket_id)
        .where(Docket.bureau_id == bureau_id, Act.step == STEP)
        .order_by(Act.id.desc())
        .limit(PAGE)
    )
    return [
        {"at": at, "code": code, "number": number, "title": title, **asdict(effect)}
        for at, kept, code, number, title in rows
        for effect in effects.read(kept)
        if isinstance(effect, effects.ClockMoved)
    ]
