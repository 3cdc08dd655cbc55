"""Files of the public side: how many and how much a tip, and a day, may bring; and the sentences
for what is refused."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.evidence.models import Attachment
from casework.evidence.uploads import NotTaken, Upload, can_be_drawn, take_in, title, title_of
from casework.people.facts import settings_of
from casework.people.may import today
from casework.store import db
from casework.web.filters import size
from casework.web.sender import sender
from casework.web.uploads_in_memory import MemoryRequest

MEGABYTE = 1024 * 1024
MOST_REFUSED = 50  # names of refused files that a draft keeps


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
    values = {
        k: int(settings.number(f"upload.{k}"))
        for k in ("max_bytes", "max_files", "max_total", "day_total", "day_one")
    }
    return Limits(**values, public=public)


@dataclass(frozen=True)
class SaidLimits:
    """The limits as a page says them beside the field, before anything is refused: whole megabytes,
    numbers of files."""

    file_mb: int
    files: int
    together_mb: int
    at_once_mb: int  # of one request, where no scripts send the files piece by piece
    kinds: str


def upload_limits(bureau_id: int) -> SaidLimits:
    """What is said of a bureau's limits of today; templates of the public side call it without the
    number."""
    limits, at_once = limits_of(bureau_id), int(current_app.config["MAX_CONTENT_LENGTH"])
    return SaidLimits(
        file_mb=limits.max_bytes // MEGABYTE,
        files=limits.max_files,
        together_mb=limits.max_total // MEGABYTE,
        at_once_mb=at_once // MEGABYTE,
        kinds=kinds_taken(),
    )


def kinds_taken() -> str:
    """Which kinds of files are taken, in words."""
    return _(
        "pictures, PDF, OFD, Word, Excel, slides, text, e-mails (EML, "
        "MSG), sound, film, archives (ZIP, RAR, 7Z)"
    )


class DayTotal:
    """Bytes that the public side took in today, in this process: from all, and from each sender
    under a name that changes with the day and cannot be led back to an address."""

    def __init__(self) -> None:
        self._lock, self._day, self._key = threading.Lock(), date.min, b""
        self._bytes: Counter[bytes] = Counter()

    def room(self, limit: int, sender: str = "", limit_one: int = 0) -> bool:
        """Whether today's limit, and that of this sender where one is told apart, is not reached
        yet."""
        with self._lock:
            name = self._name(sender)
            return self._bytes[b""] < limit and (not name or self._bytes[name] < limit_one)

    def add(self, size: int, sender: str = "") -> None:
        """Count so many bytes for today and for the sender."""
        with self._lock:
            for name in {b"", self._name(sender)}:
                self._bytes[name] += size

    def _name(self, sender: str) -> bytes:
        if self._day != today():
            self._day, self._key, self._bytes = today(), secrets.token_bytes(32), Counter()
        return (
            hashlib.blake2b(sender.encode(), key=self._key, digest_size=16).digest()
            if sender
            else b""
        )


def day_total(of: str = "files") -> DayTotal:
    """This server's, of files or of words."""
    made: DayTotal = current_app.extensions.setdefault(f"{of} of the day", DayTotal())
    return made


def take_all(
    files: Iterable[FileStorage], held: Sequence[tuple[str, int]], limits: Limits
) -> tuple[list[Upload], list[str]]:
    """Seal what may be taken beside the files already held (name and size of each); sentences for
    the refused ones."""
    if cast(MemoryRequest, request).files_left_out:
        return [], [why_left_out()]
    taken, refused = sorted_out(files, held, limits)
    return taken, [why_refused(error, limits) for error in refused]


def why_left_out() -> str:
    """The sentence where more was sent at once than a request may hold."""
    most = int(current_app.config["MAX_CONTENT_LENGTH"]) // MEGABYTE
    return _(
        "The files were too much for one go, so none of them was taken: up "
        "to %(most)s MB can be sent at once. Choose "
        "them in several goes.",
        most=most,
    )


