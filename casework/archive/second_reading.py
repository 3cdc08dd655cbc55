"""The second reading over the cases and tips of an instance: by the command, and at night over what
changed.

What was found stands on the row of the docket for lists and for the step that answers; the truth is
the journal, and whoever doubts a row reads again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date

from flask import current_app
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.archive.reading_data import Around, record_of
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.reading import rule
from casework.reading.rule import Verdict
from casework.store import db, writing
from casework.vault.sealing import Vault
from casework.web.faults import told

log = logging.getLogger("casework")
TOPIC = "read_again"  # an answer was given: the docket is read at once
TOGETHER = 20  # dockets of one transaction: others wait for its lock
ROUND = 30  # days in which every file is read, however quiet it lies
# nothing of these changes by time alone; a closed file has still to be put away
QUIET = ("archived", "transferred", "absorbed", "answered", "declined")
_DOCKETS = select(Docket).where(Docket.data_key != b"").order_by(Docket.id)


def reading_of(
    session: Session, vault: Vault, docket: Docket, today: date, around: Around | None = None
) -> list[Verdict]:
    """One case or tip by every rule for it. One that cannot be read has that for its fault."""
    around = around or Around.of(session, docket.bureau_id)
    try:
        return rule.read_file(record_of(session, vault, docket, around, today))
    except DBAPIError:
        raise  # nothing of the case
    except Exception as error:
        log.error("docket %s cannot be read again: %s", docket.id, told(error))
        return rule.unreadable_file()


def all_of_them(
    session: Session, vault: Vault, today: date
) -> Iterator[tuple[Docket, list[Verdict]]]:
    """Every case and tip that has not been destroyed, one bureau after the other."""
    for bureau in session.scalars(select(Bureau.id).order_by(Bureau.id)).all():
        around = Around.of(session, bureau)
        for docket in session.scalars(_DOCKETS.where(Docket.bureau_id == bureau)).all():
            yield docket, reading_of(session, vault, docket, today, around)


# -- what is kept of it
def read_and_store(
    session: Session, vault: Vault, docket: Docket, around: Around, today: date
) -> None:
    """Read a docket and keep on its row what nobody has answered. In the caller's writing
    transaction."""
    found = rule.reading_faults(reading_of(session, vault, docket, today, around))
    before, docket.faults = docket.faults, stored_faults(found)
    if docket.faults != before:
        docket.turns_until = date.min  # they wait for an answer, or for none any more
    docket.read_seq, docket.read_on = docket.last_seq, today


def stored_faults(faults: Iterable[tuple[str, int]]) -> str:
    """Faults as the row has them; what finds no room is found again when the others are
    answered."""
    text = " ".join(f"{name}:{seq}" for name, seq in faults)
    return text if len(text) <= 2000 else text[:2000].rsplit(" ", 1)[0]


def keep_one(session: Session, docket: Docket, today: date) -> None:
    """:func:`read_and_store` for one docket."""
    read_and_store(
        session,
        current_app.extensions["vault"],
        docket,
        Around.of(session, docket.bureau_id),
        today,
    )


def read_due_dockets(today: date) -> int:
    """At night: dockets that changed or are not put away, and of the quiet ones a thirtieth.
    Answers how many were read."""
    due = or_(
        Docket.read_seq != Docket.last_seq,
        and_(Docket.read_on < today, or_(Docket.stage.not_in(QUIET), Docket.tracks != "")),
        and_(Docket.read_on < today, Docket.id % ROUND == today.toordinal() % ROUND),
    )
    wanted = select(Docket.bureau_id, Docket.id).where(Docket.data_key != b"", due)
    rows = db.session.execute(wanted.order_by(Docket.bureau_id, Docket.id)).all()
    db.session.rollback()
    numbers = [number for _bureau, number in rows]
    return sum(_some(numbers[at : at + TOGETHER], today) for at in range(0, len(numbers), TOGETHER))


def _some(numbers: list[int], today: date) -> int:
    """A handful in one transaction. Where the database does not answer, they wait for the next
    night."""
    try:
        return _kept(numbers, today)
    except Exception as error:
        log.error("%d dockets could not be read again: %s", len(numbers), told(error))
        return 0


def _kept(numbers: list[int], today: date) -> int:
    with writing() as session:
        around: dict[int, Around] = {}
        for docket in session.scalars(
            select(Docket).where(Docket.id.in_(numbers)).order_by(Docket.id)
        ).all():
            known = around.get(docket.bureau_id) or Around.of(session, docket.bureau_id)
            around[docket.bureau_id] = known
            read_and_store(session, current_app.extensions["vault"], docket, known, today)
    return len(numbers)
