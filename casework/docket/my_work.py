"""What waits for a person, for their team, and what they wait for: pages of the rows of
``docket.turns``, each in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from casework.docket.models import FAR, Assignment, Clock, Docket
from casework.docket.turns import TurnRow
from casework.docket.visible import visible_to
from casework.people.may import Scope
from casework.people.models import Person
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.roles import NUMBER
from casework.web.numbers import number_of

PAGE = 50
LONG = 30  # days after which what is overdue is folded away
WEEK = 7  # days that the list of what is due soon looks ahead
MANY = 50  # dockets that are still to be reckoned, from which on a list says that it is not whole
COMES = "comes"
DATED = 500  # days of a calendar

_OF_TURN = (
    TurnRow.docket_id,
    TurnRow.place,
    TurnRow.kind,
    TurnRow.step,
    TurnRow.track,
    TurnRow.since,
    TurnRow.from_day,
    TurnRow.due,
    TurnRow.seq,
    TurnRow.clock,
)
_NAMED = aliased(Docket)
_COLUMNS = (*_OF_TURN, _NAMED.code, _NAMED.number, _NAMED.title, _NAMED.handlers)
_KEY = ("due", "docket_id", "place")


@dataclass(frozen=True)
class Reader:
    """Who asks: what they see, and the roles they hold today."""

    scope: Scope
    roles: frozenset[str]


@dataclass(frozen=True)
class Listed:
    """One page of a list, and the key of the next one ("" where it ends)."""

    rows: Sequence[Any]
    next: str


def mine(
    session: Session, of: Reader, today: date, after: str = "", size: int = PAGE, long: bool = False
) -> Listed:
    """What waits for the person, by its day; ``long``: what is overdue for long, else the rest.
    ValueError for a key that is none."""
    return _page(session, _mine(of, long), today, after, size)


def unassigned(
    session: Session, of: Reader, today: date, after: str = "", size: int = PAGE
) -> Listed:
    """Dockets that the person sees and that wait for somebody to be assigned."""
    here = TurnRow.bureau_id == of.scope.bureau_id
    return _page(session, _where(of, here, TurnRow.step == "assign"), today, after, size)


def team(session: Session, of: Reader, today: date, after: str = "", size: int = PAGE) -> Listed:
    """What waits for people of the person's own team; those who are in none are together."""
    me, colleague = aliased(Person), aliased(Person)
    same = select(colleague.id).join(
        me, and_(me.team == colleague.team, me.bureau_id == colleague.bureau_id)
    )
    whose = TurnRow.person_id.in_(same.where(me.id == of.scope.person_id))
    return _page(session, _where(of, whose), today, after, size)


def _page(session: Session, wanted: Any, today: date, after: str, size: int) -> Listed:
    due, docket, place = _key(after)
    asked = {
        "today": today,
        "long": today - timedelta(LONG),
        "due": due,
        "docket": docket,
        "place": place,
        "size": size + 1,
    }
    rows = session.connection().execute(wanted, asked).all()
    shown = rows[:size]
    more = len(rows) > size
    last = shown[-1] if more else None
    key = f"{last.due.isoformat()}_{last.docket_id}_{last.place}" if last else ""
    return Listed(_known(shown), key)


