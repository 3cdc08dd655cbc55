"""Words in the sealed entries of dockets, without an index of them.

Each look opens the entries of some dockets with their own keys and forgets them again (decision
0064): nothing of what is sealed lies anywhere else, and a destroyed docket has nothing to be found
by.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket.journal import data_key_name, opened
from casework.docket.models import Act, ActBody, Docket
from casework.docket.visible import visible_to
from casework.people.may import Scope
from casework.procedure.personal import texts
from casework.vault.sealing import DataKey, Vault

_BETWEEN = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """The letters and digits of a text alone, in one form: what bears other words bears them in
    this form, too."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def next_dockets(session: Session, scope: Scope, before: int, most: int) -> Sequence[Any]:
    """Id and wrapped key of the dockets that the person sees whole, newest first, from the one
    before that id on (0: from the newest); one statement."""
    wanted = select(Docket.id, Docket.data_key).where(visible_to(scope))
    if before:
        wanted = wanted.where(Docket.id < before)
    found = wanted.order_by(Docket.id.desc()).limit(most)
    return session.connection().execute(found).all()


def bearing(
    session: Session, vault: Vault, dockets: Sequence[Any], words: str
) -> Iterator[tuple[int, bool]]:
    """Of each docket, in their order: its id, and whether an entry may bear the words; one
    statement. It may say yes in vain, never no. What cannot be opened bears nothing."""
    wanted, keys = bare(words), {d.id: d.data_key for d in dockets}
    bodies: dict[int, list[Any]] = {}
    entries = select(Act.docket_id, Act.seq, ActBody.body).join(ActBody, ActBody.act_id == Act.id)
    read = entries.where(Act.docket_id.in_(keys))
    for row in session.connection().execute(read):
        bodies.setdefault(row.docket_id, []).append(row)
    for number, wrapped in keys.items():
        yield number, _bears(vault, number, wrapped, bodies.get(number, ()), wanted)


def _bears(vault: Vault, number: int, wrapped: bytes, rows: Iterable[Any], wanted: str) -> bool:
    try:
        key: DataKey = vault.unwrap(data_key_name(number), wrapped)
        payloads = (opened(key, number, row.seq, row.body).stored() for row in rows)
        return any(wanted in bare("\n".join(texts(p))) for p in payloads)
    except ValueError:  # Tampered is one: its page says so
        return False
