"""What an act brings about, one class a kind: planned by :mod:`casework.procedure.plan`, made
rows by ``acts/apply.py``, kept in clear in the journal.

The stored form is hashed and played again for ever: a field gets a default when older entries lack
it, and is never renamed or dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from casework.procedure.ids import ClockId, PaperId, StageId, TrackId

KINDS: dict[str, type[Effect]] = {}  # by their names; those that are only planned have none


@dataclass(frozen=True)
class Effect:
    """One change that an act makes. ``name``: that of its kind, in the journal and in
    ``acts/apply.py``."""

    _name: ClassVar[str] = ""

    def __init_subclass__(cls, name: str = "") -> None:
        cls._name = name
        if name:
            KINDS[name] = cls

    @property
    def do(self) -> str:
        """The name of its kind."""
        return self._name


@dataclass(frozen=True)
class Special(Effect):
    """One that a step's ``does`` names and that says nothing more."""

    name: str

    @property
    def do(self) -> str:
        """The name itself."""
        return self.name


# -- tracks
@dataclass(frozen=True)
class TrackOpened(Effect, name="open"):
    """``about_field``: the answer that says whom the track is about; None where no step asks."""

    track: TrackId
    label: str
    stage: StageId
    about_field: str | None = None


@dataclass(frozen=True)
class StageReached(Effect, name="move"):
    """A track instance, by its label, moves on."""

    track: str
    to: StageId


@dataclass(frozen=True)
class TrackEnded(Effect, name="end"):
    """A track instance, by its label, is over."""

    track: str


@dataclass(frozen=True)
class TrackReopened(Effect, name="reopen"):
    """An ended track instance, by its label, goes on in a stage."""

    track: str
    to: StageId


# -- clocks
@dataclass(frozen=True)
class ClockStarted(Effect, name="clock.start"):
    """``amount`` 0: a paper or an answer fixed the last day. ``paper``: whose service began it."""

    rule: ClockId
    track: str
    start: date
    due: date
    basis: str = ""
    calendar: str = ""
    paper: int | None = None
    amount: int = 0
    unit: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class OfClock(Effect):
    """Something happens to a clock, by its id."""

    clock: int
    rule: ClockId


@dataclass(frozen=True)
class ClockMet(OfClock, name="clock.meet"):
    """``on``: None for the day of the act."""

    on: date | None = None


@dataclass(frozen=True)
class ClockStopped(OfClock, name="clock.stop"):
    """It runs no longer, and nobody was late."""


@dataclass(frozen=True)
class ClockPaused(OfClock, name="clock.pause"):
    """It stands still from the day of the act."""


@dataclass(frozen=True)
class ClockReopened(OfClock, name="clock.reopen"):
    """A met or stopped one runs again, or stands still again where it did."""


@dataclass(frozen=True)
class ClockResumed(OfClock, name="clock.resume"):
    """It runs again, to a later last day."""

    due: date
    before: date | None = None
    provisional: bool = False


@dataclass(frozen=True)
class ClockExtended(OfClock, name="clock.extend"):
    """By a period, or to a day that was asked for."""

    due: date
    before: date
    amount: int | None = None
    unit: str | None = None
    provisional: bool | None = None


@dataclass(frozen=True)
class ClockMoved(OfClock, name="clock.move"):
    """Another calendar or a corrected day moved its last day, and, with ``start``, its first."""

    due: date
    before: date
    provisional: bool = False
    calendar: str | None = None
    began: date | None = None
    start: date | None = None


# -- numbers and papers
@dataclass(frozen=True)
class NumberWanted(Effect):
    """Planned: the docket takes the next number of a series; never stored."""

    series: str


@dataclass(frozen=True)
class NumberTaken(Effect, name="number"):
    """The docket's number."""

    series: str
    year: int
    no: int
    text: str


@dataclass(frozen=True)
class PaperWanted(Effect):
    """Planned: a paper of that kind is drawn; never stored."""

    paper: PaperId


@dataclass(frozen=True)
class PaperMade(Effect, name="paper"):
    """A paper, by its name in the store; its digests are in the sealed part of the entry."""

    kind: PaperId
    number: str
    short_code: str
    size: int
    stored: str
    pages: int
    track: str = ""
    case_number: str = ""
    series: str | None = None
    year: int | None = None
    no: int | None = None


@dataclass(frozen=True)
class PaperWithdrawn(Effect, name="paper.withdraw"):
    """A paper, by its id, counts no longer."""

    paper: int


# -- what an entry keeps for later
@dataclass(frozen=True)
class PeriodTold(Effect, name="told"):
    """A period as the paper told it: its service counts by it."""

    rule: ClockId
    amount: int
    unit: str


@dataclass(frozen=True)
class PagesCounted(Effect, name="count_pages"):
    """How many numbered pages the bound file has."""

    pages: int


@dataclass(frozen=True)
class RemedyEnded(Effect, name="remedy_result"):
    """``over``: nothing is owed any more; None in older entries, which do not say."""

    result: str
    over: bool | None = None


@dataclass(frozen=True)
class JudgmentInForce(RemedyEnded, name="judgment_in_force"):
    """``judgment``: the number of the entry that recorded it."""

    judgment: int = 0


_FIELDS = {kind: {f.name: f.name for f in fields(kind)} for kind in KINDS.values()}
for _kind in (ClockStarted, ClockMoved):
    _FIELDS[_kind]["start"] = "from"  # no name for a field in Python
_DAYS = frozenset({"start", "due", "before", "began", "on"})


def stored(effect: Effect) -> dict[str, Any]:
    """The journal's form of an effect: days as ISO, None left out."""
    kept: dict[str, Any] = {"do": effect.do}
    if isinstance(effect, Special):
        return kept
    for name, key in _FIELDS[type(effect)].items():
        value = getattr(effect, name)
        # a clock that no paper began says so
        if value is not None or name == "paper":
            kept[key] = value.isoformat() if isinstance(value, date) else value
    return kept


def read(kept: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Effects from the journal's form; a name without a class of its own is a special one, and what
    older releases kept beside is passed over. KeyError, TypeError, ValueError: it is no effect."""
    return tuple(_read(e) for e in kept)


def _read(kept: Mapping[str, Any]) -> Effect:
    kind = KINDS.get(kept["do"])
    if kind is None:
        return Special(_name(kept["do"]))
    given = {}
    for name, key in _FIELDS[kind].items():
        if key in kept:
            value = kept[key]
            given[name] = date.fromisoformat(value) if value and name in _DAYS else value
    return kind(**given)


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError("an effect is named by a text")
    return name
