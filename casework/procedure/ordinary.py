"""Which step is the ordinary next one of a docket, and which days it waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casework.procedure.checks.registry import branch_taken
from casework.procedure.facts import ClockFacts, Facts
from casework.procedure.load import procedure
from casework.procedure.model import DEADLINE, NEVER
from casework.procedure.offers import NEW, Offer

# Refusals that speak of who looks: the step itself waits to be taken, by somebody else.
OF_THE_PERSON = frozenset(
    {
        "host_is_actor",
        "host_reports",
        "stands_in_for_host",
        "reviewer_not_of_the_case",
        "reviewer_qualified",
        "own_judgement",
        "not_your_case",
    }
)
# Terms that run beside a docket; nothing waits until they are over.
BESIDE = frozenset(
    {
        "show",
        "listing",
        "listing_earliest",
        "reconsider",
        "suit",
        "suit_after",
        "appeal",
        "discipline_hard",
    }
)
# A refusal that ends with the day on which a clock is due.
ON_ITS_DAY = {"hearing_day_come": "hearing_day"}


def carries_on(o: Offer) -> bool:
    """The step moves its track towards its end, or serves a paper: what a docket waits for, unlike
    housekeeping and exits."""
    track = procedure().tracks.get(o.step.track)
    ahead = track and any(not track.stages[b.to].exit for b in o.step.follows.leads_to)
    return (bool(ahead) and o.track != NEW) or "serve" in o.step.does


def urged(facts: Facts, o: Offer) -> bool:
    """The step is what the docket waits for: a blue button for whoever can take it. What the party
    or another body does is waited for and never urged on those who only record it; nor is what
    leaves the ordinary course. What a stage's course names comes before the step that leads on."""
    named = _named_by_course(facts, o)
    if named is not None:
        return named
    when = o.step.urged
    if when == NEVER:
        return False
    if when == DEADLINE:
        own = {b.to for b in o.step.follows.meets}
        return any(c.running and c.rule in own for c in facts.clocks)
    return branch_taken(when, facts.seen_from(o.track), {}) if when else carries_on(o)


def _named_by_course(facts: Facts, o: Offer) -> bool | None:
    """Whether the step is the next of the present stage's course; None where the course does not
    speak of it."""
    undone = undone_before(facts)
    if not undone or o.track != facts.main.label:
        return None
    if o.step.id == undone[0]:
        return True
    return False if carries_on(o) and "serve" not in o.step.does else None


def undone_before(facts: Facts) -> list[str]:
    """Steps of the present stage's course that nobody took yet, in their order; none once a step
    after them was taken."""
    course = procedure().stage(facts.main.kind, facts.stage).before
    steps = [b.to for b in course if branch_taken(b.when, facts, {})]
    done = [i for i, step in enumerate(steps) if facts.did(step)]
    return [str(step) for step in steps[max(done, default=-1) + 1 :]]


def waited_for(facts: Facts, found: Iterable[Offer]) -> tuple[str, ...]:
    """Steps without which those that carry the docket on cannot be taken, by whomever, in the order
    in which they are asked for: a tip is registered before it is accepted, refused or handed on;
    officers are assigned before they verify."""
    checks, steps = procedure().checks, procedure().steps
    refused = (
        r.check
        for o in found
        if urged(facts, o)
        for r in o.refusals
        if r.check not in OF_THE_PERSON
    )
    cures = dict.fromkeys(checks[check].cure for check in refused)
    return tuple(step for step in cures if step in steps and steps[step].urged != NEVER)


@dataclass(frozen=True)
class Wait:
    """A day that runs for the party or another body, or the day of the hearing."""

    clock: ClockFacts
    then: str  # the step that comes then; "" where none is to come
    records: Offer | None  # the one step that records what comes; None where none or several do


def waits(facts: Facts, offered: Iterable[Offer]) -> list[Wait]:
    """What nobody here does, the earliest first. A right that has run out is waited for no more;
    what somebody owes is, until it comes."""
    offered = list(offered)
    return [
        Wait(c, _after(offered, c.track), _recorder(offered, c))
        for c in sorted(facts.clocks, key=lambda c: c.due)
        if _is_waited_for(facts, c)
    ]


def _is_waited_for(facts: Facts, c: ClockFacts) -> bool:
    owner = procedure().clocks[c.rule].owner
    over = c.due < facts.today and owner not in ("party", "other")
    ours = owner == "bureau" and c.rule != "hearing_day"
    return c.state == "open" and not (over or ours or c.rule in BESIDE)


def _after(offered: Iterable[Offer], track: str) -> str:
    """The step that carries that track on and cannot be taken yet, whoever takes it."""
    ahead = (
        o
        for o in offered
        if o.track == track and carries_on(o) and o.step.urged != NEVER and o.refusals
    )
    return next((o.step.id for o in ahead), "")


def _recorder(offered: Iterable[Offer], c: ClockFacts) -> Offer | None:
    """The step that records what comes before the day of a clock, where there is one alone: on its
    track, or on that which the same act opened (a fine is paid on the track of its execution)."""
    able = [
        o
        for o in offered
        if c.rule in {b.to for b in o.step.follows.meets}
        and o.step.urged == NEVER
        and not impersonal(o)
    ]
    found = [o for o in able if o.track == c.track] or able
    return found[0] if len(found) == 1 else None


def impersonal(o: Offer) -> list[str]:
    """The checks that refuse the step to everybody."""
    return [r.check for r in o.refusals if r.check not in OF_THE_PERSON]
