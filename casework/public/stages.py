"""How far a tip has come, in the seven stages that an informant may know, and the day each was
reached.

A day, never an hour: no rounding of times that a bureau may set is coarser. Of a case only the days
count since it has the tip: an earlier one would say that somebody else had reported before.
Receiving and registering are two acts: until the desk has registered a tip, nobody is told that it
is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from casework.docket.models import Act, Docket, Link, Track
from casework.procedure import effects
from casework.procedure.facts import TAKEN
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.store import db

# Stages as an informant may know them: never whom, never where, never what was found.
PUBLIC_STAGES = (
    "received",
    "registered",
    "accepted",
    "verifying",
    "investigating",
    "decided",
    "finished",
)
_OF_CASE = {
    "verify": "verifying",
    "filing": "verifying",
    "investigate": "investigating",
    "conclude": "investigating",
    "notice": "investigating",
    "defence": "investigating",
    "hearing": "investigating",
    "review": "investigating",
    "panel": "investigating",
    "decide": "investigating",
    "serve": "decided",
    "effective": "decided",
    "closed": "finished",
    "archived": "finished",
    "transferred": "verifying",
    "absorbed": "investigating",
    "not_filed": "finished",
    "withdrawn": "finished",
    "terminated": "finished",
}
REGISTER, ANNUL = "register", "annul_step"
Step = tuple[date, int, int, int]  # day, act, docket, how far it has come (place in PUBLIC_STAGES)


def stage_of(docket: Docket) -> str:
    """One of PUBLIC_STAGES, or declined · transferred: that of the case that has come least far."""
    if docket.stage in ("declined", "transferred"):
        return docket.stage
    stages = db.session.scalars(
        select(Track.stage)
        .join(Link, Link.to_id == Track.docket_id)
        .where(
            Link.from_id == docket.id,
            Link.kind == "feeds",
            Link.until.is_(None),
            Track.label == "main",
        )
    )
    known = [_OF_CASE[s] for s in stages]
    if known:
        return min(known, key=PUBLIC_STAGES.index)
    if docket.stage != "lead":
        return "accepted"
    return PUBLIC_STAGES[[place for *_rest, place in _own_steps(docket)][-1]]


def days_of(docket: Docket) -> dict[str, date]:
    """The day from which on the tip was at each stage that it has reached, or beyond."""
    cases = _cases(docket.id)
    steps = sorted(
        [
            *_own_steps(docket),
            *(s for c, on in cases for s in _steps(c, "main", on)),
        ]
    )
    return _reached(docket, steps)


def _cases(report: int) -> Sequence[tuple[int, date]]:
    query = select(Link.to_id, Link.since).where(
        Link.from_id == report, Link.kind == "feeds", Link.until.is_(None)
    )
    return [(case, since) for case, since in db.session.execute(query)]


def _own_steps(docket: Docket) -> Iterator[Step]:
    return _steps(docket.id, kinds()[docket.kind].track, docket.opened_on)


def _steps(docket_id: int, track: str, since: date) -> Iterator[Step]:
    """Where a docket's own track stood, act by act; nothing before it concerns the tip."""
    query = (
        select(Act.id, Act.on, Act.step, Act.verb, Act.effects)
        .where(Act.docket_id == docket_id)
        .order_by(Act.seq)
    )
    registered, before = False, ""
    for number, on, step, verb, kept in db.session.execute(query):
        stages = [_public(track, stage) for stage in _ways(kept, track)]
        if verb in TAKEN:
            if step == REGISTER:
                registered = True
                stages.append("registered")
            elif step == ANNUL and before == REGISTER:
                # only the last step is ever taken back
                registered = False
                stages.append("received")
            before = step
        for stage in stages:  # a tip that comes back to the desk has not lost its registration
            kept = "registered" if registered and stage == "received" else stage
            yield max(on, since), number, docket_id, PUBLIC_STAGES.index(kept)


def _ways(kept: list[dict[str, Any]], track: str) -> Iterator[str]:
    for e in effects.read(kept):
        if isinstance(e, effects.TrackOpened) and e.label == track:
            yield e.stage
        elif isinstance(e, (effects.StageReached, effects.TrackReopened)) and e.track == track:
            yield e.to


def _public(track: str, stage: str) -> str:
    if kinds()[procedure().tracks[track].docket].informant:
        return "received" if stage == "lead" else "accepted"
    return _OF_CASE[stage]


def _reached(docket: Docket, steps: Sequence[Step]) -> dict[str, date]:
    """Walks along the steps; what was reached and lost again does not count."""
    found, places = [docket.opened_on], dict[int, int]()
    for on, _act, of, place in steps:
        places[of] = place
        now = min(
            (p for d, p in places.items() if d != docket.id), default=places.get(docket.id, 0)
        )
        found = found[: now + 1] + [max(on, found[-1])] * (now + 1 - len(found))
    return dict(zip(PUBLIC_STAGES, found, strict=False))
