"""Half-written tips: sealed under a random key that only the person's form holds, gone after a day.

The server keeps a hash of that key: it can find the draft that a form names, and open none by
itself. Of its own it knows which sealed files are in use.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from nacl.secret import SecretBox
from sqlalchemy import CursorResult, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.informants.models import Draft
from casework.store import db, table, utcnow, writing

KEEP = timedelta(days=1)
_table = table(Draft)
_THIS = _table.c.key_hash == bindparam("name")
_READ = select(_table).where(_THIS)
_LOCKED = _READ.with_for_update()
_ADD, _REPLACE, _DROP = insert(_table), update(_table).where(_THIS), delete(_table).where(_THIS)
_NUMBER = select(func.count()).select_from(_table)
_SIGNS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 20  # no 0/O, 1/I/L; 99 bits
_DISCARDED = "discarded"  # all that is left of a draft that was thrown away
LARGEST = 256 * 1024  # bytes of one draft without its files: far above what the form takes


class TooLarge(ValueError):
    """A draft of more than :data:`LARGEST` bytes."""


class TooMany(ValueError):
    """As many drafts as may be are kept already."""


class Discarded(Exception):
    """Its person has thrown the draft away: what a script still sends is not kept."""


class Overtaken(Exception):
    """The draft is not what it was when the page was drawn that would send it."""


def new_draft_key() -> str:
    """A random key. It travels in the form and on the person's note, never in an address or
    cookie."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def good_key(key: str) -> bool:
    """Whether it has the shape of one of ours."""
    return len(key) == _LENGTH and set(key) <= set(_SIGNS)


def typed_key(text: str) -> str:
    """A key as a person wrote it down: any blanks, dashes, small or wide letters are accepted."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text).upper() if c.isascii() and c.isalnum()
    )


def grouped_draft_code(key: str) -> str:
    """Five groups of four, as shown."""
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"casework.draft").digest()


def save(key: str, content: Mapping[str, Any]) -> None:
    """Keep the draft, replacing what it held."""
    name = _hash(key)
    row = {"key_hash": name, "body": _sealed(key, content), "until": utcnow() + KEEP}
    with writing() as session:
        connection = session.connection()
        if not connection.execute(_REPLACE, {"name": name, **row}).rowcount:
            connection.execute(_ADD, row)


@dataclass(frozen=True)
class Changed:
    """A draft after its change."""

    content: dict[str, Any]
    grown: int  # bytes
    new: bool


def change(key: str, alter: Callable[[dict[str, Any]], None], room: int) -> Changed:
    """Alter the draft as it stands now, under the lock: a file that arrives while words are kept is
    not lost. ``room``: how many drafts may be kept in all. TooLarge or TooMany, and nothing is
    kept."""
    try:
        return _change(key, alter, room)
    except IntegrityError:  # another request began the same draft in the same moment
        return _change(key, alter, room)


def _in_time(row: Any) -> Any:
    """The row of a draft while it is kept; None after."""
    return row if row is not None and row.until >= utcnow() else None


def _change(key: str, alter: Callable[[dict[str, Any]], None], room: int) -> Changed:
    name = _hash(key)
    with writing() as session:
        connection = session.connection()
        there = connection.execute(_LOCKED, {"name": name}).one_or_none()
        held = _in_time(there)
        if held is None and (connection.scalar(_NUMBER) or 0) >= room:
            raise TooMany
        content = _opened(key, held) if held else {}
        if _DISCARDED in content:
            raise Discarded
        alter(content)
        body = _sealed(key, content)
        if len(body) > LARGEST:
            raise TooLarge
        row = {"key_hash": name, "body": body, "until": utcnow() + KEEP}
        connection.execute(_ADD if there is None else _REPLACE, {"name": name, **row})
    size_before = len(held.body) if held else 0
    return Changed(content, max(0, len(body) - size_before), held is None)


def load_draft(key: str) -> dict[str, Any] | None:
    """What the draft holds, or None when there is none (never saved, sent already, thrown away, or
    too old)."""
    row = db.session.connection().execute(_READ, {"name": _hash(key)}).one_or_none()
    content = None if row is None or row.until < utcnow() else _opened(key, row)
    return None if content is None or _DISCARDED in content else content


# -- two seals: the person's around everything, the server's around that and the names of files
def _own(key: str) -> SecretBox:
    return SecretBox(
        hashlib.blake2b(key.encode(), digest_size=32, person=b"casework.words").digest()
    )


def _sealed(key: str, content: Mapping[str, Any]) -> bytes:
    box = bytes(_own(key).encrypt(json.dumps(content, ensure_ascii=False).encode()))
    outer = {"used": sorted(_used(content)), "box": base64.b64encode(box).decode()}
    sealed: bytes = current_app.extensions["vault"].seal(
        "draft", _hash(key).hex(), json.dumps(outer).encode()
    )
    return sealed


def _outer(row: Any) -> dict[str, Any]:
    outer: dict[str, Any] = json.loads(
        current_app.extensions["vault"].open("draft", row.key_hash.hex(), row.body)
    )
    return outer


def _opened(key: str, row: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_own(key).decrypt(base64.b64decode(_outer(row)["box"])))
    return content


def _used(content: Mapping[str, Any]) -> set[str]:
    """Names of sealed files that a draft holds."""
    used = {name for f in content.get("files", []) for name in (f["stored"], f["cleaned"]) if name}
    return used | {name for part in content.get("partial", {}).values() for name in part["pieces"]}


def take_draft(session: Session, key: str, same: Callable[[dict[str, Any]], bool]) -> bool:
    """Take the draft out in the caller's transaction, which sends what it holds; False when it is
    gone: somebody sent it already. Overtaken when it is no longer ``same``: nothing is taken."""
    there = session.connection().execute(_LOCKED, {"name": _hash(key)}).one_or_none()
    if there is None:
        return False
    content = _opened(key, there)
    if _DISCARDED in content:
        return False
    if not same(content):
        raise Overtaken
    return drop(session, key)


def drop(session: Session, key: str) -> bool:
    """Delete the draft in the caller's transaction; False when it was gone already."""
    return session.connection().execute(_DROP, {"name": _hash(key)}).rowcount == 1


def discard(key: str) -> bool:
    """Delete a draft and its files at once; False when there is none.

    A mark without a word in it stays for the rest of the day: a script may still be sending words
    of that draft.
    """
    name = _hash(key)
    with writing() as session:
        connection = session.connection()
        there = connection.execute(_LOCKED, {"name": name}).one_or_none()
        content = _opened(key, there) if there is not None else {}
        if there is None or _DISCARDED in content:
            return False
        row = {"key_hash": name, "body": _sealed(key, {_DISCARDED: True}), "until": there.until}
        connection.execute(_REPLACE, {"name": name, **row})
    delete_files(_used(content))
    return True


def delete_files(names: Iterable[str]) -> None:
    """Destroy sealed files that no draft holds any more."""
    for name in names:
        current_app.extensions["sealed_store"].shred(name)


def sweep(session: Session) -> int:
    """Delete drafts past their day; their files are swept as orphans."""
    gone = session.execute(delete(Draft).where(Draft.until < utcnow()))
    return cast(CursorResult[Any], gone).rowcount


def files_in_use() -> set[str]:
    """Names of sealed files that living drafts hold."""
    return {name for row in db.session.scalars(select(Draft)) for name in _outer(row)["used"]}
