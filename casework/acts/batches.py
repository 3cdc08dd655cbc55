"""One step for many dockets: ordered at once, taken one by one through ``perform()``, each with a
result of its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from casework.acts.errors import Conflict, NotAllowed, NotDone, Refused
from casework.acts.facts import gather
from casework.acts.intent import NEW, Intent
from casework.acts.perform import perform
from casework.docket.models import Act, Docket, Track
from casework.docket.work import Batch
from casework.people.models import Person
from casework.procedure.interference import offences
from casework.procedure.load import procedure
from casework.procedure.model import ANY
from casework.store import db, utcnow, writing
from letters.base import FalseSum, MissingField, WrongOrder
from letters.words import WordingError

log = logging.getLogger("casework")
TIPS = ("register", "link_report", "decline", "transfer_report")
CASES = (
    "assign",
    "approve_publication",
    "publish",
    "list_entry",
    "withdraw_entry",
    "withdraw_listing",
)
STEPS = (*TIPS, *CASES)
MOST = 300  # dockets in one batch
EACH_ROUND = 40


@dataclass(frozen=True)
class Order:
    """What is to be done with each."""

    step: str
    on: date
    payload: Mapping[str, Any]
    dockets: Sequence[int]


def order(person: Person, wanted: Order) -> int:
    """Keep an order; ValueError when it is not one of the steps that may be taken in bulk, or too
    long."""
    if wanted.step not in STEPS or not 0 < len(wanted.dockets) <= MOST:
        raise ValueError(wanted.step)
    kind = procedure().tracks[procedure().steps[wanted.step].track].docket
    with writing() as session:
        known = set(
            session.scalars(
                select(Docket.id).where(
                    Docket.bureau_id == person.bureau_id,
                    Docket.kind == kind,
                    Docket.id.in_(wanted.dockets),
                )
            )
        )
        batch = Batch(
            bureau_id=person.bureau_id,
            person_id=person.id,
            step=wanted.step,
            on=wanted.on,
            body=b"",
            results=[],
            items=[d for d in dict.fromkeys(wanted.dockets) if d in known],
        )
        session.add(batch)
        session.flush()
        body = {
            "order": _ordered(batch),
            "payload": dict(wanted.payload),
            "at": batch.at.isoformat(),
        }
        batch.body = _vault().seal(
            "batch", str(batch.id), json.dumps(body, ensure_ascii=False).encode()
        )
        return batch.id


def _ordered(batch: Batch) -> list[Any]:
    """Who ordered what, of the day, for which: sealed with it, so that nobody lets another person
    take a step."""
    return [batch.person_id, batch.step, batch.on.isoformat(), list(batch.items)]


def _vault() -> Any:
    return current_app.extensions["vault"]


def work() -> int:
    """The next items of every order that waits, oldest first."""
    done = 0
    for number in list(
        db.session.scalars(select(Batch.id).where(Batch.done_at.is_(None)).order_by(Batch.id))
    ):
        while done < EACH_ROUND and _next(number):
            done += 1
    return done


def _next(number: int) -> bool:
    """Take one; its act is a transaction of its own. Killed between act and note, it is only noted
    the second time; taken by two at once, it is noted once."""
    batch = db.session.get_one(Batch, number)
    place = len(batch.results)
    if place >= len(batch.items):
        _finish(number)
        return False
    docket = batch.items[place]
    body = json.loads(_vault().open("batch", str(batch.id), batch.body))
    if body.get("order") != _ordered(batch):
        log.error("order %s is not what was ordered: nothing more of it is done", batch.id)
        _finish(number)
        return False
    payload = body["payload"]
    label = label_of(docket, batch.step)
    intent = Intent(
        docket,
        procedure().steps[batch.step].id,
        batch.person_id,
        batch.on,
        label,
        "take",
        filled(docket, batch.step, payload),
    )
    result = _taken(batch, docket, body) or _take(intent)
    with writing() as session:
        again = session.get_one(Batch, number, with_for_update=True)
        if len(again.results) != place:
            return True
        again.results = [*again.results, {"docket": docket, **result}]
        if len(again.results) >= len(again.items):
            again.done_at = utcnow()
    return True


def _taken(batch: Batch, docket: int, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What came of it where the step was taken since it was ordered: somebody opened a finished
    order again beside the program, or a killed round took it and noted nothing."""
    # earlier versions sealed none
    ordered = datetime.fromisoformat(body["at"]) if "at" in body else batch.at
    since = ordered.replace(microsecond=0)
    mine = (
        Act.docket_id == docket,
        Act.actor_id == batch.person_id,
        Act.step == batch.step,
        Act.at >= since,
    )
    verb = db.session.scalars(select(Act.verb).where(*mine).order_by(Act.id).limit(1)).first()
    return None if verb is None else {"state": "proposed" if verb == "propose" else "done"}


def label_of(docket: int, step: str) -> str:
    """The track instance on which the step is taken: the first open one in a stage of the step;
    none is refused as such."""
    rule = procedure().steps[step]
    if not rule.stages:
        return NEW
    there = select(Track.label).where(
        Track.docket_id == docket, Track.kind == rule.track, Track.ended.is_(False)
    )
    if ANY not in rule.stages:
        there = there.where(Track.stage.in_(rule.stages))
    return db.session.scalars(there.order_by(Track.id).limit(1)).first() or ""


def filled(docket: int, step: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was left empty for each docket to say itself: the facts that its own decision states."""
    if step not in ("approve_publication", "list_entry") or payload.get("summary"):
        return payload
    facts = gather(db.session(), _vault(), db.session.get_one(Docket, docket))
    determined = facts.last("determine")
    own = {"summary": "；".join(str(v["what"]).rstrip("。") for v in offences(facts.violations))}
    if step == "list_entry":
        own["summary"] = str(determined.asked.get("facts") or "") if determined else ""
    return {**payload, **{k: payload.get(k) or v for k, v in own.items()}}


def _finish(number: int) -> None:
    with writing() as session:
        session.get_one(Batch, number).done_at = utcnow()


def _take(intent: Intent) -> dict[str, Any]:
    try:
        done = perform(intent)
    except Refused as error:
        return {
            "state": "refused",
            "why": [{"check": r.check, "values": dict(r.values)} for r in error.refusals],
        }
    except NotAllowed as error:
        return {"state": "not_allowed", "reason": error.reason}
    except (Conflict, MissingField, WrongOrder, FalseSum, WordingError):
        return {"state": "failed"}
    except NotDone:
        return {"state": "failed"}
    return {"state": "proposed" if done.verb == "propose" else "done"}
