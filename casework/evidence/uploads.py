"""Takes files in: their kind by content against an allow-list, size and emptiness, scanned, then
sealed before anything else.

An infected file is kept, sealed, as what it is: part of a tip. It has no working copy, so that
nobody opens it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from casework.evidence import office_preview
from casework.evidence import scan as clamd
from casework.evidence.clean import cleaned
from casework.evidence.kinds import ALLOWED, PDF, copy_type, kind_of
from casework.evidence.models import Attachment
from casework.evidence.preview import SHOWN, page_picture
from casework.people.models import BureauSetting
from casework.people.row_journal import note_where
from casework.store import db, table, utcnow, writing
from casework.text import file_name

TITLE_LENGTH = 120
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


class NotTaken(ValueError):
    """A file was refused before it was stored; ``why``: empty · kind · size · many."""

    def __init__(self, why: str, title: str) -> None:
        super().__init__(f"{title}: {why}")
        self.why, self.title = why, title


@dataclass(frozen=True)
class Upload:
    """A sealed file that does not belong to a docket yet."""

    title: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    stored: str
    cleaned: str = ""
    scan: str = clamd.OFF  # as Attachment.scan
    unbound: bool = False  # it ought to be bound into the case file and cannot be

    def plain(self) -> dict[str, Any]:
        """The fields as JSON values, to be kept in a draft."""
        return asdict(self)


def title_of(name: str | None) -> str:
    """A file's name to be shown: without folders, control and direction characters and leading
    dots, shortened."""
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = _NOT_IN_NAMES.sub("_", file_name(base)).lstrip(". ")[:TITLE_LENGTH]
    return shown or "file"


def take_in(file: FileStorage, max_bytes: int) -> Upload:
    """Seal an uploaded file and its cleaned copy. Error: NotTaken when it is empty, larger than
    ``max_bytes`` or of a refused kind."""
    return take_bytes(title_of(file.filename), file.stream.read(max_bytes + 1), max_bytes)


def take_bytes(title: str, data: bytes, max_bytes: int) -> Upload:
    """As ``take_in``, for bytes that came in another way. Error: NotTaken."""
    if not data:
        raise NotTaken("empty", title)
    if len(data) > max_bytes:
        raise NotTaken("size", title)
    media_type = kind_of(data)
    if media_type is None:
        raise NotTaken("kind", title)
    state = _scan(clamd_address(), io.BytesIO(data))
    working = cleaned(data, media_type) if not state.startswith(clamd.INFECTED) else None
    store = current_app.extensions["sealed_store"]
    stored = store.put(data)
    copy = store.put(working).name if working is not None else ""
    return Upload(title, media_type, len(data), stored.sha256, stored.sm3, stored.name, copy, state)


def clamd_address() -> str:
    """The address of this installation's clamd, as its operator has set it; "" when scanning is
    off."""
    return str(current_app.config["CLAMD"])


def scanner_of_before() -> bool:
    """Whether a bureau has kept an address of clamd from a release in which bureaus set it, and the
    operator has set none."""
    set_once = (
        select(BureauSetting.id)
        .where(BureauSetting.key == "scan.clamd", BureauSetting.value != "")
        .limit(1)
    )
    return not clamd_address() and db.session.scalar(set_once) is not None


def _scan(address: str, pieces: Iterable[bytes]) -> str:
    state, name = clamd.scan(address, pieces)
    return f"{state}:{name}" if name else state


def openable(attachment: Attachment) -> bool:
    """Whether staff may have the working copy: there is one, and no virus was found. A file that
    was not scanned yet is scanned first, when scanning is on by now."""
    return bool(attachment.cleaned) and _free_of_viruses(attachment)


def lookable(attachment: Attachment) -> bool:
    """Whether staff may look at pictures of its pages, under the same conditions."""
    return can_be_drawn(attachment) and _free_of_viruses(attachment)


def can_be_drawn(file: Attachment | Upload) -> bool:
    """Whether pages of a file can be shown: of pictures and PDFs those of the working copy; of Word
    and Excel also where there is none, since only pixels leave the process that draws them."""
    if file.scan.startswith(clamd.INFECTED):
        return False
    if file.media_type in office_preview.ENDINGS:
        return office_preview.available()
    return bool(file.cleaned) and copy_type(file.media_type) in SHOWN


def _free_of_viruses(attachment: Attachment) -> bool:
    address = clamd_address()
    if address and attachment.scan in (clamd.OFF, clamd.FAILED):
        original = current_app.extensions["sealed_store"].chunks(attachment.stored)
        _note_scan(attachment, _scan(address, original))
    return not attachment.scan.startswith(clamd.INFECTED)


def page_of(file: Attachment, page: int) -> tuple[int, bytes] | None:
    """Number of pages, and one of them (from 1) as PNG, drawn by processes apart; None where none
    can be drawn."""
    store, name, media_type = (
        current_app.extensions["sealed_store"],
        file.cleaned or file.stored,
        file.media_type,
    )
    if not can_be_drawn(file):
        return None
    if media_type not in office_preview.ENDINGS:
        return page_picture(store.read(name), copy_type(media_type), page)
    kept: office_preview.DrawingCache = current_app.extensions.setdefault(
        "office pages", office_preview.DrawingCache()
    )
    drawn = kept.get(name, lambda: office_preview.as_pdf(store.read(name), media_type))
    return page_picture(drawn, PDF, page) if drawn else None


def _note_scan(attachment: Attachment, state: str) -> None:
    number = attachment.id
    with writing() as session:
        note_where(session, table(Attachment), Attachment.id == number)
        session.execute(update(Attachment).where(Attachment.id == number).values(scan=state))
    db.session.refresh(attachment)


def download_name(title: str, media_type: str) -> str:
    """The name under which a working copy is saved; its ending fits the media type, whatever the
    sender called the file."""
    end = "." + ALLOWED.get(media_type, "bin").lower()
    same = {".jpg": ".jpeg", ".m4a": ".mp4", ".csv": ".txt"}
    last = "." + title.rsplit(".", 1)[-1].lower()
    return title if same.get(last, last) == same.get(end, end) else title + end


def attach(
    session: Session,
    docket_id: int,
    seq: int,
    uploads: Iterable[Upload],
    from_informant: bool = False,
    at: datetime | None = None,
) -> None:
    """Add sealed files to a docket as attachments of its entry ``seq``, in the caller's
    transaction. ``at``: when they came; the present without it."""
    vault = current_app.extensions["vault"]
    for u in uploads:
        session.add(
            Attachment(
                docket_id=docket_id,
                seq=seq,
                title=vault.seal("attachment.title", f"{docket_id}:{u.stored}", u.title.encode()),
                media_type=u.media_type,
                size=u.size,
                sha256=u.sha256,
                sm3=u.sm3,
                stored=u.stored,
                cleaned=u.cleaned,
                scan=u.scan,
                from_informant=from_informant,
                at=at or utcnow(),
            )
        )


def title(attachment: Attachment) -> str:
    """The attachment's name, decrypted."""
    row = f"{attachment.docket_id}:{attachment.stored}"
    opened: bytes = current_app.extensions["vault"].open("attachment.title", row, attachment.title)
    return opened.decode()
