"""What a file is, by its content: a first look at its signature, a second one for files that are
two things at once.

A polyglot (a picture that is also an archive, a PDF that is also a page) is opened by one program
as what another never checked. Neither the name nor the kind that the sender's browser claims is
ever asked.

Kinds of which no copy can be made are taken all the same: evidence comes as people have it. They
stay sealed, and nothing of them is handed out, so that for them the second look has nothing to
find. An archive is never unpacked here; its list of names alone is read.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile

import magic
from PIL import Image

from casework.evidence import ole

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD, ZIP = "application/ofd", "application/zip"  # OFD: GB/T 33190
ODT, ODS = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
RTF, TIFF, SILK = "text/rtf", "image/tiff", "audio/x-silk"
COPIED = {  # of these a working copy can be made; media type → shown kind
    PDF: "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    TIFF: "TIFF",
    "text/plain": "TXT",
    "text/csv": "CSV",
    WORD: "DOCX",
    SHEET: "XLSX",
    "audio/mpeg": "MP3",
    "audio/x-m4a": "M4A",
    "audio/mp4": "M4A",
    "audio/amr": "AMR",
    "audio/x-wav": "WAV",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/3gpp": "3GP",
    "video/3gpp2": "3G2",
}
SEALED_ALONE = {  # of these none is ever made
    ole.DOC: "DOC",
    ole.XLS: "XLS",
    ole.PPT: "PPT",
    ole.MSG: "MSG",
    ole.LOCKED: "OFFICE",
    SLIDES: "PPTX",
    ODT: "ODT",
    ODS: "ODS",
    RTF: "RTF",
    OFD: "OFD",
    ZIP: "ZIP",
    "application/x-rar": "RAR",
    "application/x-7z-compressed": "7Z",
    "application/gzip": "GZ",
    "message/rfc822": "EML",
    SILK: "SILK",
    "audio/ogg": "OGG",
    "audio/flac": "FLAC",
    "audio/x-hx-aac-adts": "AAC",
    "audio/x-aiff": "AIFF",
    "video/webm": "WEBM",
    "video/x-matroska": "MKV",
    "video/x-msvideo": "AVI",
    "video/x-ms-asf": "WMV",
    "video/mpeg": "MPEG",
    "video/x-flv": "FLV",
}
ALLOWED = COPIED | SEALED_ALONE
_PICTURES = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/bmp": ("BMP", "DIB"),
    TIFF: ("TIFF",),
}
COPIED_AS = {  # kinds that few programs open, or that keep notes beside each picture
    "image/heic": "image/jpeg",
    "image/heif": "image/jpeg",
    "image/avif": "image/jpeg",
    "image/gif": "image/png",
    "image/bmp": "image/png",
    TIFF: PDF,
}
_PACKAGES = {
    WORD: "word/document.xml",
    SHEET: "xl/workbook.xml",
    SLIDES: "ppt/presentation.xml",
    OFD: "OFD.xml",
}
_OPEN_DOCUMENTS = {ODT.encode(): ODT, ODS.encode(): ODS}
_NOT_TEXT = ("text/html", "text/xml", "text/rtf")  # texts that a program acts on
_TEXTS = ("application/json", "application/x-ndjson", "application/csv")
_SAME = {
    "application/rtf": RTF,
    "image/x-ms-bmp": "image/bmp",
    "audio/3gpp": "video/3gpp",
    "audio/vnd.wave": "audio/x-wav",
    "application/x-gzip": "application/gzip",
    "application/vnd.rar": "application/x-rar",
}
_LOOK = 8192  # bytes of the beginning that the signature is read from
_MOST_NAMES = 10_000  # entries of an archive
_LONGEST_TEXT = 5 << 20  # bytes of a text that libmagic does not know for one
_PDF_HEAD = 1024  # a reader accepts «%PDF-» anywhere in so many first bytes
_NOT_TYPED = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")  # Ctrl-Z ends old texts


def kind_of(data: bytes) -> str | None:
    """The media type of a file by its content; None for a refused kind and for a file that is of
    several kinds at once."""
    found = _sniffed(data)
    if found not in ALLOWED:
        return None
    return found if found in SEALED_ALONE or _is_only(data, found) else None


def copy_type(media_type: str) -> str:
    """The media type of the working copy of an original: the same, but for kinds that few programs
    open."""
    return COPIED_AS.get(media_type, media_type)


def _sniffed(data: bytes) -> str | None:
    """The first look."""
    if data.startswith(b"PK\x03\x04"):
        return _packed_kind(data)
    if data.startswith(ole.SIGNATURE):
        return ole.kind(data)
    if data[:10].endswith((b"#!SILK_V3", b"#!SILK_V")):
        return SILK
    found: str = magic.from_buffer(data[:_LOOK], mime=True)
    found = _SAME.get(found, found)
    if _is_text(found):
        found = "text/plain"
    if found in ("text/plain", "application/octet-stream") and is_pdf(data):
        return PDF
    return "text/plain" if found == "application/octet-stream" and _reads_as_text(data) else found


def _is_text(found: str) -> bool:
    """Whether a media type is that of plain words, whatever they are taken for; tables and what a
    browser would run are told apart."""
    apart = found in _NOT_TEXT or found == "text/csv"
    return found in _TEXTS or (found.startswith("text/") and not apart)


def is_pdf(data: bytes) -> bool:
    """Whether readers open it as a PDF. Some bytes may stand before its beginning: mail servers and
    scanners put them there."""
    return b"%PDF-" in data[:_PDF_HEAD] and b"endobj" in data


def _reads_as_text(data: bytes) -> bool:
    """A text that libmagic takes for none: a single letter, one that ends with Ctrl-Z."""
    if len(data) > _LONGEST_TEXT:
        return False
    try:
        text = data.decode("utf-8") if len(data) < 3 else data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return not _NOT_TYPED.search(text)


def _is_only(data: bytes, media_type: str) -> bool:
    """The second look: the kind's own reader agrees, and no other kind is hidden in the same
    bytes."""
    if media_type in _PACKAGES:
        return True  # which it is alone, the first look has found
    if media_type in _PICTURES and not _picture_agrees(data, _PICTURES[media_type]):
        return False
    return not (_names(data) or (media_type != PDF and b"%PDF-" in data[:_PDF_HEAD]))


def _picture_agrees(data: bytes, formats: tuple[str, ...]) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.format in formats
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _packed_kind(data: bytes) -> str | None:
    """An office file, an OFD, or an archive; None for one that is several of them."""
    names = _names(data)
    if not names:
        return None
    for start, kind in _OPEN_DOCUMENTS.items():
        if data[30:200].startswith(b"mimetype" + start + b"PK"):
            return kind
    kinds = [kind for kind, part in _PACKAGES.items() if part in names]
    return (kinds[0] if len(kinds) == 1 else None) if kinds else ZIP


def _names(data: bytes) -> set[str]:
    """What a ZIP reader, which looks from the end, finds in it. One of very many entries is not
    listed: each costs a hundred times what it takes here."""
    if data.count(b"PK\x01\x02") > _MOST_NAMES:
        return {"too many to list"}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        return set()
