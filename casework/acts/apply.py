"""Turns effects into rows. A rebuild replays the same effects through the same functions: today's
rules are not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from casework.docket.models import Clock, Docket, Outbox, Track
from casework.papers.models import Paper
from casework.procedure import effects
from casework.procedure.effects import Effect
from casework.procedure.ids import StepId
from casework.procedure.kinds import kinds
from casework.procedure.payload import Asked
from casework.store import table

# built once
_TRACK, _CLOCK, _TELL = insert(table(Track)), insert(table(Clock)), insert(table(Outbox))


@dataclass(frozen=True)
class Applied:
    """What :func:`apply` needs beside an effect: the session, the docket, and who acted, when and
    with which answers."""

    session: Session
    docket: Docket
    act_id: int
    seq: int
    step: StepId
    track: str
    on: date
    at: datetime
    actor_id: int | None
    answers: Asked
    papers: Mapping[str, Mapping[str, str]]  # digests, by the papers' names in the store
    proposer: int | None = None

    def track_row(self, label: str) -> Track:
        """The track instance of that label."""
        return self.session.scalars(
            select(Track).where(Track.docket_id == self.docket.id, Track.label == label)
        ).one()

    def tell(self, topic: str, **data: Any) -> None:
        """Write an outbox row (``casework.docket.models.Outbox``) for the rooms above, in the act's
        transaction."""
        told = {"docket_id": self.docket.id, "act_id": self.act_id, "topic": topic, "data": data}
        self.session.connection().execute(_TELL, told)


def apply(a: Applied, effect: Effect) -> None:
    """Change the rows that one effect stands for. KeyError for an effect of an unknown name: an
    entry is applied as a whole or not at all."""
    _APPLY[effect.do](a, effect)


# -- tracks
def _open(a: Applied, e: effects.TrackOpened) -> None:
    """Add a track instance. The effect names the answer that says whom the track is about; the name
    is taken from the answers, since effects are stored in clear."""
    about = str(a.answers.get(e.about_field or "") or "")[:120]
    a.session.connection().execute(
        _TRACK,
        {
            "docket_id": a.docket.id,
            "label": e.label,
            "kind": e.track,
            "stage": e.stage,
            "about": about,
            "opened_by": a.seq,
            "ended": False,
        },
    )


def _move(a: Applied, e: effects.StageReached) -> None:
    a.track_row(e.track).stage = e.to


def _end(a: Applied, e: effects.TrackEnded) -> None:
    a.track_row(e.track).ended = True


def _reopen(a: Applied, e: effects.TrackReopened) -> None:
    row = a.track_row(e.track)
    row.ended, row.stage = False, e.to


# -- clocks
def _clock_start(a: Applied, e: effects.ClockStarted) -> None:
    a.session.connection().execute(
        _CLOCK,
        {
            "bureau_id": a.docket.bureau_id,
            "docket_id": a.docket.id,
            **{k: v for k, v in asdict(e).items() if k != "paper"},
            "paper_id": e.paper,
            "seq": a.seq,
            "original_due": e.due,
            "state": "open",
            "pauses": [],
            "extensions": [],
        },
    )


def _clock(a: Applied, e: effects.OfClock) -> Clock:
    return a.session.get_one(Clock, e.clock)


def _clock_meet(a: Applied, e: effects.ClockMet) -> None:
    clock = _clock(a, e)
    clock.state, clock.met_on = "met", e.on or a.on


def _clock_stop(a: Applied, e: effects.OfClock) -> None:
    clock = _clock(a, e)
    clock.state, clock.met_on = "stopped", a.on


def _clock_pause(a: Applied, e: effects.OfClock) -> None:
    clock = _clock(a, e)
    clock.state, clock.pauses = "paused", [*clock.pauses, [a.on.isoformat(), None]]


def _clock_resume(a: Applied, e: effects.ClockResumed) -> None:
    clock = _clock(a, e)
    clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], a.on.isoformat()]]
    clock.state, clock.due, clock.provisional = "open", e.due, e.provisional


def _clock_extend(a: Applied, e: effects.ClockExtended) -> None:
    clock = _clock(a, e)
    step = {
        "act": a.seq,
        "on": a.on.isoformat(),
        "from": clock.due.isoformat(),
        "to": e.due.isoformat(),
        "by": a.actor_id,
        "amount": e.amount or 0,
        "unit": e.unit or "",
    }
    clock.extensions, clock.due = [*clock.extensions, step], e.due
    clock.provisional = bool(e.provisional)


def _clock_move(a: Applied, e: effects.ClockMoved) -> None:
    """Another first or last day, by a changed calendar or a corrected day."""
    clock = _clock(a, e)
    clock.due, clock.provisional = e.due, e.provisional
    clock.calendar = clock.calendar if e.calendar is None else e.calendar
    clock.start = e.start or clock.start


def _clock_reopen(a: Applied, e: effects.ClockReopened) -> None:
    clock = _clock(a, e)
    still = bool(clock.pauses) and clock.pauses[-1][1] is None  # it stood still when it was stopped
    clock.state, clock.met_on = "paused" if still else "open", None


# -- numbers and papers
def _number(a: Applied, e: effects.NumberTaken) -> None:
    """Give the docket its official number. The first one also becomes its code in addresses."""
    a.docket.number = e.text
    if a.docket.code.startswith("~"):
        letter = kinds()[a.docket.kind].letter
        a.docket.code = f"{letter}{e.year}-{e.no}"


def _paper(a: Applied, e: effects.PaperMade) -> None:
    said = {**asdict(e), "track": e.track or a.track, **a.papers[e.stored]}
    made = Paper(act_id=a.act_id, seq=a.seq, step=a.step, on=a.on, state="issued", **said)
    made.bureau_id, made.docket_id = a.docket.bureau_id, a.docket.id
    a.session.add(made)
    a.session.flush()


def _withdraw_paper(a: Applied, e: effects.PaperWithdrawn) -> None:
    a.session.execute(
        update(Paper)
        .where(Paper.id == e.paper, Paper.docket_id == a.docket.id)
        .values(state="withdrawn")
    )


Handler = Callable[[Applied, Any], None]  # takes the class of its effect
_APPLY: dict[str, Handler] = {
    "open": _open,
    "move": _move,
    "end": _end,
    "reopen": _reopen,
    "clock.start": _clock_start,
    "clock.meet": _clock_meet,
    "clock.stop": _clock_stop,
    "clock.pause": _clock_pause,
    "clock.resume": _clock_resume,
    "clock.extend": _clock_extend,
    "clock.move": _clock_move,
    "clock.reopen": _clock_reopen,
    "number": _number,
    "paper": _paper,
    "paper.withdraw": _withdraw_paper,
}


def effect(name: str) -> Callable[[Handler], Handler]:
    """Decorator: register the handler of a special effect, which a step's ``does`` names."""

    def put(fn: Handler) -> Handler:
        _APPLY[name] = fn
        return fn

    return put


def effect_names() -> frozenset[str]:
    """Names of all effects that have a handler; the start-up check asks."""
    return frozenset(_APPLY)
