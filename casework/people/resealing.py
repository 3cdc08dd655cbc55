"""Persons sealed anew (:mod:`casework.people.seals`, decision 0048): at the end of each write that
changed something of a person, and only where it was right before. A forged row does not become
right because something else of it is changed on a page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session

from casework.people.guarded_rows import GUARDED
from casework.people.models import Person
from casework.people.row_journal import is_entered_at
from casework.people.seals import PARTS, Parts, part, person_seal, seal_fits
from casework.store import at_end, is_writing, table

_person = table(Person)


# -- noticing, as row_journal does
@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if is_writing():
        changed = {
            _whose(row)
            for row in (*session.dirty, *session.deleted, *session.new)
            if _concerns(row)
        }
        # in one order, so that nobody waits in a circle
        for number in sorted(n for n in changed if n is not None):
            at_end(session, _seal_anew, (number, _is_right(session, number)))


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    for row in session.new if is_writing() else ():
        if isinstance(row, Person):
            at_end(session, _seal_anew, (row.id, True))  # nothing stood there before


def _concerns(row: Any) -> bool:
    state = inspect(row)
    if row.__tablename__ in PARTS:
        return True
    if not isinstance(row, Person) or state.transient or state.pending:
        return False
    columns = [c.key for c in _person.columns if c.name not in GUARDED["person"]]
    return any(state.attrs[name].history.has_changes() for name in (*columns, "roles", "cards"))


def _whose(row: Any) -> int | None:
    """The person's number; None for a role or card that the ORM is about to give to a person who is
    changed or new as well."""
    number: int | None = row.id if isinstance(row, Person) else row.person_id
    return number


def _is_right(session: Session, number: int) -> bool:
    """Whether the person is what was sealed, as the database has it. Locked: of two who change it
    the second sees it all."""
    row, parts = _read(session, number)
    return row is not None and seal_fits(row, parts)


def _read(session: Session, number: int) -> tuple[Any, Parts]:
    run = session.connection().execute
    row = (
        run(select(_person).where(_person.c.id == number).with_for_update())
        .mappings()
        .one_or_none()
    )
    return row, {
        name: run(select(part(name)).where(part(name).c.person_id == number)).mappings().all()
        for name in PARTS
    }


# -- sealing
def mend(session: Session, person: Person) -> bool:
    """For who is about to replace all that the person signs in with: seal the row at the end
    whatever stands there now. False where a role, card or key is not what was entered either: that
    would be sealed with it."""
    row, parts = _read(session, person.id)
    if seal_fits(row, parts):
        return True
    if not is_entered_at(
        session,
        person.bureau_id,
        [(part(name), _key(name, r)) for name in PARTS for r in parts[name]],
    ):
        return False
    at_end(session, _seal_anew, (person.id, None))
    return True


def _key(name: str, row: Any) -> tuple[Any, ...]:
    return tuple(row[c.name] for c in part(name).primary_key.columns)


def _seal_anew(session: Session, changed: list[tuple[int, bool | None]]) -> None:
    """Persons and whether each was right before: the first word counts, since later ones see what
    the write itself has done; None is the last."""
    right = dict[int, bool]()
    for number, was in changed:
        right[number] = True if was is None else right.get(number, was)
    for number in sorted(n for n, was in right.items() if was):
        row, parts = _read(session, number)
        if row is not None:
            session.execute(
                update(_person).where(_person.c.id == number).values(seal=person_seal(row, parts)),
                execution_options={"synchronize_session": False},
            )
