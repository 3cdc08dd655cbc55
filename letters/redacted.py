"""Pages of a paper as pictures, where parts of them are blacked out: no word is left under the
black."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from letters import fonts
from letters.archival import About
from letters.container import PdfFile
from letters.fonts import Face
from letters.format import word
from letters.pages import MM
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
    fonts.load_faces()
    canvas, file = Canvas(BytesIO(), initialFontName=Face.SONG.value), PdfFile()
    ink = Ink(canvas)
    for picture, blacked, (width, height) in pages:
        canvas.setPageSize((width, height))
        canvas._code.append(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /P Do Q")
        if blacked:
            line = break_lines(word("redacted"), NOTE, width)[0]
            put(ink, line, NOTE, 0, height - 12 * MM, width)
            ink.dry()
        file.page(canvas, _picture(file, picture))
    return file.finish(canvas._doc, About(title, author, "", on))


def _picture(file: PdfFile, picture: Image.Image) -> int:
    grey = picture.convert("L").point(_shade)
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d "
        b"/ColorSpace /DeviceGray /BitsPerComponent 8 "
    )
    return file.stream(grey.tobytes(), entries % grey.size)


def _shade(grey: int) -> int:
    step = 255 / (SHADES - 1)
    return round(round(grey / step) * step)
