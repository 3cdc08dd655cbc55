"""Moves open clocks when a bureau's calendar changes, by an act in each docket's journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.facts import clock_facts
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Clock, Docket, Track
from casework.people.facts import calendar_of
from casework.people.models import Bureau
from casework.procedure.calendar import WorkCalendar
from casework.procedure.clock_rules import life
from casework.procedure.ids import StepId
from casework.store import db, writing

STEP: StepId = "calendar_changed"


@dataclass(frozen=True)
class Moved:
    """A running clock, its last day until now (``before``) and under another calendar (``due``)."""

    docket_id: int
    code: str
    number: str
    title: str
    rule: str
    before: date
    due: date


def moves(session: Session, bureau_id: int, calendar: WorkCalendar) -> Iterator[Moved]:
    """The bureau's open or paused clocks whose last day, or whether it is provisional, differs
    under that calendar. One statement."""
    rows = session.execute(
        select(Clock, Docket.code, Docket.number, Docket.title)
        .join(Docket, Docket.id == Clock.docket_id)
        .where(Clock.bureau_id == bureau_id, Clock.state.in_(("open", "paused")), Clock.amount > 0)
        .order_by(Clock.docket_id, Clock.id)
        .execution_options(yield_per=500)
    )
    for row, code, number, title in rows:
        clock = clock_facts(row)
        if clock.period is None:
            continue
        found = life(clock.start, clock.period, clock.pauses, clock.extensions, calendar)
        if (found.on, found.provisional) != (clock.due, clock.provisional):
            yield Moved(row.docket_id, code, number, title, clock.rule, clock.due, found.on)


def apply_calendars(today: date, now: datetime | None = None) -> int:
    """Bring the clocks of every bureau under its present calendar; answers how many dockets had one
    that moved.

    Done again after a stop in the middle: a bureau's row names its calendar only when all its
    dockets are done.
    """
    done = 0
    for bureau in db.session.scalars(select(Bureau).order_by(Bureau.id)).all():
        calendar = calendar_of(bureau.id)
        if bureau.calendar == calendar.version:
            continue
        for docket in dict.fromkeys(
            m.docket_id for m in list(moves(db.session(), bureau.id, calendar))
        ):
            perform(
                Intent(
                    docket,
                    STEP,
                    None,
                    today,
                    _first_track(docket),
                    "take",
                    {"calendar": calendar.version},
                ),
                now,
            )
            done += 1
        with writing() as session:
            session.get_one(Bureau, bureau.id).calendar = calendar.version
    return done


def _first_track(docket_id: int) -> str:
    return db.session.scalars(
        select(Track.label).where(Track.docket_id == docket_id).order_by(Track.id).limit(1)
    ).one()
