"""Destruction (鉴定销毁): one person proposes a batch, another confirms it, then each docket is
emptied in a write of its own.

Killed anywhere, the next round goes on: what a docket's write left to do on the disk stands in its
item. What remains of a docket is its row without content, the skeleton of its journal, the numbers
of its papers, and its line in the batch.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive import emptying
from casework.archive.appraise import hindrances
from casework.archive.certificate import keep_certificate
from casework.archive.records import Destruction, DestructionItem
from casework.archive.retention_rows import cases_of, in_open_batch, retention_of
from casework.docket import jobs, notices
from casework.docket.chains import GONE
from casework.docket.jobs import Job
from casework.docket.models import Docket, Link
from casework.docket.visible import visible_to
from casework.papers import numbers
from casework.people.may import Scope
from casework.people.may import today as this_day
from casework.people.models import Bureau, Person
from casework.people.office_journal import enter
from casework.people.row_journal import is_entered
from casework.store import db, utcnow, writing
from casework.text import is_blank
from casework.vault.sealing import vault

log = logging.getLogger("casework")
SERIES = "档销"  # of the batches' numbers
MOST = 300  # dockets in one batch
EACH_ROUND = 40


class NotPossible(Exception):
    """The batch cannot be proposed or confirmed; ``reason`` is an English msgid, ``rows`` =
    (number, why it stays)."""

    def __init__(self, reason: str, rows: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(reason)
        self.reason, self.rows = reason, tuple(rows)


# -- two persons
def propose(person: Person, scope: Scope, dockets: Iterable[int], report: str, day: date) -> int:
    """A batch that waits for a second person; answers its id. A case takes its reports with it:
    they are part of its file.

    Journals are read outside the lock; what changes until a file is emptied is seen then, under the
    lock."""
    if is_blank(report):
        raise NotPossible("Name the appraisal report.")
    chosen = dockets_with_reports(db.session(), scope, dockets)
    if not 0 < len(chosen) <= MOST:
        raise NotPossible("Choose between one and three hundred files.")
    _check(db.session(), chosen, day)
    items = [_item(db.session(), docket) for docket in chosen]
    bureau_id, person_id = person.bureau_id, person.id
    with writing() as session:
        if any(in_open_batch(session, item["docket_id"]) for item in items):
            raise NotPossible(
                "Some files must stay.", [(i["number"], "other_batch") for i in items]
            )
        bureau = session.get_one(Bureau, bureau_id)
        number = numbers.peek(session, bureau.id, bureau.prefix, SERIES, day.year)
        numbers.take_number(session, bureau.id, number)
        batch = Destruction(
            bureau_id=bureau.id,
            number=number.text,
            report=report[:60],
            proposer_id=person_id,
            state="proposed",
        )
        session.add(batch)
        session.flush()
        session.add_all(DestructionItem(destruction_id=batch.id, **item) for item in items)
        others = [p for p in notices.holders(bureau_id, "archive.confirm") if p != person_id]
        notices.tell(
            session, others, "destruction", data={"batch": batch.id, "number": batch.number}
        )
        return batch.id


def dockets_with_reports(session: Session, scope: Scope, ids: Iterable[int]) -> list[Docket]:
    """The dockets of those ids that the person may see, and the reports that feed none but these
    cases; reports first."""
    wanted = set(ids)
    reports = select(Link.from_id).where(
        Link.to_id.in_(wanted), Link.kind == "feeds", Link.until.is_(None)
    )
    for report in set(session.scalars(reports)):
        if {c.id for c in cases_of(session, report)} <= wanted:
            wanted.add(report)
    rows = select(Docket).where(Docket.id.in_(wanted), visible_to(scope))
    return list(session.scalars(rows.order_by(Docket.kind.desc(), Docket.id)))


def _item(session: Session, docket: Docket) -> dict[str, Any]:
    found = retention_of(session, gather(session, vault(), docket))
    # hindrances would have said so
    assert found is not None  # noqa: S101
    return {
        "docket_id": docket.id,
        "kind": docket.kind,
        "code": docket.code,
        "number": docket.number or docket.code,
        "term": found.term,
        "since": found.since,
        "due": found.due,
        "files": [],
    }


def _check(session: Session, dockets: Sequence[Docket], day: date, number: int = 0) -> None:
    ids = [d.id for d in dockets]
    rows = [
        (d.number or d.code, why)
        for d in dockets
        for why in hindrances(session, d, day, ids, number)
    ]
    if rows:
        raise NotPossible("Some files must stay.", rows)


def confirm(person: Person, number: int, day: date) -> None:
    """Confirm a batch as the second person, after everything was appraised again; ``work`` then
    destroys it. NotPossible."""
    person_id, bureau_id = person.id, person.bureau_id
    dockets = _dockets(db.session(), number)
    _check(db.session(), dockets, day, number)
    with writing() as session:
        batch = _mine(session, bureau_id, number)
        if batch.state != "proposed":
            raise NotPossible("This batch is decided already.")
        if batch.proposer_id == person_id:
            raise NotPossible("Who proposed a batch does not confirm it.")
        batch.confirmer_id, batch.confirmed_at, batch.state = person_id, utcnow(), "confirmed"
        of = {"batch_id": number, "by_id": person_id, "total": len(dockets)}
        jobs.order(session, jobs.DESTROY, bureau_id, **of)


def withdraw(person: Person, number: int) -> None:
    """Not to be destroyed after all, as long as nobody confirmed it; or where it stands still,
    because it is not what was entered. What of that one was destroyed before is certified as it is,
    and its other files stay."""
    bureau_id = person.bureau_id
    with writing() as session:
        batch = _mine(session, bureau_id, number)
        stands_still = batch.state == "confirmed" and not is_as_entered(session, batch)
        if batch.state != "proposed" and not stands_still:
            raise NotPossible("This batch is decided already.")
        if stands_still and _spare(session, batch):
            keep_certificate(session, batch)
            batch.state, batch.done_at = "done", utcnow()
        else:
            batch.state = "withdrawn"
        for job in session.scalars(select(Job).where(job_of(number), Job.state.in_(jobs.OPEN))):
            job.state = "failed"


def _spare(session: Session, batch: Destruction) -> bool:
    """What is not destroyed stays; whether something is, by the dockets themselves: no item is
    believed."""
    rows = select(DestructionItem, Docket.data_key).join(
        Docket, Docket.id == DestructionItem.docket_id
    )
    gone = False
    for item, key in session.execute(rows.where(DestructionItem.destruction_id == batch.id)):
        gone = gone or not key
        if key:
            item.left_out, item.emptied_at, item.done_at = "not_entered", None, utcnow()
    session.flush()
    return gone


def _mine(session: Session, bureau_id: int, number: int) -> Destruction:
    query = select(Destruction).where(Destruction.id == number, Destruction.bureau_id == bureau_id)
    return session.scalars(query.with_for_update()).one()


def _items(number: int) -> Select[int]:
    """The ids of its dockets."""
    return select(DestructionItem.docket_id).where(DestructionItem.destruction_id == number)


def _dockets(session: Session, number: int) -> list[Docket]:
    return list(
        session.scalars(
            select(Docket)
            .where(Docket.id.in_(_items(number)))
            .order_by(Docket.kind.desc(), Docket.id)
        )
    )


# -- the work
def work(most: int = EACH_ROUND, day: date | None = None) -> int:
    """Go on with every confirmed batch, oldest first; answers how many dockets were dealt with."""
    done = 0
    batches = select(Destruction.id).where(Destruction.state == "confirmed")
    for batch in list(db.session.scalars(batches.order_by(Destruction.id))):
        if not is_as_entered(db.session(), db.session.get_one(Destruction, batch)):
            _say_once(batch)
            continue
        with jobs.claimed(job_of(batch)) as held:
            if held is not None:
                done += _go_on(held, batch, most - done, day or this_day())
    return done


def _go_on(held: jobs.Claim, batch: int, most: int, day: date) -> int:
    """The next dockets of a batch, and its end after the last; how many were dealt with."""
    waiting = _waiting(batch)
    for left, docket in enumerate(waiting[:most], 1 - len(waiting)):
        _one(batch, docket, day)
        held.report(held.total + left)
    if most >= len(waiting):
        _finish(held, batch)
    return min(most, len(waiting))


def job_of(batch: int) -> ColumnElement[bool]:
    """Condition on ``Job``: the job of that batch."""
    return and_(Job.kind == jobs.DESTROY, Job.batch_id == batch)


def is_as_entered(session: Session, batch: Destruction) -> bool:
    """Whether batch and items are what the program entered: what somebody put there beside it
    destroys nothing. One of a version that entered no marks counts as put there, too; people
    withdraw it."""
    items = session.scalars(
        select(DestructionItem).where(DestructionItem.destruction_id == batch.id)
    ).all()
    return is_entered(session, batch.bureau_id, batch, *items)


def _say_once(number: int) -> None:
    """It is looked at every few seconds, and waits until somebody withdraws it."""
    said: set[int] = current_app.extensions.setdefault("batches that stand still", set())
    if number not in said:
        said.add(number)
        log.error(
            "batch %s of destruction is not what was entered: nothing of "
            "it is destroyed until it is withdrawn",
            number,
        )


def _waiting(batch: int) -> list[int]:
    """Dockets not yet done, reports before cases."""
    query = _items(batch).where(DestructionItem.done_at.is_(None))
    return list(
        db.session.scalars(query.order_by(DestructionItem.kind.desc(), DestructionItem.docket_id))
    )


def _one(batch: int, docket: int, day: date) -> None:
    """Rows in one transaction, which notes the files; then the files; then the note that nothing is
    left."""
    with writing() as session:
        row = session.get_one(DestructionItem, (batch, docket))
        if row.emptied_at is None:
            _empty(session, row, day)
        names = list(row.files)
    for name in names:
        current_app.extensions["sealed_store"].shred(name)
    with writing() as session:
        row = session.get_one(DestructionItem, (batch, docket))
        row.files, row.done_at = [], utcnow()


def _empty(session: Session, row: DestructionItem, day: date) -> None:
    """Looked at a last time under the lock: what was held back since the confirmation stays, and
    the batch says so."""
    docket = session.scalars(
        select(Docket).where(Docket.id == row.docket_id).with_for_update()
    ).one()
    why = hindrances(
        session, docket, day, list(session.scalars(_items(row.destruction_id))), row.destruction_id
    )
    if why:
        row.left_out = why[0]
        return
    row.files = emptying.files_of(session, docket.id)
    emptying.empty(session, docket)
    row.emptied_at = utcnow()
    enter(
        session,
        docket.bureau_id,
        None,
        GONE,
        row.number,
        {"docket": docket.id, "batch": row.destruction_id},
    )


def _finish(held: jobs.Claim, number: int) -> None:
    """Nothing of what went is left in the write-ahead log; then the certificate, and the batch is
    done."""
    if not emptying.log_is_clean():
        return  # somebody still reads an older state: the next round tries again
    with writing() as session:
        batch = session.get_one(Destruction, number)
        keep_certificate(session, batch)
        batch.state, batch.done_at = "done", utcnow()
        held.end(session, done=held.total)
