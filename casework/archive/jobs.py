"""Binding as a job: ordered on a page, done in a thread, its result a sealed file that is gone
after some days."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.binding_state import file_state
from casework.archive import bundles
from casework.archive.sealing import sealed
from casework.docket.models import Docket
from casework.papers.bind import Bound, Unreadable, bind, private
from casework.papers.models import Binding
from casework.people.models import Person
from casework.store import db, utcnow, writing
from casework.vault.files import SealedStore
from casework.vault.placed import put_draft_in_place
from casework.vault.sealing import Vault
from casework.web.faults import told
from letters.format import word

log = logging.getLogger("casework")
KEPT = timedelta(days=7)  # a bound file can be bound again at any time
SILENT = timedelta(minutes=10)  # a job that has not moved for so long was interrupted
OFTEN = 1.0  # seconds between two reports of progress


def ask(docket: Docket, kind: str, person: Person | None) -> int:
    """Order a bundle; answers the job's id. Nothing is bound yet."""
    if kind not in bundles.KINDS:
        raise ValueError(kind)
    with writing() as session:
        row = Binding(
            bureau_id=docket.bureau_id,
            docket_id=docket.id,
            kind=kind,
            by_id=person.id if person else None,
        )
        session.add(row)
        session.flush()
        return row.id


def in_background(app: Flask, number: int, hide: Sequence[str] = ()) -> threading.Thread:
    """Do it in a thread of its own. ``hide``: further words for an outgoing file; they are kept
    nowhere."""

    def work() -> None:
        with app.app_context():
            run_binding(number, hide)

    thread = threading.Thread(target=work, name=f"binding {number}", daemon=True)
    thread.start()
    return thread


def run_binding(number: int, hide: Sequence[str] = ()) -> None:
    """Bind; whatever happens, the row says so in the end."""
    try:
        _run(number, hide)
    except Unreadable as error:
        _set(number, state="failed", notes=[[why, title] for title, why in error.faults])
    except Exception as error:
        log.error("binding %s failed: %s", number, told(error))
        _set(number, state="failed", notes=[["fault", ""]])


def _run(number: int, hide: Sequence[str]) -> None:
    session = db.session()
    row = session.get_one(Binding, number)
    docket, kind = session.get_one(Docket, row.docket_id), row.kind
    held = file_state(session, docket.id)
    binder = session.get_one(Person, row.by_id).name if row.by_id else ""
    plan = bundles.plan(session, _vault(), _store(), docket, kind, binder, hide)
    name = word("file_of", name=docket.title or docket.number)
    notes = [["left_out", t] for t in plan.left_out]
    _set(number, state="running", total=plan.documents, notes=notes, holds=held)
    tell = _teller(number)
    stored, bound = sealed(
        _store(),
        lambda file: bind(plan.volumes, name, file, tell, kind == "index", _store().root),
    )
    notes += [["foreign", t] for t in bound.foreign]
    _set(
        number,
        state="done",
        done=plan.documents,
        stored=stored.name,
        size=stored.size,
        pages=bound.pages,
        stamped=bound.stamped,
        notes=notes,
    )


def to_file(
    docket: Docket, kind: str, target: Path, tell: Callable[[int], object], hide: Sequence[str] = ()
) -> Bound:
    """The same for the command: written to a file of the operator's choice, readable by its owner
    alone. Under its name it stands whole or not at all."""
    plan = bundles.plan(db.session(), _vault(), _store(), docket, kind, hide=hide)
    draft, name = (
        target.with_name(f".{target.name}.part"),
        word("file_of", name=docket.title or docket.number),
    )
    draft.unlink(missing_ok=True)  # of one that was killed
    try:
        with private(draft) as file:
            bound = bind(plan.volumes, name, file, tell, kind == "index", target.parent)
        put_draft_in_place(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return bound


def interrupted(row: Binding) -> bool:
    """A job whose thread is gone: the server stopped in between."""
    return row.state in ("waiting", "running") and utcnow() - row.moved_at > SILENT


def of_docket(session: Session, docket_id: int) -> list[Binding]:
    """Bundles of a docket that can still be fetched or are being made, newest first."""
    rows = (
        select(Binding).where(Binding.docket_id == docket_id).order_by(Binding.id.desc()).limit(10)
    )
    return list(session.scalars(rows))


def sweep(session: Session) -> list[str]:
    """Bundles older than some days: names of their sealed files, which the caller deletes once it
    is written."""
    old = session.scalars(
        select(Binding).where(Binding.stored != "", Binding.at < utcnow() - KEPT)
    ).all()
    gone = [row.stored for row in old]
    for row in old:
        row.stored, row.state = "", "gone"
    return gone


def _teller(number: int) -> Callable[[int], None]:
    """Reports progress to the row, not too often."""
    last = [0.0]

    def tell(done: int) -> None:
        if time.monotonic() - last[0] > OFTEN:
            last[0] = time.monotonic()
            _set(number, done=done)

    return tell


def _set(number: int, **values: object) -> None:
    with writing() as session:
        row = session.get_one(Binding, number)
        for key, value in {**values, "moved_at": utcnow()}.items():
            setattr(row, key, value)


def _vault() -> Vault:
    vault: Vault = current_app.extensions["vault"]
    return vault


def _store() -> SealedStore:
    store: SealedStore = current_app.extensions["sealed_store"]
    return store
