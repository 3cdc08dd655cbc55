"""Blacks out a paper of ours for an outgoing file. Fail closed: what cannot be found again in its
place raises Unsure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageDraw

from casework.archive.terms_to_hide import Hidden
from casework.papers.one_reader import open_pdf
from letters import redacted

DPI = 200
NOWHERE = (0.0, 0.0, 0.0, 0.0)
# points above the edge of the paper: where the text of letters ends, and that of records
FEET = (97.0, 155.0)
EDGE = 2.0  # points around a character that go black with it


class Unsure(ValueError):
    """Something to be hidden is in the text but not to be found on the page, or the page shows more
    than text."""


Box = tuple[float, float, float, float]  # left, bottom, right, top in points
Bars = dict[int, list[Box]]


@dataclass(frozen=True)
class Char:
    """A character in its normal form, with its page and where it stands."""

    sign: str
    page: int
    box: Box


def touches(data: bytes, words: Hidden) -> bool:
    """Whether a paper bears anything to be hidden. Raises Unsure."""
    with open_pdf(data) as pdf:
        return bool(_bars(pdf, words))


def blacked(data: bytes, words: Hidden, title: str, author: str, on: date) -> bytes:
    """The paper with black bars, every page a picture: their faces would still hold the hidden
    characters. Raises Unsure."""
    with open_pdf(data) as pdf:
        return redacted.pictures_pdf(
            _pictures(pdf, _bars(pdf, words)), words.masked(title), author, on
        )


def _bars(pdf: pdfium.PdfDocument, words: Hidden) -> Bars:
    """Boxes to be blacked out, by page."""
    chars = [c for number in range(len(pdf)) for c in _chars(pdf, number)]
    marked: set[int] = set()
    for kept in _readings(chars):
        text = "".join(chars[i].sign for i in kept)
        for begin, end in words.spans(text):
            marked |= {kept[i] for i in range(begin, end)}
    bars: Bars = {}
    for i in sorted(marked):
        if not chars[i].sign.isspace():
            bars.setdefault(chars[i].page, []).append(chars[i].box)
    return bars


def _readings(chars: Sequence[Char]) -> Iterator[list[int]]:
    """The text in several ways, so that neither blanks nor the foot of a page part what belongs
    together: with white space, without, and without the foot (page numbers and codes; on records
    the lines for signatures too)."""
    yield list(range(len(chars)))
    for foot in (0.0, *FEET):
        yield [i for i, c in enumerate(chars) if not c.sign.isspace() and c.box[1] >= foot]


def _chars(pdf: pdfium.PdfDocument, number: int) -> Iterator[Char]:
    """Every character of a page in its normal form; one that has several parts gives each of them
    the whole box."""
    page = pdf[number]
    if any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5)):
        raise Unsure("a picture")
    text = page.get_textpage()
    high = 0  # first half of a character above U+FFFF
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, i)
        if raw.FPDFText_HasUnicodeMapError(text, i) == 1 or not code:
            raise Unsure("a character that cannot be read")
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        box = text.get_charbox(i, loose=True) if code > 0x20 else NOWHERE
        for part in unicodedata.normalize("NFKC", chr(code)):
            yield Char(part, number, box)
    yield Char("\n", number, NOWHERE)


def _pictures(
    pdf: pdfium.PdfDocument, bars: Bars
) -> Iterator[tuple[Image.Image, bool, tuple[float, float]]]:
    scale = DPI / 72
    for number in range(len(pdf)):
        page = pdf[number]
        size = page.get_size()
        picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        pen = ImageDraw.Draw(picture)
        for left, bottom, right, top in bars.get(number, []):
            corners = (left - EDGE, size[1] - top - EDGE, right + EDGE, size[1] - bottom + EDGE)
            pen.rectangle([v * scale for v in corners], fill=0)
        yield picture, number in bars, size
