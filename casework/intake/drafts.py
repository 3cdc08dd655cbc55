"""Half-written tips: sealed under a random key that only the person's form holds, gone after a day."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.informants.models import Draft
from casework.store import db, table, utcnow, writing

KEEP = timedelta(days=1)
_table = table(Draft)
_READ = select(_table).where(_table.c.key_hash == bindparam("name"))
_ADD = insert(_table)
_REPLACE = update(_table).where(_table.c.key_hash == bindparam("name"))
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def new_key() -> str:
    """A key nobody can guess; it travels in the form, never in an address or a cookie."""
    return secrets.token_urlsafe(24)


def good_key(key: str) -> bool:
    """Whether it has the shape of one of ours."""
    return bool(_KEY.fullmatch(key))


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


def load(key: str) -> dict[str, Any] | None:
    """What the draft holds, or None when there is none (never saved, sent already, or too old)."""
    row = db.session.connection().execute(_READ, {"name": _hash(key)}).one_or_none()
    if row is None or row.until < utcnow():
        return None
    opened: dict[str, Any] = json.loads(current_app.extensions["vault"].open("draft", row.key_hash.hex(), row.body))
    return opened


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
