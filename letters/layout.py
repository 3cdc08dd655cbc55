"""Blocks onto pages: titles, paragraphs on the 22 × 28 grid, closing with seal place, imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from letters.blocks import Block, Closing, Code, Gap, Grid, Imprint, Para, Title
from letters.fonts import Face
from letters.pages import LINE, MM, PITCH, RULE, Furniture, Geometry, Kept, Pages
from letters.ruled import place_grid
from letters.text import Line, Style, break_lines
from letters.trial import Blank

TRACK = PITCH - 16
BODY = Style(Face.FANG, 16, LINE, 2 * PITCH, "justify", TRACK)
FORM_BODY = Style(Face.FANG, 14, 24, 28, "justify")
TITLE = Style(Face.BIAO, 22, 34, align="centre")
MARK = Style(Face.BIAO, 46, 52, align="centre")
NUMBER = Style(Face.FANG, 16, LINE, align="right")
FORM_NUMBER = Style(Face.FANG, 12, 20, align="right")
IMPRINT = Style(Face.FANG, 14, 26, align="left")
CLOSING_LINES = 4  # two empty ones above, the name, the date
RED = (0.84, 0.0, 0.0)
LETTER_RULE = 170 * MM

FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+、")
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]+）")


# Shares of the room left for handwriting, and the size of type in points (None: its own), tried in turn.
FITTING = ((1.0, None), (0.85, None), (0.7, None), (0.55, None), (0.55, 11.0), (0.4, 11.0), (0.4, 10.5))


def lay(blocks: Sequence[Block], geometry: Geometry, around: Furniture, fit: bool = False) -> bytes:
    """Draw the blocks; laid twice when the foot of each page names the number of pages.

    To `fit` is to bring a form to one page, if less empty room in its rows, or a little smaller type, will do that.
    """
    kept = Kept(rows=fit)
    if fit:
        blocks = _fitted(blocks, geometry, around, kept)
    total = 0
    if any("{pages}" in line for line in around.foot):
        total = _laid_on(Blank(geometry, around, 0, kept), blocks).number
    return _laid_on(Pages(geometry, around, total, kept), blocks).finish()


def _fitted(blocks: Sequence[Block], geometry: Geometry, around: Furniture, kept: Kept) -> Sequence[Block]:
    for share, size in FITTING:
        shrunk = [_shrunk(b, share, size) if isinstance(b, Grid) else b for b in blocks]
        if _laid_on(Blank(geometry, around, 0, kept), shrunk).number == 1:
            return shrunk
    return blocks


def _shrunk(grid: Grid, share: float, size: float | None) -> Grid:
    rows = tuple(replace(r, lines=max(1, round(r.lines * share))) for r in grid.rows)
    return replace(grid, rows=rows, size=min(grid.size, size or grid.size))


P = TypeVar("P", bound=Pages)


def _laid_on(pages: P, blocks: Sequence[Block]) -> P:
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        _place(pages, block, following)
    return pages


def _place(pages: Pages, block: Block, following: Block | None) -> None:
    match block:
        case Para():
            _para(pages, block, following)
        case Grid():
            place_grid(pages, block)
        case Title():
            _title(pages, block)
        case Closing():
            _closing(pages, block)
        case Code():
            pages.code(block.text, block.side)
        case Imprint():
            _imprint(pages, block)
        case Gap():
            pages.y += block.lines * LINE if pages.y else 0


def heading(text: str, style: Style) -> tuple[Style, bool]:
    """Style of a paragraph by its number: 一、黑体, （一）楷体 for a short line; else as it was."""
    if FIRST_LEVEL.match(text):
        return replace(style, face=Face.HEI), True
    if SECOND_LEVEL.match(text) and len(text) <= 30 and not text.endswith(("；", "。")):
        return replace(style, face=Face.KAI), True
    return style, False


def _para(pages: Pages, para: Para, following: Block | None) -> None:
    style = para.style
    lines = pages.lines(para.text, style, pages.geometry.width)
    if para.keep:
        pages.need((len(lines) + 2) * style.leading)
    held = _held_back(pages, lines, style, following)
    for i, line in enumerate(lines):
        if held and i == len(lines) - held:
            pages.turn()
        pages.need(style.leading)
        pages.write(line, style, 0, pages.y, pages.geometry.width)
        pages.y += style.leading


def _held_back(pages: Pages, lines: list[Line], style: Style, following: Block | None) -> int:
    """Lines of the last paragraph to take over to the page of the seal, so that it does not stand alone."""
    if not isinstance(following, Closing):
        return 0
    free = pages.room - len(lines) * style.leading
    if free < 0 or free >= CLOSING_LINES * LINE - 0.01:
        return 0
    return min(2, len(lines))


def _centred(pages: Pages, text: str, style: Style) -> None:
    for line in pages.lines(text, style, pages.geometry.width):
        pages.write(line, style, 0, pages.y, pages.geometry.width)
        pages.y += style.leading


def break_title(text: str, width: float, style: Style = TITLE) -> list[str]:
    """A long title in as few lines as will do, evenly filled, the upper ones no shorter."""
    count = len(break_lines(text, style, width))
    narrow = width
    while count > 1 and len(break_lines(text, style, narrow - style.size)) == count:
        narrow -= style.size
    return [line.text for line in break_lines(text, style, narrow)]


def _title(pages: Pages, title: Title) -> None:
    if title.form_no:
        line = break_lines(title.form_no, FORM_NUMBER, pages.geometry.width)[0]
        pages.write(line, FORM_NUMBER, 0, -FORM_NUMBER.leading, pages.geometry.width)
    if title.red:
        _red_head(pages, title)
    elif title.letterhead:
        _letterhead(pages, title)
    elif title.bureau:
        _centred(pages, title.bureau, TITLE)
    for part in title.lines:
        for text in break_title(part, pages.geometry.width):
            _centred(pages, text, TITLE)
    if title.red or title.letterhead:
        pages.y += LINE
    else:
        _number(pages, title)


def _number(pages: Pages, title: Title) -> None:
    style = FORM_NUMBER if title.small else NUMBER
    pages.y += 6 if title.small else 0.4 * LINE
    if title.number:
        line = break_lines(title.number, style, pages.geometry.width)[0]
        pages.write(line, style, 0, pages.y, pages.geometry.width)
        pages.y += style.leading + (4 if title.small else 0.4 * LINE)


def _red_head(pages: Pages, title: Title) -> None:
    """发文机关标志 35 mm below the top of the type area, then number and red rule 4 mm below it (7.2)."""
    mark = _mark(pages, title.bureau)
    pages.y = 35 * MM - (mark.leading - mark.size) / 2
    _in_red(pages, title.bureau, mark)
    pages.y += 2 * LINE
    _centred(pages, title.number, replace(NUMBER, align="centre"))
    y = pages.geometry.paper[1] - pages.geometry.top - pages.y - 4 * MM
    _red_rules(pages, pages.left, pages.left + pages.geometry.width, [(y, 3 * RULE)])
    pages.y += 4 * MM + 2 * LINE


def _letterhead(pages: Pages, title: Title) -> None:
    """信函格式 (10.1): the mark 30 mm below the edge of the paper, a double rule 4 mm below it, another at the foot.

    The rules are 170 mm long, the thick one outside; the number stands at the right, two lines above the title.
    """
    (width, height), mark = pages.geometry.paper, _mark(pages, title.bureau)
    pages.y = 30 * MM - pages.geometry.top - (mark.leading - mark.size) / 2
    _in_red(pages, title.bureau, mark)
    y = pages.y - (mark.leading - mark.size) / 2 + 4 * MM
    top = height - pages.geometry.top - y
    sides = (width - LETTER_RULE) / 2, (width + LETTER_RULE) / 2
    _red_rules(pages, *sides, [(top, 3 * RULE), (top - 3, RULE), (20 * MM + 3, RULE), (20 * MM, 3 * RULE)])
    pages.y = y + 3 + NUMBER.size * 7 / 8 - (NUMBER.leading - NUMBER.size) / 2
    _centred(pages, title.number, NUMBER)
    pages.y += 2 * LINE


def _mark(pages: Pages, bureau: str) -> Style:
    """The mark's type, small enough for the name to stand in one line."""
    size = min(MARK.size, pages.geometry.width / max(len(bureau), 1))
    return replace(MARK, size=size, leading=size * MARK.leading / MARK.size)


