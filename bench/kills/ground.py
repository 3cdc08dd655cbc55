"""The one instance on which all the work is done: in memory, always in the same folder, copied anew
from a mould."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from bench.common import instance
from bench.kills.process import Tell, apart
from casework.store import db, utcnow


class Ground:
    """Moulds and the instance that is copied from them. This process itself never opens the
    database."""

    def __init__(self, folder: Path, ending: ExitStack, empty: Path | None = None) -> None:
        self.folder, self.instance = folder, folder / "instance"
        self.ending = ending  # of servers of others that the work needs
        self.beside = folder / "beside"  # files that come with the work
        self.made: dict[str, Any] = {}  # mould → what its making has answered
        if empty:  # migrated already
            shutil.copytree(empty, folder / "moulds" / "empty")
        else:
            instance(folder / "moulds" / "empty")
        self.take("empty")
        for name in ("templates", "memory"):
            (folder / name).mkdir()
        self.app = create_app(
            str(self.instance), PUBLIC_LAG=-1, MEMORY_FOLDER=str(folder / "memory")
        )
        with self.app.app_context():
            db.engine.dispose()  # no connection may be forked
        self.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder / "templates"))

    def take(self, mould: str) -> None:
        """A fresh copy of a mould, and nothing beside it."""
        for old in (self.instance, self.beside):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(self.folder / "moulds" / mould, self.instance)
        (self.instance / "sealed").mkdir(exist_ok=True, mode=0o700)
        self.beside.mkdir()

    def make(self, mould: str, of: str, work: Callable[[], Any]) -> None:
        """Make a mould of another one by doing something in it, once; what that answers stands in
        ``made``."""
        if mould not in self.made:
            self.take(of)
            self.made[mould] = self.apart(work)
            shutil.copytree(self.instance, self.folder / "moulds" / mould)

    def apart(self, work: Callable[[], Any]) -> Any:
        """The result of work in the program, in a process of its own."""
        return apart(lambda: self.within(work))

    def within(self, work: Callable[[], Any]) -> Any:
        """In a forked process: the work as a fresh process would do it, with the keys as they stand
        on the disk."""
        self.app.extensions["vault"].keyring.refresh()
        with self.app.app_context():
            return work()

    def told(self, work: Callable[[Tell], Any]) -> Callable[[Tell], Any]:
        """The same for work that tells."""
        return lambda tell: self.within(lambda: work(tell))


def by_command(app: Flask, *words: str) -> str:
    """What a command of the program printed. An error is raised as it came."""
    done = app.test_cli_runner().invoke(args=list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    if done.exit_code:
        raise RuntimeError(f"{' '.join(words)}: {done.output}")
    return done.output


def heads_kept() -> None:
    """Heads and the rows' first entries, as the server keeps them while it runs: a mould begins
    with them."""
    from casework.people import heads, row_journal

    heads.sign_heads(db.session(), utcnow())  # the first time before rows are entered
    row_journal.begin_all()
    heads.sign_heads(db.session(), utcnow())
