"""Rows that no act makes (people, roles, settings, receipts, identities, public entries …) in the
office's journal.

Each transaction that adds, changes or deletes such a row enters a salted digest of it, and no word
of it. What stands there later without being what was entered last is found by :func:`row_faults`;
so is a row that was not what was entered last when the program changed it: no forged row becomes
right because something else of it is changed on a page. Rows are noticed where the session flushes
them; statements that go past it say so themselves (:func:`note_where`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import Select, Table, event, func, inspect, select
from sqlalchemy.orm import Session

from casework.people.guarded_rows import GUARDED, plain, said
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry
from casework.people.office_journal import enter
from casework.store import Model, at_end, db, is_writing, utcnow, writing
from casework.vault.digest import canonical, salted_digest
from casework.web.filters import SHANGHAI

WHAT, BEGUN = "rows", "rows.begin"
# to a row with a bureau
_UP = (
    "draw_id",
    "docket_id",
    "from_id",
    "person_id",
    "paper_id",
    "request_id",
    "destruction_id",
    "handover_id",
)
_EACH = 500  # rows in an entry


@dataclass(frozen=True)
class RowChange:
    """A row that was added, changed or deleted; its key in the order of the table's. ``stood``: the
    mark of what stood there before, "" for nothing, None where that was not asked."""

    bureau_id: int
    table: str
    key: tuple[Any, ...]
    stood: str | None


# -- noticing
@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if is_writing():
        changed = [row for row in session.dirty if _is_guarded(row) and _is_changed(row)]
        changed += [row for row in session.deleted if _is_guarded(row)]
        # so that nobody waits in a circle
        changed.sort(key=lambda row: (row.__tablename__, inspect(row).identity))
        flushing = [
            (row, _mark(session, row.__tablename__, inspect(row).identity)) for row in changed
        ]
        flushing += [(row, "") for row in session.new if _is_guarded(row)]
        session.info.setdefault("flushing", []).extend(flushing)


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    for row, stood in session.info.pop("flushing", ()):
        t, values = row.__table__, {c.name: getattr(row, c.key) for c in row.__table__.columns}
        _note(session, t, values, stood)


def _is_guarded(row: Any) -> bool:
    return row.__tablename__ in GUARDED


def _is_changed(row: Any) -> bool:
    left_out = GUARDED[row.__tablename__]
    state = inspect(row)
    return any(
        state.attrs[c.key].history.has_changes()
        for c in row.__table__.columns
        if c.name not in left_out
    )


def note_row(session: Session, change: RowChange) -> None:
    """A row that a statement of the caller's writes, known by its key."""
    at_end(session, _enter, change)


def note_where(session: Session, t: Table, *conditions: Any) -> None:
    """Before a statement that goes past the session: the rows that it changes or deletes, if the
    table is guarded."""
    if t.name in GUARDED:
        for row in session.execute(select(t).where(*conditions).with_for_update()).mappings().all():
            _note(session, t, row, _mark_of(t, row))


def _note(session: Session, t: Table, row: Any, stood: str | None) -> None:
    key = tuple(row[c.name] for c in t.primary_key.columns)
    at_end(session, _enter, RowChange(_bureau_of(session, t, row), t.name, key, stood))


def _bureau_of(session: Session, t: Table, row: Any) -> int:
    if t.name == "bureau":
        return int(row["id"])
    if row.get("bureau_id") is not None:
        return int(row["bureau_id"])
    column = next(t.c[name] for name in _UP if name in t.c)
    (over,) = column.foreign_keys
    above = (
        session.execute(select(over.column.table).where(over.column == row[column.name]))
        .mappings()
        .one()
    )
    return _bureau_of(session, over.column.table, above)


# -- entering
def _enter(session: Session, changes: list[RowChange]) -> None:
    for bureau_id in sorted({c.bureau_id for c in changes}):
        stood: dict[tuple[str, tuple[Any, ...]], str | None] = {}
        for change in changes:
            if change.bureau_id == bureau_id:
                # what it was before the first of several changes
                stood.setdefault((change.table, change.key), change.stood)
        mine = sorted(stood, key=repr)
        for at in range(0, len(mine), _EACH):
            salt = secrets.token_bytes(16)
            rows = [
                _line(session, salt, name, key, stood[name, key])
                for name, key in mine[at : at + _EACH]
            ]
            enter(
                session,
                bureau_id,
                None,
                WHAT,
                "",
                {"salt": salt.hex(), "rows": rows},
                at=_this_day(),
            )


def _this_day() -> datetime:
    """When a tip or a message of an informant came is told by the day alone."""
    return datetime.combine(today(), time(), SHANGHAI)


def _line(
    session: Session, salt: bytes, name: str, key: tuple[Any, ...], stood: str | None
) -> list[Any]:
    """Table, key, digest of the row as it stands now (empty for one that is gone), mark of what
    stood there before, mark of what stands there now."""
    t = Model.metadata.tables[name]
    row = session.connection().execute(_at(t, key)).mappings().one_or_none()
    if row is None:
        return [name, plain(key), "", stood, ""]
    return [
        name,
        plain(key),
        salted_digest(salt, canonical(said(t, row))),
        stood,
        _mark_of(t, row),
    ]


def _at(t: Table, key: tuple[Any, ...]) -> Select[Any]:
    return select(t).where(
        *(c == value for c, value in zip(t.primary_key.columns, key, strict=True))
    )


