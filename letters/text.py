"""Lines of Chinese text: where they may break, how they are justified, how they reach the page.

GB/T 15834: no line begins with a closing mark or ends with an opening one, the two-em dash and the
six-dot ellipsis stay whole. Digits and Latin letters that belong together stay on one line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from reportlab.pdfbase.pdfmetrics import getFont

from letters.fonts import Face, homes, in_run

NO_START = frozenset("，。、；：？！）》〉」』】〕］｝”’％‰℃·…～〗､｡＂＇,.;:?!)]}%°′″ 　")
NO_END = frozenset("（《〈「『【〔［｛“‘〖￥＄№([{¥$")
PAIRS = frozenset({"——", "……"})
ALIGNMENTS = ("justify", "left", "right", "centre")
MOST_STRETCH = 0.4  # em per gap; a line that would need more stays ragged rather than fall apart

FREE, INSIDE_A_RUN, FORBIDDEN = range(3)


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set. Sizes in points; `indent` in points for the first line.

    `track` is added after every full-width character: the 28-character grid of GB/T 9704 is a little
    narrower than 28 characters of 3号.
    """

    face: Face = Face.FANG
    size: float = 16
    leading: float = 29
    indent: float = 0
    align: str = "justify"
    track: float = 0


@dataclass(frozen=True, slots=True)
class Line:
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
    return [g.width * scale + track if g.wide else g.width * scale for g in map(table.__getitem__, text)]


def break_lines(text: str, style: Style, width: float) -> list[Line]:
    """Lines of one paragraph, at most `width` points wide.

    A run longer than a whole line is broken inside; marks that leave no lawful place at all are broken
    where the line is full.
    """
    lines: list[Line] = []
    for part in text.split("\n"):
        lines += _paragraph(part, style, width)
    return lines


def _paragraph(text: str, style: Style, width: float) -> list[Line]:
    ends = [0.0, *accumulate(widths(text, style))]  # where each character begins, were it all one line
    if style.indent + ends[-1] <= width:
        return [Line(text, ends[-1], True, style.indent)]
    lines: list[Line] = []
    start, indent = 0, style.indent
    while True:
        end = _line_end(text, ends, start, width - indent)
        shown = text[start:end].rstrip(" 　") if end < len(text) else text[start:end]
        natural = ends[start + len(shown)] - ends[start]
        lines.append(Line(shown, natural, end >= len(text), indent))
        start, indent = end, 0
        if start >= len(text):
            return lines


def _line_end(text: str, ends: list[float], start: int, room: float) -> int:
    """First index not on the line that begins at `start`; at least one character further.

    The best place before it is full: between words, else inside a run, else beside a mark, where it is full.
    """
    # 1e-6: sums of floats; spaces at a line's end hang
    full = max(bisect_right(ends, ends[start] + room + 1e-6) - 1, start + 1)
    while full < len(text) and text[full] in " 　":
        full += 1
    if full >= len(text):
        return len(text)
    inside = 0
    for i in range(full, start, -1):
        kind = tie(text[i - 1], text[i])
        if kind == FREE:
            return i
        if kind == INSIDE_A_RUN and not inside:
            inside = i
    return inside or full


def pieces(line: str, face: Face) -> Iterator[tuple[str, str, bool]]:
    """Runs of a line as (face name, characters, is full-width)."""
    table = homes(face)
    begin, name, wide = 0, "", True
    for i, glyph in enumerate(map(table.__getitem__, line)):
        if glyph.wide is not wide or glyph.face is not name:
            if i > begin:
                yield name, line[begin:i], wide
            name, begin, wide = glyph.face, i, glyph.wide
    if line:
        yield name, line[begin:], wide


def gaps(line: str) -> int:
    """Places where a line may be stretched: between two characters unless both belong to one run."""
    return sum(1 for a, b in pairwise(line) if not (in_run(a) and in_run(b)))


def put(out: Any, line: Line, style: Style, x: float, y: float, width: float) -> None:
    """Write a line to a reportlab text object, baseline at `y`, between `x` and `x + width` points."""
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
    _write(out, line.text, style, left, y, stretch)


def _write(out: Any, text: str, style: Style, x: float, y: float, stretch: float) -> None:
    table, scale = homes(style.face), style.size / 1000
    for name, chars, wide in pieces(text, style.face):
        space = style.track + stretch if wide else 0.0
        run(out, name, style.size, x, y, space, chars)
        x += sum([table[c].width for c in chars]) * scale + space * len(chars)
        if not wide:
            x += stretch


def run(out: Any, name: str, size: float, x: float, y: float, space: float, chars: str) -> None:
    """Characters of one face into the text object, `space` points after each.

    Written as operators of the PDF itself: reportlab's own calls take three times as long over numbers and escapes.
    """
    font, doc = getFont(name), out._canvas._doc
    code = [f"1 0 0 1 {x:.2f} {y:.2f} Tm {space:.4g} Tc"]
    code += [f"{font.getSubsetInternalName(n, doc)} {size:g} Tf <{part.hex()}> Tj" for n, part in font.splitString(chars, doc)]
    out._code.append(" ".join(code))
