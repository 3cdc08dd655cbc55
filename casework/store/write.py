"""The one way to write: an in-process lock, then a file lock, then BEGIN IMMEDIATE. Readers never
wait for it.

Threads racing for SQLite's own lock starve each other; server, cron and commands are several
processes, so the file lock stands above them all. On PostgreSQL the rows' own locks do this work
and neither lock is taken.

Nobody waits for ever: whoever has not had the lock after WRITE_WAIT seconds is told so
(:class:`Busy`). Once one has waited in vain for another process, the next ones ask once and are
told at once, until somebody gets it again.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.store.db import db

_thread_lock = threading.Lock()
_writer = threading.local()
_AT_END = "at_end"
_AGAIN = 0.01  # seconds between two tries: a file lock knows no wait that ends
_in_vain = threading.Event()  # another process has held the lock for longer than anybody waits


class NestedWrite(RuntimeError):
    """A write transaction was begun inside another, or over unsaved changes, which would be
    lost."""


class Busy(click.ClickException):
    """Others were writing for longer than WRITE_WAIT seconds; nothing was written. A command ends
    with it as a sentence."""

    def __init__(self) -> None:
        super().__init__(
            "somebody else has been writing for too long (another "
            "command?): nothing was written, try again later"
        )


def is_writing() -> bool:
    """Whether this thread is inside ``writing()``."""
    return bool(getattr(_writer, "active", False))


def at_end(session: Session, what: Callable[[Session, list[Any]], None], item: Any) -> None:
    """Call ``what(session, items)`` as the last thing of the open write transaction, once with all
    items it was given. Error: NestedWrite where nothing is being written."""
    if not is_writing():
        raise NestedWrite("nothing is being written")
    session.info.setdefault(_AT_END, {}).setdefault(what, []).append(item)


def _end(session: Session) -> None:
    session.flush()
    while last := session.info.pop(_AT_END, None):  # what is done at the end may ask for more
        for what, items in last.items():
            what(session, items)
        session.flush()


@contextmanager
def writing() -> Iterator[Session]:
    """A context with a write transaction: it commits at the end, and rolls back on any error.
    Errors: Busy where the lock is not got; NestedWrite inside another one, or over unsaved changes.

    Whatever the session had only read before is let go first, so that the snapshot is taken under
    the lock.
    """
    if is_writing():
        raise NestedWrite("a write transaction is already open in this thread")
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise NestedWrite("unsaved changes stand outside a write transaction")
    session.rollback()
    with _locks():
        _writer.active = True
        try:
            session.connection(execution_options={"writes": True})
            yield session
            _end(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_AT_END, None)
            _writer.active = False


def hold_bureau(session: Session, room: int, bureau_id: int) -> None:
    """On PostgreSQL: wait until no other transaction holds this lock of the bureau, and hold it to
    the end of this one. ``room``: a number for what is locked. On SQLite writers wait anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:room, :bureau)")
        session.execute(lock, {"room": room, "bureau": bureau_id})


@contextmanager
def _locks() -> Iterator[None]:
    if db.engine.dialect.name != "sqlite":
        with nullcontext():
            yield
        return
    until = time.monotonic() + current_app.config["WRITE_WAIT"]
    if not _thread_lock.acquire(timeout=current_app.config["WRITE_WAIT"]):
        raise Busy
    try:
        with Path(current_app.instance_path, "write.lock").open("a") as handle:
            _hold(handle, until)
            yield
    finally:
        _thread_lock.release()


def _hold(handle: IO[str], until: float) -> None:
    """The lock over all processes; it ends when the file is closed."""
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _in_vain.is_set() or time.monotonic() >= until:
                _in_vain.set()
                raise Busy from None
            time.sleep(_AGAIN)
        else:
            _in_vain.clear()
            return
