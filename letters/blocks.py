"""What a paper consists of, before it is placed on pages: plain data, no drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from letters.text import Style


@dataclass(frozen=True)
class Para:
    """A paragraph; `keep` holds it on the page of the two lines that follow (headings)."""

    text: str
    style: Style
    keep: bool = False

    def strings(self) -> Iterator[str]:
        yield self.text


@dataclass(frozen=True)
class Title:
    """Head of a paper: name of the bureau above (or red, as a mark), title broken by sense,
    number."""

    lines: tuple[str, ...]  # as given by sense; a line too long is broken evenly
    bureau: str = ""
    red: bool = False
    letterhead: bool = False  # 信函格式 between bodies (10.1), else the head of a document
    number: str = ""
    signer: str = ""  # 签发人 of a paper that goes to a superior (GB/T 9704-2012, 7.2.6)
    form_no: str = ""
    small: bool = False  # forms and records: less room around

    def strings(self) -> Iterator[str]:
        yield from (
            s for s in (self.form_no, self.bureau, *self.lines, self.number, self.signer) if s
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a ruled form or table; `foot` stands at its lower right (signature, date)."""

    text: str
    label: bool = False
    align: str = "left"
    foot: str = ""


ROOMY = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Cells with their shares of the width; at least `lines` lines high.

    Texts stand as paragraphs where there are `ROOMY` lines, or were (`roomy`) before the form was
    made to fit.
    """

    cells: tuple[Cell, ...]
    shares: tuple[float, ...]
    lines: int = 1
    roomy: bool = False


@dataclass(frozen=True)
class Grid:
    """Ruled rows; `head` is repeated on every page the grid reaches."""

    rows: tuple[Row, ...]
    head: Row | None = None
    size: float = 12  # points

    def strings(self) -> Iterator[str]:
        for row in (*((self.head,) if self.head else ()), *self.rows):
            for cell in row.cells:
                yield from (s for s in (cell.text, cell.foot) if s)


@dataclass(frozen=True)
class Closing:
    """Name of the bureau, date, place for the seal: never alone on a page (GB/T 9704-2012,
    7.3.5)."""

    bureau: str
    date: str
    seal: str

    def strings(self) -> Iterator[str]:
        yield from (self.bureau, self.seal, self.date)


@dataclass(frozen=True)
class Gap:
    """Empty lines."""

    lines: float = 1

    def strings(self) -> Iterator[str]:
        yield from ()


@dataclass(frozen=True)
class Imprint:
    """版记 at the foot of the last page: whom copies go to, who printed it and when."""

    copies: str
    issuer: str
    issued: str

    def strings(self) -> Iterator[str]:
        yield from (s for s in (self.copies, self.issuer, self.issued) if s)


@dataclass(frozen=True)
class Code:
    """A QR code in the middle of the page; `side` in points."""

    text: str
    side: float

    def strings(self) -> Iterator[str]:
        yield from ()


Block = Code | Para | Title | Grid | Closing | Gap | Imprint
