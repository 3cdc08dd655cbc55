"""Page numbers stamped on a bound file: right at the top of a front, left at the top of a back (as
court files have it)."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf
from reportlab.pdfbase import pdfmetrics

from letters.archival import About, blank_canvas, file_of
from letters.fonts import Face

SIZE = 12.0  # points
EDGE = 34.0  # points from the outer edge and from the top
_KEY = "/CaseworkNumber"


@cache
def _digits() -> tuple[bytes, dict[str, str], float]:
    """A page with the ten digits in 宋体, the code of each in its embedded subset (hex), and the
    width of one."""
    canvas = blank_canvas((100, 100))
    canvas.setFont(Face.SONG.value, SIZE)
    canvas.drawString(0, 0, "0123456789")
    data = file_of(canvas, About("", "", "", date.min))
    return data, _codes(data), pdfmetrics.stringWidth("0", Face.SONG.value, SIZE)


def _codes(data: bytes) -> dict[str, str]:
    with Pdf.open(io.BytesIO(data)) as pdf:
        for ins in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(ins.operator) == "Tj" and len(bytes(ins.operands[0])) == 10:
                return {str(i): f"{code:02x}" for i, code in enumerate(bytes(ins.operands[0]))}
    raise LookupError("no page of digits")


class Stamp:
    """Puts numbers on pages of a PDF; the digits' font stands in it once."""

    def __init__(self, pdf: Pdf) -> None:
        page, self.codes, self.width = _digits()
        self.pdf = pdf
        self.saved = pdf.make_stream(b"q\n")
        with Pdf.open(io.BytesIO(page)) as source:
            used = source.pages[0].Resources.Font
            self.font = pdf.copy_foreign(used[_font_of(source.pages[0])])

    def put(self, page: Page, number: int, *, front: bool) -> None:
        """Put the number on a page: right at the top of a front, left of a back. What the page
        itself does to the coordinates is undone first."""
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
        page.obj.Contents = Array([self.saved, *parts, self.pdf.make_stream(mark.encode())])
        resources = page.resources
        if "/Font" not in resources:
            resources[Name.Font] = Dictionary()
        resources.Font[_KEY] = self.font


def _font_of(page: Page) -> str:
    """The name under which that page uses the digits' font."""
    found = ""
    for ins in pikepdf.parse_content_stream(page):
        if str(ins.operator) == "Tf":
            found = str(ins.operands[0])
        if str(ins.operator) == "Tj" and len(bytes(ins.operands[0])) == 10:
            return found
    raise LookupError("no page of digits")
