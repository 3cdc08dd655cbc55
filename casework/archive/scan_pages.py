"""What a scanned page shows: our code, how it lies, whether it is clearly empty.

Nothing here decides that a page is thrown away: low toner, pencil, a carbon copy or a signature
alone are easily taken for an empty page, by every measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageOps

from casework.papers.one_reader import open_pdf
from letters.casefile import SEPARATOR

DPI = 200
TURNS = (0, 90, 180, 270)
# dots per inch at which a page is compared with its sheet: two equal pages are equal at any size
COMPARED = 72
MOST_PAGES = 400
# levels of 255: what differs so much from the paper around it is writing, no noise of the scanner
DARKER = 24
EMPTY = 0.00005  # share of such points below which a page is clearly empty: 2 mm² of an A4 page
EDGE = 0.015  # share of each side that is not looked at: scanners draw a shadow there
OURS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix])
# The address of the public check, or the code alone where a paper was made without one; then the
# page, from the second on.
_CODE = re.compile(r"(?:/check\?code=|^)([2-9A-HJ-NP-Z]{8})(?:(?:&p=|-)(\d{1,4}))?$")


class NotAScan(ValueError):
    """The file is no PDF that can be opened, or far too long."""


@dataclass(frozen=True)
class Seen:
    """Our code or none; by how many degrees clockwise the page has to be turned (0, 90, 180, 270);
    whether it is clearly empty; which page of its paper it is; whether it is a separator of a print
    run (``apart``)."""

    code: str = ""
    turn: int = 0
    blank: bool = False
    page: int = 1
    apart: bool = False


def inspect_pages(data: bytes) -> list[Seen]:
    """Look at every page of a PDF. NotAScan for what cannot be opened."""
    try:
        with open_pdf(data) as pdf:
            pages = len(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotAScan("not a PDF") from error
    if pages > MOST_PAGES:
        raise NotAScan("too many pages")
    return [_seen_page(data, number) for number in range(pages)]


def nothing_added(sheet: bytes, page: bytes) -> bool:
    """Whether a page that came back is, point by point, a page of the sheet as it was made, however
    it lies: no scanner draws it so, and nobody has signed it."""
    with open_pdf(sheet) as made, open_pdf(page) as back:
        own = [_drawn(p) for p in made]
        return any(_equal(o, _drawn(back[0], turn)) for turn in TURNS for o in own)


def _equal(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def _drawn(page: pypdfium2.PdfPage, turn: int = 0) -> Image.Image:
    """Small, in its colours (light ink is ink), turned as asked."""
    page.set_rotation(turn)
    return page.render(scale=COMPARED / 72).to_pil().convert("RGB")


def _seen_page(data: bytes, number: int) -> Seen:
    """The code is looked for in greys, which is quick; an empty page is judged by its colours."""
    found = seen(_picture(data, number, grayscale=True))
    if found.code or not found.blank:
        return found
    return Seen(blank=clearly_empty(_picture(data, number, grayscale=False)))


def _picture(data: bytes, number: int, *, grayscale: bool) -> Image.Image:
    """One page, opened for itself: whoever reads another PDF waits for a page of a stack and not
    for the whole."""
    with open_pdf(data) as pdf:
        return pdf[number].render(scale=DPI / 72, grayscale=grayscale).to_pil().copy()


def seen(picture: Image.Image) -> Seen:
    """What one picture shows. A code that is too faint to be read is looked for once more with all
    the contrast there is."""
    if found := _coded(picture):
        return found
    if clearly_empty(picture):
        return Seen(blank=True)
    return _coded(ImageOps.autocontrast(picture.convert("L"), cutoff=1)) or Seen()


def _coded(picture: Image.Image) -> Seen | None:
    """Our code. A page that bears the code of a paper is that paper, whatever else lies on it."""
    codes = zxingcpp.read_barcodes(picture, formats=OURS)
    for found in codes:
        if ours := _CODE.search(found.text):
            return Seen(ours[1], -round(found.orientation / 90) * 90 % 360, page=int(ours[2] or 1))
    return Seen(apart=True) if any(found.text == SEPARATOR for found in codes) else None


def clearly_empty(picture: Image.Image) -> bool:
    """Whether next to nothing on the page differs from the paper's own white, whatever white that
    is.

    Colours count by their darkest part, so that light blue, yellow and red ink are seen.
    """
    levels = _darkest(picture)
    side, height = round(levels.width * EDGE), round(levels.height * EDGE)
    counts = levels.crop((side, height, levels.width - side, levels.height - height)).histogram()
    paper = counts.index(max(counts))
    written = sum(n for level, n in enumerate(counts) if abs(level - paper) > DARKER)
    return written < EMPTY * sum(counts)


def _darkest(picture: Image.Image) -> Image.Image:
    """One grey for each point: the lowest of its colours."""
    if picture.mode == "L":
        return picture
    red, green, blue = picture.convert("RGB").split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)
