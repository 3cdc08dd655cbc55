"""``receive()``: every channel brings its tip through this one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.intent import NEW, Intent
from casework.acts.perform import open_docket
from casework.docket.models import Docket
from casework.evidence.uploads import Upload, attach
from casework.informants.models import CustodianKey, Identity, Receipt
from casework.people.models import Bureau
from casework.store import db, utcnow, writing
from casework.vault import identity as custody
from casework.vault import receipt
from casework.web.shown import SHANGHAI


class AlreadyReceived(Exception):
    """The same form was sent before; nothing was written twice."""


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
    with_code: bool = True,
    first: Callable[[Session], bool] = lambda _session: True,
    now: datetime | None = None,
) -> Received:
    """Take a tip in: its docket, first act, files, sealed identity and receipt, in one transaction.

    ``payload`` is what the step «receive» asks (``channel`` among it); ``who`` the informant's identity, sealed to the
    custodians before anything is written; ``first`` runs inside the transaction and answers False when the same form
    was sent before (AlreadyReceived).
    """
    now = now or utcnow()
    on = on or now.astimezone(SHANGHAI).date()
    files = list(files)
    sealed = _sealed_identity(bureau.id, who) if who else None
    code = receipt.new_code() if with_code else ""
    intent = Intent(0, "receive", actor_id, on, NEW, "take", {**payload, "named": sealed is not None, "files": len(files)})
    with writing() as session:
        if not first(session):
            raise AlreadyReceived
        docket = Docket(bureau_id=bureau.id, kind="report", code="~", number="", opened_on=on)
        done = open_docket(session, docket, intent, now)
        attach(session, docket.id, done.seq, files, from_informant=True)
        if sealed:
            session.add(Identity(docket_id=docket.id, sealed=sealed))
        if code:
            ring = current_app.extensions["vault"].keyring
            session.add(Receipt(docket_id=docket.id, fingerprint=receipt.fingerprint(ring, code)))
        received = Received(docket.id, docket.number, code)
    return received


def _sealed_identity(bureau_id: int, who: bytes) -> bytes:
    """Sealed to every custodian of the bureau; LookupError when it has none (the form then offers no name)."""
    keys = [custody.public_key(k.record) for k in custodian_keys(bureau_id)]
    if not keys:
        raise LookupError("the bureau has no custodian")
    return custody.seal_identity(keys, who)


def custodian_keys(bureau_id: int) -> list[CustodianKey]:
    """Keys of the bureau's identity custodians."""
    return list(db.session.scalars(select(CustodianKey).where(CustodianKey.bureau_id == bureau_id)))
