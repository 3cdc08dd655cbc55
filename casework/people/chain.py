"""The chain of a bureau: every entry of every journal, in the order in which they were written.

A docket's own chain shows that nothing within it was changed. This one runs over the journals of
all dockets and that of the office, so that a docket that is gone, a tail that was cut off and an
entry of today are missed at once. Its newest link is signed outside the database
(:mod:`casework.people.heads`).

Hashes need no key, so that an archive can check them; so anybody could make the chain longer. That
a link was made by the program its seal says, under a key of the key file (decision 0048).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from casework.people.models import ChainLink
from casework.store import at_end, hold_bureau, table
from casework.vault.digest import canonical, sm3

GENESIS = "0" * 64
_ROOM = 0x4348  # of PostgreSQL's advisory locks, beside that of the numbers
Marks = Mapping[int, Collection[str]]  # place → every hash that somebody says stood there
_link = table(ChainLink)
_LAST = select(_link.c.place, _link.c.hash).order_by(_link.c.place.desc()).limit(1)
_ADD = insert(_link)


@dataclass(frozen=True)
class Written:
    """An entry that this transaction wrote and that has no place in the chain yet: an act or an
    entry of the office, by id."""

    bureau_id: int
    hash: str
    act_id: int | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class Head:
    """The newest link of a bureau: how many entries stand in its chain, and the hash over all of
    them."""

    place: int
    hash: str


BEGINNING = Head(0, GENESIS)


def append_link(session: Session, written: Written) -> None:
    """Add the entry's link to its bureau's chain. Called last in a transaction, since other writers
    wait for the chain."""
    at_end(session, _lengthen, written)


def head(session: Session, bureau_id: int) -> Head:
    """The newest link; place 0 before the first entry."""
    last = session.connection().execute(_LAST.where(_link.c.bureau_id == bureau_id)).first()
    return Head(*last) if last else BEGINNING


def hash_at(session: Session, bureau_id: int, place: int) -> str:
    """The hash of a link; that of the beginning for place 0, "" where there is none."""
    if place == 0:
        return GENESIS
    found = select(_link.c.hash).where(_link.c.bureau_id == bureau_id, _link.c.place == place)
    return session.connection().scalar(found) or ""


def place_of(session: Session, bureau_id: int, hash_: str) -> int:
    """Where the chain has that hash; 0 for nowhere."""
    found = (
        select(_link.c.place).where(_link.c.bureau_id == bureau_id, _link.c.hash == hash_).limit(1)
    )
    return session.connection().scalar(found) or 0


def hash_of(bureau_id: int, place: int, entry: str, prev: str) -> str:
    """What a link says: its place, the hash of the entry there, and the link before it (SM3 without
    a key, so that an archive can check it)."""
    return sm3(canonical({"bureau": bureau_id, "place": place, "entry": entry, "prev": prev}))


def seal_of(hash_: str) -> str:
    """What only who holds the key file makes of a link's hash."""
    key = current_app.extensions["vault"].keyring.derive("links of the chain")
    return hashlib.blake2b(hash_.encode(), key=key, digest_size=16).hexdigest()


def _lengthen(session: Session, entries: list[Written]) -> None:
    # in one order, so that nobody waits in a circle
    for bureau_id in sorted({e.bureau_id for e in entries}):
        # two transactions that end at once would both take the same place
        hold_bureau(session, _ROOM, bureau_id)
        last, rows = head(session, bureau_id), []
        for entry in entries:
            if entry.bureau_id != bureau_id:
                continue
            last = Head(last.place + 1, hash_of(bureau_id, last.place + 1, entry.hash, last.hash))
            rows.append(_row(entry, last))
        session.connection().execute(_ADD, rows)


def _row(entry: Written, at: Head) -> dict[str, Any]:
    return {
        "bureau_id": entry.bureau_id,
        "place": at.place,
        "hash": at.hash,
        "entry": entry.hash,
        "act_id": entry.act_id,
        "office_id": entry.office_id,
        "seal": seal_of(at.hash),
    }


def link_faults(
    session: Session, bureau_id: int, marks: Marks, after: Head = BEGINNING
) -> Iterator[tuple[int, str]]:
    """Places behind ``after`` that do not hold, with what is wrong. Stops at the first: what
    follows rests on it.

    «missing»; «broken» (not the hash it should be); «foreign» (put in by somebody without the key
    file); «cut» (a head that was kept outside, in ``marks``, is not there any more)."""
    prev, expected = after.hash, after.place + 1
    rows = session.execute(
        select(_link.c.place, _link.c.hash, _link.c.entry, _link.c.seal)
        .where(_link.c.bureau_id == bureau_id, _link.c.place > after.place)
        .order_by(_link.c.place)
    )
    for place, found, entry, seal in rows.yield_per(1000):
        if place != expected:
            yield expected, "missing"
            return
        if found != hash_of(bureau_id, place, entry, prev):
            yield place, "broken"
            return
        if not hmac.compare_digest(seal.encode(), seal_of(found).encode()):
            yield place, "foreign"
            return
        if set(marks.get(place, ())) - {found}:
            yield place, "cut"
            return
        prev, expected = found, place + 1
    yield from ((place, "cut") for place in sorted(marks) if place >= expected)
