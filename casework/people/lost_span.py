"""A copy was brought back: what was entered after it is lost, and an entry of the office says which
entries those are.

It is sealed under a key that is not in the database: whoever has the database alone cannot call a
loss what he cut off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from casework.people.models import Bureau, OfficeEntry
from casework.vault.digest import canonical

WHAT = "restored"


@dataclass(frozen=True)
class Loss:
    """What a bureau lost: entries behind ``place``, entered between ``made`` and ``at``; up to
    ``known`` as far as anybody outside knows (0: nobody does)."""

    place: int
    made: datetime
    at: datetime
    known: int = 0
    known_at: str = ""

    def explains(self, place: int, signed_at: int) -> bool:
        """Whether a head of that place, signed then (seconds since 1970), names an entry that went
        with it."""
        return place > self.place and signed_at <= int(self.at.timestamp())


def losses(session: Session, bureau_id: int) -> list[Loss]:
    """Those of a bureau, oldest first. Read as text: what nobody can read is none, and a fault for
    ``journal verify``."""
    entries = select(cast(OfficeEntry.details, Text), Bureau.code).join(
        Bureau, Bureau.id == OfficeEntry.bureau_id
    )
    entries = entries.where(OfficeEntry.what == WHAT, OfficeEntry.bureau_id == bureau_id).order_by(
        OfficeEntry.id
    )
    return [
        _loss(said)
        for words, code in session.execute(entries)
        if _is_ours(said := _read(words), code)
    ]


def _read(words: str) -> Mapping[str, Any]:
    try:
        said = json.loads(words)
    except (ValueError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _loss(said: Mapping[str, Any]) -> Loss:
    made, at = datetime.fromisoformat(said["made"]), datetime.fromisoformat(said["at"])
    return Loss(said["place"], made, at, said["known"], said["known_at"])


def sealed(code: str, loss: Loss) -> dict[str, Any]:
    """The details of its entry."""
    said = {
        "made": loss.made.isoformat(),
        "at": loss.at.isoformat(),
        "place": loss.place,
        "known": loss.known,
        "known_at": loss.known_at,
    }
    return {**said, "seal": _seal(code, said)}


def _is_ours(said: Mapping[str, Any], code: str) -> bool:
    seal = _seal(code, {k: v for k, v in said.items() if k != "seal"})
    return hmac.compare_digest(str(said.get("seal", "")).encode(), seal.encode())


def _seal(code: str, said: Mapping[str, Any]) -> str:
    key = current_app.extensions["vault"].keyring.derive("a copy brought back")
    return hashlib.blake2b(canonical({"bureau": code, **said}), key=key, digest_size=32).hexdigest()
