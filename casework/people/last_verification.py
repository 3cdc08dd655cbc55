"""The result of the last verification: when, of what, how many faults; signed and kept outside the
database.

Who can write the database sets nothing here, and who can write this folder but holds no keys can at
most put back an earlier result, which says its day. The next quick look begins where the last whole
one without a fault ended; a place that nobody signed, or that the chain does not have any more,
makes it a whole one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people import chain, heads
from casework.people.chain import Head
from casework.people.models import Bureau
from casework.store import utcnow
from casework.vault.digest import canonical
from casework.vault.keys import KeyRing
from casework.vault.placed import put_in_place

LATE = timedelta(days=2)  # after which a result says nothing of today
WHOLE_AGAIN = timedelta(days=7)


@dataclass(frozen=True)
class Look:
    """One verification of the whole instance. ``places``: bureau's code → the newest link that the
    last whole look without a fault saw, at ``whole_at``; they stay when later looks find faults."""

    at: datetime
    whole: bool
    faults: int
    signed: bool  # the newest link of every bureau was signed beside the database
    whole_at: datetime | None = None
    places: Mapping[str, Head] = field(default_factory=dict)


class NotOurs(Exception):
    """The file was not written by this instance, or names a day that has not come."""


def result_path() -> Path:
    """Path of the file of the last result."""
    return Path(current_app.instance_path) / "verified.json"


def write_result(look: Look) -> None:
    """Sign and write it. OSError where the file cannot be written."""
    said = _said(look)
    put_in_place(
        result_path(),
        json.dumps(
            {"said": said, "signature": _key().sign(canonical(said)).signature.hex()}, indent=1
        ),
    )


def read_result() -> Look | None:
    """The last result; None before the first. NotOurs where nothing in the file can be relied
    on."""
    try:
        raw = json.loads(result_path().read_text("utf-8"))
        _key().verify_key.verify(canonical(raw["said"]), bytes.fromhex(raw["signature"]))
        found = _look(raw["said"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadSignatureError) as error:
        raise NotOurs(result_path().name) from error
    if found.at > utcnow() + timedelta(minutes=5):
        raise NotOurs(result_path().name)
    return found


def _key() -> SigningKey:
    keys: KeyRing = current_app.extensions["vault"].keyring
    return SigningKey(keys.derive("result of the last verification"))


def _said(look: Look) -> dict[str, Any]:
    return {
        "at": int(look.at.timestamp()),
        "whole": look.whole,
        "faults": look.faults,
        "signed": look.signed,
        "whole_at": int(look.whole_at.timestamp()) if look.whole_at else None,
        "places": {code: asdict(head) for code, head in look.places.items()},
    }


def _look(said: Mapping[str, Any]) -> Look:
    places = {code: Head(**head) for code, head in said["places"].items()}
    whole_at = _moment(said["whole_at"]) if said["whole_at"] else None
    return Look(
        _moment(said["at"]), said["whole"], said["faults"], said["signed"], whole_at, places
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


# -- what the pages say
def state(session: Session, bureau_id: int) -> tuple[str, Look | None]:
    """What is to be said today, with the result: never · not ours · rewritten · no head · faults ·
    late · unsigned · good.

    «rewritten» is asked of the database at this moment: the head that was kept is not in the chain
    any more. «no head»: none lies beside the database, and nothing is signed until a person has
    that done."""
    try:
        look = read_result()
    except NotOurs:
        return "not ours", None
    if word := _head(session, bureau_id):
        return word, look
    if look is None:
        return "never", None
    if look.faults:
        return "faults", look
    if utcnow() - look.at > LATE:
        return "late", look
    return ("good" if look.signed else "unsigned"), look


def _head(session: Session, bureau_id: int) -> str:
    """What is wrong with the head that was kept; "" for nothing."""
    keys: KeyRing = current_app.extensions["vault"].keyring
    try:
        kept = heads.read_file(heads.heads_path()).get(
            session.scalar(select(Bureau.code).where(Bureau.id == bureau_id)) or ""
        )
    except heads.Unreadable:
        return "rewritten"
    if kept is None:
        return "no head" if heads.was_signed(session, bureau_id) else ""
    return "" if heads.stands(session, keys, bureau_id, kept) else "rewritten"


def places_hold(session: Session, look: Look) -> bool:
    """Whether a quick look may begin where that result ended: there is such a place, and the chains
    still have it."""
    numbers = {b.code: b.id for b in session.scalars(select(Bureau))}
    return bool(look.places) and all(
        code in numbers and chain.hash_at(session, numbers[code], head.place) == head.hash
        for code, head in look.places.items()
    )
