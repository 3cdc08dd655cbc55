"""A person's row with roles, cards and key of a custodian, sealed under a key of the key file
(decision 0048).

Who has the database alone could put another password, a role or a card there, use it for an hour
and put back what stood. Nobody gets in by a row, and no role, card or key counts, while the whole
of it is not what the program sealed. That is asked wherever the row is read, in memory; what else
was changed is found in the night (:mod:`casework.people.row_journal`).

Who seals anew, and when: :mod:`casework.people.resealing`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from casework.people.guarded_rows import said
from casework.people.models import Person
from casework.store import Model, table
from casework.vault.digest import canonical

# rows that are sealed with their person's
PARTS = ("custodian_key", "enforcement_card", "person_role")
Parts = Mapping[str, Iterable[Any]]  # table → the person's rows there
_person = table(Person)


def part(name: str) -> Table:
    """One of those tables."""
    return Model.metadata.tables[name]


# -- what a seal says
def seal_fits(row: Any, parts: Parts) -> bool:
    """Whether row and parts (mappings by column) are what the program sealed."""
    return hmac.compare_digest(str(row["seal"]).encode(), person_seal(row, parts).encode())


def person_seal(row: Any, parts: Parts) -> str:
    """Bound to the row's number and all that it says: one that was made for another row, or without
    the key, never fits."""
    key = current_app.extensions["vault"].keyring.derive("seals of people")
    whole = {
        name: sorted((said(part(name), r) for r in parts[name]), key=canonical) for name in PARTS
    }
    return hashlib.blake2b(
        canonical([said(_person, row), whole]), key=key, digest_size=32
    ).hexdigest()


# -- verifying
def broken(session: Session) -> Iterator[int]:
    """Numbers of those who are not what was sealed."""
    parts = {
        name: session.connection().execute(select(part(name))).mappings().all() for name in PARTS
    }
    for row in session.connection().execute(select(_person).order_by(_person.c.id)).mappings():
        if not seal_fits(
            row,
            {
                name: [r for r in rows if r["person_id"] == row["id"]]
                for name, rows in parts.items()
            },
        ):
            yield row["id"]
