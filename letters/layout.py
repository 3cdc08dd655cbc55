"""Blocks onto pages: titles, paragraphs on the 22 × 28 grid, closing with seal place, imprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from letters.blocks import Block, Closing, Code, Gap, Grid, Imprint, NewPage, Para, Title
from letters.fonts import Face
from letters.pages import BODY, LINE, PITCH, Furniture, Geometry, LayoutCache, Pages
from letters.ruled import beginning, place_grid
from letters.text import Style, TextLine, break_lines
from letters.titles import place_title
from letters.trial import Blank

IMPRINT = Style(Face.FANG, 14, 26, align="left")
CLOSING_LINES = 4  # two empty ones above, the name, the date
# one empty line, where that saves a page: the seal still stands clear of the text (7.3.5.1)
TIGHT_CLOSING = 3
WITH_SEAL = 2  # lines of text at least on the page of the seal or of the signatures
SHORT = 2  # lines of a paragraph that leads to a table
MOST_SIGNED = 3  # rows of a grid that signs a paper


# Shares of the room left for handwriting, and the size of type in points (None: its own), tried in
# turn.
FITTING = (
    (1.0, None),
    (0.85, None),
    (0.7, None),
    (0.55, None),
    (0.55, 11.0),
    (0.4, 11.0),
    (0.4, 10.5),
)


def lay(blocks: Sequence[Block], geometry: Geometry, around: Furniture, fit: bool = False) -> bytes:
    """Draw the blocks; laid twice when the foot of each page names the number of pages.

    To `fit` is to bring a form to one page, if less empty room in its rows, or a little smaller
    type, will do that.
    """
    kept = LayoutCache(rows=fit)
    if fit:
        blocks = _fitted(blocks, geometry, around, kept)
    total = 0
    if any("{pages}" in line for line in around.foot):
        total = _laid_on(Blank(geometry, around, 0, kept), blocks).number
    return _laid_on(Pages(geometry, around, total, kept), blocks).finish()


def pages_of_headings(
    blocks: Sequence[Block], geometry: Geometry, around: Furniture
) -> dict[str, int]:
    """On which page each heading would stand, by the name that its paragraph gives it."""
    return _laid_on(Blank(geometry, around), blocks).kept.headings


def _fitted(
    blocks: Sequence[Block], geometry: Geometry, around: Furniture, kept: LayoutCache
) -> Sequence[Block]:
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
    end = _ending(blocks)
    height = _height(pages, blocks[end:])
    for i, block in enumerate(blocks):
        if isinstance(block, Para) and (
            block.keep or isinstance(blocks[min(i + 1, len(blocks) - 1)], Grid)
        ):
            pages.need(_together(pages, blocks[i:]))
        _place(pages, block, blocks[i:end], height)
    return pages


def _together(pages: Pages, blocks: Sequence[Block]) -> float:
    """Points that must be left for the first of these: a heading stands above text, a short line
    above its table."""
    first, rest = blocks[0], blocks[1:]
    if isinstance(first, Grid):
        return beginning(pages, first)
    if isinstance(first, Gap):
        return first.lines * LINE + (_together(pages, rest) if rest else 0)
    if not isinstance(first, Para):
        return 0
    lines, leading = (
        len(pages.lines(first.text, first.style, pages.geometry.width)),
        first.style.leading,
    )
    if first.keep:
        return lines * leading + max(_together(pages, rest) if rest else 0, 2 * leading)
    leads = lines <= SHORT and rest and isinstance(rest[0], Grid)
    return lines * leading + _together(pages, rest) if leads else min(lines, SHORT) * leading


def _ending(blocks: Sequence[Block]) -> int:
    """Where the end of a paper begins that must not stand alone on a page: seal, lines and boxes
    for signatures."""
    at, signed = len(blocks), False
    while at > 1 and (_signs(blocks[at - 1]) or _beside_signs(blocks[at - 1])):
        at -= 1
        signed = signed or _signs(blocks[at])
    return at if signed else len(blocks)


def _signs(block: Block) -> bool:
    """Whether it is the place of the seal, or boxes for signatures."""
    boxes = isinstance(block, Grid) and not block.head and len(block.rows) <= MOST_SIGNED
    return boxes or isinstance(block, Closing)


def _beside_signs(block: Block) -> bool:
    """Whether it stands with seal and signatures: room, imprint, a line that is not indented."""
    line = isinstance(block, Para) and not block.style.indent
    return line or isinstance(block, Gap | Imprint)


def _height(pages: Pages, blocks: Sequence[Block]) -> float:
    """Points that the end of a paper takes at least; 0 where it has none."""
    if not blocks:
        return 0
    trial = Blank(pages.geometry, pages.around, 0, pages.kept)
    trial.y = LINE
    for block in blocks:
        if isinstance(block, Imprint):
            trial.y += (len(_copies(trial, block)) + 1) * IMPRINT.leading + LINE
        else:
            _place(trial, block)
    tight = any(isinstance(b, Closing) for b in blocks) and not isinstance(blocks[-1], Imprint)
    spare = CLOSING_LINES - TIGHT_CLOSING if tight else 0
    return trial.y - (1 + spare) * LINE


def _place(pages: Pages, block: Block, text: Sequence[Block] = (), end: float = 0) -> None:
    """A block at the cursor; `text` is what stands between it and the end of the paper, which takes
    `end` points."""
    match block:
        case Para():
            _para(pages, block, text, end)
        case Grid():
            place_grid(pages, block)
        case Title():
            place_title(pages, block)
        case Closing():
            _closing(pages, block)
        case Code():
            pages.code(block.text, block.side)
        case Imprint():
            _imprint(pages, block)
        case NewPage():
            pages.need(pages.whole)
        case Gap():
            pages.y += block.lines * LINE if pages.y else 0


def _para(pages: Pages, para: Para, text: Sequence[Block], end: float) -> None:
    style = para.style
    lines = pages.lines(para.text, style, pages.geometry.width)
    held = _held_back(pages, text, end) if end else 0
    for i, line in enumerate(lines):
        if held and i == len(lines) - held and pages.y:
            pages.turn()
        pages.need(style.leading)
        if para.heading and i == 0:
            pages.kept.headings[para.heading] = pages.number
        pages.write(line, style, 0, pages.y, pages.geometry.width)
        pages.y += style.leading


def _held_back(pages: Pages, text: Sequence[Block], end: float) -> int:
    """Lines of a paragraph to take over to the page of the seal, which takes `end` points: so much
    text goes with it.

    `text`: the paragraph and everything between it and the end.
    """
    paras = [b for b in text if isinstance(b, Para)]
    if not 0 < len(paras) == len(text) <= WITH_SEAL + 1:
        return 0
    counts = [len(pages.lines(p.text, p.style, pages.geometry.width)) for p in paras]
    lines, leading, wanted = counts[0], paras[0].style.leading, WITH_SEAL - sum(counts[1:])
    if paras[0].keep and wanted == 0:  # a heading goes with the paragraph below it
        wanted = 1
    room = pages.room + 0.01
    whole = sum(n * p.style.leading for n, p in zip(counts, paras, strict=True)) + end
    over = lines - int(room / leading)  # lines that go to the next page anyway
    return 0 if whole <= room or over >= wanted else max(0, min(wanted, lines))


def _closing(pages: Pages, closing: Closing) -> None:
    """Date four characters in from the right, the name centred above it, the seal's place beside
    the name."""
    pages.need(TIGHT_CLOSING * LINE)
    width, plain = pages.geometry.width, replace(BODY, indent=0, align="left")
    day = break_lines(closing.date, plain, width)[0]
    name = break_lines(closing.bureau, plain, width)[0]
    right = width - 4 * PITCH
    middle = min(right - day.width / 2, right - name.width / 2)
    above = CLOSING_LINES if pages.room >= CLOSING_LINES * LINE - 0.01 else TIGHT_CLOSING
    pages.y += (above - 2) * LINE if pages.y else 0
    pages.write(name, plain, middle - name.width / 2, pages.y, width)
    seal = break_lines(closing.seal, plain, width)[0]
    pages.write(seal, plain, middle + name.width / 2, pages.y, width)
    pages.y += LINE
    pages.write(day, plain, middle - day.width / 2, pages.y, width)
    pages.y += LINE


def _copies(pages: Pages, imprint: Imprint) -> list[TextLine]:
    return (
        pages.lines(imprint.copies, IMPRINT, pages.geometry.width - 2 * IMPRINT.size)
        if imprint.copies
        else []
    )


def _imprint(pages: Pages, imprint: Imprint) -> None:
    """版记 at the foot of the type area of the last page (7.4)."""
    width, inset, copies = pages.geometry.width, IMPRINT.size, _copies(pages, imprint)
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
