"""Takes back what one act brought about: the opposite of each of its effects, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import select, update

from casework.acts.apply import Applied, Effect, apply
from casework.docket.models import Act, Clock
from casework.papers.models import Paper


def undo(a: Applied, act: Act) -> None:
    """Apply the opposites of the act's effects. The act and its number stay in the journal."""
    for opposite in _opposites(a, act):
        apply(a, opposite)
    a.session.execute(
        update(Clock)
        .where(Clock.docket_id == a.docket.id, Clock.seq == act.seq, Clock.state == "open")
        .values(state="stopped", met_on=a.on)
    )
    papers = update(Paper).where(Paper.act_id == act.id, Paper.state == "issued")
    a.session.execute(papers.values(state="withdrawn"))


def _opposites(a: Applied, act: Act) -> Iterable[Effect]:
    for e in reversed(act.effects):
        if e["do"] == "move":
            yield {"do": "reopen", "track": e["track"], "to": _stage_before(a, act, e["track"])}
        elif e["do"] == "open":
            yield {"do": "end", "track": e["label"]}
        elif e["do"] in ("clock.meet", "clock.stop"):
            yield {"do": "clock.reopen", "clock": e["clock"]}
        elif e["do"] in _BACK:
            _BACK[e["do"]](a.session.get_one(Clock, e["clock"]), e)


def _unpaused(clock: Clock, _e: Effect) -> None:
    clock.state, clock.pauses = "open", clock.pauses[:-1]


def _paused_again(clock: Clock, e: Effect) -> None:
    clock.state, clock.due = "paused", date.fromisoformat(e["before"])
    clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], None]]


def _not_extended(clock: Clock, e: Effect) -> None:
    clock.due, clock.extensions = date.fromisoformat(e["before"]), clock.extensions[:-1]


_BACK: dict[str, Callable[[Clock, Effect], None]] = {
    "clock.pause": _unpaused,
    "clock.resume": _paused_again,
    "clock.extend": _not_extended,
}


def _stage_before(a: Applied, act: Act, track: str) -> str:
    """Where the track stood before the act: the target of the move, or of the opening, before
    it."""
    earlier = a.session.scalars(
        select(Act.effects)
        .where(Act.docket_id == a.docket.id, Act.seq < act.seq)
        .order_by(Act.seq.desc())
    )
    for effects in earlier:
        for e in reversed(effects):
            if e["do"] == "move" and e["track"] == track:
                return str(e["to"])
            if e["do"] == "open" and e["label"] == track:
                return str(e["stage"])
    raise LookupError(f"{track} was never opened")
