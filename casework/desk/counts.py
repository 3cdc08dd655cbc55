"""Counts for statistics, one statement a table. Each number is the length of the list that its
filter gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.desk.list_conditions import KEPT, clock_kept, open_track
from casework.docket.lists import Filter, due_when, narrowed
from casework.docket.models import Clock, Docket
from casework.papers.models import Paper
from casework.people.may import Scope

Column = InstrumentedAttribute[str]


def by(session: Session, scope: Scope, f: Filter, today: date, column: Column) -> dict[str, int]:
    """Dockets by the value of one of their columns."""
    wanted = (
        select(column, func.count())
        .where(*narrowed(scope, f, today, whole=column is not Docket.stage))
        .group_by(column)
    )
    return {value: n for value, n in session.execute(wanted)}


def by_paper(
    session: Session, scope: Scope, f: Filter, today: date, since: date, until: date
) -> dict[str, int]:
    """Dockets by the kinds of papers made between two days; withdrawn papers do not count."""
    made = [
        Paper.docket_id == Docket.id,
        Paper.state != "withdrawn",
        Paper.on >= since,
        Paper.on <= until,
    ]
    wanted = (
        select(Paper.kind, func.count(distinct(Docket.id)))
        .join(Docket, and_(*made))
        .where(*narrowed(scope, f, today, whole=True))
        .group_by(Paper.kind)
    )
    return {kind: n for kind, n in session.execute(wanted)}


def by_clock(session: Session, scope: Scope, f: Filter, today: date) -> dict[str, dict[str, int]]:
    """Dockets by clock rule, and by how it was kept: met in time, late, or still running."""
    wanted = (
        select(Clock.rule, *(_dockets_where(clock_kept(kept, today)) for kept in KEPT))
        .join(Docket, Docket.id == Clock.docket_id)
        .where(*narrowed(scope, f, today, whole=True))
        .group_by(Clock.rule)
    )
    return {
        rule: dict(zip(KEPT, numbers, strict=True)) for rule, *numbers in session.execute(wanted)
    }


def _dockets_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(distinct(case((condition, Docket.id))))


def by_track(
    session: Session, scope: Scope, f: Filter, today: date, kinds: Sequence[str]
) -> dict[str, int]:
    """Dockets by the side tracks that are open in them; no statement where no kinds are asked."""
    if not kinds:
        return {}
    sums = [_dockets_where(open_track(kind)) for kind in kinds]
    row = session.execute(
        select(*sums).select_from(Docket).where(*narrowed(scope, f, today, whole=True))
    ).one()
    return dict(zip(kinds, row, strict=True))


def by_due(
    session: Session, scope: Scope, f: Filter, today: date, which: Sequence[str]
) -> dict[str, int]:
    """Dockets by when their next deadline falls; the rest has none or a later one."""
    sums = [_dockets_where(due_when(w, today)) for w in which]
    row = session.execute(select(*sums).select_from(Docket).where(*narrowed(scope, f, today))).one()
    return dict(zip(which, row, strict=True))


def due_up_to(
    session: Session,
    scope: Scope,
    kinds: Sequence[str],
    mine: bool,
    today: date,
    which: Sequence[str],
    most: int,
) -> dict[str, dict[str, int]]:
    """The same by kind of docket, for a page that people open all day: counted along the index of
    deadlines, each number no further than to ``most + 1``; one statement."""
    row = (
        session.connection()
        .execute(_due_up_to(scope, tuple(kinds), mine, today, tuple(which), most))
        .one()
    )
    numbers = iter(row)
    return {kind: {w: next(numbers) for w in which} for kind in kinds}


@lru_cache(maxsize=256)
def _due_up_to(
    scope: Scope, kinds: tuple[str, ...], mine: bool, today: date, which: tuple[str, ...], most: int
) -> Any:
    some = [
        select(Docket.id)
        .where(*narrowed(scope, f, today), due_when(w, today))
        .limit(most + 1)
        .subquery()
        for f in (Filter(kind, mine=mine) for kind in kinds)
        for w in which
    ]
    return select(*(select(func.count()).select_from(s).scalar_subquery() for s in some))
