"""Over PostgreSQL ``./check`` runs only tests that make SQL of their own.

With ``--note-statements`` each test's statements are written down beside pytest's cache. With
``--new-statements`` a test is left out when quicker ones make each of its statements often enough.
What was never written down runs, and what starts a program of ours: its statements are made
elsewhere.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2s
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, event

FOLDER = "statements"  # in pytest's cache: a file for each process of the tests
OFTEN_ENOUGH = 3  # tests that make a statement
# "(?, ?, ?)" of a list of any length, and rows of a long INSERT
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)*\s*\)(?:\s*,\s*\(\s*\?(?:\s*,\s*\?)*\s*\))*")
# "SET a=?, b=?": which columns of a row have changed makes no other SQL
_COLUMNS = re.compile(r" SET \w+=\?(?:, \w+=\?)* WHERE")
# tables are made and asked about by SQLite's own words: tests/store does it over both
_OF_SQLITE = ("CREATE", "ALTER", "DROP", "PRAGMA", "EXPLAIN", "COMMIT", "BEGIN")
_OURS = ("python", "flask", "bash", "run", "waitress")  # programs that may open the database


class Made(NamedTuple):
    """What is known of a test: seconds it took, and digests of its statements."""

    seconds: float
    statements: frozenset[str]


def digest(statement: str) -> str:
    """A short name of a statement, the same for lists of any length and for all columns of a
    row."""
    plain = _COLUMNS.sub(" SET WHERE", _LISTS.sub("(?)", statement))
    return blake2s(plain.encode(), digest_size=8).hexdigest()


def chosen(tests: Iterable[str], made: Mapping[str, Made]) -> set[str]:
    """Which of the tests are to run: the quickest first, each that makes a statement which fewer
    than ``OFTEN_ENOUGH`` of those chosen make; and all of whom nothing is known."""
    known = [test for test in tests if test in made]
    picked, seen = set(tests) - set(known), Counter[str]()
    for test in sorted(known, key=lambda t: (made[t].seconds, t)):
        if any(seen[s] < OFTEN_ENOUGH for s in made[test].statements):
            picked.add(test)
            seen.update(made[test].statements)
    return picked


def read(folder: Path) -> dict[str, Made]:
    """What the last run over SQLite wrote down, by a test's name."""
    lines = (line for file in folder.glob("*.jsonl") for line in file.open(encoding="utf-8"))
    return {
        test: Made(seconds, frozenset(statements))
        for test, seconds, statements in map(json.loads, lines)
    }


class Recorder:
    """Writes down the statements of each test that this process runs."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("w", encoding="utf-8")
        self.now: set[str] = set()
        self.processes = 0
        event.listen(Engine, "before_cursor_execute", self._made)
        sys.addaudithook(self._started)

    def _made(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().startswith(_OF_SQLITE):
            self.now.add(statement)

    def _started(self, what: str, arguments: tuple[Any, ...]) -> None:
        if what == "os.fork":
            self.processes += 1
        elif what in ("subprocess.Popen", "os.posix_spawn"):
            self.processes += Path(os.fsdecode(arguments[0])).name.startswith(_OURS)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        """All of a test: its fixtures, itself, and what is done after it."""
        self.now.clear()
        self.processes, began = 0, perf_counter()
        result = yield
        if self.processes:
            self.now.add(item.nodeid)
        row = [item.nodeid, perf_counter() - began, sorted(map(digest, self.now))]
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()
        return result


def folder(config: pytest.Config) -> Path:
    """Where statements are written down."""
    return Path(config.rootpath, ".pytest_cache", FOLDER)


def note(config: pytest.Config) -> None:
    """Begin to write down; what an earlier run wrote goes. The first of several processes gives the
    tests away and runs none itself."""
    where, process = folder(config), os.environ.get("PYTEST_XDIST_WORKER", "")
    if not process:
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir(parents=True)
    if process or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Recorder(where / f"{process or 'alone'}.jsonl"))


def repeated(items: Iterable[pytest.Item], folder: Path) -> set[pytest.Item]:
    """Tests that need not run over PostgreSQL: they make no statement that others do not make, nor
    are they about it («postgres») or about values that databases take differently («values»)."""
    items = list(items)
    run = chosen([i.nodeid for i in items], read(folder))
    own = [i for i in items if any(map(i.get_closest_marker, ("postgres", "values")))]
    return {i for i in items if i.nodeid not in run} - set(own)
