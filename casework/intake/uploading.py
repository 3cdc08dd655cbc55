"""Files of the public side: how many and how much a tip, and a day, may bring; and the sentences for what is refused."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.evidence.models import Attachment
from casework.evidence.uploads import NotTaken, Upload, take_in, title_of
from casework.intake import flood
from casework.people.facts import settings_of
from casework.people.may import today
from casework.store import db

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a bureau takes; bytes and numbers of files."""

    max_bytes: int
    max_files: int
    max_total: int
    day_total: int
    day_one: int  # of one sender
    public: bool = True  # what staff bring is not held against the day


def limits_of(bureau_id: int, public: bool = True) -> Limits:
    """The bureau's limits of today."""
    settings = settings_of(bureau_id, today())
    values = {k: int(settings.number(f"upload.{k}")) for k in ("max_bytes", "max_files", "max_total", "day_total", "day_one")}
    return Limits(**values, public=public)


class DayTotal:
    """Bytes that the public side took in today, in this process: from all, and from each sender under a name that changes
    with the day and cannot be led back to an address."""

    def __init__(self) -> None:
        self._lock, self._day, self._key = threading.Lock(), date.min, b""
        self._bytes: Counter[bytes] = Counter()

    def room(self, limit: int, sender: str = "", limit_one: int = 0) -> bool:
        """Whether today's limit, and that of this sender where one is told apart, is not reached yet."""
        with self._lock:
            name = self._name(sender)
            return self._bytes[b""] < limit and (not name or self._bytes[name] < limit_one)

    def add(self, size: int, sender: str = "") -> None:
        """Count so many bytes."""
        with self._lock:
            for name in {b"", self._name(sender)}:
                self._bytes[name] += size

    def _name(self, sender: str) -> bytes:
        if self._day != today():
            self._day, self._key, self._bytes = today(), secrets.token_bytes(32), Counter()
        return hashlib.blake2b(sender.encode(), key=self._key, digest_size=16).digest() if sender else b""


def day_total(of: str = "files") -> DayTotal:
    """This server's, of files or of words."""
    made: DayTotal = current_app.extensions.setdefault(f"{of} of the day", DayTotal())
    return made


def take_all(files: Iterable[FileStorage], held: Sequence[tuple[str, int]], limits: Limits) -> tuple[list[Upload], list[str]]:
    """Seal what may be taken beside the files already held (name and size of each); sentences for the refused ones."""
    taken: list[Upload] = []
    refused: list[str] = []
    for file in files:
        if not file.filename:
            continue
        try:
            there = [size for _name, size in held] + [u.size for u in taken]
            taken.append(_take_one(file, there, limits))
        except NotTaken as error:
            refused.append(why_refused(error, limits))
    return taken, refused


def _take_one(file: FileStorage, there: list[int], limits: Limits) -> Upload:
    check_room(title_of(file.filename), there, limits)
    taken = take_in(file, min(limits.max_bytes, limits.max_total - sum(there)))
    if limits.public:
        day_total().add(taken.size, flood.sender())
    return taken


def check_room(title: str, there: Sequence[int], limits: Limits) -> None:
    """NotTaken when the tip or the day holds as much as it may."""
    if len(there) >= limits.max_files:
        raise NotTaken("many", title)
    if sum(there) >= limits.max_total:
        raise NotTaken("total", title)
    if limits.public and not day_total().room(limits.day_total, flood.sender(), limits.day_one):
        raise NotTaken("day", title)


def why_refused(error: NotTaken, limits: Limits) -> str:
    """The sentence for a refused file."""
    together = limits.max_total // MEGABYTE
    sentences = {
        "empty": _("«%(name)s» is empty.", name=error.title),
        "kind": _("«%(name)s»: pictures, PDF, Word, Excel, text and recordings only.", name=error.title),
        "size": _("«%(name)s» is larger than %(limit)s MB.", name=error.title, limit=limits.max_bytes // MEGABYTE),
        "many": _("«%(name)s» is one file too many; %(limit)s can be sent.", name=error.title, limit=limits.max_files),
        "total": _("«%(name)s»: the files together are larger than %(limit)s MB.", name=error.title, limit=together),
        "day": _("«%(name)s»: very many files came in today. Please send it tomorrow, or bring it to us.", name=error.title),
    }  # fmt: skip
    return sentences[error.why]


def of_informant(docket_id: int) -> list[tuple[str, int]]:
    """Files that an informant has sent for a tip so far: their sizes, for the limits."""
    query = select(Attachment.size).where(Attachment.docket_id == docket_id, Attachment.from_informant)
    return [("", size) for size in db.session.scalars(query)]


def uncleaned(uploads: Iterable[Upload]) -> int:
    """How many of them have no working copy."""
    return sum(not u.cleaned for u in uploads)
