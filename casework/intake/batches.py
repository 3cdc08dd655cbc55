"""One step for many tips: ordered at once, taken one by one through ``perform()``, each with a result of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from casework.acts.errors import Conflict, NotAllowed, NotDone, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Docket
from casework.docket.work import Batch
from casework.people.models import Person
from casework.store import db, utcnow, writing
from letters.base import MissingField
from letters.fonts import MissingGlyph

STEPS = ("register", "link_report", "decline")
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
    """Keep an order; ValueError when it is not one of the steps that may be taken in bulk, or too long."""
    if wanted.step not in STEPS or not 0 < len(wanted.dockets) <= MOST:
        raise ValueError(wanted.step)
    with writing() as session:
        known = set(
            session.scalars(
                select(Docket.id).where(
                    Docket.bureau_id == person.bureau_id, Docket.kind == "report", Docket.id.in_(wanted.dockets)
                )
            )
        )  # fmt: skip
        batch = Batch(
            bureau_id=person.bureau_id, person_id=person.id, step=wanted.step, on=wanted.on, body=b"", results=[],
            items=[d for d in dict.fromkeys(wanted.dockets) if d in known],
        )  # fmt: skip
        session.add(batch)
        session.flush()
        batch.body = _vault().seal("batch", str(batch.id), json.dumps(dict(wanted.payload), ensure_ascii=False).encode())
        return batch.id


def _vault() -> Any:
    return current_app.extensions["vault"]


def work() -> int:
    """The next items of every order that waits, oldest first."""
    done = 0
    for number in list(db.session.scalars(select(Batch.id).where(Batch.done_at.is_(None)).order_by(Batch.id))):
        while done < EACH_ROUND and _next(number):
            done += 1
    return done


def _next(number: int) -> bool:
    """Take one; its act is a transaction of its own. Killed between act and note, it is refused the second time."""
    batch = db.session.get_one(Batch, number)
    if len(batch.results) >= len(batch.items):
        _finish(number)
        return False
    docket = batch.items[len(batch.results)]
    payload = json.loads(_vault().open("batch", str(batch.id), batch.body))
    result = _take(Intent(docket, batch.step, batch.person_id, batch.on, "report", "take", payload))
    with writing() as session:
        again = session.get_one(Batch, number)
        again.results = [*again.results, {"docket": docket, **result}]
        if len(again.results) >= len(again.items):
            again.done_at = utcnow()
    return True


def _finish(number: int) -> None:
    with writing() as session:
        session.get_one(Batch, number).done_at = utcnow()


def _take(intent: Intent) -> dict[str, Any]:
    try:
        done = perform(intent)
    except Refused as error:
        return {"state": "refused", "why": [{"check": r.check, "values": dict(r.values)} for r in error.refusals]}
    except NotAllowed as error:
        return {"state": "not_allowed", "reason": error.reason}
    except (Conflict, MissingField, MissingGlyph):
        return {"state": "failed"}
    except NotDone:
        return {"state": "failed"}
    return {"state": "proposed" if done.verb == "propose" else "done"}
