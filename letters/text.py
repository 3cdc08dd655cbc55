"""Lines of Chinese text: where they may break, how they are justified, how they reach the page.

GB/T 15834: no line begins with a closing mark or ends with an opening one, the two-em dash and the
six-dot ellipsis stay whole. Digits and Latin letters that belong together stay on one line; so do a
number and its unit, the number of a card and its name, and names of people that are given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from reportlab.pdfgen.canvas import Canvas

from letters.drawable import as_drawn
from letters.fonts import Face, character_kinds, homes, in_run
from letters.spread import LOOSE, Breaks, shared

NO_START = frozenset("，。、；：？！）》〉」』】〕］｝”’％‰℃·…～〗､｡＂＇,.;:?!)]}%°′″ 　")
NO_END = frozenset("（《〈「『【〔［｛“‘〖￥＄№([{¥$□")
PAIRS = frozenset({"——", "……"})
ALIGNMENTS = ("justify", "left", "right", "centre")
RUN = re.compile("[\x21-\u024f]+")  # as `in_run` has it
MOST_STRETCH = 0.18  # em per gap; a line that would need more stays ragged rather than fall apart

# behind the first sign of each of these a line ends only where there is no other place
HELD = re.compile(
    "[0-9](?=[年月日号时分元次个份页条项款人名家期卷件台册张％%℃])"
    "|[^\x00-\u024f] (?=[0-9])"  # 渝统执 0219
)
FREE, TOGETHER, INSIDE_A_RUN, FORBIDDEN = range(4)


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set. Sizes in points; `indent` in points for the first line.

    `track` is added after every full-width character: the 28-character grid of GB/T 9704 is a
    little narrower than 28 characters of 3号.
    """

    face: Face = Face.FANG
    size: float = 16
    leading: float = 29
    indent: float = 0
    align: str = "justify"
    track: float = 0


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as broken: its text, natural width in points, whether it ends its paragraph."""

    text: str
    width: float
    ends: bool
    indent: float = 0


def tie(left: str, right: str) -> int:
    """How strongly two neighbours hold together: FREE, INSIDE_A_RUN or FORBIDDEN to part."""
    if right in NO_START or left in NO_END or left + right in PAIRS:
        return FORBIDDEN
    if in_run(left) and in_run(right):
        return INSIDE_A_RUN
    return FREE


def widths(text: str, style: Style) -> list[float]:
    """Width of each character in points, tracking included."""
    table, scale, track = homes(style.face), style.size / 1000, style.track
    return [
        g.width * scale + track if g.wide else g.width * scale for g in map(table.__getitem__, text)
    ]


def break_lines(text: str, style: Style, width: float, names: Sequence[str] = ()) -> list[TextLine]:
    """Lines of one text, at most `width` points wide; every text comes this way, so each is put as
    it can be drawn. ``names`` of people stay whole.

    A run longer than a whole line is broken inside; marks that leave no lawful place at all are
    broken where the line is full.
    """
    lines: list[TextLine] = []
    for part in as_drawn(text).split("\n"):
        lines += _paragraph(part, style, width, names)
    return lines


def _paragraph(text: str, style: Style, width: float, names: Sequence[str]) -> list[TextLine]:
    # where each character begins, were it all one line
    ends = [0.0, *accumulate(widths(text, style))]
    if style.indent + ends[-1] <= width:
        return [TextLine(text, ends[-1], True, style.indent)]
    held = _held(text, names)
    found, start = list[int](), 0
    while start < len(text):
        start = _line_end(text, ends, start, width - (0 if found else style.indent), held)
        found.append(start)
    if style.align == "justify":
        found = _shared(text, ends, found, style, width, held)
    return _cut(text, ends, found, style.indent)


def _cut(text: str, ends: list[float], found: Sequence[int], indent: float) -> list[TextLine]:
    """The lines that end at these places."""
    lines: list[TextLine] = []
    for start, end in pairwise((0, *found)):
        shown = text[start:end].rstrip(" 　") if end < len(text) else text[start:end]
        natural = ends[start + len(shown)] - ends[start]
        lines.append(TextLine(shown, natural, end >= len(text), 0 if lines else indent))
    return lines


def _held(text: str, names: Sequence[str]) -> frozenset[int]:
    """Places where a line should not end: within a name, between a number and its unit."""
    held = {m.end() for m in HELD.finditer(text)}
    for name in names:
        for m in re.finditer(re.escape(name), text) if len(name) > 1 and name in text else ():
            held.update(range(m.start() + 1, m.end()))
    return frozenset(held)


def _shared(
    text: str, ends: list[float], found: list[int], style: Style, width: float, held: frozenset[int]
) -> list[int]:
    """The places where lines end, or better ones where a line would be pulled apart."""
    before = [
        0,
        *accumulate(0 if tie(a, b) == INSIDE_A_RUN else 1 for a, b in pairwise(text)),
        len(text),
    ]
    free = [i for i in range(1, len(text)) if i not in held and tie(text[i - 1], text[i]) == FREE]
    breaks = Breaks(ends, [*free, len(text)], before, style.size, MOST_STRETCH)
    rooms = (width - style.indent, *(width for _ in found[1:]))
    looks = zip(pairwise((0, *found[:-1])), rooms, strict=False)
    if all(breaks.stretch(start, end, room) <= LOOSE for (start, end), room in looks):
        return found
    return shared(breaks, width, style.indent, found) or found


def _line_end(text: str, ends: list[float], start: int, room: float, held: frozenset[int]) -> int:
    """First index not on the line that begins at `start`; at least one character further.

    The best place before it is full: between words, else inside a run, else beside a mark, where it
    is full.
    """
    # 1e-6: sums of floats; spaces at a line's end hang
    full = max(bisect_right(ends, ends[start] + room + 1e-6) - 1, start + 1)
    while full < len(text) and text[full] in " 　":
        full += 1
    if full >= len(text):
        return len(text)
    second: dict[int, int] = {}
    for i in range(full, start, -1):
        kind = tie(text[i - 1], text[i])
        if kind == FREE and i not in held:
            return i
        second.setdefault(TOGETHER if kind == FREE else kind, i)
    return second.get(TOGETHER) or second.get(INSIDE_A_RUN) or full


def gaps(line: str) -> int:
    """Places where a line may be stretched: between two characters unless both belong to one
    run."""
    return len(line) - 1 - sum([len(run) - 1 for run in RUN.findall(line)])


def put(ink: Ink, line: TextLine, style: Style, x: float, y: float, width: float) -> None:
    """Write a line, baseline `y` points above the foot of the page, between `x` and `x + width`; a
    justified one is stretched at its gaps, by `MOST_STRETCH` em at most."""
    spare = width - line.indent - line.width
    stretch = 0.0
    left = x + line.indent
    if style.align == "justify" and not line.ends and spare > 0:
        share = spare / max(gaps(line.text), 1)
        stretch = share if share <= MOST_STRETCH * style.size else 0
    elif style.align == "right":
        left += spare
    elif style.align == "centre":
        left += spare / 2
    ink.write(line.text, style, left, y, stretch)


class Ink:
    """Text of a page in the making, as a text object of the canvas.

    A line is placed once; what follows in another face goes on where the reader's pen stands.
    """

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self._begin()

    def _begin(self) -> None:
        self.text = self.canvas.beginText()
        self.face, self.space = ("", 0.0), -1.0  # as last set in this text object

    def write(self, text: str, style: Style, x: float, y: float, stretch: float) -> None:
        """A line from `x`, baseline `y`; `stretch` points wider at every gap."""
        self.text.setTextOrigin(round(x, 2), round(y, 2))
        for (name, wide), chars in groupby(text, character_kinds(style.face).__getitem__):
            face, shown = (name, style.size), "".join(chars)
            if face != self.face:
                self.face = face
                self.text.setFont(*face)
            if wide or not stretch:
                self._show(shown, style.track + stretch if wide else 0)
            else:  # a run of digits, with a gap behind it alone
                self._show(shown[:-1], 0)
                self._show(shown[-1:], stretch)

    def _show(self, text: str, space: float) -> None:
        if text and space != self.space:
            self.space = space
            self.text.setCharSpace(space)
        self.text.textOut(text)

    def colour(self, red: float, green: float, blue: float) -> None:
        """The colour of what follows; shares of red, green and blue from 0 to 1."""
        self.text.setFillColorRGB(red, green, blue)

    def dry(self) -> None:
        """Put what was written onto the canvas."""
        self.canvas.drawText(self.text)
        self._begin()
