"""Tells whether a mail or a row of a list became a tip already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.intake.models import Arrival
from casework.store import db, utcnow


def arrival_fingerprint(kind: str, data: bytes) -> bytes:
    """Keyed digest of a mail or row, the same for ever. Keyed, so that nobody who holds a mail can
    look it up in a stolen database."""
    key = current_app.extensions["vault"].keyring.derive(f"arrival.{kind}")
    return hashlib.blake2b(data, key=key, digest_size=32, person=b"casework.came").digest()


def is_known_arrival(bureau_id: int, content: bytes) -> bool:
    """Whether it is a tip already; asked before any work is done, and again by ``note`` under the
    lock."""
    asked = select(Arrival.id).where(Arrival.bureau_id == bureau_id, Arrival.content == content)
    return db.session.scalar(asked) is not None


def docket_of(bureau_id: int, content: bytes) -> int | None:
    """Id of the tip that it became, or None."""
    return db.session.scalar(
        select(Arrival.docket_id).where(Arrival.bureau_id == bureau_id, Arrival.content == content)
    )


def note_arrival(
    session: Session, bureau_id: int, content: bytes, message: bytes | None = None
) -> bool:
    """Note a mail by content and message id, in the transaction of its tip. False where another
    process noted it first."""
    add = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"bureau_id": bureau_id, "content": content, "message": message, "at": utcnow()}
    done = session.execute(
        add(Arrival).values(**row).on_conflict_do_nothing().returning(Arrival.id)
    )
    # the row itself: PostgreSQL's driver does not count what an insert left out
    return done.first() is not None


def became(session: Session, bureau_id: int, content: bytes, docket_id: int) -> None:
    """Note which tip it became, in the same transaction."""
    row = (Arrival.bureau_id == bureau_id, Arrival.content == content)
    session.execute(update(Arrival).where(*row).values(docket_id=docket_id))


def any_known(session: Session, bureau_id: int, contents: Iterable[bytes]) -> bool:
    """Whether one of many is a tip already."""
    wanted = list(contents)
    parts = (wanted[i : i + 500] for i in range(0, len(wanted), 500))
    asked = (
        select(Arrival.id).where(Arrival.bureau_id == bureau_id, Arrival.content.in_(part)).limit(1)
        for part in parts
    )
    return any(session.scalar(query) is not None for query in asked)


def note_all(session: Session, bureau_id: int, became_: Mapping[bytes, int]) -> None:
    """Write many down at once, each with the tip that it became; IntegrityError, and so nothing,
    where one was known."""
    now = utcnow()
    rows = [
        {"bureau_id": bureau_id, "content": c, "docket_id": d, "at": now}
        for c, d in became_.items()
    ]
    session.execute(insert(Arrival), rows)
