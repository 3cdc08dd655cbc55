"""What a paper consists of, before it is placed on pages: plain data, no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from letters.text import Style


class Block:
    """A piece of a paper: text, a table, the place of the seal, room."""

    def strings(self) -> Iterator[str]:
        """Everything in it that is printed, in the order in which it is read."""
        return (text for text in self._texts() if text)

    def _texts(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class Para(Block):
    """A paragraph; `keep` holds it on the page of the two lines that follow (headings). `heading`:
    its name in the contents of a book."""

    text: str
    style: Style
    keep: bool = False
    heading: str = ""

    def _texts(self) -> Iterable[str]:
        return (self.text,)


@dataclass(frozen=True)
class Title(Block):
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

    def _texts(self) -> Iterable[str]:
        return (self.form_no, self.bureau, *self.lines, self.number, self.signer)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a ruled form or table; `foot` stands at its lower right (signature, date)."""

    text: str
    label: bool = False
    align: str = "left"
    foot: str = ""


ROOMY = 3


@dataclass(frozen=True, slots=True)
class GridRow:
    """Cells with their shares of the width; at least `lines` lines high.

    Texts stand as paragraphs where there are `ROOMY` lines, or were (`roomy`) before the form was
    made to fit.
    """

    cells: tuple[Cell, ...]
    shares: tuple[float, ...]
    lines: int = 1
    roomy: bool = False


@dataclass(frozen=True)
class Grid(Block):
    """Ruled rows; `head` is repeated on every page the grid reaches."""

    rows: tuple[GridRow, ...]
    head: GridRow | None = None
    size: float = 12  # points

    def _texts(self) -> Iterable[str]:
        rows = (*((self.head,) if self.head else ()), *self.rows)
        return (s for row in rows for cell in row.cells for s in (cell.text, cell.foot))


@dataclass(frozen=True)
class Closing(Block):
    """Name of the bureau, date, place for the seal: never alone on a page (GB/T 9704-2012,
    7.3.5)."""

    bureau: str
    date: str
    seal: str

    def _texts(self) -> Iterable[str]:
        return (self.bureau, self.seal, self.date)


@dataclass(frozen=True)
class Gap(Block):
    """Empty lines."""

    lines: float = 1


@dataclass(frozen=True)
class NewPage(Block):
    """What follows begins on a page of its own."""


@dataclass(frozen=True)
class Imprint(Block):
    """版记 at the foot of the last page: whom copies go to, who printed it and when."""

    copies: str
    issuer: str
    issued: str

    def _texts(self) -> Iterable[str]:
        return (self.copies, self.issuer, self.issued)


@dataclass(frozen=True)
class Code(Block):
    """A QR code in the middle of the page; `side` in points."""

    text: str
    side: float
