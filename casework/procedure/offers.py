"""What can be done next, and for what cannot yet be done: why, and what would mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework.procedure.checks.common import is_suspended
from casework.procedure.checks.registry import CHECKS
from casework.procedure.facts import Asked, Facts, PersonFacts, TrackFacts
from casework.procedure.ids import CheckId
from casework.procedure.model import ANY, Procedure, Step

NEW = "new"


@dataclass(frozen=True)
class Refusal:
    """A check that said no, with the values of its sentence."""

    check: CheckId
    values: Mapping[str, str]


@dataclass(frozen=True)
class Offer:
    """A step on a track instance, for one person."""

    step: Step
    track: str  # label, or «new»
    mine: bool  # the person's role fits
    refusals: tuple[Refusal, ...] = ()

    @property
    def possible(self) -> bool:
        """It can be taken now, by this person."""
        return self.mine and not self.refusals


def refusals(
    p: Procedure, facts: Facts, step: Step, asked: Asked, on: date, stage: str
) -> list[Refusal]:
    """What the step's ``needs`` (facts alone) or ``checks`` (with what was asked) refuse."""
    names = step.needs if stage == "needs" else step.checks
    found = ((n, CHECKS[n](facts, asked, on)) for n in names if n in p.checks)
    return [Refusal(n, values) for n, values in found if values is not None]


def offers(p: Procedure, facts: Facts, actor: PersonFacts) -> list[Offer]:
    """Every step whose place fits: possible ones first, before them all what another step of the
    person waits for. Asked for somebody else than who looks, it is answered for that person. None
    while an entry cannot be read."""
    if facts.unread:
        return []
    facts = facts if facts.actor is actor else replace(facts, actor=actor)
    found = [
        _offer(p, facts, actor, step, track)
        for step in p.steps.values()
        for track in _places(p, facts, step)
    ]
    cures = {
        p.checks[r.check].cure
        for o in found
        if o.mine and _weight(p, facts, o) == 1
        for r in o.refusals[:1]
    }
    return sorted(
        found,
        key=lambda o: (
            not o.possible,
            o.step.id not in cures,
            _weight(p, facts, o),
            *_far(p, facts, o),
        ),
    )


def _far(p: Procedure, facts: Facts, o: Offer) -> tuple[int, int]:
    """How many stages the step goes ahead, in how many it can be taken: the ordinary road before
    short cuts and side doors."""
    if o.track != facts.main.label:
        return 0, 0
    stages = list(p.tracks[facts.main.kind].stages)
    ahead = [
        stages.index(b.to) - stages.index(facts.stage)
        for b in o.step.follows.leads_to
        if b.to in stages
    ]
    # to where it stands is not ahead
    return min((n if n > 0 else len(stages) for n in ahead), default=0), len(o.step.stages)


def _weight(p: Procedure, facts: Facts, o: Offer) -> int:
    """What carries the docket on comes first; housekeeping that is possible at any time comes
    last."""
    if o.step.track == ANY:
        return 0 if "serve" in o.step.does else 4
    if ANY in o.step.stages:
        return 3 if facts.officers or "assign" not in o.step.does else 0
    if o.step.follows.leads_to and o.track == facts.main.label:
        return 3 if _only_exits(p, facts, o.step) else 1
    return 1 if o.track not in (facts.main.label, NEW) else 2


def _only_exits(p: Procedure, facts: Facts, step: Step) -> bool:
    """Whether wherever the step leads the docket, it leaves the ordinary road."""
    stages = p.tracks[facts.main.kind].stages
    return all(stages[b.to].exit for b in step.follows.leads_to)


def _places(p: Procedure, facts: Facts, step: Step) -> Iterator[str]:
    """Track instances on which a step could be taken as far as stages go."""
    if step.by_system or not facts.tracks:
        return
    if not step.stages:
        if _opens_beside(facts, step):
            yield NEW
    elif step.track == ANY:
        if _stage_fits(p, step, facts.main):
            yield facts.main.label
    else:
        for track in facts.tracks:
            if track.kind == step.track and _stage_fits(p, step, track):
                yield track.label


def _opens_beside(facts: Facts, step: Step) -> bool:
    """Whether a step that opens a track may do so beside the first track as it stands."""
    return facts.main.kind != step.track and bool({ANY, facts.stage} & set(step.beside))


def _stage_fits(p: Procedure, step: Step, track: TrackFacts) -> bool:
    if track.ended:
        return taken_at_the_end(p, step, track)
    return ANY in step.stages or track.stage in step.stages


def taken_at_the_end(p: Procedure, step: Step, track: TrackFacts) -> bool:
    """Whether the step names the final stage in which a track ended. One that was ended from
    without, with its case, stands still in some stage on its way, and takes nothing more."""
    return track.stage in step.stages and p.stage(track.kind, track.stage).final


def _offer(p: Procedure, facts: Facts, actor: PersonFacts, step: Step, track: str) -> Offer:
    mine = bool(actor.roles & set(step.roles)) and not actor.recused
    return Offer(step, track, mine, tuple(reasons(p, facts, actor, step, track)))


def reasons(
    p: Procedure, facts: Facts, actor: PersonFacts, step: Step, track: str
) -> Iterable[Refusal]:
    """Why the step cannot be taken there now by that person, who is the ``actor`` of the facts;
    whether it is a step of theirs is not asked."""
    if step.once and any(facts.done(step.id, track)):
        return [Refusal("only_once", {})]
    if any(x.track == track for x in facts.proposals):
        return [Refusal("proposal_open", {})]
    if stands_still(p, facts, step):
        return [Refusal("not_suspended", {})]
    own = facts.seen_from(track)
    return [
        *_officers_missing(facts, actor, step),
        *refusals(p, own, step, {}, facts.today, "needs"),
    ]


def stands_still(p: Procedure, facts: Facts, step: Step) -> bool:
    """Whether the case is suspended and the step is none of those that go on meanwhile."""
    track = p.tracks.get(step.track)
    waits = (
        track is not None and bool(track.while_suspended) and step.id not in track.while_suspended
    )
    return waits and not step.by_system and is_suspended(facts)


def _officers_missing(facts: Facts, actor: PersonFacts, step: Step) -> list[Refusal]:
    """Two assigned officers with cards valid today, the person among them."""
    if not step.officers:
        return []
    fit = [o for o in facts.officers if not o.recused and o.inspects_on(facts.today)]
    if facts.humans(fit) < step.officers:
        return [Refusal("two_officers", {})]
    if actor.id not in {o.id for o in facts.officers} and actor.roles & set(step.roles):
        return [Refusal("not_your_case", {})]
    return []
