"""Ruled forms and tables: rows that grow, run on over pages, and repeat their heads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from letters.blocks import ROOMY, Cell, Grid, GridRow
from letters.fonts import Face
from letters.pages import Pages
from letters.text import Style, TextLine

PAD_X, PAD_Y = 4.0, 4.0  # points inside a cell
SPLIT_FROM = 8  # lines: a higher row may run on over the page's end
SPLIT_ROOM = 4  # lines that must fit on each side


@dataclass(slots=True)
class LaidCell:
    """A cell broken into lines, with those not yet written."""

    cell: Cell
    style: Style
    x: float
    width: float
    lines: list[TextLine]
    foot: list[TextLine]

    @property
    def height(self) -> int:
        """Lines still needed, the foot kept a line apart."""
        return len(self.lines) + (len(self.foot) + bool(self.lines) if self.foot else 0)


def place_grid(pages: Pages, grid: Grid) -> None:
    """Draw all rows from the cursor on; the head again at the top of every further page."""
    if grid.head:
        pages.need(beginning(pages, grid))
        _row(pages, grid, grid.head)
    elif _signed(grid) and (whole := _whole(pages, grid)) <= pages.whole:
        pages.need(whole)
    for row in grid.rows:
        _row(pages, grid, row)
    pages.y += PAD_Y


def _signed(grid: Grid) -> bool:
    """Boxes for signatures alone: they stand on one page."""
    return all(any(cell.foot for cell in row.cells) for row in grid.rows)


def _whole(pages: Pages, grid: Grid) -> float:
    leading = round(grid.size * 1.45, 2)
    return sum(_height(pages, grid, row, leading) for row in grid.rows)


def beginning(pages: Pages, grid: Grid) -> float:
    """Points that a grid takes at least where it begins: its head, if any, and the first row."""
    leading = round(grid.size * 1.45, 2)
    return sum(
        _height(pages, grid, row, leading)
        for row in (*((grid.head,) if grid.head else ()), *grid.rows[:1])
    )


def _height(pages: Pages, grid: Grid, row: GridRow, leading: float) -> float:
    """Points that a row takes; of one that may run on over the page's end, what its first part
    takes."""
    lines = max([row.lines, *[c.height for c in _lay_row(pages, grid, row)]])
    return (lines if lines < SPLIT_FROM else SPLIT_ROOM) * leading + 2 * PAD_Y


def _row(pages: Pages, grid: Grid, row: GridRow) -> None:
    cells = _lay_row(pages, grid, row)
    leading = round(grid.size * 1.45, 2)
    while True:
        rest = max([c.height for c in cells])
        height = max(row.lines, rest) * leading + 2 * PAD_Y
        if height <= pages.room + 0.01:
            _draw(pages, cells, height, leading)
            return
        free = int((pages.room - 2 * PAD_Y) / leading)
        if rest >= SPLIT_FROM and (free >= SPLIT_ROOM or pages.y == 0):
            cells = _draw_part(pages, cells, max(min(free, rest - 1), 1), leading)
        _turn(pages, grid, row)


def _turn(pages: Pages, grid: Grid, row: GridRow) -> None:
    pages.turn()
    if grid.head and row is not grid.head:
        _row(pages, grid, grid.head)


def _lay_row(pages: Pages, grid: Grid, row: GridRow) -> list[LaidCell]:
    """The cells of a row broken into lines: worked out once for all layings of a form, in which
    rows but grow lower."""
    key = (id(row.cells), grid.size, _is_roomy(row))
    if key not in pages.kept.rows:
        return pages.kept.row(key, row.cells, _broken(pages, grid, row))
    return pages.kept.rows[key][1]


def _broken(pages: Pages, grid: Grid, row: GridRow) -> list[LaidCell]:
    share, x, laid = pages.geometry.width / sum(row.shares), 0.0, []
    foot_style = _style(Face.FANG, grid.size, "right", roomy=False)
    for cell, part in zip(row.cells, row.shares, strict=True):
        width = share * part
        roomy = _is_roomy(row) and cell.align == "left" and not cell.label
        style = _style(
            Face.HEI if cell.label else Face.FANG,
            grid.size,
            "centre" if cell.label else cell.align,
            roomy=roomy,
        )
        lines = pages.lines(cell.text, style, width - 2 * PAD_X) if cell.text else []
        foot = pages.lines(cell.foot, foot_style, width - 2 * PAD_X) if cell.foot else []
        laid.append(LaidCell(cell, style, x, width, lines, foot))
        x += width
    return laid


def _is_roomy(row: GridRow) -> bool:
    return row.roomy or row.lines >= ROOMY


@cache
def _style(face: Face, size: float, align: str, *, roomy: bool) -> Style:
    return Style(
        face, size, round(size * 1.45, 2), 2 * size if roomy else 0, "justify" if roomy else align
    )


def _draw(pages: Pages, cells: list[LaidCell], height: float, leading: float) -> None:
    for laid in cells if not pages.blank else ():
        room = height - 2 * PAD_Y
        roomy = laid.foot or laid.style.indent
        top = PAD_Y if roomy else PAD_Y + max(0.0, (room - len(laid.lines) * leading) / 2)
        _write(pages, laid, laid.lines, top, leading)
        if laid.foot:
            _write_foot(pages, laid, height, leading)
    _frame(pages, cells, height)


def _draw_part(pages: Pages, cells: list[LaidCell], count: int, leading: float) -> list[LaidCell]:
    """The first `count` lines of every cell; answers what is left for the next part, where labels
    stand again."""
    for laid in cells:
        _write(pages, laid, laid.lines[:count], PAD_Y, leading)
    _frame(pages, cells, count * leading + 2 * PAD_Y)
    return [c if c.cell.label else replace(c, lines=c.lines[count:]) for c in cells]


def _write(pages: Pages, laid: LaidCell, lines: list[TextLine], top: float, leading: float) -> None:
    y, x, width = pages.y + top, laid.x + PAD_X, laid.width - 2 * PAD_X
    for line in lines:
        pages.write(line, laid.style, x, y, width)
        y += leading


def _write_foot(pages: Pages, laid: LaidCell, height: float, leading: float) -> None:
    style = _style(Face.FANG, laid.style.size, "right", roomy=False)
    for i, line in enumerate(laid.foot):
        y = pages.y + height - PAD_Y - (len(laid.foot) - i) * leading
        pages.write(line, style, laid.x + PAD_X, y, laid.width - 2 * PAD_X)


def _frame(pages: Pages, cells: list[LaidCell], height: float) -> None:
    top, bottom, right = pages.y, pages.y + height, cells[-1].x + cells[-1].width
    pages.y = bottom
    if pages.blank:
        return
    pages.rule(0, top, right, top)
    pages.rule(0, bottom, right, bottom)
    for edge in (*(laid.x for laid in cells), right):
        pages.rule(edge, top, edge, bottom)
