"""The machine's clock, held against the last round of time. One that jumped brings nothing about
until somebody confirms it.

The last round is a row of the database, written once an hour and sealed under a key that is not
there: whoever changes it, or deletes it, is answered by the newest entry of the office's journal
instead, which stands in the chain. Decision 0044.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from casework.people.models import Bureau, LastRound, OfficeEntry, Person
from casework.people.office_journal import enter
from casework.store import db, table, utcnow, writing
from casework.web.filters import local

CONFIRMED = "clock"  # the office's entry
NOTED_EVERY = timedelta(hours=1)
MOST_DAYS = 15
_ONLY = 1  # the row's number
_KEPT = "last round"
_row = table(LastRound)


@dataclass(frozen=True)
class Doubt:
    """What the clock shows, and when the last round was that nobody doubts."""

    now: datetime
    last: datetime

    @property
    def said(self) -> Mapping[str, str]:
        """For sentences: both as Shanghai's clocks show them."""
        return {"now": local(self.now), "last": local(self.last)}


def days_of_operator(environ: Mapping[str, str]) -> int:
    """Days by which the clock may lie ahead of the last round or behind it (CASEWORK_CLOCK_DAYS);
    ValueError in plain words."""
    typed = environ.get("CASEWORK_CLOCK_DAYS", "2")
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= MOST_DAYS):
        raise ValueError(f"CASEWORK_CLOCK_DAYS must be a whole number from 1 to {MOST_DAYS}")
    return int(typed)


def doubt() -> Doubt | None:
    """Whether the clock lies too far from the last round. What is kept in memory is believed only
    while it raises no doubt."""
    now, kept = utcnow(), current_app.extensions
    last: datetime | None = kept.get(_KEPT)
    if last is None or _apart(last, now):
        last = kept[_KEPT] = _last(db.session())
    return Doubt(now, last) if last is not None and _apart(last, now) else None


def _apart(last: datetime, now: datetime) -> bool:
    return abs(now - last) > timedelta(days=current_app.config["CLOCK_DAYS"])


def _last(session: Session) -> datetime | None:
    """None in an instance in which nothing has happened yet."""
    kept = _kept(session)
    newest = select(OfficeEntry.at).order_by(OfficeEntry.id.desc()).limit(1)
    return kept if kept is not None else session.scalar(newest)


def _kept(session: Session) -> datetime | None:
    """The row's word, if the row is ours."""
    try:
        found = session.execute(
            select(LastRound.at, LastRound.seal).where(LastRound.id == _ONLY)
        ).one_or_none()
    except (ValueError, TypeError):  # no time at all stands there
        return None
    ours = found is not None and hmac.compare_digest(
        str(found.seal).encode(), _seal(found.at).encode()
    )
    return found.at if found is not None and ours else None


def _seal(at: datetime) -> str:
    key = current_app.extensions["vault"].keyring.derive(_KEPT)
    return hashlib.blake2b(str(int(at.timestamp())).encode(), key=key, digest_size=32).hexdigest()


def note_round(now: datetime) -> None:
    """Note that a round took place under a clock without doubt; written once an hour at most."""
    kept = _kept(db.session())
    if kept is None or now - kept >= NOTED_EVERY:
        with writing() as session:
            _write(session, now)


def _write(session: Session, now: datetime) -> None:
    row = {"at": now, "seal": _seal(now)}
    if (
        not session.connection()
        .execute(update(_row).where(_row.c.id == _ONLY).values(row))
        .rowcount
    ):
        session.execute(insert(_row).values(id=_ONLY, **row))


def confirm_today(actor: Person | None = None) -> None:
    """Confirm the clock's day. Entered in the journal of every bureau, since all share the clock.
    ``actor`` None: by command."""
    now = utcnow()
    with writing() as session:
        last = _last(session)
        said = {"last_round": local(last), "shown": local(now)}
        for bureau_id in session.scalars(select(Bureau.id).order_by(Bureau.id)):
            mine = actor is not None and actor.bureau_id == bureau_id
            enter(
                session,
                bureau_id,
                actor.id if actor is not None and mine else None,
                CONFIRMED,
                local(now)[:10],
                said,
            )
        _write(session, now)
    current_app.extensions[_KEPT] = now
