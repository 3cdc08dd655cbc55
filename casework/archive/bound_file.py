"""The bound file of a case: a job that is ordered on a page and done in a thread; its result, a
sealed file, is gone after some days. The command writes to a file of the operator's choice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.binding_state import file_state
from casework.archive import bundles
from casework.archive.sealing import sealed
from casework.docket import jobs, turns
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.papers.bind import Bound, Unreadable, bind, private
from casework.people.models import Person
from casework.store import db, writing
from casework.vault.files import SealedStore
from casework.vault.placed import put_draft_in_place
from casework.vault.sealing import vault
from letters.format import word


def ask(docket: Docket, kind: str, person: Person | None) -> int:
    """Order a bundle; the job's id. Nothing is bound yet. ValueError for an unknown kind."""
    if kind not in bundles.KINDS:
        raise ValueError(kind)
    of = {"docket_id": docket.id, "what": kind, "by_id": person.id if person else None}
    with writing() as session:
        return jobs.order(session, jobs.BIND, docket.bureau_id, **of).id


def in_background(number: int, hide: Sequence[str] = ()) -> threading.Thread:
    """Bind in a thread of its own. ``hide``: further words for an outgoing file; they are kept
    nowhere, so nobody else goes on with a binding that was interrupted."""
    return jobs.in_background(number, partial(_bind, hide))


def run_binding(number: int, hide: Sequence[str] = ()) -> None:
    """Bind an ordered bundle; its job is done or failed afterwards."""
    jobs.run(number, partial(_bind, hide))


def _bind(hide: Sequence[str], held: jobs.Claim) -> None:
    session = db.session()
    job = session.get_one(Job, held.number)
    docket, kind = session.get_one(Docket, job.docket_id), job.what
    result: dict[str, Any] = {"holds": file_state(session, docket.id)}
    binder = session.get_one(Person, job.by_id).name if job.by_id else ""
    plan = bundles.plan(session, vault(), _store(), docket, kind, binder, hide)
    name = word("file_of", name=docket.title or docket.number)
    with writing() as write:
        held.note(write, total=plan.documents, result=result)
    volumes, root = plan.volumes, _store().root
    try:
        stored, bound = sealed(
            _store(), lambda file: bind(volumes, name, file, held.report, kind == "index", root)
        )
    except Unreadable as error:
        result["notes"] = [[why, title] for title, why in error.faults]
        with writing() as write:
            held.end(write, "failed", result=result)
            turns.again(write, docket.id)
        return
    notes = [["left_out", t] for t in plan.left_out] + [["foreign", t] for t in bound.foreign]
    result |= {"size": stored.size, "pages": bound.pages, "stamped": bound.stamped, "notes": notes}
    with writing() as write:
        held.end(write, done=plan.documents, stored=stored.name, result=result)
        turns.again(write, docket.id)


def to_file(
    docket: Docket, kind: str, target: Path, tell: Callable[[int], object], hide: Sequence[str] = ()
) -> Bound:
    """The same for the command: written to a file of the operator's choice, readable by its owner
    alone. Under its name it stands whole or not at all."""
    plan = bundles.plan(db.session(), vault(), _store(), docket, kind, hide=hide)
    draft = target.with_name(f".{target.name}.part")
    name = word("file_of", name=docket.title or docket.number)
    draft.unlink(missing_ok=True)  # of one that was killed
    try:
        with private(draft) as file:
            bound = bind(plan.volumes, name, file, tell, kind == "index", target.parent)
        put_draft_in_place(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return bound


def of_docket(session: Session, docket_id: int) -> list[Job]:
    """Bundles of a docket that can still be fetched or are being made, newest first."""
    mine = select(Job).where(Job.docket_id == docket_id, Job.kind == jobs.BIND)
    return list(session.scalars(mine.order_by(Job.id.desc()).limit(10)))


def _store() -> SealedStore:
    store: SealedStore = current_app.extensions["sealed_store"]
    return store
