"""Keeps the sums of a case's fine in a row, for lists and statistics, after every act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework.acts.facts import PENALTIES, gather
from casework.docket.models import FAR, Docket, Fine
from casework.procedure.facts import Facts
from casework.procedure.fines import Account, account
from casework.store import table
from casework.vault.sealing import Vault

TOPIC = "fine"  # in the outbox, from a migration: a docket whose row is still to be made


def concerned(facts: Facts, step: str) -> bool:
    """Whether the case has a penalty, or ``step`` imposes one."""
    return step in PENALTIES or facts.did(*PENALTIES)


def update_account(
    session: Session, vault: Vault, docket: Docket, now: datetime | None = None
) -> None:
    """Work the account out from the journal and write its row, in the caller's transaction and
    after all other effects of the act."""
    session.flush()
    found = account(gather(session, vault, docket, None, now))
    session.execute(delete(Fine).where(Fine.docket_id == docket.id))
    if found is not None:
        session.connection().execute(table(Fine).insert(), account_row(docket, found))


def account_row(docket: Docket, a: Account) -> dict[str, object]:
    """An account as columns of ``Fine``; sums in fen, days as ordinals."""
    return {
        "docket_id": docket.id,
        "bureau_id": docket.bureau_id,
        "decided": a.decided,
        "levied": a.levied,
        "paid": a.paid,
        "apart": a.apart,
        "over": a.over,
        "late_days": a.late_days,
        "runs_from": (a.runs_from or FAR).toordinal(),
    }
