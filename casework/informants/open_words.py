"""The words of identities that somebody has open just now, so that papers can be searched for them.
Kept in memory, never on a disk.

They lie sealed in the machine's memory folder (tmpfs), where every process of the server reads them
and no copy of the database or of a disk brings them along; without such a folder in this process
alone. They are dropped when the identity's time is over, and end with the machine. Whoever asks for
words that are gone while the identity is still open gets :class:`Unknown`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.informants.models import IdentityBox, IdentityOpening, IdentityRequest
from casework.store import utcnow
from casework.vault import memory


class Unknown(Exception):
    """An identity is open and its words are gone (the machine was started anew); ``until`` is when
    it closes."""

    def __init__(self, until: datetime) -> None:
        super().__init__("an open identity cannot be searched for")
        self.until = until


def hold_words(request: int, words: Iterable[str]) -> None:
    """Keep the words of the identity that a request (its id) has just opened, until
    :func:`forget_all_but` drops them."""
    sealed = current_app.extensions["vault"].seal(
        "identity.words", f"request:{request}", json.dumps(sorted(words)).encode()
    )
    folder = _folder()
    if folder is None:
        _here()[request] = sealed
        return
    memory.write(folder, str(request), sealed)


def of_reports(session: Session, reports: Collection[int]) -> frozenset[str]:
    """All words that no paper about these reports (ids) may bear now. Error: Unknown when some are
    gone."""
    query = (
        select(IdentityBox.request_id, IdentityBox.until)
        .join(IdentityRequest, IdentityRequest.id == IdentityBox.request_id)
        .where(IdentityRequest.docket_id.in_(reports), IdentityBox.until > utcnow())
        .where(exists().where(IdentityOpening.request_id == IdentityRequest.id))
    )
    found: set[str] = set()
    for request, until in session.execute(query):
        words = _of(request)
        if words is None:
            raise Unknown(until)
        found |= words
    return frozenset(found)


def _of(request: int) -> frozenset[str] | None:
    folder = _folder()
    try:
        sealed = _here()[request] if folder is None else (folder / str(request)).read_bytes()
    except (KeyError, FileNotFoundError):
        return None
    return frozenset(
        json.loads(
            current_app.extensions["vault"].open("identity.words", f"request:{request}", sealed)
        )
    )


def forget_all_but(requests: Collection[int]) -> None:
    """Drop the words of every request that is not among those ids."""
    here, folder = _here(), _folder()
    for request in [r for r in here if r not in requests]:
        here.pop(request, None)
    if folder is None or not folder.exists():
        return
    for file in folder.iterdir():
        if file.name not in map(str, requests) and not _being_written(file):
            file.unlink(missing_ok=True)
    with suppress(OSError):  # not empty yet, or another process was quicker
        folder.rmdir()


def _being_written(file: Path) -> bool:
    """Whether another process writes it just now; what one left behind that died is older."""
    with suppress(FileNotFoundError):
        return "." in file.name and time.time() - file.stat().st_mtime < 60
    return False


def _here() -> dict[int, bytes]:
    held: dict[int, bytes] = current_app.extensions.setdefault("open words", {})
    return held


def _folder() -> Path | None:
    """This installation's folder in the machine's memory; None where the machine has none."""
    return memory.folder(current_app.instance_path, current_app.config.get("MEMORY_FOLDER") or "")