def sorted_out(
    files: Iterable[FileStorage], held: Sequence[tuple[str, int]], limits: Limits
) -> tuple[list[Upload], list[NotTaken]]:
    """The same, with the refusals themselves."""
    taken: list[Upload] = []
    refused: list[NotTaken] = []
    for file in files:
        if not file.filename:
            continue
        try:
            there = [size for _name, size in held] + [u.size for u in taken]
            taken.append(_take_one(file, there, limits))
        except NotTaken as error:
            refused.append(error)
    return taken, refused


def list_refused(
    content: dict[str, Any], refused: Sequence[NotTaken] = (), unlisted: Sequence[str] = ()
) -> None:
    """Note in a draft which files were refused: each by its name until it is taken off the list, or
    taken after all."""
    gone = {
        *unlisted,
        *(error.title for error in refused),
        *(f["title"] for f in content.get("files", [])),
    }
    listed = [entry for entry in content.get("refused", []) if entry[0] not in gone]
    content["refused"] = [*listed, *([error.title, error.why] for error in refused)][-MOST_REFUSED:]


def _take_one(file: FileStorage, there: list[int], limits: Limits) -> Upload:
    check_room(title_of(file.filename), there, limits)
    taken = take_in(file, min(limits.max_bytes, limits.max_total - sum(there)))
    if limits.public:
        day_total().add(taken.size, sender())
    return taken


def check_room(title: str, there: Sequence[int], limits: Limits) -> None:
    """NotTaken when the tip or the day holds as much as it may."""
    if len(there) >= limits.max_files:
        raise NotTaken("many", title)
    if sum(there) >= limits.max_total:
        raise NotTaken("total", title)
    if limits.public and not day_total().room(limits.day_total, sender(), limits.day_one):
        raise NotTaken("day", title)


def why_refused(error: NotTaken, limits: Limits) -> str:
    """The sentence for a refused file."""
    together = limits.max_total // MEGABYTE
    sentences = {
        "empty": _("«%(name)s» is empty.", name=error.title),
        "kind": _(
            "«%(name)s» was not taken: it is of another kind, or "
            "damaged. What is taken: %(kinds)s.",
            name=error.title,
            kinds=kinds_taken(),
        ),
        "size": _(
            "«%(name)s» is larger than %(limit)s MB.",
            name=error.title,
            limit=limits.max_bytes // MEGABYTE,
        ),
        "many": _(
            "«%(name)s» is one file too many; %(limit)s can be sent.",
            name=error.title,
            limit=limits.max_files,
        ),
        "total": _(
            "«%(name)s»: the files together are larger than %(limit)s MB.",
            name=error.title,
            limit=together,
        ),
        "day": _(
            "«%(name)s»: very many files came in today. Please send "
            "it tomorrow, or bring it to us.",
            name=error.title,
        ),
    }
    return sentences[error.why]


def limits_in_words(limits: SaidLimits) -> str:
    """What may be sent, to stand beside the field before anything is refused."""
    return _(
        "What can be sent: %(kinds)s. At most %(files)s files, each up "
        "to %(one)s MB, together up to %(all)s MB.",
        kinds=limits.kinds,
        files=limits.files,
        one=limits.file_mb,
        all=limits.together_mb,
    )


def file_note(upload: Upload) -> str:
    """What stands under an uploaded file: its size, that it is here, and what the team cannot do
    with it."""
    parts = [size(upload.size), _("uploaded")]
    if upload.scan.startswith("infected"):
        parts.append(_("A virus was found in it: the team can only read what you write about it."))
    elif not upload.cleaned and not can_be_drawn(upload):
        parts.append(
            _(
                "It cannot be cleaned: it stays sealed, and the team cannot look "
                "at it. If you can, send it as PDF or JPEG."
            )
        )
    return " · ".join(parts)


def of_informant(docket_id: int) -> list[tuple[str, int]]:
    """Files that an informant has sent for a tip so far: their sizes, for the limits."""
    query = select(Attachment.size).where(
        Attachment.docket_id == docket_id, Attachment.from_informant
    )
    return [("", size) for size in db.session.scalars(query)]


def files_of_informant(docket_id: int) -> list[tuple[str, int]]:
    """The same with their names, in the order in which they came."""
    query = (
        select(Attachment)
        .where(Attachment.docket_id == docket_id, Attachment.from_informant)
        .order_by(Attachment.id)
    )
    return [(title(row), row.size) for row in db.session.scalars(query)]
