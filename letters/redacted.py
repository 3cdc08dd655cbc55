"""Pages of a paper as pictures, where parts of them are blacked out: no word is left under the black."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from letters import archival, fonts
from letters.fonts import Face
from letters.format import word
from letters.pages import MM
from letters.text import Style, break_lines, put

NOTE = Style(Face.SONG, 9, 11, align="centre")
SHADES = 16  # of grey: enough for print, and a third of the size


def draw(pages: Iterable[tuple[Image.Image, bool, tuple[float, float]]], title: str, author: str, on: date) -> bytes:
    """A PDF of pictures; each page as (picture, whether parts of it are blacked out, size in points)."""
    fonts.load()
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, initialFontName=Face.SONG.value, lang="zh-CN")
    _dated(canvas, on)
    for picture, blacked, (width, height) in pages:
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(picture.convert("L").point(_shade)), 0, 0, width, height)
        if blacked:
            out = canvas.beginText()
            line = break_lines(word("redacted"), NOTE, width)[0]
            put(out, line, NOTE, 0, height - 12 * MM, width)
            canvas.drawText(out)
        canvas.showPage()
    canvas.setTitle(title)
    canvas.setAuthor(author)
    archival.mark(canvas._doc, title, author, "", on)
    with fonts.cutting:
        canvas.save()
    return buffer.getvalue()


def _shade(grey: int) -> int:
    step = 255 / (SHADES - 1)
    return round(round(grey / step) * step)


def _dated(canvas: Canvas, on: date) -> None:
    stamp = canvas._doc._timeStamp
    stamp.YMDhms = (on.year, on.month, on.day, 0, 0, 0)
    stamp.lt = (*stamp.YMDhms, on.weekday(), 0, 0)
    stamp.t, stamp.dhh, stamp.dmm = calendar.timegm(stamp.lt) - 8 * 3600, 8, 0
