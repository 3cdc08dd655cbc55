"""Jobs: work beside a request. One row each, written in the act's own transaction, claimed by a
lease, with its progress and its end in it (decision 0059).

Whoever does a job holds its lease and renews it with every word of progress. A process that dies
says nothing more: its lease runs out, and the job is anybody's again. What a job writes goes
through :meth:`Claim.note` or :meth:`Claim.end`, in the transaction of the work itself, so that who
lost the lease meanwhile writes nothing.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from casework.people.models import Bureau
from casework.store import Model, UtcDateTime, db, is_writing, utcnow, writing
from casework.web.faults import told

log = logging.getLogger("casework")
BIND, LIST, MANY, DESTROY = "bind", "list", "many", "destroy"
REGISTER = "register"  # the unit register, brought up to date from a file
OUTBOX, MAIL = "outbox", "mail"  # one row in a bureau that never ends
STANDING = (OUTBOX, MAIL)
OPEN = ("waiting", "running")
# The times of a standing job while nobody holds it: those of its last round would say when the
# last tip came in.
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=7)  # bound files, and what is said of lists
OFTEN = 1.0  # seconds between two notes of progress


class Job(Model):
    """One job. ``state``: waiting · running · done · failed; ``error``: a word without names."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_kind", "kind", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(40), default="")  # of a bundle, or the step
    batch_id: Mapped[int | None]  # of a destruction
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int | None] = mapped_column(ForeignKey("docket.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(String(32), default="")  # who holds it; "" for nobody
    # until then somebody is expected to hold it, or to say more
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: utcnow() + LEASE)
    error: Mapped[str] = mapped_column(String(20), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")  # what was asked, sealed
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    stored: Mapped[str] = mapped_column(String(80), default="")  # a sealed file that it made
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    @property
    def progress(self) -> int:
        """How much of ``total`` is done, with what this process noted in memory alone."""
        return max(self.done, _in_memory().get(self.id, 0))

    @property
    def notes(self) -> list[list[str]]:
        """[what, title] about documents of a bound file; words of them in templates/casefile."""
        notes: list[list[str]] = self.result.get("notes", [])
        return notes

    @property
    def interrupted(self) -> bool:
        """Whether nobody has said anything of it for as long as a lease lasts."""
        resting = self.kind in STANDING and not self.lease
        return self.state in OPEN and self.lease_until < utcnow() and not resting

    @property
    def shown_state(self) -> str:
        """The state as people are told it: interrupted and gone (its file was deleted), too."""
        if self.interrupted:
            return "interrupted"
        gone = self.kind == BIND and self.state == "done" and not self.stored
        return "gone" if gone else self.state


class LeaseLost(RuntimeError):
    """Another process has the job, or its lease ran out. The transaction must be rolled back."""


@dataclass
class Claim:
    """A job that this process holds."""

    number: int
    lease: str
    lasts: timedelta
    total: int
    over: bool = field(default=False, init=False)
    _noted: float = field(default=0.0, init=False)

    def note(self, session: Session, **values: object) -> None:
        """Set columns of the job in the caller's write transaction and renew the lease.
        LeaseLost."""
        row = self._row(session)
        if row is None:
            raise LeaseLost
        for key, value in {"lease_until": utcnow() + self.lasts, **values}.items():
            setattr(row, key, value)

    def report(self, done: int) -> None:
        """Note how much is done (in units of ``total``), at most once a second. Within a write
        transaction the number is kept in memory, for pages of this process."""
        _in_memory()[self.number] = done
        if not is_writing() and time.monotonic() - self._noted > OFTEN:
            with writing() as session:
                self.note(session, done=done)
            self._noted = time.monotonic()

    def end(self, session: Session, state: str = "done", **values: object) -> None:
        """The job is done or failed, in the caller's write transaction. LeaseLost."""
        self.note(session, state=state, lease="", **values)
        self.over = True

    def give_back(self) -> None:
        """End the lease; the job stays open."""
        with writing() as session:
            row = self._row(session)
            if row is not None:
                standing = row.kind in STANDING
                row.state, row.lease = "waiting", ""
                row.lease_until = NO_TIME if standing else utcnow() + LEASE
                row.done = row.progress

    def _row(self, session: Session) -> Job | None:
        mine = (Job.id == self.number, Job.lease == self.lease, Job.lease_until >= utcnow())
        return session.scalars(select(Job).where(*mine).with_for_update()).one_or_none()


def order(session: Session, kind: str, bureau_id: int, **values: Any) -> Job:
    """A new job, in the caller's write transaction."""
    job = Job(kind=kind, bureau_id=bureau_id, **values)
    session.add(job)
    session.flush()
    return job


def standing(kind: str, bureau_id: int) -> int:
    """Id of the bureau's job of a kind that never ends, made when first asked for."""
    query = select(Job.id).where(Job.kind == kind, Job.bureau_id == bureau_id)
    found = db.session.scalar(query)
    if found is None:
        with writing() as session:
            session.get_one(Bureau, bureau_id, with_for_update=True)  # two would make two
            none = {"at": NO_TIME, "lease_until": NO_TIME}
            found = session.scalar(query) or order(session, kind, bureau_id, **none).id
    return found


def open_jobs(kind: str) -> Sequence[int]:
    """Ids of the jobs of a kind that are not over, oldest first."""
    query = select(Job.id).where(Job.kind == kind, Job.state.in_(OPEN)).order_by(Job.id)
    return db.session.scalars(query).all()


@contextmanager
def claimed(*which: ColumnElement[bool], lasts: timedelta = LEASE) -> Iterator[Claim | None]:
    """Hold the open job of which ``which`` is true; None where it is over, or somebody else holds
    it. What is not ended within is given back."""
    held, over = _claim(which, lasts), False
    try:
        yield held
        over = held is None or held.over
    finally:
        if held and not over:
            held.give_back()
        if held:
            _in_memory().pop(held.number, None)


def _claim(which: Sequence[ColumnElement[bool]], lasts: timedelta) -> Claim | None:
    with writing() as session:
        free = Job.state.in_(OPEN) & ((Job.lease == "") | (Job.lease_until < utcnow()))
        row = session.scalars(select(Job).where(*which, free).with_for_update()).one_or_none()
        if row is None:
            return None
        row.state, row.lease, row.lease_until = "running", secrets.token_hex(16), utcnow() + lasts
        return Claim(row.id, row.lease, lasts, row.total)


def run(number: int, do: Callable[[Claim], None], lasts: timedelta = LEASE) -> None:
    """Claim the job and do it, unless another process does. An error of ``do`` is logged and the
    job marked failed."""
    with claimed(Job.id == number, lasts=lasts) as held:
        if held is None:
            return
        try:
            do(held)
        except LeaseLost:
            log.error("job %s took longer than its lease: nothing more of it is written", number)
        except Exception as error:
            log.error("job %s failed: %s", number, told(error))
            with writing() as session:
                held.end(session, "failed", error="fault")


def in_background(
    number: int, do: Callable[[Claim], None], lasts: timedelta = LEASE
) -> threading.Thread:
    """:func:`run` in a thread of its own, which is answered."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]

    def work() -> None:
        with app.app_context():
            run(number, do, lasts)

    thread = threading.Thread(target=work, name=f"job {number}", daemon=True)
    thread.start()
    return thread


def sweep(session: Session) -> list[str]:
    """Forget bound files and lists of some days ago; names of sealed files that the caller deletes
    once it is written."""
    past = Job.at < utcnow() - KEPT
    session.execute(delete(Job).where(Job.kind == LIST, past))
    old = session.scalars(select(Job).where(Job.stored != "", past)).all()
    gone = [row.stored for row in old]
    for row in old:
        row.stored = ""
    return gone


def _in_memory() -> dict[int, int]:
    done: dict[int, int] = current_app.extensions.setdefault("progress of jobs", {})
    return done