def _known(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows of steps and deadlines that the procedure has: one that an upgrade took away, or that
    somebody wrote there, is gone with the next round and stops no page until then."""
    p = procedure()
    return [
        row
        for row in rows
        if (not row.step or row.step in p.steps) and (not row.clock or row.clock in p.clocks)
    ]


def _key(after: str) -> tuple[date, int, int]:
    if not after:
        return date.min, 0, -1
    due, docket, place = after.split("_")
    return date.fromisoformat(due), number_of(docket), number_of(place)


_ORDER = (TurnRow.due, TurnRow.docket_id, TurnRow.place)
_AFTER = tuple_(*_ORDER) > tuple_(bindparam("due"), bindparam("docket"), bindparam("place"))
_NOW = TurnRow.from_day <= bindparam("today")
_LONG: dict[bool, ColumnElement[bool]] = {
    True: TurnRow.due < bindparam("long"),
    False: TurnRow.due >= bindparam("long"),
}


def _for_me(of: Reader, row: Any = TurnRow) -> list[ColumnElement[bool]]:
    """Conditions, each along an index: rows of the person's own, and of each of their roles. What
    comes from without is the work of a role that records it; officers wait for it."""
    return [
        and_(row.person_id == of.scope.person_id, row.kind != COMES),
        *(
            and_(row.bureau_id == of.scope.bureau_id, row.role == role, row.person_id.is_(None))
            for role in sorted(of.roles)
        ),
    ]


@lru_cache(maxsize=256)
def _mine(of: Reader, long: bool) -> Any:
    arms = [
        _rows(of, condition, _LONG[long]).limit(bindparam("size")).subquery()
        for condition in _for_me(of)
    ]
    # the same thing for two of the person's roles is one
    found = union(*(select(*arm.c) for arm in arms)).subquery()
    return select(*found.c).order_by(*(found.c[k] for k in _KEY)).limit(bindparam("size"))


def _rows(of: Reader, *conditions: ColumnElement[bool]) -> Any:
    wanted: Any = select(*_COLUMNS).join(_NAMED, _NAMED.id == TurnRow.docket_id)
    return wanted.where(_seen(of), _NOW, _AFTER, *conditions).order_by(*_ORDER)


def _seen(of: Reader, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The docket is asked row by row: its own indexes would lead through all of the bureau's."""
    return exists().where(Docket.id == TurnRow.docket_id, visible_to(of.scope), *conditions)


def _where(of: Reader, *conditions: ColumnElement[bool]) -> Any:
    found = _rows(of, *conditions, TurnRow.kind != COMES)
    return found.distinct().limit(bindparam("size"))


# -- what the person waits for, and what is due soon
def _handled(of: Reader) -> ColumnElement[bool]:
    held = Assignment.person_id == of.scope.person_id, Assignment.until.is_(None)
    return Docket.id.in_(select(Assignment.docket_id).where(*held))


def _not_on_my_list(of: Reader) -> ColumnElement[bool]:
    row = aliased(TurnRow)
    mine = or_(*_for_me(of, row))
    return ~exists().where(row.docket_id == Docket.id, row.from_day <= bindparam("today"), mine)


def _this_week() -> ColumnElement[bool]:
    return and_(Docket.next_due >= bindparam("today"), Docket.next_due <= bindparam("week"))


def awaited(session: Session, of: Reader, today: date, size: int = PAGE) -> Sequence[Any]:
    """Of what the person proposed or handles, what others have or send, the longest waiting first;
    one row for each of those who have it. What is due this week stands in another list."""
    asked = {"today": today, "week": today + timedelta(WEEK), "size": size}
    return _known(session.connection().execute(_awaited(of), asked).all())


@lru_cache(maxsize=256)
def _awaited(of: Reader) -> Any:
    elsewhere = _not_on_my_list(of), ~_this_week()
    wanted: Any = select(*_COLUMNS, TurnRow.role, TurnRow.person_id, Person.name)
    return (
        wanted.join(_NAMED, _NAMED.id == TurnRow.docket_id)
        .outerjoin(Person, Person.id == TurnRow.person_id)
        .where(TurnRow.id.in_(_sent_or_handled(of)), _seen(of, *elsewhere))
        .order_by(TurnRow.since, TurnRow.docket_id, TurnRow.place, TurnRow.id)
        .limit(bindparam("size"))
    )


def _sent_or_handled(of: Reader) -> Any:
    """Ids of rows, found along indexes: a bureau may have a million dockets."""
    sent, handled = aliased(TurnRow), aliased(TurnRow)
    held = select(Assignment.docket_id).where(
        Assignment.person_id == of.scope.person_id, Assignment.until.is_(None)
    )
    return union(
        select(sent.id).where(sent.by_id == of.scope.person_id),
        select(handled.id).where(handled.docket_id.in_(held)),
    )


def due_this_week(
    session: Session, of: Reader, handled: bool, today: date, size: int = PAGE
) -> Sequence[Any]:
    """Dockets with a deadline within seven days on which nothing waits for the person; ``handled``:
    of those assigned to them alone. Of what is seen by number alone: number, stage and day."""
    asked = {"today": today, "week": today + timedelta(WEEK), "size": size}
    return session.connection().execute(_due_this_week(of, handled), asked).all()


@lru_cache(maxsize=256)
def _due_this_week(of: Reader, handled: bool) -> Any:
    numbered = [kind for kind, level in of.scope.sees if level == NUMBER]
    words = [
        case((Docket.kind.in_(numbered), ""), else_=column).label(column.key)
        for column in (Docket.title, Docket.handlers, Docket.next_clock)
    ]
    wanted: Any = select(Docket.id, Docket.code, Docket.number, Docket.next_due, *words)
    conditions = [visible_to(of.scope, by_number=True), _this_week(), _not_on_my_list(of)]
    conditions += [_handled(of)] if handled else []
    wanted = wanted.where(Docket.bureau_id == of.scope.bureau_id, *conditions)
    wanted = wanted.order_by(Docket.next_due, Docket.id).limit(bindparam("size"))
    # each kind along the index of its deadlines
    arms = (wanted.where(Docket.kind == kind).subquery() for kind in kinds())
    found = union_all(*(select(*arm.c) for arm in arms)).subquery()
    return select(*found.c).order_by(found.c.next_due, found.c.id).limit(bindparam("size"))


def dated(session: Session, of: Reader, since: date) -> Sequence[Any]:
    """What waits, or will wait, for the person and has a day from ``since`` on, by its day."""
    dates = and_(TurnRow.due >= since, TurnRow.due < FAR)
    wanted: Any = select(*_COLUMNS).join(_NAMED, _NAMED.id == TurnRow.docket_id).distinct()
    wanted = wanted.where(_seen(of), dates, or_(*_for_me(of))).order_by(*_ORDER)
    return _known(session.execute(wanted.limit(DATED)).all())


def deadlines(session: Session, of: Reader, since: date) -> Sequence[Any]:
    """Running clocks of the dockets that are assigned to the person, due from ``since`` on."""
    wanted = (
        select(Clock.id, Clock.docket_id, Clock.rule, Clock.due, Docket.number, Docket.title)
        .join(Docket, Docket.id == Clock.docket_id)
        .where(visible_to(of.scope), _handled(of), Clock.state == "open", Clock.due >= since)
        .order_by(Clock.due, Clock.id)
    )
    return session.execute(wanted.limit(DATED)).all()


def not_whole(session: Session, bureau_id: int) -> bool:
    """Many dockets of the bureau are still to be reckoned, as after an upgrade."""
    some = select(Docket.id).where(
        Docket.turns_until == date.min, Docket.bureau_id == bureau_id, Docket.data_key != b""
    )
    wanted = select(func.count()).select_from(some.limit(MANY + 1).subquery())
    return session.scalars(wanted).one() > MANY
