"""The lots of a draw. Pure: whoever has the frame and the public number repeats it.

The frame (who can be drawn, who can inspect, by which rules) is written down and its digest
committed before the public number is known. Digest and number together are the seed; every lot is
SHA-256 of the seed and of whom it is for. So nobody can choose either, and nothing is left to the
program.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from casework.text import folded_digits
from casework.vault.digest import canonical, sha256

EACH = 2  # officers of an inspection (行政处罚法 §42)
LEAST_DIGITS = 3  # of a public number: fewer could be tried out


class DrawnLot(NamedTuple):
    """A unit and its officers by their ids in the frame; none where fewer than two may go."""

    unit: int
    officers: tuple[int, ...]


class BadFrame(ValueError):
    """What was read is no frame; its words name what is missing."""


Id = Annotated[int, Meta(ge=1)]
Lots = Annotated[int, Meta(ge=1, le=100)]


class FrameUnit(Struct):
    """A unit as a draw needs it; a frame says more of it."""

    id: Id
    weight: Lots


class FrameOfficer(Struct):
    """An officer as a draw needs it."""

    id: Id


class FrameRules(Struct):
    """How many units are drawn."""

    take: Annotated[int, Meta(ge=1)]


class Frame(Struct):
    """What a draw needs of a frame. ``tied``: pairs of officer and unit."""

    units: list[FrameUnit]
    officers: list[FrameOfficer]
    tied: list[tuple[Id, Id]]
    rules: FrameRules


def frame_digest(frame: Mapping[str, Any]) -> str:
    """SHA-256 of the frame in its one canonical form, as hex."""
    return sha256(canonical(frame))


def public_number(typed: str) -> str:
    """The digits of a public number, in their order, however they were separated.

    Error: ValueError for fewer than three.
    """
    digits = "".join(c for c in folded_digits(typed) if c in "0123456789")
    if len(digits) < LEAST_DIGITS:
        raise ValueError("a public number has three digits or more")
    return digits


def seed(digest: str, number: str) -> str:
    """What every lot comes from; ``number`` as :func:`public_number` returns it."""
    return sha256(f"{digest}\n{number}".encode())


def draw_units(frame: Mapping[str, Any], number: str) -> list[DrawnLot]:
    """The units drawn, in the order of their lots, each with its officers.

    Error: BadFrame where the frame lacks something.
    """
    known, start = read_frame(frame), seed(frame_digest(frame), number)
    chosen = sorted(known.units, key=lambda u: (-_best(start, u), u.id))
    return list(_with_officers(start, known, chosen[: known.rules.take]))


def read_frame(frame: Mapping[str, Any]) -> Frame:
    """The parts that a draw needs.

    Error: BadFrame where a part is missing, a number is none, or an id stands twice.
    """
    try:
        known = msgspec.convert(frame, Frame)
    except msgspec.ValidationError as error:
        raise BadFrame(f"no frame: {error}") from None
    for rows in (known.units, known.officers):
        if len({row.id for row in rows}) < len(rows):
            raise BadFrame("no frame: an id stands twice")
    return known


def _best(start: str, unit: FrameUnit) -> int:
    """The highest of a unit's lots. A weight is a number of lots: twice the weight, twice the
    chance to have the highest of all."""
    return max(_lot(start, "unit", unit.id, n) for n in range(unit.weight))


def _with_officers(start: str, frame: Frame, units: Iterable[FrameUnit]) -> Iterator[DrawnLot]:
    """Of those without a tie to the unit: whoever has the fewest inspections of this draw so far,
    then the highest lot."""
    tied, load = set(frame.tied), Counter[int]()
    for unit in units:
        may_go = [o.id for o in frame.officers if (o.id, unit.id) not in tied]
        lots = {o: _lot(start, "officer", unit.id, o) for o in may_go}
        pair = sorted(may_go, key=lambda o: (load[o], -lots[o], o))[:EACH]
        pair = pair if len(pair) == EACH else []
        load.update(pair)
        yield DrawnLot(unit.id, tuple(pair))


def _lot(start: str, *whose: object) -> int:
    words = "|".join([start, *map(str, whose)])
    return int.from_bytes(hashlib.sha256(words.encode()).digest())
