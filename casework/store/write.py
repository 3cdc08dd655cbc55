"""The one way to write: an in-process lock, then a file lock, then BEGIN IMMEDIATE. Readers never wait for it.

Threads racing for SQLite's own lock starve each other; server, cron and commands are several processes, so the file
lock stands above them all. On PostgreSQL the rows' own locks do this work and neither lock is taken.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from casework.store.db import db

_thread_lock = threading.Lock()
_writer = threading.local()


class NestedWrite(RuntimeError):
    """A writer was begun inside another: the outer one's rows would be lost."""


def is_writing() -> bool:
    """Whether this thread is inside ``writing()``."""
    return bool(getattr(_writer, "active", False))


@contextmanager
def writing() -> Iterator[Session]:
    """A write transaction: commits at the end, rolls back on any error and leaves nothing of it.

    Whatever the session had only read before is let go first, so that the snapshot is taken under the lock.
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
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writer.active = False


@contextmanager
def _locks() -> Iterator[None]:
    if db.engine.dialect.name != "sqlite":
        with nullcontext():
            yield
        return
    lock_file = Path(current_app.instance_path) / "write.lock"
    with _thread_lock, lock_file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
