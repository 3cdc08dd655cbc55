"""Takes files in: their kind by content against an allow-list, size and emptiness, then sealed before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import magic
from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from casework.evidence.clean import cleaned
from casework.evidence.models import Attachment

ALLOWED = {  # media type → shown kind
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "audio/mpeg": "MP3",
    "audio/x-m4a": "M4A",
    "audio/mp4": "M4A",
    "audio/amr": "AMR",
    "audio/x-wav": "WAV",
    "video/mp4": "MP4",
    "message/rfc822": "EML",
}
TITLE_LENGTH = 120


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

    def plain(self) -> dict[str, Any]:
        """As JSON, for a draft."""
        return asdict(self)


def title_of(name: str | None) -> str:
    """A file's name without folders and control characters, short enough to show."""
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in base if c.isprintable())[:TITLE_LENGTH]
    return shown or "file"


def take_in(file: FileStorage, max_bytes: int) -> Upload:
    """Seal one uploaded file and its cleaned copy; NotTaken when it is empty, too large or of a refused kind."""
    title, data = title_of(file.filename), file.stream.read(max_bytes + 1)
    if not data:
        raise NotTaken("empty", title)
    if len(data) > max_bytes:
        raise NotTaken("size", title)
    media_type = magic.from_buffer(data[:8192], mime=True)
    if media_type not in ALLOWED:
        raise NotTaken("kind", title)
    store = current_app.extensions["sealed_store"]
    stored, working = store.put(data), cleaned(data, media_type)
    copy = store.put(working).name if working is not None else ""
    return Upload(title, media_type, len(data), stored.sha256, stored.sm3, stored.name, copy)


def attach(session: Session, docket_id: int, seq: int, uploads: Iterable[Upload], from_informant: bool = False) -> None:
    """Give sealed files to a docket, in the caller's transaction."""
    vault = current_app.extensions["vault"]
    for u in uploads:
        session.add(
            Attachment(
                docket_id=docket_id, seq=seq, title=vault.seal("attachment.title", f"{docket_id}:{u.stored}", u.title.encode()),
                media_type=u.media_type, size=u.size, sha256=u.sha256, sm3=u.sm3, stored=u.stored, cleaned=u.cleaned,
                from_informant=from_informant,
            )
        )  # fmt: skip


def title(attachment: Attachment) -> str:
    """The file's name, opened."""
    row = f"{attachment.docket_id}:{attachment.stored}"
    opened: bytes = current_app.extensions["vault"].open("attachment.title", row, attachment.title)
    return opened.decode()
