"""The journal of a docket: entries are added, sealed and chained; nothing else ever happens to
them.

The chain covers a skeleton of each entry and a salted digest of its payload, so that keys can
rotate and payloads can be destroyed while the chain still verifies.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy.orm import Session

from casework.docket.models import Act, ActBody, Docket
from casework.people import chain
from casework.procedure.ids import StepId
from casework.procedure.payload import UNREADABLE, Asked, Payload
from casework.store import table
from casework.vault.digest import canonical, salted_digest, sm3
from casework.vault.sealing import DataKey, Vault

GENESIS = "0" * 64
# built once, and past the session: nothing else is flushed
_ADD = insert(table(Act)).returning(table(Act).c.id)
_ADD_BODY = insert(table(ActBody))
_READ = (
    select(Act, ActBody.body)
    .outerjoin(ActBody, ActBody.act_id == Act.id)
    .where(Act.docket_id == bindparam("docket"))
    .order_by(Act.seq)
)


@dataclass(frozen=True)
class NewEntry:
    """One entry before it has a number in the journal."""

    track: str
    step: StepId
    verb: str
    version: str
    actor_id: int | None
    on: date
    at: datetime
    payload: Payload = field(default_factory=Payload)
    effects: tuple[Mapping[str, Any], ...] = ()


def data_key_name(docket_id: int) -> str:
    """The name under which a docket's data key is bound to it."""
    return f"docket:{docket_id}"


def key_of(vault: Vault, docket: Docket) -> DataKey:
    """The docket's data key."""
    return vault.unwrap(data_key_name(docket.id), docket.data_key)


def skeleton(docket_id: int, seq: int, entry: NewEntry, digest: str, prev: str) -> dict[str, Any]:
    """What the chain covers: everything but the payload itself."""
    return {
        "docket": docket_id,
        "seq": seq,
        "track": entry.track,
        "step": entry.step,
        "verb": entry.verb,
        "version": entry.version,
        "actor": entry.actor_id,
        "on": entry.on.isoformat(),
        "at": int(entry.at.timestamp()),
        "effects": list(entry.effects),
        "payload": digest,
        "prev": prev,
    }


def append(session: Session, vault: Vault, docket: Docket, entry: NewEntry, prev: str) -> int:
    """Write one entry after ``prev`` (the hash of the last) and answer its row id. The docket row
    must be locked."""
    seq, salt = docket.last_seq + 1, secrets.token_bytes(16)
    body = canonical(entry.payload.stored())
    digest = salted_digest(salt, body)
    digest_of_entry = sm3(canonical(skeleton(docket.id, seq, entry, digest, prev)))
    connection = session.connection()
    act_id = connection.execute(
        _ADD,
        {
            "docket_id": docket.id,
            "seq": seq,
            "track": entry.track,
            "step": entry.step,
            "verb": entry.verb,
            "version": entry.version,
            "actor_id": entry.actor_id,
            "on": entry.on,
            "at": entry.at,
            "effects": list(entry.effects),
            "digest": digest,
            "prev": prev,
            "hash": digest_of_entry,
        },
    ).scalar_one()
    sealed = key_of(vault, docket).seal(f"act:{docket.id}:{seq}", body)
    connection.execute(_ADD_BODY, {"act_id": act_id, "salt": salt, "body": sealed})
    chain.append_link(session, chain.Written(docket.bureau_id, digest_of_entry, act_id=act_id))
    docket.last_seq = seq
    return int(act_id)


def last_hash(session: Session, docket_id: int, seq: int) -> str:
    """Hash of the entry with that number; the genesis value before the first."""
    if not seq:
        return GENESIS
    found = session.scalar(select(Act.hash).where(Act.docket_id == docket_id, Act.seq == seq))
    return found or GENESIS


@dataclass(frozen=True)
class Read:
    """An entry with its opened payload."""

    act: Act
    payload: Payload


class UnreadEntry(ValueError):
    """An entry that does not have the form in which entries are written: somebody meddled with it.
    ``docket``: the docket's number; ``part``: payload or effects."""

    def __init__(self, docket: str, seq: int, part: str) -> None:
        self.docket, self.seq, self.part = docket, seq, part
        super().__init__(f"entry {seq}: its {part} cannot be read")


