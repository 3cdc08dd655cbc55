"""Turns effects into rows. A rebuild replays the same effects through the same functions: today's
rules are not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from casework.docket.models import Clock, Docket, Outbox, Track
from casework.papers.models import Paper
from casework.procedure.kinds import kinds
from casework.store import table

Effect = Mapping[str, Any]
# built once
_TRACK, _CLOCK, _TELL = insert(table(Track)), insert(table(Clock)), insert(table(Outbox))


@dataclass(frozen=True)
class Applied:
    """The act whose effects are applied, and where."""

    session: Session
    docket: Docket
    act_id: int
    seq: int
    step: str
    track: str
    on: date
    at: datetime
    actor_id: int | None
    payload: Mapping[str, Any]

    def track_row(self, label: str) -> Track:
        """The track instance of that label."""
        return self.session.scalars(
            select(Track).where(Track.docket_id == self.docket.id, Track.label == label)
        ).one()

    def tell(self, topic: str, **data: Any) -> None:
        """An outbox row for the floor above."""
        told = {"docket_id": self.docket.id, "act_id": self.act_id, "topic": topic, "data": data}
        self.session.connection().execute(_TELL, told)


def apply(a: Applied, effect: Effect) -> None:
    """One effect. KeyError for an unknown one: a journal that names it cannot be applied by
    halves."""
    _APPLY[effect["do"]](a, effect)


# -- tracks
def _open(a: Applied, e: Effect) -> None:
    """The effect names the field that says whom the track is about; the name itself is in the
    sealed payload alone."""
    about = str(a.payload.get(e.get("about_field") or "") or "")[:120]
    a.session.connection().execute(
        _TRACK,
        {
            "docket_id": a.docket.id,
            "label": e["label"],
            "kind": e["track"],
            "stage": e["stage"],
            "about": about,
            "opened_by": a.seq,
            "ended": False,
        },
    )


def _move(a: Applied, e: Effect) -> None:
    a.track_row(e["track"]).stage = e["to"]


def _end(a: Applied, e: Effect) -> None:
    a.track_row(e["track"]).ended = True


def _reopen(a: Applied, e: Effect) -> None:
    row = a.track_row(e["track"])
    row.ended, row.stage = False, e["to"]


# -- clocks
def _clock_start(a: Applied, e: Effect) -> None:
    due = date.fromisoformat(e["due"])
    a.session.connection().execute(
        _CLOCK,
        {
            "bureau_id": a.docket.bureau_id,
            "docket_id": a.docket.id,
            "track": e["track"],
            "rule": e["rule"],
            "basis": e.get("basis", ""),
            "amount": e.get("amount") or 0,
            "unit": e.get("unit") or "",
            "seq": a.seq,
            "paper_id": e.get("paper"),
            "start": date.fromisoformat(e["from"]),
            "original_due": due,
            "due": due,
            "provisional": bool(e.get("provisional")),
            "calendar": e.get("calendar", ""),
            "state": "open",
            "pauses": [],
            "extensions": [],
        },
    )


def _clock(a: Applied, e: Effect) -> Clock:
    return a.session.get_one(Clock, e["clock"])


def _clock_meet(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    clock.state, clock.met_on = "met", date.fromisoformat(e["on"]) if e.get("on") else a.on


def _clock_stop(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    clock.state, clock.met_on = "stopped", a.on


def _clock_pause(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    clock.state, clock.pauses = "paused", [*clock.pauses, [a.on.isoformat(), None]]


def _clock_resume(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], a.on.isoformat()]]
    clock.state, clock.due, clock.provisional = (
        "open",
        date.fromisoformat(e["due"]),
        bool(e.get("provisional")),
    )


def _clock_extend(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    step = {
        "act": a.seq,
        "on": a.on.isoformat(),
        "from": clock.due.isoformat(),
        "to": e["due"],
        "by": a.actor_id,
        "amount": e.get("amount") or 0,
        "unit": e.get("unit") or "",
    }
    clock.extensions, clock.due = [*clock.extensions, step], date.fromisoformat(e["due"])
    clock.provisional = bool(e.get("provisional"))


def _clock_move(a: Applied, e: Effect) -> None:
    """A changed calendar or a corrected day moved it."""
    clock = _clock(a, e)
    clock.due, clock.provisional = date.fromisoformat(e["due"]), bool(e.get("provisional"))
    clock.calendar = e.get("calendar", clock.calendar)
    if e.get("from"):
        clock.start = date.fromisoformat(e["from"])


def _clock_reopen(a: Applied, e: Effect) -> None:
    clock = _clock(a, e)
    still = bool(clock.pauses) and clock.pauses[-1][1] is None  # it stood still when it was stopped
    clock.state, clock.met_on = "paused" if still else "open", None


# -- numbers and papers
def _number(a: Applied, e: Effect) -> None:
    """The docket's official number; its code in addresses is made of the first one."""
    a.docket.number = e["text"]
    if a.docket.code.startswith("~"):
        letter = kinds()[a.docket.kind].letter
        a.docket.code = f"{letter}{e['year']}-{e['no']}"


def _paper(a: Applied, e: Effect) -> None:
    digests = a.payload["_papers"][e["stored"]]
    a.session.add(
        Paper(
            bureau_id=a.docket.bureau_id,
            docket_id=a.docket.id,
            act_id=a.act_id,
            seq=a.seq,
            step=a.step,
            track=e.get("track") or a.track,
            kind=e["kind"],
            series=e.get("series"),
            year=e.get("year"),
            no=e.get("no"),
            number=e.get("number") or "",
            case_number=e.get("case_number") or "",
            on=a.on,
            sha256=digests["sha256"],
            sm3=digests["sm3"],
            size=e["size"],
            pages=e["pages"],
            stored=e["stored"],
            short_code=e["short_code"],
            state="issued",
        )
    )
    a.session.flush()


def _withdraw_paper(a: Applied, e: Effect) -> None:
    a.session.execute(
        update(Paper)
        .where(Paper.id == e["paper"], Paper.docket_id == a.docket.id)
        .values(state="withdrawn")
    )


_APPLY: dict[str, Callable[[Applied, Effect], None]] = {
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


def effect(
    name: str,
) -> Callable[[Callable[[Applied, Effect], None]], Callable[[Applied, Effect], None]]:
    """Register a special effect that a step's ``does`` may name."""

    def put(fn: Callable[[Applied, Effect], None]) -> Callable[[Applied, Effect], None]:
        _APPLY[name] = fn
        return fn

    return put


def effect_names() -> frozenset[str]:
    """Names of all effects, for the start-up check."""
    return frozenset(_APPLY)
