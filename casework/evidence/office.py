"""Working copies of Word and Excel files: the same archive without authors, history, places on disk
and links that call home.

Nothing in it is interpreted: parts are copied, known fields of known parts are emptied, pictures
are drawn anew, whatever their names say they are. An archive that is larger inside than it may be,
carries programs, or holds a picture that keeps its camera's notes, has no working copy.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable

MAX_INSIDE = 200 * 1024 * 1024  # bytes of all parts together
MAX_PARTS = 2000
MAX_RATIO = 300  # parts larger than a megabyte that are packed tighter than this are bombs
_DROPPED = re.compile(
    r"docProps/|customXml/|(word|xl)/(printerSettings|people\.xml|persons/)|\[trash\]",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(r"vbaProject|\.bin$|/activeX/|/embeddings/", re.IGNORECASE)
_HARMLESS_BIN = re.compile(r"printerSettings\d*\.bin$", re.IGNORECASE)
_PERSONAL = re.compile(
    rb'((?:w:author|w:initials|userName|lastModifiedBy|w:rsid\w*|authorId)=")[^"]*"'
)
_AUTHORS = re.compile(rb"<author>[^<]*</author>")
_PATH = re.compile(rb"<x15ac:absPath\b[^>]*/>")
_RELATION = re.compile(rb"<Relationship\b[^>]*?/>")
_OVERRIDE = re.compile(rb'<Override\b[^>]*?PartName="/([^"]*)"[^>]*?/>')
_PICTURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_NOTES = re.compile(rb"Exif\0\0|<x:xmpmeta|http://ns\.adobe\.com/xap/")
_TARGET = re.compile(rb'Target="([^"]*)"')


class NotCleanable(ValueError):
    """The archive is a bomb, carries programs, or is not whole."""


def cleaned_office(data: bytes, picture: Callable[[bytes, str], bytes | None]) -> bytes:
    """The working copy of a Word or Excel file. ``picture(bytes, media type)`` cleans the pictures
    inside, None where it cannot. Error: NotCleanable when no copy can be made."""
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as source,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            _check(source.infolist())
            for entry in source.infolist():
                if not _DROPPED.match(entry.filename):
                    target.writestr(
                        zipfile.ZipInfo(entry.filename),
                        _part(source, entry, picture),
                        zipfile.ZIP_DEFLATED,
                    )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise NotCleanable("not a whole archive") from error
    return out.getvalue()


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """What the archive says of itself; what it says falsely is caught while it is read."""
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_INSIDE:
        raise NotCleanable("larger inside than it may be")
    if any(
        e.file_size > 1024 * 1024 and e.file_size > MAX_RATIO * max(1, e.compress_size)
        for e in entries
    ):
        raise NotCleanable("packed too tightly")
    if any(_PROGRAMS.search(e.filename) and not _HARMLESS_BIN.search(e.filename) for e in entries):
        raise NotCleanable("carries programs or other files")


def _part(
    source: zipfile.ZipFile, entry: zipfile.ZipInfo, picture: Callable[[bytes, str], bytes | None]
) -> bytes:
    with source.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise NotCleanable("larger than it says")
    name = entry.filename.lower()
    if name.endswith(".rels"):
        return _RELATION.sub(_relation, content)
    if name == "[content_types].xml":
        return _OVERRIDE.sub(
            lambda m: b"" if _DROPPED.match(m[1].decode("utf-8", "replace")) else m[0], content
        )
    if name.endswith(".xml"):
        return _AUTHORS.sub(b"<author></author>", _PATH.sub(b"", _PERSONAL.sub(rb'\1"', content)))
    return _media(content, picture)


def _relation(found: re.Match[bytes]) -> bytes:
    """A relation to a dropped part goes; one to the outside (a template or picture that calls home)
    leads nowhere."""
    relation = found[0]
    target = _TARGET.search(relation)
    if b'TargetMode="External"' in relation:
        return _TARGET.sub(b'Target="about:blank"', relation)
    where = target[1].decode("utf-8", "replace").lstrip("/").replace("../", "") if target else ""
    gone = _DROPPED.match(where) or _DROPPED.match("word/" + where) or _DROPPED.match("xl/" + where)
    return b"" if gone else relation


def _media(content: bytes, picture: Callable[[bytes, str], bytes | None]) -> bytes:
    """A picture drawn anew. What is none that is known (drawings of lines, fonts) stays, unless a
    photograph hides in it."""
    kind = (
        "WEBP"
        if content[8:12] == b"WEBP"
        else next((k for start, k in _PICTURES.items() if content.startswith(start)), None)
    )
    if kind is None and not _NOTES.search(content):
        return content
    bare = picture(content, kind) if kind else None
    if bare is None:
        raise NotCleanable("a picture inside cannot be cleaned")
    return bare
