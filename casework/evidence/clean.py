"""Working copies without hidden data: pictures drawn anew, PDFs, office files and recordings
without notes on place, device, author and history.

The sealed original is never touched. Kinds that cannot be cleaned have no working copy, and people
are told so.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image, ImageOps

from casework.evidence import frames, office, preview, recordings, within_pdf
from casework.evidence.kinds import PDF, SHEET, TIFF, WORD

log = logging.getLogger("casework")

# drawn at most; a larger JPEG is drawn at a half, quarter or eighth, other pictures not at all
MAX_PIXELS = 40_000_000
MAX_CLAIMED = 1_000_000_000  # a picture that claims more pixels is not opened
Image.MAX_IMAGE_PIXELS = MAX_CLAIMED  # the limits above are checked before anything is drawn
_HIDDEN = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/XFA", "/JavaScript", "/PA")
_ACTIONS = (
    "/URI",
    "/JavaScript",
    "/Launch",
    "/GoToR",
    "/GoToE",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/Movie",
    "/Sound",
)
_SIGNER = (
    "/Contents",
    "/Cert",
    "/Name",
    "/Location",
    "/Reason",
    "/ContactInfo",
    "/M",
    "/Prop_Build",
)
_LOADED = ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D")
_DEEPEST = 30  # dictionaries inside each other
_one_at_a_time = threading.Lock()  # a large picture takes 200 MB while it is drawn
# and so does a photograph that another process draws; a slow one holds up its like alone
_one_apart = threading.Lock()
_PHOTOGRAPHS = ("image/heic", "image/heif", "image/avif")
_PACKED = (PDF, WORD, SHEET, "image/gif", "image/bmp", TIFF)  # may unpack to far more than they are
_QUALITY = 90  # of a JPEG made from a photograph of another kind


def cleaned(data: bytes, media_type: str) -> bytes | None:
    """A copy of a file without place, device, author or editing history; None when none can be
    made. What may unpack to much is read by a process apart."""
    if media_type in _PHOTOGRAPHS:
        return _photograph(data, media_type)
    if media_type in _PACKED:
        with _one_apart:
            return preview.copy(data, media_type)
    with _one_at_a_time:
        return made(data, media_type)


def made(data: bytes, media_type: str) -> bytes | None:
    """As ``cleaned``, within this process: for kinds that pack nothing, and called by the process
    apart."""
    make = _MAKERS.get(media_type)
    try:
        return make(data) if make else None
    except Exception as error:
        # nobody knows what a stranger's file does to its reader: no copy, and never a crash
        log.warning("no working copy of a file of kind %s: %s", media_type, type(error).__name__)
        return None


def picture(data: bytes, kind: str) -> bytes | None:
    """A picture drawn anew as its kind (media type), upright, smaller where it is too large; None
    when it cannot be drawn safely."""
    with Image.open(io.BytesIO(data)) as source:
        if source.width * source.height > MAX_CLAIMED or source.format not in (kind, "MPO"):
            return None
        if source.width * source.height > MAX_PIXELS and kind == "JPEG":
            source.draft("RGB", _smaller(source.size))
        if source.width * source.height > MAX_PIXELS:
            return None
        upright = ImageOps.exif_transpose(source)
        bare = _drawn(upright)
    out = io.BytesIO()
    bare.save(out, kind)
    return out.getvalue()


def _photograph(data: bytes, media_type: str) -> bytes | None:
    """HEIC, HEIF or AVIF as JPEG. Their readers are large and often mended, so they run in a
    process apart and give pixels."""
    with _one_apart:
        found = preview.pixels(data, media_type)
        if found is None:
            return None
        out = io.BytesIO()
        Image.frombytes("RGB", *found).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _smaller(size: tuple[int, int]) -> tuple[int, int]:
    """The largest of a half, a quarter and an eighth that may be drawn."""
    part = next((p for p in (2, 4, 8) if size[0] * size[1] / p**2 <= MAX_PIXELS), 8)
    return size[0] // part, size[1] // part


def _drawn(source: Image.Image) -> Image.Image:
    """The pixels alone, in a mode that every kind can hold."""
    if source.mode in ("P", "PA", "LA", "La", "RGBa"):
        source = source.convert("RGBA")
    bare = Image.new(source.mode, source.size)
    bare.paste(source)
    return bare


def _pdf(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        within_pdf.check_sizes(pdf)
        _drop(pdf.Root, "/OpenAction", "/URI", "/Collection", "/Threads")
        _drop(
            pdf.Root.get("/Names"), "/JavaScript", "/EmbeddedFiles", "/Renditions", "/URLS", "/IDS"
        )
        # the number stands in every copy that was ever made of the document
        _drop(pdf.trailer, "/Info", "/ID")
        for page in pdf.pages:
            _quiet(page.obj)
        for item in pdf.objects:  # fields of forms, bookmarks and marks too, wherever they hang
            _still(item, 0)
        pdf.remove_unreferenced_resources()
        pdf.save(out)
    return out.getvalue()


def _quiet(page: pikepdf.Object) -> None:
    """No mark on the page names its author; those that play, run or carry something are gone. What
    is no mark (nothing at all, a number, a name of something that is not there) is taken as absent:
    readers do so."""
    marks = page.get("/Annots")
    if not isinstance(marks, pikepdf.Array):
        _drop(page, "/Annots")
        return
    kept = [
        m for m in marks if isinstance(m, pikepdf.Dictionary) and m.get("/Subtype") not in _LOADED
    ]
    page.Annots = pikepdf.Array(kept)
    for mark in kept:
        _drop(mark, "/T", "/M", "/CreationDate", "/NM")


def _still(item: pikepdf.Object, depth: int) -> None:
    """Neither this nor what lies in it acts, calls out, carries a file or keeps a history; leaps
    within the document stay."""
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
        return
    if depth > _DEEPEST:  # what lies there would stay as it is
        raise ValueError("dictionaries too deep inside each other")
    if isinstance(item, pikepdf.Array):
        inside = list(item)
    else:
        _still_one(item)
        # a dictionary of a PDF has no iterator
        inside = [item[k] for k in item.keys() if k != "/Parent"]  # noqa: SIM118
    for part in inside:
        if not getattr(part, "is_indirect", False):  # those are visited on their own
            _still(part, depth + 1)


def _still_one(item: pikepdf.Object) -> None:
    """The same of one dictionary, without what lies in it."""
    _drop(item, *_HIDDEN)
    act = item.get("/A")
    if isinstance(act, pikepdf.Dictionary) and act.get("/S") != "/GoTo":
        del item["/A"]
    if "/ByteRange" in item:  # a signature: it does not hold for the copy, and names its maker
        _drop(item, *_SIGNER)
    if isinstance(item, pikepdf.Stream):
        within_pdf.bare(item)
    if item.get("/S") == "/GoTo":  # one that others follow
        _drop(item, "/Next")
    if item.get("/Type") == "/Filespec" or item.get("/S") in _ACTIONS:
        _drop(item, "/EF", "/F", "/UF", "/URI", "/JS", "/Next", "/Win")


def _drop(holder: Any, *names: str) -> None:
    """Take entries out of a dictionary; anything else has none."""
    if not isinstance(holder, pikepdf.Dictionary | pikepdf.Stream):
        return
    for name in names:
        if name in holder:
            del holder[name]


def _office(data: bytes) -> bytes:
    return office.cleaned_office(data, picture)


_MAKERS: dict[str, Callable[[bytes], bytes | None]] = {
    "image/jpeg": lambda data: picture(data, "JPEG"),
    "image/png": lambda data: picture(data, "PNG"),
    "image/webp": lambda data: picture(data, "WEBP"),
    "image/gif": frames.moving_picture,
    "image/bmp": frames.bitmap,
    TIFF: frames.pages,
    PDF: _pdf,
    WORD: _office,
    SHEET: _office,
    "text/plain": bytes,
    "text/csv": bytes,
    "video/mp4": recordings.cleaned_film,
    "video/quicktime": recordings.cleaned_film,
    "video/3gpp": recordings.cleaned_film,
    "video/3gpp2": recordings.cleaned_film,
    "audio/mp4": recordings.cleaned_film,
    "audio/x-m4a": recordings.cleaned_film,
    "audio/x-wav": recordings.cleaned_wav,
    "audio/mpeg": recordings.cleaned_mp3,
    "audio/amr": bytes,  # holds nothing but sound
}
