"""Where a paragraph breaks when a long number would pull one of its lines apart: the room is shared
among several lines.

A number, an amount in brackets or a name stays whole (GB/T 9704-2012, 7.3.3), so that the line
before it may be several characters short. Taking a few characters down from the lines above makes
that room disappear.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

LOOSE = 0.12  # em per gap; a line that needs more is worth breaking the paragraph otherwise
RAGGED = 4.0  # what a line costs that is not stretched at all
MOST_SHORT = 16  # places by which a line may end before the one where it is full


@dataclass(frozen=True)
class Breaks:
    """A paragraph as it may be broken: where each character begins were it all one line, and behind
    which it may end."""

    ends: Sequence[float]
    places: Sequence[int]  # in order; the end of the text is the last
    stretchable: Sequence[int]  # gaps that may be stretched before each character
    size: float
    most: float  # em per gap that are stretched at all

    def stretch(self, start: int, end: int, width: float) -> float:
        """Em per gap that the line from `start` to `end` needs to be `width` points wide."""
        spare = width - (self.ends[end] - self.ends[start])
        return spare / max(self.stretchable[end - 1] - self.stretchable[start], 1) / self.size


def shared(breaks: Breaks, width: float, indent: float, full: Sequence[int]) -> list[int] | None:
    """Where each line ends so that the loosest are least loose; None where there is no such way.
    ``full``: where the lines end when each is as full as it can be; no more lines than these, and
    none ends far before its place there, so that the work grows with the text and no faster."""
    last = breaks.places[-1]
    reached: dict[int, float] = {0: 0.0}  # where lines so far may end → what they cost
    before: list[dict[int, int]] = []  # for each line: its end → where it begins
    found: list[tuple[float, int]] = []  # cost and number of lines of each way to the end
    for line, furthest in enumerate(full):
        room = width - (0 if line else indent)
        following: dict[int, float] = {}
        begins: dict[int, int] = {}
        for start, cost in reached.items():
            for end in _within(breaks, start, room, furthest):
                price = cost + (0 if end == last else _cost(breaks, start, end, room))
                if end not in following or price < following[end]:
                    following[end], begins[end] = price, start
        before.append(begins)
        if last in following:
            found.append((following.pop(last), line + 1))
        reached = following
    return _way(before[: min(found)[1]], last) if found else None


def _way(before: Sequence[dict[int, int]], last: int) -> list[int]:
    """The ends of the lines, followed back from the last."""
    ends = [last]
    for begins in reversed(before[1:]):
        ends.append(begins[ends[-1]])
    return ends[::-1]


def _within(breaks: Breaks, start: int, room: float, furthest: int) -> Sequence[int]:
    """Where a line that begins there may end."""
    first = max(
        bisect_right(breaks.places, start), bisect_right(breaks.places, furthest) - 1 - MOST_SHORT
    )
    until = bisect_right(
        breaks.places, room + 1e-6, key=lambda p: breaks.ends[p] - breaks.ends[start]
    )
    return breaks.places[first:until]


def _cost(breaks: Breaks, start: int, end: int, room: float) -> float:
    needed = breaks.stretch(start, end, room)
    return RAGGED + needed if needed > breaks.most else needed**2
