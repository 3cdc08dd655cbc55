"""The procedure in the order of the road, for who reads it from beginning to end: tracks, their
stages, what is ordinarily done in each, and every step once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from casework.procedure.model import ANY, NEVER, Label, Procedure, Stage, Step, Track

COURSE = "course"  # the group of what carries a docket on


@dataclass(frozen=True)
class Move:
    """An ordinary act of a stage. ``to``: the stages to which it leads; ``at_times``: only where
    its condition holds."""

    step: Step
    to: tuple[Stage, ...] = ()
    at_times: bool = False


@dataclass(frozen=True)
class Section:
    """A stage with its steps. ``stage`` is None for those that open the track (``opens``) or fit
    any of its stages. ``also``: steps that can be taken here, too, and stand in an earlier one."""

    stage: Stage | None
    steps: tuple[Step, ...]
    opens: bool = False
    course: tuple[Move, ...] = ()
    also: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A track; without a name the steps that fit every track."""

    name: Label | None
    sections: tuple[Section, ...]


def chapters(p: Procedure) -> tuple[Chapter, ...]:
    """Every track in the order of the file, then what fits every track. Each step of the procedure
    stands in exactly one section; sections without a step or a course are left out."""
    tracks = tuple(Chapter(t.name, tuple(_sections(p, t))) for t in p.tracks.values())
    general = tuple(s for s in p.steps.values() if s.track == ANY)
    return (*tracks, Chapter(None, (Section(None, general),)))


def _sections(p: Procedure, track: Track) -> Iterator[Section]:
    steps = [s for s in p.steps.values() if s.track == track.id]
    if opening := tuple(p.opening(track.id)):
        yield Section(None, opening, opens=True)
    for section in (_section(p, track, stage, steps) for stage in track.stages.values()):
        if section.steps or section.course:
            yield section
    if everywhere := _beginning_in(ANY, steps):
        yield Section(None, everywhere)


def _section(p: Procedure, track: Track, stage: Stage, steps: list[Step]) -> Section:
    later = [s for s in steps if stage.id in s.stages[1:]]
    also = tuple(s for s in later if ANY not in s.stages)
    course = tuple(_course(p, track, stage, [s for s in steps if stage.id in s.stages]))
    return Section(stage, _beginning_in(stage.id, steps), course=course, also=also)


def _beginning_in(stage: str, steps: list[Step]) -> tuple[Step, ...]:
    """Steps whose first stage it is."""
    return tuple(s for s in steps if s.stages[:1] == (stage,))


def _course(p: Procedure, track: Track, stage: Stage, here: list[Step]) -> Iterator[Move]:
    """What comes before the step that leads on, that step, and a service that does."""
    yield from (Move(p.steps[b.to], at_times=bool(b.when)) for b in stage.before)
    leading = _leading([(s, _ahead(p, track, stage, s)) for s in here])
    yield from _first(p, here, leading)
    yield from leading
    yield from _by_service(p, track, stage)


def _leading(ahead: list[tuple[Step, tuple[Stage, ...]]]) -> list[Move]:
    """The steps that lead on: those that are urged, then what the party or another body does, which
    is recorded without an approval; where there are none, all that lead on."""
    own = [Move(s, to, bool(s.urged)) for s, to in ahead if to and s.urged != NEVER]
    others = [Move(s, to) for s, to in ahead if to and s.urged == NEVER]
    return own + [m for m in others if not m.step.approvals] or others


def _first(p: Procedure, here: list[Step], leading: list[Move]) -> Iterator[Move]:
    """Steps of the stage that come before those that lead on: what these need, and what is the next
    act under a condition of its own."""
    needed = {p.checks[n].cure for m in leading for n in m.step.needs if n in p.checks}
    leads = {m.step.id for m in leading}
    for step in here:
        if step.id not in leads and _comes_first(step, needed):
            yield Move(step, at_times=bool(step.urged))


def _comes_first(step: Step, needed: Collection[str]) -> bool:
    by_condition = step.group == COURSE and step.urged not in ("", NEVER)
    return by_condition or (step.once and step.id in needed)


def _by_service(p: Procedure, track: Track, stage: Stage) -> Iterator[Move]:
    """The service of the paper with which the stage began, where that leads on."""
    steps = (s for s in p.steps.values() if s.track == track.id and s.on_service.leads_to)
    leading_here = (s for s in steps if stage.id in {b.to for b in s.follows.leads_to})
    for step in islice(leading_here, 1):
        yield Move(p.steps["serve"], tuple(track.stages[b.to] for b in step.on_service.leads_to))


def _ahead(p: Procedure, track: Track, stage: Stage, step: Step) -> tuple[Stage, ...]:
    """The stages of the road behind this one to which a step leads; none for one that leaves the
    road, or can leave the track where it is."""
    reached = {b.to: track.stages[b.to] for b in step.follows.leads_to}
    if p.groups[step.group].exit or stage.id in reached:
        return ()
    order = list(track.stages)
    after = order[order.index(stage.id) + 1 :]
    return tuple(s for s in reached.values() if s.id in after and not s.exit)
