"""Tables of numbers on A4: what the statistics page shows, to be put before a meeting. Not a
numbered paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from letters.blocks import Block, Cell, Grid, GridRow, Para, Title
from letters.fonts import Face
from letters.format import printed_date
from letters.layout import lay
from letters.pages import PORTRAIT, Furniture
from letters.text import Style

HEAD = Style(Face.HEI, 14, 26, align="left")
NOTE = Style(Face.FANG, 12, 22, align="left")
NAME_SHARE = 3.0  # of the first column, against 1 for each number


@dataclass(frozen=True)
class Printed:
    """A table in words: head of each column, and rows of a name and its numbers."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def statistics_pdf(
    bureau: str, title: str, span: str, tables: Sequence[Printed], on: date
) -> bytes:
    """All tables one after the other, heads repeated over pages. The same tables give the same
    bytes."""
    blocks: list[Block] = [
        Title((title,), bureau=bureau, small=True),
        Para(f"{span}　（{printed_date(on)}）", NOTE),
    ]
    for table in (t for t in tables if t.rows):
        blocks += [Para(table.name, HEAD, keep=True), _grid(table)]
    return lay(blocks, PORTRAIT, Furniture(title=title, author=bureau, subject=span, on=on))


def _grid(table: Printed) -> Grid:
    shares = (NAME_SHARE, *(1.0 for _ in table.head[1:]))
    head = GridRow(tuple(Cell(text, label=True) for text in table.head), shares)
    return Grid(tuple(_row(row, shares) for row in table.rows), head)


def _row(row: tuple[str, ...], shares: tuple[float, ...]) -> GridRow:
    name, *numbers = row
    return GridRow((Cell(name), *(Cell(n, align="right") for n in numbers)), shares)
