"""Pages of a paper and what every page carries: number, watermark, code, signature lines (GB/T
9704-2012)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from letters.archival import About, blank_canvas, file_of
from letters.fonts import Face
from letters.format import word
from letters.qr import module_rows
from letters.text import Ink, Style, TextLine, break_lines, put

if TYPE_CHECKING:  # ruled.py is drawn on these pages
    from letters.ruled import LaidCell

MM = 72 / 25.4  # points
ASCENT = 0.88  # of the size, from the top of a Chinese character to its baseline
RULE = 0.6  # points
QR_SIDE = 16 * MM
MOST_KEPT = 2000  # texts
DARK = re.compile(rb"\x00+")  # modules of a QR in a row
CODE_WORDS = 150.0  # points for the words beside the QR

PAGE_NUMBER = Style(Face.SONG, 14, 14)
SMALL = Style(Face.SONG, 8, 11, align="left")
FOOT = Style(Face.FANG, 12, 22, align="left")
WATERMARK = Style(Face.HEI, 130, 130)


@dataclass(frozen=True)
class Geometry:
    """A page in points: paper, then the type area (版心)."""

    paper: tuple[float, float]
    top: float
    inner: float  # binding edge: left on odd pages, right on even ones
    width: float
    height: float

    def left(self, page: int) -> float:
        """Left edge of the type area in points, for a page counted from 1: the binding edge changes
        sides on the back of a sheet."""
        return self.inner if page % 2 else self.paper[0] - self.inner - self.width


# 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (GB/T 9704-2012, 5.2); the landscape one serves wide
# lists.
PORTRAIT = Geometry((210 * MM, 297 * MM), 37 * MM, 28 * MM, 156 * MM, 225 * MM)
LANDSCAPE = Geometry((297 * MM, 210 * MM), 25 * MM, 26 * MM, 245 * MM, 155 * MM)
PITCH = PORTRAIT.width / 28  # 28 characters in a line
LINE = PORTRAIT.height / 22  # 22 lines on a page
BODY = Style(Face.FANG, 16, LINE, 2 * PITCH, "justify", PITCH - 16)
FORM_BODY = Style(Face.FANG, 14, 24, 28, "justify")


@dataclass(frozen=True)
class Furniture:
    """What stands around the text on every page, and the properties of the file."""

    title: str
    author: str
    subject: str
    on: date
    draft: bool = False
    short_code: str = ""
    check_url: str = ""  # "": there is no public check, and nobody is told to scan
    phone: str = ""  # where one may ask instead
    case_number: str = ""
    names: tuple[str, ...] = ()  # of people, which no line parts
    # signature lines of a record; {page} and {pages} stand for the numbers
    foot: tuple[str, ...] = ()
    numbered: bool = True  # sheets that hold a file together have no page numbers
    # the first page has a red line at its foot and no number (信函格式, 10.1)
    letterhead: bool = False
    each_page: bool = True  # a QR on every page, not on the first alone

    def strings(self) -> Iterator[str]:
        """Everything here that is printed."""
        yield from (s for s in (self.case_number, *self.foot, *self.code_lines()) if s)
        if self.draft:
            yield word("draft")

    def code_lines_on(self, page: int) -> tuple[str, ...]:
        """The words beside the code of a page: on later ones, where these have a code, the first of
        them alone."""
        return self.code_lines() if page == 1 else self.code_lines()[: int(self.each_page)]

    def code_lines(self) -> tuple[str, ...]:
        """The words beside the code for checking a paper, on its first page."""
        if not self.short_code or self.draft:
            return ()
        code = word("code", code=self.short_code)
        if self.check_url:
            return (code, word("code_hint"))
        return (code, word("code_hint_phone", phone=self.phone)) if self.phone else (code,)

    def code_of(self, page: int) -> str:
        """What the code of a page says: a stack that was scanned finds paper and place of every
        page by it.

        With an address of the public check this is that address; else the short code alone, which
        is for us only.
        """
        later = page > 1 and self.each_page
        if self.check_url:
            return self.check_url + (f"&p={page}" if later else "")
        return self.short_code + (f"-{page}" if later else "")


class LayoutCache:
    """What is worked out once for all layings of a paper: lines of its texts and, where it is a
    form, rows of its grids; and on which page each heading came to stand."""

    def __init__(self, *, rows: bool = False) -> None:
        self.lines: dict[tuple[str, Style, float], list[TextLine]] = {}
        self.rows: dict[tuple[int, float, bool], tuple[object, list[LaidCell]]] = {}
        self.headings: dict[str, int] = {}
        self.keeps_rows = rows

    def row(
        self, key: tuple[int, float, bool], cells: object, laid: list[LaidCell]
    ) -> list[LaidCell]:
        """Keep a row, if this is a form; the cells stay with it, so that no others take their place
        in memory."""
        if self.keeps_rows:
            self.rows[key] = (cells, laid)
        return laid


class Pages:
    """A canvas with a cursor: `y` is the distance in points from the top of the type area."""

    blank = False  # whether nothing is written, so that who places things need not say where

    def __init__(
        self, geometry: Geometry, around: Furniture, total: int = 0, kept: LayoutCache | None = None
    ) -> None:
        self.geometry, self.around, self.total = geometry, around, total
        self.kept = kept or LayoutCache()
        self.canvas = blank_canvas(geometry.paper)
        self.ink = Ink(self.canvas)
        self.number, self.y = 0, 0.0
        self.foot_height = foot_height(around)
        self.rules: list[tuple[float, ...]] = []
        self.turn()

    @property
    def left(self) -> float:
        """Left edge of the type area of this page, in points."""
        return self.geometry.left(self.number)

    @property
    def room(self) -> float:
        """Points left on this page."""
        return self.whole - self.y

    @property
    def whole(self) -> float:
        """Points of this page were it empty."""
        return self.geometry.height - self.foot_height - self.lifted

    @property
    def lifted(self) -> float:
        """Points by which the foot of a letter's first page stands higher: below it is the red
        line."""
        return LINE if self.around.letterhead and self.number == 1 else 0

    def turn(self) -> None:
        """Close the page, if any, and begin the next."""
        if self.number:
            self._close()
        self.number, self.y = self.number + 1, 0.0
        if self.around.draft:
            self._watermark()

    def need(self, height: float) -> None:
        """Turn the page unless `height` points are left (an empty page is never turned)."""
        if height > self.room + 0.01 and self.y > 0:
            self.turn()

    def lines(self, text: str, style: Style, width: float) -> list[TextLine]:
        """Lines of a text, broken once for all layings of a paper."""
        key, known = (text, style, width), self.kept.lines
        if key not in known:
            if len(known) > MOST_KEPT:  # a long list, of which nothing is laid twice
                known.clear()
            known[key] = break_lines(text, style, width, self.around.names)
        return known[key]

    def write(self, line: TextLine, style: Style, x: float, y: float, width: float) -> None:
        """A line whose box begins `y` points below the top of the type area, `x` from its left."""
        put(self.ink, line, style, self.left + x, self._baseline(y, style), width)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin rule between two points of the type area."""
        top, left = self.geometry.paper[1] - self.geometry.top, self.left
        ends = (left + x0, top - y0, left + x1, top - y1)
        self.rules.append(tuple(round(end, 2) for end in ends))

    def finish(self) -> bytes:
        """Close the last page and give the PDF."""
        self._close()
        around = self.around
        return file_of(self.canvas, About(around.title, around.author, around.subject, around.on))

    def _baseline(self, y: float, style: Style) -> float:
        top = self.geometry.paper[1] - self.geometry.top - y
        return top - (style.leading - style.size) / 2 - ASCENT * style.size

    def _close(self) -> None:
        self._foot()
        self._page_number()
        self._code()
        self.ink.dry()
        if self.rules:
            self.canvas.setLineWidth(RULE)
            self.canvas.lines(dict.fromkeys(self.rules))
            self.rules = []
        self.canvas.showPage()

    def _foot(self) -> None:
        for i, text in enumerate(self.around.foot):
            shown = text.replace("{page}", str(self.number)).replace("{pages}", str(self.total))
            y = self.geometry.height - FOOT.leading * (len(self.around.foot) - i)
            line = break_lines(shown, FOOT, 9999)[0]
            self.write(line, FOOT, 0, y, self.geometry.width)

    def _page_number(self) -> None:
        """4号 half-width Song, 7 mm below the type area, one character in from the outer edge
        (7.5)."""
        if not self.around.numbered or self.lifted:
            return
        text = word("page", n=self.number)
        line = break_lines(text, PAGE_NUMBER, 9999)[0]
        outer = (
            self.geometry.width - line.width - PAGE_NUMBER.size
            if self.number % 2
            else PAGE_NUMBER.size
        )
        self.write(line, PAGE_NUMBER, outer, self.geometry.height + 7 * MM, line.width)

    def _code(self) -> None:
        """QR, short code and the case's number at the inner edge of the foot, away from the page
        number.

        A paper that the public cannot check by scanning bears a Data Matrix for our own scanners in
        the QR's place.
        """
        around, words = self.around, self.around.code_lines_on(self.number)
        y, width = self.geometry.height + 4 * MM - self.lifted, self.geometry.width
        at_left, taken = self.number % 2 == 1, 0.0
        if words:
            matrix = module_rows(around.code_of(self.number), for_us=not around.check_url)
            self._matrix(matrix, 0 if at_left else width - QR_SIDE, y, QR_SIDE)
            taken = QR_SIDE + 6
        beside = [part.text for text in words for part in break_lines(text, SMALL, CODE_WORDS)]
        beside[1:1] = [around.case_number] if around.case_number else []
        y += max(QR_SIDE - SMALL.leading * len(beside), 0) / 2
        x, style = (taken, SMALL) if at_left else (0.0, replace(SMALL, align="right"))
        for i, text in enumerate(beside):
            line = break_lines(text, style, 9999)[0]
            self.write(line, style, x, y + SMALL.leading * i, width - taken)

    def code(self, text: str, side: float) -> None:
        """A QR code of `side` points in the middle, at the cursor."""
        self.need(side)
        self._matrix(module_rows(text), (self.geometry.width - side) / 2, self.y, side)
        self.y += side

    def _matrix(self, matrix: list[bytes], x: float, y: float, whole: float) -> None:
        """A code as rows of dark rectangles, in a grid of its own so that their places are whole
        numbers."""
        side = whole / len(matrix)
        bottom = self.geometry.paper[1] - self.geometry.top - y - whole
        path = self.canvas.beginPath()
        for up, row in enumerate(reversed(matrix)):
            for run in DARK.finditer(row):
                path.rect(run.start(), up, run.end() - run.start(), 1)
        self.canvas.saveState()
        self.canvas.translate(round(self.left + x, 2), round(bottom, 2))
        self.canvas.scale(round(side, 4), round(side, 4))
        self.canvas.drawPath(path, stroke=0, fill=1)
        self.canvas.restoreState()

    def _watermark(self) -> None:
        width, height = self.geometry.paper
        self.canvas.saveState()
        self.canvas.setFillGray(0.88)
        self.canvas.translate(width / 2, height / 2)
        self.canvas.rotate(45)
        line = break_lines(word("draft"), WATERMARK, 9999)[0]
        put(self.ink, line, WATERMARK, -line.width / 2, -WATERMARK.size * 0.38, line.width)
        self.ink.dry()
        self.canvas.restoreState()


def foot_height(around: Furniture) -> float:
    """Points that the lines for signatures take at the foot of every page."""
    return FOOT.leading * len(around.foot) + (8 if around.foot else 0)
