"""Half-written tips: sealed under a random key that only the person's form holds, gone after a day."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Connection, CursorResult, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.informants.models import Draft
from casework.store import db, table, utcnow, writing

KEEP = timedelta(days=1)
_table = table(Draft)
_READ = select(_table).where(_table.c.key_hash == bindparam("name"))
_ADD = insert(_table)
_REPLACE = update(_table).where(_table.c.key_hash == bindparam("name"))
_SIGNS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 20  # no 0/O, 1/I/L; 99 bits
LARGEST = 256 * 1024  # bytes of one draft without its files: far above what the form takes


class TooLarge(ValueError):
    """A draft of more than :data:`LARGEST` bytes."""


def new_key() -> str:
    """A key nobody can guess; it travels in the form and on the person's own note, never in an address or a cookie."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def good_key(key: str) -> bool:
    """Whether it has the shape of one of ours."""
    return len(key) == _LENGTH and set(key) <= set(_SIGNS)


def typed_key(text: str) -> str:
    """A key as a person wrote it down: any blanks, dashes, small or wide letters are accepted."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isascii() and c.isalnum())


def grouped(key: str) -> str:
    """Five groups of four, as shown."""
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"casework.draft").digest()


def save(key: str, content: Mapping[str, Any]) -> None:
    """Keep the draft, replacing what it held."""
    name = _hash(key)
    body = current_app.extensions["vault"].seal("draft", name.hex(), json.dumps(content, ensure_ascii=False).encode())
    row = {"key_hash": name, "body": body, "until": utcnow() + KEEP}
    with writing() as session:
        connection = session.connection()
        if not connection.execute(_REPLACE, {"name": name, **row}).rowcount:
            connection.execute(_ADD, row)


def change(key: str, alter: Callable[[dict[str, Any]], None]) -> tuple[dict[str, Any], int]:
    """Alter the draft as it stands now, under the lock: a file that arrives while words are kept is not lost.
    Answers what it holds and by how many bytes it grew. TooLarge, and nothing is kept."""
    try:
        return _change(key, alter)
    except IntegrityError:  # another request began the same draft in the same moment
        return _change(key, alter)


def _change(key: str, alter: Callable[[dict[str, Any]], None]) -> tuple[dict[str, Any], int]:
    name = _hash(key)
    with writing() as session:
        connection = session.connection()
        held = _read(connection, name, _READ.with_for_update())
        content = held[0] if held else {}
        alter(content)
        body = current_app.extensions["vault"].seal("draft", name.hex(), json.dumps(content, ensure_ascii=False).encode())
        if len(body) > LARGEST:
            raise TooLarge
        row = {"key_hash": name, "body": body, "until": utcnow() + KEEP}
        if not connection.execute(_REPLACE, {"name": name, **row}).rowcount:
            connection.execute(_ADD, row)
    return content, max(0, len(body) - (held[1] if held else 0))


def load(key: str) -> dict[str, Any] | None:
    """What the draft holds, or None when there is none (never saved, sent already, or too old)."""
    held = _read(db.session.connection(), _hash(key), _READ)
    return held[0] if held else None


def _read(connection: Connection, name: bytes, query: Any) -> tuple[dict[str, Any], int] | None:
    """What a living draft holds, and its size."""
    row = connection.execute(query, {"name": name}).one_or_none()
    if row is None or row.until < utcnow():
        return None
    return json.loads(current_app.extensions["vault"].open("draft", row.key_hash.hex(), row.body)), len(row.body)


def number() -> int:
    """How many drafts are kept."""
    return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def drop(session: Session, key: str) -> bool:
    """Forget the draft in the caller's transaction; False when it was gone: somebody sent it already."""
    gone = session.execute(delete(Draft).where(Draft.key_hash == _hash(key)))
    return cast(CursorResult[Any], gone).rowcount == 1


def sweep(session: Session) -> int:
    """Delete drafts past their day; their files are swept as orphans."""
    gone = session.execute(delete(Draft).where(Draft.until < utcnow()))
    return cast(CursorResult[Any], gone).rowcount


def files_in_use() -> set[str]:
    """Names of sealed files that living drafts hold."""
    vault, used = current_app.extensions["vault"], set()
    for row in db.session.scalars(select(Draft)):
        content = json.loads(vault.open("draft", row.key_hash.hex(), row.body))
        used |= {name for f in content.get("files", []) for name in (f["stored"], f["cleaned"]) if name}
        used |= {name for part in content.get("partial", {}).values() for name in part["pieces"]}
    return used
