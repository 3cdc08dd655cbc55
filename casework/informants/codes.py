"""Receipt codes by their keyed fingerprints: which report a code opens, and how one takes the place
of another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.informants.models import OldReceipt, Receipt
from casework.store import db
from casework.vault import receipt


@dataclass(frozen=True)
class Exchanged:
    """A code that once opened a report and was exchanged."""

    docket_id: int
    on: date  # the day it ended


def code_fingerprint(code: str) -> bytes:
    """The keyed fingerprint under which a code is looked up; the code itself is not stored."""
    return receipt.fingerprint(current_app.extensions["vault"].keyring, code)


def docket_of(code: str) -> int | None:
    """Id of the report that the code opens; None for none."""
    return db.session.scalar(
        select(Receipt.docket_id).where(Receipt.fingerprint == code_fingerprint(code))
    )


def exchanged(code: str) -> Exchanged | None:
    """The report and day of a code that was exchanged; None for one that never opened anything, so
    that whoever guesses learns nothing."""
    row = db.session.get(OldReceipt, code_fingerprint(code))
    return Exchanged(row.docket_id, row.on) if row else None


def replace(session: Session, row: Receipt, new: str, on: date, must_change: bool) -> None:
    """Let a new code open the report of a receipt, in the caller's transaction; the old one's
    fingerprint is kept as exchanged on that day. ``must_change``: staff have seen the new one, and
    the informant is to choose another."""
    session.add(OldReceipt(fingerprint=row.fingerprint, docket_id=row.docket_id, on=on))
    row.fingerprint, row.must_change = code_fingerprint(new), must_change
