"""What a file is, by its content: a first look at its signature, a second one for files that are two things at once.

A polyglot (a picture that is also an archive, a PDF that is also a page) is opened by one program as what another never
checked. Neither the name nor the kind that the sender's browser claims is ever asked.
"""

from __future__ import annotations

import io
import struct
import zipfile

import magic
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALLOWED = {  # media type → shown kind
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
    WORD: "DOCX",
    SHEET: "XLSX",
    "audio/mpeg": "MP3",
    "audio/x-m4a": "M4A",
    "audio/mp4": "M4A",
    "audio/amr": "AMR",
    "audio/x-wav": "WAV",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "message/rfc822": "EML",
}
_PICTURES = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/webp": ("WEBP",)}
COPIED_AS = {"image/heic": "image/jpeg", "image/heif": "image/jpeg", "image/avif": "image/jpeg"}
_OFFICE = {WORD: "word/document.xml", SHEET: "xl/workbook.xml"}
_LOOK = 8192  # bytes of the beginning that the signature is read from
_MOST_NAMES = 10_000  # entries of an archive
_PDF_HEAD = 1024  # a reader accepts «%PDF-» anywhere in so many first bytes


def kind_of(data: bytes) -> str | None:
    """The media type of an allowed file; None for a refused kind and for one that is several kinds at once."""
    found = magic.from_buffer(data[:_LOOK], mime=True)
    if found == "application/zip" or found == "application/octet-stream":
        found = _office_kind(data) or found
    return found if found in ALLOWED and _is_only(data, found) else None


def copy_type(media_type: str) -> str:
    """The media type of a working copy: that of the original, but for photographs that few programs open."""
    return COPIED_AS.get(media_type, media_type)


def _is_only(data: bytes, media_type: str) -> bool:
    """The second look: the kind's own reader agrees, and no other kind is hidden in the same bytes."""
    if media_type in _OFFICE:
        return data.startswith(b"PK\x03\x04") and _office_kind(data) == media_type
    if media_type in _PICTURES and not _picture_agrees(data, _PICTURES[media_type]):
        return False
    if media_type == "application/pdf" and not data.startswith(b"%PDF-"):
        return False
    return not (_has_archive(data) or (media_type != "application/pdf" and b"%PDF-" in data[:_PDF_HEAD]))


def _picture_agrees(data: bytes, formats: tuple[str, ...]) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.format in formats
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _has_archive(data: bytes) -> bool:
    """Whether a ZIP reader, which looks from the end, would open this as an archive."""
    return bool(_names(data))


def _office_kind(data: bytes) -> str | None:
    names = _names(data)
    if "[Content_Types].xml" not in names:
        return None
    kinds = [kind for kind, part in _OFFICE.items() if part in names]
    return kinds[0] if len(kinds) == 1 else None


def _names(data: bytes) -> set[str]:
    """What a ZIP reader finds in it. One of very many entries is not listed: each costs a hundred times what it takes here."""
    if data.count(b"PK\x01\x02") > _MOST_NAMES:
        return {"too many to list"}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        return set()