def _in_red(pages: Pages, text: str, style: Style) -> None:
    pages.ink.colour(*RED)
    _centred(pages, text, style)
    pages.ink.colour(0, 0, 0)


def _red_rules(pages: Pages, left: float, right: float, rules: Sequence[tuple[float, float]]) -> None:
    """Rules across the page, each as (height above the foot of the paper, thickness), in points."""
    pages.canvas.saveState()
    pages.canvas.setStrokeColorRGB(*RED)
    for y, thick in rules:
        pages.canvas.setLineWidth(thick)
        pages.canvas.line(left, y, right, y)
    pages.canvas.restoreState()


def _closing(pages: Pages, closing: Closing) -> None:
    """Date four characters in from the right, the name centred above it, the seal's place beside the name."""
    pages.need(CLOSING_LINES * LINE)
    width, plain = pages.geometry.width, replace(BODY, indent=0, align="left")
    day = break_lines(closing.date, plain, width)[0]
    name = break_lines(closing.bureau, plain, width)[0]
    right = width - 4 * PITCH
    middle = min(right - day.width / 2, right - name.width / 2)
    pages.y += (CLOSING_LINES - 2) * LINE if pages.y else 0
    pages.write(name, plain, middle - name.width / 2, pages.y, width)
    seal = break_lines(closing.seal, plain, width)[0]
    pages.write(seal, plain, middle + name.width / 2, pages.y, width)
    pages.y += LINE
    pages.write(day, plain, middle - day.width / 2, pages.y, width)
    pages.y += LINE


def _imprint(pages: Pages, imprint: Imprint) -> None:
    """版记 at the foot of the type area of the last page (7.4)."""
    width, inset = pages.geometry.width, IMPRINT.size
    copies = break_lines(imprint.copies, IMPRINT, width - 2 * inset) if imprint.copies else []
    height = (len(copies) + 1) * IMPRINT.leading
    pages.need(height + LINE)
    y = pages.whole - height
    pages.rule(0, y, width, y)
    for line in copies:
        pages.write(line, IMPRINT, inset, y, width)
        y += IMPRINT.leading
    if copies:
        pages.rule(0, y, width, y)
    pages.write(break_lines(imprint.issuer, IMPRINT, width)[0], IMPRINT, inset, y, width)
    issued = break_lines(imprint.issued, IMPRINT, width)[0]
    pages.write(issued, IMPRINT, width - inset - issued.width, y, width)
    pages.rule(0, y + IMPRINT.leading, width, y + IMPRINT.leading)
    pages.y = pages.whole
