"""The head of a paper: name of the bureau, title broken by sense, number (GB/T 9704-2012, 7.2,
7.3.1, 10.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from letters.blocks import Title
from letters.fonts import Face
from letters.pages import LINE, MM, RULE, Pages
from letters.text import Style, break_lines

TITLE = Style(Face.BIAO, 22, 34, align="centre")
MARK = Style(Face.BIAO, 46, 52, align="centre")
NUMBER = Style(Face.FANG, 16, LINE, align="right")
FORM_NUMBER = Style(Face.FANG, 12, 20, align="right")
RED = (0.84, 0.0, 0.0)
LETTER_RULE = 170 * MM
# a title may break behind these
SENSE = re.compile(r"公司|厂|局|队|政府|合作社|中心|商行|经营部|一案(?!的)|的")
SHORTEST = 4  # characters of a line of a title


def _centred(pages: Pages, text: str, style: Style) -> None:
    for line in pages.lines(text, style, pages.geometry.width):
        pages.write(line, style, 0, pages.y, pages.geometry.width)
        pages.y += style.leading


def break_title(text: str, width: float, style: Style = TITLE) -> list[str]:
    """A title as lines of at most `width` points, in as few as will do: broken by sense where that
    can be, else evenly, the upper ones no shorter."""
    count = len(break_lines(text, style, width))
    cuts = [cut for k in range(count - 1, 0, -1) for cut in combinations(_sense(text), k)]
    broken = [
        [line for part in _parts(text, cut) for line in _evenly(part, width, style)] for cut in cuts
    ]
    by_sense = [lines for lines in broken if len(lines) == count]
    return min(
        by_sense, key=lambda lines: max(map(len, lines)), default=_evenly(text, width, style)
    )


def _evenly(text: str, width: float, style: Style) -> list[str]:
    count = len(break_lines(text, style, width))
    narrow = width
    while count > 1 and len(break_lines(text, style, narrow - style.size)) == count:
        narrow -= style.size
    return [line.text for line in break_lines(text, style, narrow)]


def _sense(text: str) -> list[int]:
    """Places behind a name or a phrase, neither line being a mere word."""
    return [m.end() for m in SENSE.finditer(text) if SHORTEST <= m.end() <= len(text) - SHORTEST]


def _parts(text: str, cut: Sequence[int]) -> list[str]:
    return [text[a:b] for a, b in pairwise((0, *cut, len(text)))]


def place_title(pages: Pages, title: Title) -> None:
    """Draw the head of a paper at the cursor: form number, bureau, title, number and signer."""
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
    """发文机关标志 35 mm below the top of the type area, then number and red rule 4 mm below it
    (7.2)."""
    mark = _mark(pages, title.bureau)
    pages.y = 35 * MM - (mark.leading - mark.size) / 2
    _in_red(pages, title.bureau, mark)
    pages.y += 2 * LINE
    if title.signer:  # the number stands at the left then, who releases it at the right
        _apart(pages, title.number, title.signer)
    else:
        _centred(pages, title.number, replace(NUMBER, align="centre"))
    y = pages.geometry.paper[1] - pages.geometry.top - pages.y - 4 * MM
    _red_rules(pages, pages.left, pages.left + pages.geometry.width, [(y, 3 * RULE)])
    pages.y += 4 * MM + 2 * LINE


def _apart(pages: Pages, left: str, right: str) -> None:
    """One line with a text at each side, a character in from the edge (7.2.5)."""
    for text, align in ((left, "left"), (right, "right")):
        style = replace(NUMBER, align=align)
        line = pages.lines(text, style, pages.geometry.width - 2 * NUMBER.size)[0]
        pages.write(line, style, NUMBER.size, pages.y, pages.geometry.width - 2 * NUMBER.size)
    pages.y += NUMBER.leading


def _letterhead(pages: Pages, title: Title) -> None:
    """信函格式 (10.1): the mark 30 mm below the edge of the paper, a double rule 4 mm below it,
    another at the foot.

    The rules are 170 mm long, the thick one outside; the number stands at the right, two lines
    above the title.
    """
    (width, height), mark = pages.geometry.paper, _mark(pages, title.bureau)
    pages.y = 30 * MM - pages.geometry.top - (mark.leading - mark.size) / 2
    _in_red(pages, title.bureau, mark)
    y = pages.y - (mark.leading - mark.size) / 2 + 4 * MM
    top = height - pages.geometry.top - y
    sides = (width - LETTER_RULE) / 2, (width + LETTER_RULE) / 2
    _red_rules(
        pages, *sides, [(top, 3 * RULE), (top - 3, RULE), (20 * MM + 3, RULE), (20 * MM, 3 * RULE)]
    )
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


def _red_rules(
    pages: Pages, left: float, right: float, rules: Sequence[tuple[float, float]]
) -> None:
    """Rules across the page, each as (height above the foot of the paper, thickness), in points."""
    pages.canvas.saveState()
    pages.canvas.setStrokeColorRGB(*RED)
    for y, thick in rules:
        pages.canvas.setLineWidth(thick)
        pages.canvas.line(left, y, right, y)
    pages.canvas.restoreState()
