"""Through all scenes: whoever can take what a docket waits for finds it in their work, and nobody
else; its page leaves nobody without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts import who
from casework.acts.errors import NotAllowed, Refused
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.acts.turn_rows import turn_rows
from casework.desk.docket_rows import docket_page
from casework.docket import my_work
from casework.docket.models import Docket
from casework.docket.my_work import Reader
from casework.docket.turns import TurnRow
from casework.people.may import scope_of
from casework.people.models import Bureau
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.offers import Offer, offers
from casework.procedure.ordinary import urged, waited_for
from casework.store import db
from casework.upkeep import walk
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.upkeep.test_scenes import _play

pytestmark = pytest.mark.long
Act = tuple[str, str]  # step and track


@dataclass
class Looks:
    """Looks at a docket after each act that brings it where none has been before."""

    seen: set[Any] = field(default_factory=set)
    looked: int = 0
    faults: list[str] = field(default_factory=list)

    def perform(self, intent: Intent, now: datetime | None = None) -> Done:
        done = perform(intent, now)
        assert now is not None
        self.look(intent.docket_id, now)
        return done

    def look(self, docket_id: int, now: datetime) -> None:
        docket = db.session.get_one(Docket, docket_id)
        facts = gather(db.session(), vault(), docket, None, now)
        state = (
            tuple((t.kind, t.stage, t.ended) for t in facts.tracks),
            facts.acts[-1].step,
            facts.acts[-1].verb,
        )
        if state not in self.seen:
            self.seen.add(state)
            self.looked += 1
            where = f"{docket.number} {facts.stage} {state[1:]}"
            self.faults += [f"{where}: {what}" for what in wrong(docket, facts, now)]


def wrong(docket: Docket, facts: Facts, now: datetime) -> Iterator[str]:
    """Whoever finds too much or too little, and pages that say nothing."""
    yield from _kept(facts)
    of = {
        i: gather(db.session(), vault(), docket, i, now) for i, p in facts.people.items() if p.roles
    }
    work = {i: _work(f) for i, f in of.items()}
    for act in sorted({a for kinds in work.values() for a in kinds["step"]}):
        finds = {i for i, kinds in work.items() if act in kinds["step"]}
        busy = {i for i, kinds in work.items() if _another(kinds["step"], act)}
        able = {i for i, f in of.items() if _able(f, act)}
        if not finds <= able or not able - busy <= finds:
            yield f"{act}: found by {finds}, not by {able}"
    for i, f in of.items():
        if (blue := _blue(f)) and _able(f, blue) and blue not in work[i]["step"]:
            yield f"{blue} is the next act of {i}, who does not find it"
        if f.sees and not _at_rest(f) and not _says(f):
            yield f"the page says nothing to {i}"
    for p in facts.proposals:
        finds = {i for i, kinds in work.items() if (p.step, p.track) in kinds["decide"]}
        able = {i for i, f in of.items() if f.sees and _may_approve(f, p.step, p.track)}
        if finds != able:
            yield f"{p.step} to decide: found by {finds}, not by {able}"


def _kept(facts: Facts) -> Iterator[str]:
    """The rows are what the same facts give now."""
    columns = [c for c in TurnRow.__table__.c if c.name != "id"]
    kept = db.session.execute(
        select(*columns).where(TurnRow.docket_id == facts.id).order_by(TurnRow.id)
    )
    if [dict(r) for r in kept.mappings()] != list(turn_rows(facts)):
        yield "the rows are others"


def _work(facts: Facts) -> dict[str, set[Act]]:
    person = facts.actor
    assert person is not None
    of = Reader(scope_of(facts.bureau.id, person.id, person.roles), person.roles)
    rows = [
        row
        for long in (False, True)
        for row in my_work.mine(db.session(), of, facts.today, size=10_000, long=long).rows
        if row.docket_id == facts.id
    ]
    found: dict[str, set[Act]] = {"step": set(), "decide": set()}
    for row in rows:
        kind = "step" if row.kind == "returned" else row.kind
        found.setdefault(kind, set()).add((row.step, row.track))
    return found


def _another(acts: set[Act], act: Act) -> bool:
    """Another act on the same track is the person's."""
    return any(a != act and a[1] == act[1] for a in acts)


def _offer(facts: Facts, act: Act) -> Offer | None:
    assert facts.actor is not None
    found = offers(procedure(), facts, facts.actor)
    return next((o for o in found if (o.step.id, o.track) == act), None)


def _able(facts: Facts, act: Act) -> bool:
    """The person could take it; of the officers only those of the docket, where it has some."""
    offer, person = _offer(facts, act), facts.actor
    assert person is not None
    if offer is None or not offer.possible or not facts.sees:
        return False
    assigned = {o.id for o in facts.officers if not o.recused}
    other = person.roles & set(offer.step.roles) - {"officer"}
    return not assigned or person.id in assigned or bool(other)


def _blue(facts: Facts) -> Act | None:
    """The first of what can be taken and is waited for, as the offers of that person alone say."""
    assert facts.actor is not None
    found = offers(procedure(), facts, facts.actor)
    first = waited_for(facts, found)
    ahead = [o for o in found if o.possible and (o.step.id in first or urged(facts, o))]
    chosen = sorted(ahead, key=lambda o: first.index(o.step.id) if o.step.id in first else 99)
    return (chosen[0].step.id, chosen[0].track) if chosen else None


def _may_approve(facts: Facts, step: str, track: str) -> bool:
    assert facts.actor is not None
    intent = Intent(facts.id, step, facts.actor.id, facts.today, track, "approve")  # type: ignore[arg-type]
    try:
        who.check_who(facts, procedure().steps[step], intent)
    except (NotAllowed, Refused):
        return False
    return True


def _at_rest(facts: Facts) -> bool:
    """Nothing is to come but what the public list ends by itself, or somebody brings up."""
    stage = procedure().stage(facts.main.kind, facts.stage)
    resting = {("publication", "shown"), ("dishonesty", "listed")}
    beside = [t for t in facts.tracks[1:] if not t.ended and (t.kind, t.stage) not in resting]
    return (stage.final or stage.exit) and not beside


def _says(facts: Facts) -> bool:
    """An act, whom the docket waits for, or a day; or the cases in which a tip is dealt with."""
    assert facts.actor is not None
    page = docket_page(facts)
    door = any(b["ahead"] and b["cure"] and b["cure"]["page"] for b in page["blocked"])
    said = page["now"] or page["others"] or page["waits"] or page["proposals"] or door
    return bool(said or (facts.kind == "report" and facts.links))


def test_exactly_those_who_can_take_it_find_what_a_docket_waits_for(
    team: Team, bureau: Bureau, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    monkeypatch.setattr(walk, "perform", looks.perform)
    with app.test_request_context():
        _play(team, bureau)
    assert looks.faults == [], "\n".join(looks.faults)
    assert looks.looked > 250
