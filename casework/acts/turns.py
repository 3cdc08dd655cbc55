"""Whose turn it is: what a docket waits for, for whom, since when and until when. The card «now» of
a docket's page and the rows behind everybody's work list come from here. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from casework.acts import who
from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.docket.models import FAR
from casework.procedure.facts import ActFacts, Facts, PersonFacts, ProposalFacts
from casework.procedure.ids import ClockId, RoleId, StepId
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import Offer, offers, reasons
from casework.procedure.ordinary import (
    OF_THE_PERSON,
    ON_ITS_DAY,
    Wait,
    impersonal,
    urged,
    waited_for,
    waits,
)
from casework.procedure.roles import who_may

TO_TAKE = ("step", "returned", "printing", "casefile")  # kinds that a step ends
NOBODY = PersonFacts(0, "")  # who looks, where a docket is asked what it waits for


@dataclass(frozen=True)
class Turn:
    """One thing that a docket waits for. ``kind``: step (to be taken) · returned (to be mended and
    proposed anew) · decide (an open proposal) · printing or casefile (done on that page before the
    step) · comes (something from without, which the step records)."""

    kind: str
    step: StepId | str  # "" where nothing records what comes
    track: str  # label of the track instance, or «new»
    people: frozenset[int]  # ids of those who can do it
    roles: tuple[RoleId, ...]  # whose it is by role
    since: date
    due: date = FAR
    opens: date | None = None  # the first day on which it can be done; None: since it waits
    by: int | None = None  # who proposed it
    seq: int = 0  # the entry of the proposal
    clock: ClockId | str = ""  # the day that runs, of what comes

    @property
    def from_day(self) -> date:
        """The first day on which it can be done."""
        return self.opens or self.since


def whose_turn(facts: Facts) -> tuple[Turn, ...]:
    """Everything that the docket waits for, what comes first first; nothing for one that does not
    exist yet."""
    if not facts.tracks:
        return ()
    found = offers(procedure(), facts, NOBODY)
    return (
        *(_decision(facts, p) for p in facts.proposals),
        *_returned_first(facts, list(_steps(facts, found))),
        *(turn for w in waits(facts, found) if (turn := _coming(facts, w))),
    )


# -- steps to be taken
def _steps(facts: Facts, found: list[Offer]) -> Iterator[Turn]:
    """The ordinary next steps, for each person one on a track: what the others are waited for
    first."""
    first = {step: place for place, step in enumerate(waited_for(facts, found))}
    ahead = [o for o in found if o.step.id in first or urged(facts, o)]
    busy: dict[tuple[str, str], set[int]] = {}
    for o in [*sorted(ahead, key=lambda o: first.get(o.step.id, len(first))), *_answers(found)]:
        kind = _kind(o)
        if kind is None:
            continue
        people = _able(facts, o)
        if not {"serve", "read_again"} & set(o.step.does):
            held = busy.setdefault((o.track, o.step.track), set())
            left, people = people, people - held
            held |= left
            if left and not people:
                continue
        yield _turn(facts, o, kind, people)


def _answers(found: Iterable[Offer]) -> list[Offer]:
    """What the second reading found waits for its answer."""
    return [o for o in found if "read_again" in o.step.does]


def _kind(o: Offer) -> str | None:
    """How the step waits: to be taken, or first for what is done on another page; None where it
    cannot be taken for another reason."""
    refused = [c for c in impersonal(o) if c not in ON_ITS_DAY]
    return (procedure().checks[refused[0]].page or None) if refused else "step"


def _turn(facts: Facts, o: Offer, kind: str, people: frozenset[int]) -> Turn:
    days = [_day(facts, ON_ITS_DAY[c]) for c in impersonal(o) if c in ON_ITS_DAY]
    return Turn(
        kind,
        o.step.id,
        o.track,
        people,
        o.step.roles,
        since(facts, o.track),
        _due(facts, o.step, o.track),
        next(iter(days), None),
    )


def _day(facts: Facts, rule: str) -> date | None:
    return next((c.due for c in facts.clocks if c.rule == rule and c.running), None)


def since(facts: Facts, track: str) -> date:
    """The day of the newest entry of a track, or of the docket for one that is to be opened."""
    days = [a.on for a in facts.done("", track)] or [a.on for a in facts.done()]
    return days[-1] if days else facts.opened_on


def _due(facts: Facts, step: Step, track: str) -> date:
    """The deadline that the step meets; else the next one that the bureau has there."""
    p = procedure()
    own = {b.to for b in step.follows.meets}
    running = [c for c in facts.clocks if c.state == "open"]
    met = [c.due for c in running if c.rule in own]
    ours = [
        c.due
        for c in running
        if p.clocks[c.rule].owner == "bureau" and c.track in (track, facts.main.label)
    ]
    return min(met or ours, default=FAR)


def _able(facts: Facts, o: Offer) -> frozenset[int]:
    """Who can take the step; of officers those of the docket, where they can."""
    own = [p for p in facts.people.values() if p.roles & set(o.step.roles)]
    able = {p.id: p for p in own if _can(facts, o, p)}
    assigned = {p.id for p in facts.officers}
    others = set(o.step.roles) - who_may("case.inspect")
    if assigned & able.keys():
        return frozenset(i for i, p in able.items() if i in assigned or p.roles & others)
    return frozenset(able)


def _can(facts: Facts, o: Offer, person: PersonFacts) -> bool:
    """Whether nothing that speaks of the person refuses the step."""
    seen = replace(facts, actor=person, sees=True)
    if not _allowed(seen, o.step, Intent(facts.id, o.step.id, person.id, facts.today, o.track)):
        return False
    if not (o.step.officers or OF_THE_PERSON & set(o.step.needs)):
        return True
    refused = {r.check for r in reasons(procedure(), seen, person, o.step, o.track)}
    return refused <= set(impersonal(o))


def _allowed(seen: Facts, step: Step, intent: Intent) -> bool:
    try:
        who.check_who(seen, step, intent)
    except (NotAllowed, Refused):
        return False
    return True


# -- proposals
def _decision(facts: Facts, p: ProposalFacts) -> Turn:
    """An open proposal waits for whoever may approve it."""
    step, act = procedure().steps[p.step], next(a for a in facts.acts if a.seq == p.seq)
    able = frozenset(
        person.id
        for person in facts.people.values()
        if p.waits_for in person.roles
        and _allowed(
            replace(facts, actor=person, sees=True),
            step,
            Intent(facts.id, p.step, person.id, facts.today, p.track, "approve"),
        )
    )
    return Turn(
        "decide",
        p.step,
        p.track,
        able,
        (p.waits_for,),
        max([act.on, *_approved_on(facts, p)]),
        _due(facts, step, p.track),
        by=p.proposer,
        seq=p.seq,
    )


def _approved_on(facts: Facts, p: ProposalFacts) -> list[date]:
    return [a.on for a in facts.acts if a.verb == "approve" and a.proposal == p.seq]


def _returned_first(facts: Facts, steps: list[Turn]) -> Iterator[Turn]:
    """What was sent back, and nothing followed, is mended by who proposed it; others find the step
    as any other."""
    newest = facts.acts[-1] if facts.acts else None
    if newest is None or newest.verb != "return":
        yield from steps
        return
    made = next(a for a in facts.acts if a.seq == newest.proposal)
    back = _sent_back(facts, newest, made)
    if not all(facts.people[i].recused for i in back.people):
        yield back
    yield from _without(steps, back)


def _without(steps: Iterable[Turn], back: Turn) -> Iterator[Turn]:
    """The same step for others than who mends it."""
    for turn in steps:
        if (turn.step, turn.track) != (back.step, back.track):
            yield turn
        elif left := turn.people - back.people:
            yield replace(turn, people=left)


def _sent_back(facts: Facts, back: ActFacts, made: ActFacts) -> Turn:
    step = procedure().steps[made.step]
    return Turn(
        "returned",
        made.step,
        made.track,
        frozenset({made.actor or 0}),
        step.roles,
        back.on,
        _due(facts, step, made.track),
    )


# -- what comes from without
def _coming(facts: Facts, w: Wait) -> Turn | None:
    """A day that runs for others: it waits with whoever records what comes, or with the officers of
    the docket; None where nobody here has anything to do with it."""
    o = w.records
    people = _able(facts, o) if o else frozenset(p.id for p in facts.officers if not p.recused)
    if not people or w.clock.rule == "hearing_day":
        return None
    step, roles = (o.step.id, o.step.roles) if o else ("", ())
    return Turn(
        "comes",
        step,
        o.track if o else w.clock.track,
        people,
        roles,
        next((a.on for a in facts.acts if a.seq == w.clock.seq), facts.today),
        w.clock.due,
        clock=w.clock.rule,
    )


def whose(facts: Facts, turn: Turn) -> list[tuple[RoleId, int | None]]:
    """Whom a turn waits for, as rows: a role where everybody who holds it can do it, else persons
    by their ids, each with one of the roles."""
    rows: list[tuple[RoleId, int | None]] = []
    named = set(turn.people)
    for role in turn.roles:
        holders = {p.id for p in facts.people.values() if role in p.roles}
        if holders <= turn.people:
            rows.append((role, None))
            named -= holders
    return rows + [(_role(facts, turn, i), i) for i in sorted(named)]


def _role(facts: Facts, turn: Turn, person: int) -> RoleId:
    held = facts.people[person].roles
    return next((r for r in turn.roles if r in held), next(iter(sorted(held)), "system"))
