"""The office's own journal (管理记录): who changed people, settings, keys or the calendar, and what
was destroyed.

In the form of a docket's: the chain covers a skeleton and a salted digest of the details, which may
be emptied by a destruction while the chain still holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.people import chain
from casework.people.models import OfficeEntry
from casework.store import utcnow
from casework.vault.digest import canonical, salted_digest, sm3


def enter(
    session: Session,
    bureau_id: int,
    actor_id: int | None,
    what: str,
    about: str,
    details: Mapping[str, Any],
    at: datetime | None = None,
) -> None:
    """One entry; days in ``details`` are kept as ISO texts. ``actor_id`` None: from the command
    line, or by time itself."""
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in details.items()}
    salt = secrets.token_bytes(16)
    entry = OfficeEntry(
        bureau_id=bureau_id,
        actor_id=actor_id,
        at=at or utcnow().replace(microsecond=0),
        what=what,
        about=about[:200],
        details=plain,
        salt=salt,
        digest=salted_digest(salt, canonical(plain)),
    )
    session.add(entry)
    session.flush()
    chain.append_link(session, chain.Written(bureau_id, hash_of(entry), office_id=entry.id))


def hash_of(entry: OfficeEntry) -> str:
    """What the chain covers of an entry: everything but the details themselves."""
    return sm3(
        canonical(
            {
                "office": entry.id,
                "bureau": entry.bureau_id,
                "actor": entry.actor_id,
                "at": int(entry.at.timestamp()),
                "what": entry.what,
                "about": entry.about,
                "details": entry.digest,
            }
        )
    )


def details_hold(entry: OfficeEntry) -> bool:
    """Whether the details are those that were entered."""
    return salted_digest(entry.salt, canonical(entry.details)) == entry.digest