def read_entries(session: Session, vault: Vault, docket: Docket) -> list[Read]:
    """All entries of a docket, oldest first, in one statement; of a destroyed one the skeletons
    alone. Error: UnreadEntry for the first whose payload does not open or is none."""
    key = key_of(vault, docket) if docket.data_key else DataKey(b"")
    rows = session.execute(_READ, {"docket": docket.id}).all()
    return [Read(act, _payload(key, docket, act.seq, body)) for act, body in rows]


def _payload(key: DataKey, docket: Docket, seq: int, body: bytes | None) -> Payload:
    try:
        return opened(key, docket.id, seq, body)
    except UNREADABLE as error:
        raise UnreadEntry(docket.number, seq, "payload") from error


def first(session: Session, vault: Vault, docket_ids: Collection[int]) -> dict[int, Asked]:
    """The answers of the first entry of each of some dockets, in one statement; destroyed ones are
    left out."""
    rows = session.execute(
        select(Docket, ActBody.body)
        .join(Act, (Act.docket_id == Docket.id) & (Act.seq == 1))
        .join(ActBody, ActBody.act_id == Act.id)
        .where(Docket.id.in_(docket_ids))
    ).all()
    return {
        d.id: opened(key_of(vault, d), d.id, 1, body).answers
        for d, body in rows
        if body is not None
    }


def opened(key: DataKey, docket_id: int, seq: int, body: bytes | None) -> Payload:
    """The payload of an entry; an empty one where there is no body. Tampered where it does not
    open."""
    if body is None:  # destroyed after its retention
        return Payload()
    return Payload.read(json.loads(key.open(f"act:{docket_id}:{seq}", body)))


@dataclass(frozen=True)
class Fault:
    """The first entry that does not hold, of a docket (its number), of the office or of a bureau's
    chain (its code)."""

    docket: str
    seq: int
    what: str  # in casework.upkeep.fault_words stand all of them
    detail: str = ""  # which table and column, or which file


def verify_chains(
    session: Session, vault: Vault, only: Collection[int] | None = None
) -> Iterable[Fault]:
    """Check the chain of every docket, or of those ids; whether all dockets are there is asked by
    :mod:`casework.docket.chains`."""
    for docket in session.scalars(among(select(Docket).order_by(Docket.id), only)).yield_per(200):
        fault = _fault_of(session, vault, docket)
        if fault:
            yield fault


def among(dockets: Select[Any], only: Collection[int] | None) -> Select[Any]:
    """The same query, of those ids alone; None: of all."""
    return dockets if only is None else dockets.where(Docket.id.in_(only))


def _fault_of(session: Session, vault: Vault, docket: Docket) -> Fault | None:
    prev, expected = GENESIS, 1
    for act, salt, body in _raw(session, docket.id):
        if act.seq != expected:
            return Fault(docket.number, expected, "missing")
        if act.prev != prev or act.hash != _hash_of(act, docket.id):
            return Fault(docket.number, act.seq, "broken")
        if not _payload_good(vault, docket, act, salt, body):
            return Fault(docket.number, act.seq, "payload")
        prev, expected = act.hash, expected + 1
    return Fault(docket.number, expected, "cut") if expected - 1 != docket.last_seq else None


def _raw(session: Session, docket_id: int) -> Iterable[Any]:
    return session.execute(
        select(Act, ActBody.salt, ActBody.body)
        .outerjoin(ActBody, ActBody.act_id == Act.id)
        .where(Act.docket_id == docket_id)
        .order_by(Act.seq)
    ).all()


def _hash_of(act: Act, docket_id: int) -> str:
    entry = NewEntry(
        act.track,
        act.step,
        act.verb,
        act.version,
        act.actor_id,
        act.on,
        act.at,
        effects=tuple(act.effects),
    )
    return sm3(canonical(skeleton(docket_id, act.seq, entry, act.digest, act.prev)))


def _payload_good(vault: Vault, docket: Docket, act: Act, salt: bytes, body: bytes | None) -> bool:
    """It opens and is what the chain covers; only a destroyed docket, which has no key any more,
    has none."""
    if body is None or not docket.data_key:
        return body is None and not docket.data_key
    try:
        opened = key_of(vault, docket).open(f"act:{docket.id}:{act.seq}", body)
    except ValueError:  # Tampered is one
        return False
    return salted_digest(salt, opened) == act.digest
