"""Pages of a paper as pictures, where parts of them are blacked out: no word is left under the
black."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PIL import Image
from reportlab.lib.utils import ImageReader

from letters.archival import About, blank_canvas, file_of
from letters.fonts import Face
from letters.format import word
from letters.pages import MM, PORTRAIT
from letters.text import Ink, Style, break_lines, put

NOTE = Style(Face.SONG, 9, 11, align="centre")
SHADES = 16  # of grey: enough for print, and a third of the size


def pictures_pdf(
    pages: Iterable[tuple[Image.Image, bool, tuple[float, float]]],
    title: str,
    author: str,
    on: date,
) -> bytes:
    """A PDF of pictures; each page as (picture, whether parts of it are blacked out, size in
    points)."""
    canvas = blank_canvas(PORTRAIT.paper)
    ink = Ink(canvas)
    for picture, blacked, (width, height) in pages:
        canvas.setPageSize((width, height))
        grey = ImageReader(picture.convert("L").point(_shade))
        canvas.drawImage(grey, 0, 0, width, height)
        if blacked:
            line = break_lines(word("redacted"), NOTE, width)[0]
            put(ink, line, NOTE, 0, height - 12 * MM, width)
            ink.dry()
        canvas.showPage()
    return file_of(canvas, About(title, author, "", on))


def _shade(grey: int) -> int:
    step = 255 / (SHADES - 1)
    return round(round(grey / step) * step)
