"""Page numbers stamped on a bound file: right at the top of a front, left at the top of a back (as
court files have it)."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from casework.papers.writer import Key, Writer
from letters import fonts
from letters.archival import About
from letters.container import PdfFile
from letters.fonts import Face

SIZE = 12.0  # points
EDGE = 34.0  # points from the outer edge and from the top
_KEY = "/CaseworkNumber"


@cache
def _digits() -> tuple[bytes, dict[str, str], float]:
    """A page with the ten digits in 宋体, the code of each in its embedded subset (hex), and the
    width of one."""
    fonts.load_faces()
    canvas, file = Canvas(io.BytesIO(), (100, 100), initialFontName=Face.SONG.value), PdfFile()
    canvas.setFont(Face.SONG.value, SIZE)
    canvas.drawString(0, 0, "0123456789")
    file.page(canvas)
    data = file.finish(canvas._doc, About("", "", "", date.min))
    return data, _codes(data), pdfmetrics.stringWidth("0", Face.SONG.value, SIZE)


def _codes(data: bytes) -> dict[str, str]:
    with Pdf.open(io.BytesIO(data)) as pdf:
        for ins in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(ins.operator) == "Tj" and len(bytes(ins.operands[0])) == 10:
                return {str(i): f"{code:02x}" for i, code in enumerate(bytes(ins.operands[0]))}
    raise LookupError("no page of digits")


class Stamp:
    """Puts numbers on pages on their way to a writer; the digits' font is written once."""

    def __init__(self, writer: Writer) -> None:
        page, self.codes, self.width = _digits()
        self.writer = writer
        self.save = writer.stream(b"q\n")
        with Pdf.open(io.BytesIO(page)) as source:
            used = source.pages[0].Resources.Font
            self.font = writer.take(source, used[_font_of(source.pages[0])], {})

    def on(self, pdf: Pdf, known: dict[Key, int]) -> None:
        """The document whose pages are stamped from now on."""
        self.pdf, self.known = pdf, known
        self.saved, self.shown = standing(pdf, self.save, known), standing(pdf, self.font, known)

    def put(self, page: Page, number: int, *, front: bool) -> None:
        """The number on a page of that document; what the page itself does to the coordinates is
        undone first."""
        _x0, _y0, right, top = (float(v) for v in page.mediabox)
        text = str(number)
        x = right - EDGE - self.width * len(text) if front else EDGE
        shown = "".join(self.codes[c] for c in text)
        mark = (
            f"\nQ\nq BT 0 g {_KEY} {SIZE:g} Tf 1 0 0 1 {x:.2f} "
            f"{top - EDGE:.2f} Tm <{shown}> Tj ET Q\n"
        )
        own = page.obj.get("/Contents", Array())
        parts = list(own) if isinstance(own, Array) else [own]
        stamped = self.writer.stream(mark.encode())
        page.obj.Contents = Array([self.saved, *parts, standing(self.pdf, stamped, self.known)])
        resources = page.resources
        if "/Font" not in resources:
            resources[Name.Font] = Dictionary()
        resources.Font[_KEY] = self.shown


def standing(pdf: Pdf, number: int, known: dict[Key, int]) -> pikepdf.Object:
    """An object of ``pdf`` that stands for one already written."""
    made = pdf.make_indirect(Dictionary())
    known[made.objgen] = number
    return made


def _font_of(page: Page) -> str:
    """The name under which that page uses the digits' font."""
    found = ""
    for ins in pikepdf.parse_content_stream(page):
        if str(ins.operator) == "Tf":
            found = str(ins.operands[0])
        if str(ins.operator) == "Tj" and len(bytes(ins.operands[0])) == 10:
            return found
    raise LookupError("no page of digits")
