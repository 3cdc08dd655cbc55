"""One step for many dockets: ordered at once, taken one by one through ``perform()``, each with a
result of its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from casework.acts.errors import NotAllowed, NotDone, Refused
from casework.acts.facts import gather
from casework.acts.intent import NEW, Intent
from casework.acts.perform import perform
from casework.docket import jobs
from casework.docket.jobs import Job
from casework.docket.models import Act, Docket, Track
from casework.people.models import Person
from casework.procedure.interference import offences
from casework.procedure.load import procedure
from casework.procedure.model import ANY
from casework.store import db, writing
from casework.vault.sealing import vault
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
    """What is to be done with each docket: step, the day it is dated, answers, ids of the
    dockets."""

    step: str
    on: date
    payload: Mapping[str, Any]
    dockets: Sequence[int]


def order(person: Person, wanted: Order) -> int:
    """Store an order as a job; answers its id. ValueError where the step may not be taken in bulk
    (:data:`STEPS`), or for none or more than :data:`MOST` dockets. Dockets of another bureau or
    kind are left out."""
    if wanted.step not in STEPS or not 0 < len(wanted.dockets) <= MOST:
        raise ValueError(wanted.step)
    kind = procedure().tracks[procedure().steps[wanted.step].track].docket
    with writing() as session:
        mine = (Docket.bureau_id == person.bureau_id, Docket.kind == kind)
        known = set(session.scalars(select(Docket.id).where(*mine, Docket.id.in_(wanted.dockets))))
        dockets = [d for d in dict.fromkeys(wanted.dockets) if d in known]
        result = {"dockets": dockets, "results": []}
        of = {"by_id": person.id, "what": wanted.step, "total": len(dockets), "result": result}
        job = jobs.order(session, jobs.MANY, person.bureau_id, **of)
        body = {
            "order": _ordered(job, wanted.on.isoformat()),
            "payload": dict(wanted.payload),
            "at": job.at.isoformat(),
        }
        job.body = vault().seal("batch", str(job.id), json.dumps(body, ensure_ascii=False).encode())
        return job.id


def _ordered(job: Job, on: str) -> list[Any]:
    """Person, step, day and dockets of an order. They are sealed with it, so that a changed row
    cannot make somebody else take a step."""
    return [job.by_id, job.what, on, job.result["dockets"]]


def work() -> int:
    """Take the next steps of every open order, oldest order first, :data:`EACH_ROUND` at most;
    answers how many dockets were dealt with."""
    done = 0
    for number in jobs.open_jobs(jobs.MANY):
        if done < EACH_ROUND:
            with jobs.claimed(Job.id == number) as held:
                while held and not held.over and done < EACH_ROUND:
                    done += _next(held)
    return done


def _next(held: jobs.Claim) -> bool:
    """Take one; its act is a transaction of its own. Killed between act and note, it is only noted
    the second time. False where nothing was left to take."""
    job = db.session.get_one(Job, held.number)
    dockets, results = job.result["dockets"], list(job.result["results"])
    body, done = json.loads(vault().open("batch", str(job.id), job.body)), len(results)
    ordered = body.get("order") or [None, None, None]
    left = dockets[done:]
    if ordered != _ordered(job, ordered[2]):
        log.error("order %s is not what was ordered: nothing more of it is done", job.id)
        left = []
    if left:
        docket, step = left[0], procedure().steps[job.what].id
        payload, on = filled(docket, step, body["payload"]), date.fromisoformat(ordered[2])
        intent = Intent(docket, step, job.by_id, on, label_of(docket, step), "take", payload)
        results.append({"docket": docket, **(_taken(job, docket, body) or _take(intent))})
    with writing() as session:
        note = held.note if len(left) > 1 else held.end
        note(session, done=len(results), result={"dockets": dockets, "results": results})
    return bool(left)


def _taken(job: Job, docket: int, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What came of it where the step was taken since it was ordered: somebody opened a finished
    order again beside the program, or a killed round took it and noted nothing."""
    # earlier versions sealed none
    ordered = datetime.fromisoformat(body["at"]) if "at" in body else job.at
    since = ordered.replace(microsecond=0)
    mine = (
        Act.docket_id == docket,
        Act.actor_id == job.by_id,
        Act.step == job.what,
        Act.at >= since,
    )
    verb = db.session.scalars(select(Act.verb).where(*mine).order_by(Act.id).limit(1)).first()
    return None if verb is None else {"state": "proposed" if verb == "propose" else "done"}


def label_of(docket: int, step: str) -> str:
    """Label of the track instance on which the step is taken: the first open one in a stage of the
    step. Where there is none, one on which ``perform`` will refuse."""
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
    """The answers of an order for one docket: the facts that its own decision states stand in
    fields that were left empty."""
    if step not in ("approve_publication", "list_entry") or payload.get("summary"):
        return payload
    facts = gather(db.session(), vault(), db.session.get_one(Docket, docket))
    determined = facts.last("determine")
    own = {"summary": "；".join(str(v["what"]).rstrip("。") for v in offences(facts.violations))}
    if step == "list_entry":
        own["summary"] = str(determined.asked.get("facts") or "") if determined else ""
    return {**payload, **{k: payload.get(k) or v for k, v in own.items()}}


def _take(intent: Intent) -> dict[str, Any]:
    try:
        done = perform(intent)
    except Refused as error:
        why = [{"check": r.check, "values": dict(r.values)} for r in error.refusals]
        return {"state": "refused", "why": why}
    except NotAllowed as error:
        return {"state": "not_allowed", "reason": error.reason}
    except (NotDone, MissingField, WrongOrder, FalseSum, WordingError):
        return {"state": "failed"}
    return {"state": "proposed" if done.verb == "propose" else "done"}
