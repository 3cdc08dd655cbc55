"""What makes the tests quick and changes nothing that they see: work that every test would do anew
is done once.

Each test has a program and a database of its own; with them went its links, its templates and its
SQL, put together anew a thousand times. They depend on the source alone, so they are shared here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from werkzeug.routing import Rule

from casework import rooms
from casework.procedure.model import Procedure
from casework.store import db

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 * 2**30  # bytes free there, that a run of all tests never fills


def in_memory() -> Path | None:
    """A folder that is memory, where the machine has enough: nothing in it waits for a disk."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


class Templates(BytecodeCache):
    """Compiled templates, by their name and source."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept under the same name, if its source is the same."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


def procedure_checked_once(patch: pytest.MonkeyPatch) -> None:
    """A program checks the procedure when it is made; one that was found whole is not checked again
    for the next program."""
    check, whole = rooms.check_procedure, list[Procedure]()

    def once(procedure: Procedure) -> None:
        if not any(procedure is known for known in whole):
            check(procedure)
            whole.append(procedure)

    patch.setattr(rooms, "check_procedure", once)


def late_links(patch: pytest.MonkeyPatch) -> None:
    """Werkzeug compiles two functions for each of the 218 addresses when a program is made; here
    when one is first built."""
    compiled: Callable[..., Any] = Rule._compile_builder

    def late(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Any] = []

        def build(self: Rule, *given: Any, **named: Any) -> Any:
            if not made:
                made.append(compiled(rule, append_unknown))
            return made[0](self, *given, **named)

        return build

    patch.setattr(Rule, "_compile_builder", late)


def shared_sql(patch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy keeps the SQL that it made of a statement by engine and dialect; all engines of a
    kind share both here, once the first of them has asked its server what it can do. A file that is
    not there yet is not asked: a connection would make it."""
    make, dialects, kept = db._make_engine, dict[str, Dialect](), dict[str, Any]()

    def engine(bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        made = make(bind_key, options, app)
        known = dialects.get(made.name)
        if known is None:
            if made.name == "sqlite" and not Path(made.url.database or "").is_file():
                return made
            with made.connect():
                dialects[made.name], kept[made.name] = made.dialect, made._compiled_cache
        else:
            made.dialect, made._compiled_cache = known, kept[made.name]
        return made

    patch.setattr(db, "_make_engine", engine)
