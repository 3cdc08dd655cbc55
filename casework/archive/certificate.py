"""清册 and 证明 of a batch: numbers alone, drawn from the batch's own rows; the certificate is kept
for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.draw import wording
from casework.archive.records import Destruction, DestructionItem
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.store import utcnow
from casework.web.filters import SHANGHAI
from letters.archive import DestructionCertificate, DestructionList
from letters.base import BureauHead
from letters.casefile import term_words
from letters.format import printed_date, word


def items_of(session: Session, number: int) -> Sequence[DestructionItem]:
    """The lines of a batch, in the order of their numbers."""
    query = select(DestructionItem).where(DestructionItem.destruction_id == number)
    return session.scalars(query.order_by(DestructionItem.kind, DestructionItem.docket_id)).all()


def draw_list(session: Session, batch: Destruction) -> bytes:
    """销毁清册 of a batch as PDF, for the signatures."""
    return DestructionList(**_common(session, batch)).draw()


def draw_certificate(session: Session, batch: Destruction) -> bytes:
    """销毁证明 of a batch as PDF, as things stand now."""
    rows = items_of(session, batch.id)
    left = sum(bool(r.left_out) for r in rows)
    return DestructionCertificate(
        **_common(session, batch),
        done=printed_date(utcnow().astimezone(SHANGHAI).date()),
        destroyed=str(len(rows) - left),
        left=str(left) if left else "",
    ).draw()


def keep_certificate(session: Session, batch: Destruction) -> None:
    """Seal the certificate in the store; its digests go into the batch's row."""
    stored = current_app.extensions["sealed_store"].put(draw_certificate(session, batch))
    batch.stored, batch.sha256, batch.sm3 = stored.name, stored.sha256, stored.sm3


def _common(session: Session, batch: Destruction) -> dict[str, Any]:
    bureau = session.get_one(Bureau, batch.bureau_id)
    confirmer = session.get_one(Person, batch.confirmer_id).name if batch.confirmer_id else ""
    return {
        "bureau": BureauHead(bureau.name, bureau.name),
        "number": batch.number,
        "on": today(),
        "wording": wording(),
        "report": batch.report,
        "proposer": session.get_one(Person, batch.proposer_id).name,
        "proposed": printed_date(batch.proposed_at.astimezone(SHANGHAI).date()),
        "confirmer": confirmer,
        "confirmed": printed_date(batch.confirmed_at.astimezone(SHANGHAI).date())
        if batch.confirmed_at
        else "",
        "entries": tuple(entry(r) for r in items_of(session, batch.id)),
    }


def entry(row: DestructionItem) -> dict[str, str]:
    """One line in words."""
    return {
        "entry_number": row.number,
        "entry_kind": word(f"archive_{row.kind}"),
        "year": str(row.since.year),
        "term": term_words(row.term),
        "due": f"{row.due.year - 1}-12-31",
        "remark": word("archive_stays") if row.left_out else "",
    }
