"""``receive()``, through which every channel takes a tip in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import insert
from sqlalchemy.orm import Session

from casework.acts.intent import NEW, Intent
from casework.acts.perform import open_docket
from casework.evidence.uploads import Upload, attach
from casework.identity import custody
from casework.informants.models import Receipt
from casework.intake.rounded_time import rounded
from casework.people import row_journal
from casework.people.facts import settings_of
from casework.people.models import Bureau
from casework.store import table, utcnow, writing
from casework.vault import receipt
from casework.web.filters import SHANGHAI

_RECEIPT = insert(table(Receipt))


class AlreadyReceived(Exception):
    """The same form was received before. Nothing was written."""


@dataclass(frozen=True)
class Received:
    """What the informant, or the clerk at the counter, is told."""

    docket_id: int
    number: str
    code: str  # the receipt code, shown once; "" when none was asked for


def receive(
    bureau: Bureau,
    payload: Mapping[str, Any],
    *,
    actor_id: int | None = None,
    on: date | None = None,
    files: Iterable[Upload] = (),
    who: bytes | None = None,
    named: bool = True,
    with_code: bool = True,
    code: str = "",
    first: Callable[[Session], bool] = lambda _session: True,
    then: Callable[[Session, int], None] = lambda _session, _docket_id: None,
    now: datetime | None = None,
) -> Received:
    """Take a tip in: its docket, first act, files, sealed identity and receipt, in one transaction.

    ``payload`` is what the step «receive» asks (``channel`` among it); ``who`` the informant's
    identity, sealed to the custodians before anything is written (``named`` False: it holds no
    name, only an original that may tell one); ``code`` the receipt code where it is not to be drawn
    anew; ``first`` runs inside the transaction and answers False when the same form was sent before
    (AlreadyReceived), ``then`` at its end with the new docket's id.
    """
    now = now or utcnow()
    if payload.get("channel") == "web" and who is None and actor_id is None:
        now = rounded(now, settings_of(bureau.id, now.astimezone(SHANGHAI).date()))
    sealed = custody.seal_identity(bureau.id, who, named) if who else None
    asked = Asked(
        bureau.id,
        payload,
        actor_id,
        on or now.astimezone(SHANGHAI).date(),
        tuple(files),
        sealed,
        with_code,
        code,
    )
    with writing() as session:
        if not first(session):
            raise AlreadyReceived
        received = receive_in(session, asked, now)
        then(session, received.docket_id)
    return received


@dataclass(frozen=True)
class Asked:
    """A tip before it is written."""

    bureau_id: int
    payload: Mapping[str, Any]
    actor_id: int | None
    on: date
    files: tuple[Upload, ...] = ()
    sealed: custody.Sealed | None = None  # the identity
    with_code: bool = True
    code: str = ""  # "": a fresh one


def receive_in(session: Session, asked: Asked, now: datetime) -> Received:
    """The same inside a write transaction that is already open (a whole list at once)."""
    code = (asked.code or receipt.new_code()) if asked.with_code else ""
    named = asked.sealed is not None and asked.sealed.named
    payload = {**asked.payload, "named": named, "files": len(asked.files)}
    intent = Intent(0, "receive", asked.actor_id, asked.on, NEW, "take", payload)
    docket, done = open_docket(session, asked.bureau_id, intent, now)
    attach(session, docket.id, done.seq, asked.files, from_informant=True, at=now)
    if asked.sealed:
        session.add(asked.sealed.row(docket.id))
    if code:
        ring = current_app.extensions["vault"].keyring
        kept = receipt.fingerprint(ring, code)
        new = {
            "docket_id": docket.id,
            "fingerprint": kept,
            "must_change": asked.actor_id is not None,
        }
        session.connection().execute(_RECEIPT, new)
        row_journal.note_row(
            session, row_journal.RowChange(docket.bureau_id, "receipt", (docket.id,), stood="")
        )
    return Received(docket.id, docket.number, code)
