"""Documents as A4 pages ready to be bound: pictures and odd sizes brought to A4, whatever is no
page content taken off."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Rectangle
from PIL import Image, ImageOps

A4 = (595.276, 841.890)  # points
PICTURE = (1654, 2339)  # pixels of an A4 side at 200 dpi
# points left, bottom, right, top: the binding edge is on the left
MARGIN = (79.4, 45.4, 45.4, 45.4)
# of a page; no notes, scripts, tags or thumbnails
KEPT = ("/Type", "/MediaBox", "/Resources", "/Contents", "/Group")
INHERITED = ("/MediaBox", "/CropBox", "/Resources", "/Rotate")
_PAINTS = re.compile(rb"(?:^|\s)(?:Tj|TJ|Do|BI|sh|[fFSsBb]\*?)(?=\s|$)|'|\"")


class Bad(Exception):
    """A document that cannot be bound; ``why``: «empty» or «unreadable»."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@contextmanager
def document_as_pdf(data: bytes, media_type: str = "application/pdf") -> Iterator[Pdf]:
    """A context with the document as a PDF: itself, or an A4 sheet of the picture. Error: Bad."""
    if not data:
        raise Bad("empty")
    if media_type.startswith("image/"):
        with Pdf.new() as pdf:
            _picture(pdf, data)
            yield pdf
        return
    try:
        pdf = Pdf.open(io.BytesIO(data))
    except pikepdf.PdfError as error:
        raise Bad("unreadable") from error
    with pdf:
        yield pdf


def ready(pdf: Pdf) -> list[Page]:
    """The pages of a PDF, each A4 and with nothing but what is seen on it. Error: Bad for one
    without pages or with a page that cannot be read."""
    try:
        _into_the_page(pdf)
        pages = [Page(p) for p in pdf.pages]
        made = [_alone(page) if _is_a4(page) else _fit(pdf, page) for page in pages]
    except pikepdf.PdfError as error:
        raise Bad("unreadable") from error
    if not made:
        raise Bad("empty")
    return made


def fault(data: bytes, media_type: str) -> str:
    """Why a document cannot be bound: «empty» or «unreadable»; "" for one that can."""
    try:
        with document_as_pdf(data, media_type) as pdf:
            ready(pdf)
    except Bad as bad:
        return bad.why
    return ""


def is_blank(page: Page) -> bool:
    """Whether nothing is drawn on a page. Only short content is looked at: a long one draws
    something."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return True
    if isinstance(contents, Array) or int(contents.get("/Length", 0)) > 200:
        return False
    return not _PAINTS.search(contents.read_bytes())


def _into_the_page(pdf: Pdf) -> None:
    """Filled fields and notes become part of the page."""
    if any("/Annots" in p.obj for p in pdf.pages):
        if "/AcroForm" in pdf.Root:
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("print")


def _alone(page: Page) -> Page:
    """The page without what ties it to its document."""
    for key in INHERITED:
        if key not in page.obj and (value := _inherited(page.obj, key)) is not None:
            page.obj[key] = value
    for key in page.obj.keys() - set(KEPT):
        del page.obj[key]
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    return page


def _inherited(node: Object, key: str) -> Any:
    for _ in range(50):  # a broken tree may go round
        parent = node.get("/Parent")
        if parent is None:
            return None
        if key in parent:
            return parent[key]
        node = parent
    return None


def _is_a4(page: Page) -> bool:
    """A4 either way up, shown whole and not turned by the viewer, its corner at the origin."""
    x0, y0, x1, y1 = box = [float(v) for v in page.mediabox]
    sides = sorted((x1 - x0, y1 - y0))
    turned = int(page.obj.get("/Rotate") or _inherited(page.obj, "/Rotate") or 0)
    straight = not turned and max(abs(x0), abs(y0)) < 1
    whole = [float(v) for v in page.cropbox] == box and "/UserUnit" not in page.obj
    return straight and whole and abs(sides[0] - A4[0]) < 3 and abs(sides[1] - A4[1]) < 3


def _fit(pdf: Pdf, page: Page) -> Page:
    """Any other page as a picture of itself on an A4 sheet."""
    sheet = _sheet(pdf)
    left, bottom, right, top = MARGIN
    sheet.add_overlay(page, Rectangle(left, bottom, A4[0] - right, A4[1] - top))
    return sheet


def _sheet(pdf: Pdf) -> Page:
    return Page(
        pdf.make_indirect(
            Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *A4]), Resources=Dictionary())
        )
    )


def _picture(pdf: Pdf, data: bytes) -> None:
    """A photograph on an A4 sheet, upright, at most 200 dpi."""
    try:
        with Image.open(io.BytesIO(data)) as raw:
            raw.draft("RGB", PICTURE)
            upright = ImageOps.exif_transpose(raw).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Bad("unreadable") from error
    upright.thumbnail(PICTURE)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82)
    stream = pdf.make_stream(
        out.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=upright.width,
        Height=upright.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    _on_sheet(pdf, stream, upright.width, upright.height)


def _on_sheet(pdf: Pdf, stream: Any, width: int, height: int) -> None:
    left, bottom, right, top = MARGIN
    room = (A4[0] - left - right, A4[1] - bottom - top)
    scale = min(room[0] / width, room[1] / height)
    w, h = width * scale, height * scale
    x, y = left + (room[0] - w) / 2, bottom + (room[1] - h) / 2
    sheet = _sheet(pdf)
    sheet.obj.Resources = Dictionary(XObject=Dictionary(Picture=stream))
    sheet.obj.Contents = pdf.make_stream(
        f"q {w:.2f} 0 0 {h:.2f} {x:.2f} {y:.2f} cm /Picture Do Q".encode()
    )
    pdf.pages.append(sheet)
