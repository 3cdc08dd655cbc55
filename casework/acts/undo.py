"""Takes back what one act brought about: the opposite of each of its effects, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from casework.acts.apply import Applied, apply
from casework.docket.models import Act, Clock
from casework.papers.models import Paper
from casework.procedure import effects
from casework.procedure.effects import Effect
from casework.procedure.ids import StageId


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
    for e in reversed(effects.read(act.effects)):
        if isinstance(e, effects.StageReached):
            yield effects.TrackReopened(e.track, _stage_before(a, act, e.track))
        elif isinstance(e, effects.TrackOpened):
            yield effects.TrackEnded(e.label)
        elif isinstance(e, (effects.ClockMet, effects.ClockStopped)):
            yield effects.ClockReopened(e.clock, e.rule)
        elif isinstance(e, (effects.ClockPaused, effects.ClockResumed, effects.ClockExtended)):
            _take_back(a.session.get_one(Clock, e.clock), e)


def _take_back(
    clock: Clock, e: effects.ClockPaused | effects.ClockResumed | effects.ClockExtended
) -> None:
    """The clock as it was before it stood still, went on, or was extended."""
    if isinstance(e, effects.ClockPaused):
        clock.state, clock.pauses = "open", clock.pauses[:-1]
    elif isinstance(e, effects.ClockExtended):
        clock.due, clock.extensions = e.before, clock.extensions[:-1]
    else:
        clock.state, clock.due = "paused", e.before or clock.due
        clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], None]]


def _stage_before(a: Applied, act: Act, track: str) -> StageId:
    """Where the track stood before the act: the target of the move, or of the opening, before
    it."""
    earlier = a.session.scalars(
        select(Act.effects)
        .where(Act.docket_id == a.docket.id, Act.seq < act.seq)
        .order_by(Act.seq.desc())
    )
    for made in earlier:
        for e in reversed(effects.read(made)):
            if isinstance(e, effects.StageReached) and e.track == track:
                return e.to
            if isinstance(e, effects.TrackOpened) and e.label == track:
                return e.stage
    raise LookupError(f"{track} was never opened")
