"""A new receipt code after a step of the journal allowed one; it replaces the fingerprint of the
old."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket.models import Docket
from casework.identity import custody
from casework.informants import codes
from casework.informants.models import CodeRenewal, Receipt
from casework.people.may import today
from casework.people.models import Person
from casework.store import db, utcnow, writing
from casework.vault import receipt


def new_code_waits(docket_id: int) -> bool:
    """Whether two officers agreed and no code was made since."""
    return _unmade(db.session(), docket_id) is not None


def _unmade(session: Session, docket_id: int) -> CodeRenewal | None:
    query = select(CodeRenewal).where(
        CodeRenewal.docket_id == docket_id, CodeRenewal.made_at.is_(None)
    )
    return session.scalars(query.order_by(CodeRenewal.id).limit(1)).one_or_none()


def replace_code(person: Person, docket_id: int) -> str | None:
    """Make the new code, to be shown once; the old one opens nothing from now on. None where no
    step allows one."""
    code = receipt.new_code()
    with writing() as session:
        renewal = _unmade(session, docket_id)
        if renewal is None:
            return None
        renewal.made_at = utcnow()
        row = session.get(Receipt, docket_id, with_for_update=True)
        if row is None:
            session.add(
                Receipt(
                    docket_id=docket_id, fingerprint=codes.code_fingerprint(code), must_change=True
                )
            )
        else:
            codes.replace(session, row, code, today(), must_change=True)  # staff have seen it
        custody.note_for_auditor(
            session, person, "receipt.renew", session.get_one(Docket, docket_id).number
        )
    return code