def _mark(session: Session, name: str, key: tuple[Any, ...]) -> str:
    """Of the row as the database has it; "" where there is none. Locked: of two who change it the
    second sees the first's."""
    t = Model.metadata.tables[name]
    row = session.connection().execute(_at(t, key).with_for_update()).mappings().one_or_none()
    return "" if row is None else _mark_of(t, row)


def _mark_of(t: Table, row: Any) -> str:
    """The same for the same row, so that two entries can be compared; under a key, so that nobody
    guesses the row by it."""
    key = current_app.extensions["vault"].keyring.derive("marks of rows")
    return hashlib.blake2b(canonical([t.name, said(t, row)]), key=key, digest_size=16).hexdigest()


# -- from an earlier version on
def begin(session: Session, bureau_id: int) -> bool:
    """Enter all rows of a bureau that stand there already, once; whether that was done now."""
    if session.scalar(
        select(func.count()).where(OfficeEntry.bureau_id == bureau_id, OfficeEntry.what == BEGUN)
    ):
        return False
    enter(session, bureau_id, None, BEGUN, "", {"at": utcnow().date().isoformat()})
    for name in sorted(GUARDED):
        t = Model.metadata.tables[name]
        for row in session.execute(select(t)).mappings().all():
            if _bureau_of(session, t, row) == bureau_id:
                _note(session, t, row, None)
    return True


def begin_all() -> int:
    """The same for every bureau that has none yet, in writes of their own; answers for how many."""
    begun = select(OfficeEntry.bureau_id).where(OfficeEntry.what == BEGUN)
    waiting = list(
        db.session.scalars(select(Bureau.id).where(Bureau.id.not_in(begun)).order_by(Bureau.id))
    )
    for bureau_id in waiting:
        with writing() as session:
            begin(session, bureau_id)
    return len(waiting)


# -- asking of one row
def is_entered(session: Session, bureau_id: int, *rows: Any) -> bool:
    """Whether those rows are what was entered last, by their marks: who has the database alone
    makes none. Asked where the program would do at once what a row says."""
    return is_entered_at(
        session, bureau_id, [(row.__table__, inspect(row).identity) for row in rows]
    )


def is_entered_at(
    session: Session, bureau_id: int, wanted: Iterable[tuple[Table, tuple[Any, ...]]]
) -> bool:
    """The same of rows that tables have under keys; the journal is gone through once, from its
    end."""
    left = {(t.name, repr(plain(key))): (t, key) for t, key in wanted}
    entries = select(OfficeEntry.details).where(
        OfficeEntry.what == WHAT, OfficeEntry.bureau_id == bureau_id
    )
    for details in session.scalars(
        entries.order_by(OfficeEntry.id.desc()).execution_options(yield_per=100)
    ):
        for name, entered, _digest, *marks in details["rows"] if left else ():
            found = left.pop((name, repr(entered)), None)
            if found and not (marks and marks[1] == _mark(session, found[0].name, found[1])):
                return False
    return not left


# -- verifying
def row_faults(session: Session) -> Iterator[tuple[str, str, str]]:
    """(table, key, what) of every row that is not what was entered last: «changed», «gone» or «put
    in»; and of every row that was not when the program changed it: «overwritten»."""
    last, overwritten = _entered(session)
    yield from ((name, key, "overwritten") for name, key in sorted(overwritten))
    for name in sorted(GUARDED):
        t = Model.metadata.tables[name]
        for row in session.execute(select(t)).mappings().all():
            key = repr(plain([row[c.name] for c in t.primary_key.columns]))
            entered = last.pop((name, key), _NOTHING)
            if not entered.digest:
                yield name, key, "put in"
            elif (
                salted_digest(bytes.fromhex(entered.salt), canonical(said(t, row)))
                != entered.digest
            ):
                yield name, key, "changed"
    yield from (
        (name, key, "gone") for (name, key), entered in sorted(last.items()) if entered.digest
    )


@dataclass(frozen=True, order=True)
class _Entered:
    """What was entered last of a row; ``mark`` None in entries of versions that entered none."""

    salt: str
    digest: str
    mark: str | None = None


_NOTHING = _Entered("", "", "")


def _entered(session: Session) -> tuple[dict[tuple[str, str], _Entered], set[tuple[str, str]]]:
    """(table, key) → what was entered last; and those rows that were something else before a
    change. Before all rows of a bureau were entered, nothing is known of what stood there."""
    last: dict[tuple[str, str], _Entered] = {}
    overwritten, begun = set[tuple[str, str]](), set[int]()
    columns = (OfficeEntry.bureau_id, OfficeEntry.what, OfficeEntry.details)
    entries = select(*columns).where(OfficeEntry.what.in_((WHAT, BEGUN))).order_by(OfficeEntry.id)
    for bureau_id, what, details in session.execute(entries).yield_per(500):
        if what == BEGUN:
            begun.add(bureau_id)
            continue
        for name, key, digest, *marks in details["rows"]:
            row, (stood, mark) = (name, repr(key)), marks or (None, None)
            known = last.get(row, _NOTHING).mark
            if bureau_id in begun and stood is not None and known is not None and stood != known:
                overwritten.add(row)
            last[row] = _Entered(details["salt"], digest, mark if digest else "")
    return last, overwritten
