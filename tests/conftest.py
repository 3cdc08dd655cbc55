"""Fixtures that all tests share: an app over a fresh instance folder, whose database is a copy of a
migrated one."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from nacl.pwhash import argon2id

from casework.upkeep.walk import Team
from tests.support import quick, statements
from tests.support.database import MOULD, Server, programs, server

# no test may fail because a machine is slow
hypothesis_settings.register_profile("casework", deadline=None)
hypothesis_settings.load_profile("casework")
ROOT = Path(__file__).parent.parent
pytest_plugins = [
    "tests.support.desk",
    "tests.support.disclosure",
    "tests.support.mail",
    "tests.support.public",
    "tests.support.two_bureaus",
]  # their fixtures are everybody's
sys.path.insert(0, str(ROOT))
# a page that names what nobody gave it fails, in servers of tests too
os.environ.setdefault("CASEWORK_STRICT", "1")


def need(what: str, there: bool) -> None:
    """Skip with one plain line when the machine lacks something; in CI that is a failure."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing on this machine")
    pytest.skip(f"{what} is missing on this machine")


@pytest.fixture(scope="session", autouse=True)
def _words() -> None:
    """Compile the catalogues once, so that pages speak Chinese in tests as in life."""
    catalogue = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    compiled = catalogue.with_suffix(".mo")
    if catalogue.exists() and (
        not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime
    ):
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with catalogue.open("rb") as source:
            words = read_po(source, locale="zh_Hans_CN")
        draft = compiled.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as target:
            write_mo(target, words)
        draft.replace(compiled)


@dataclass(frozen=True)
class Costs:
    """What stretching a password costs in life."""

    staff: PasswordHasher
    custodian: dict[str, int]


@pytest.fixture(scope="session", autouse=True)
def real_costs() -> Iterator[Costs]:
    """Passwords are stretched as little as argon2 allows while tests run: the same road, but in a
    millisecond. What the program asks for in life is given to the tests about it."""
    from casework.people import passwords
    from casework.vault import identity

    least = {"ops": argon2id.OPSLIMIT_MIN, "mem": argon2id.MEMLIMIT_MIN}
    with pytest.MonkeyPatch.context() as patch:
        real = Costs(passwords._hasher, identity._COST)
        patch.setattr(
            passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        patch.setattr(identity, "_COST", least)
        yield real


@pytest.fixture(scope="session", autouse=True)
def templates() -> Iterator[quick.Templates]:
    """Links, SQL and templates are made once for all tests, and the procedure is checked once."""
    with pytest.MonkeyPatch.context() as patch:
        quick.procedure_checked_once(patch)
        quick.late_links(patch)
        quick.shared_sql(patch)
        yield quick.Templates()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database postgresql``: the same tests over PostgreSQL; those marked «sqlite» are about
    SQLite itself."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where tests keep their rows",
    )
    parser.addoption(
        "--note-statements",
        action="store_true",
        help="write down which SQL each test makes, for --new-statements",
    )
    parser.addoption(
        "--new-statements",
        action="store_true",
        help="over PostgreSQL: leave out tests whose statements quicker ones make as well",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where the machine has memory to spare, the tests' folders lie in it: SQLite waits for the
    disk at every commit."""
    if memory := quick.in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    if config.getoption("--note-statements"):
        statements.note(config)


def pytest_collection_finish() -> None:
    """What was imported until here stays: the garbage collector need not look through it again and
    again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Over PostgreSQL: leave out what is about SQLite alone, and what opens no database, which
    would only be repeated. What opens none comes first: it is quick, and most faults show in it.
    Then the long ones: at the end one process would play them while the others wait."""
    if config.getoption("--database") == "postgresql":
        left_out = {i for i in items if i.get_closest_marker("sqlite") or not opens_a_database(i)}
        if config.getoption("--new-statements"):
            left_out |= statements.repeated(items, statements.folder(config))
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [i for i in items if i not in left_out]
    items.sort(key=lambda i: (opens_a_database(i), i.get_closest_marker("long") is None))


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A failure is told at once, not after the last test; nothing of it is left out at the end."""
    if report.failed:
        last = report.longreprtext.strip().splitlines()[-12:]
        print("", f"FAILED {report.nodeid} ({report.when})", *last, sep="\n", flush=True)


def opens_a_database(item: pytest.Item) -> bool:
    """Whether any fixture of the test is, or is made from, a migrated database."""
    return not {"migrated", "postgresql"}.isdisjoint(getattr(item, "fixturenames", ()))


def upgraded(folder: Path, url: str | None) -> None:
    """Migrate an empty database; keys are made in the folder."""
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    env.pop("DATABASE_URL", None)
    env |= {"DATABASE_URL": url} if url else {}
    upgrade = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=env, check=True, capture_output=True)


@dataclass(frozen=True)
class Mould:
    """What tests take copies of: an instance folder, a database where a server keeps the rows, and
    who works in it."""

    folder: Path
    server: Server | None = None
    name: str = MOULD
    team: Team | None = None

    def copy(self, folder: Path) -> Mould:
        """A copy of all of it."""
        shutil.copytree(self.folder, folder)
        (folder / "keys.json").chmod(0o600)
        return replace(self, folder=folder, name=self.server.make(self.name) if self.server else "")

    @property
    def url(self) -> str | None:
        """Address of the database; None is the SQLite file in the folder."""
        return self.server.url(self.name) if self.server else None


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mould]:
    """A PostgreSQL server with a migrated mould in it."""
    need("PostgreSQL", programs() is not None)
    folder = tmp_path_factory.mktemp("keys")
    with server() as running:
        upgraded(folder, running.url(running.make(name=MOULD)))
        yield Mould(folder, running)


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """An instance with keys and an empty, migrated database: the mould of every test's own."""
    if request.config.getoption("--database") == "postgresql":
        made: Mould = request.getfixturevalue("postgresql")
        return made
    folder = tmp_path_factory.mktemp("mould")
    upgraded(folder, None)
    return Mould(folder)


@pytest.fixture(scope="session")
def peopled(migrated: Mould, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """The same with the default bureau and staff of every role."""
    from casework.upkeep.demo import people

    made = migrated.copy(tmp_path_factory.mktemp("people") / "instance")
    with program(made):
        bureau, team = people()
        team.bureau_id = bureau.id  # type: ignore[attr-defined]
    return replace(made, team=team)


@contextmanager
def program(over: Mould, **settings: Any) -> Iterator[Flask]:
    """The program over an instance, in a context of its own, and nothing of it left open at the
    end."""
    from app import create_app
    from casework.store import db

    with pytest.MonkeyPatch.context() as patch:
        address(patch, over.url)
        # on a slow machine somebody may write for longer than people wait in life
        settings = {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "PUBLIC_LAG": -1,
            "WRITE_WAIT": 300.0,
            **settings,
        }
        made = create_app(str(over.folder), **settings)
        with made.app_context():
            yield made
            nothing_goes_on()
            db.session.remove()
            db.engine.dispose()


def nothing_goes_on() -> None:
    """Wait for what pages began in threads of their own: it would work on in the next test, or
    under the hands of one that forks. The threads of a whole server never end, so no test starts
    one in this process."""
    for thread in threading.enumerate():
        assert thread.name not in ("tick", "mail", "verify"), (
            f"«{thread.name}» of a server goes on in other tests"
        )
        if thread.name.startswith("job "):
            thread.join()


def address(patch: pytest.MonkeyPatch, url: str | None) -> None:
    """Commands and servers that the test starts find the same database."""
    if url:
        patch.setenv("DATABASE_URL", url)
    else:
        patch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def mould(request: pytest.FixtureRequest, migrated: Mould) -> Mould:
    """What this test's instance is a copy of; tests with longer beginnings have moulds of their
    own."""
    if request.node.get_closest_marker("postgres") and not migrated.server:
        return request.getfixturevalue("postgresql")  # type: ignore[no-any-return]
    return request.getfixturevalue("peopled") if "team" in request.fixturenames else migrated


@pytest.fixture
def fresh(tmp_path: Path, mould: Mould, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mould]:
    """A fresh copy of the mould."""
    made = mould.copy(tmp_path / "instance")
    address(monkeypatch, made.url)
    yield made
    if made.server:
        made.server.drop(made.name)


@pytest.fixture
def instance(fresh: Mould) -> Path:
    """Its folder."""
    return fresh.folder


@pytest.fixture
def database(fresh: Mould) -> str | None:
    """Address of its database on PostgreSQL; None is the SQLite file of the folder."""
    return fresh.url


@pytest.fixture
def app(fresh: Mould, templates: quick.Templates) -> Iterator[Flask]:
    """The program over that folder, inside an application context."""
    memory = fresh.folder.parent / "memory"
    memory.mkdir()
    with program(fresh, MEMORY_FOLDER=str(memory)) as made:
        made.jinja_env.bytecode_cache = templates
        yield made


@pytest.fixture
def one_day() -> Iterator[None]:
    """For what is counted by the day: midnight does not come in the middle of the test."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


class Browser(FlaskClient):
    """Each request in a context of its own, as in life; the test's own session then sees what it
    wrote. Headers that no server could send are an error here too."""

    def open(self, *args: Any, **kw: Any) -> Any:
        from casework.store import db

        with self.application.app_context():
            answer = super().open(*args, **kw)
        for _name, value in answer.headers:
            value.encode("latin-1")
        db.session.rollback()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def team(app: Flask, mould: Mould) -> Team:
    """The default bureau with staff of every role; ``team.bureau_id`` beside the people."""
    from casework.upkeep.demo import people

    if mould.team:
        return deepcopy(mould.team)
    bureau, made = people()
    made.bureau_id = bureau.id  # type: ignore[attr-defined]
    return made


@pytest.fixture
def bureau(team: Team) -> object:
    """That bureau's row."""
    from casework.people.models import Bureau
    from casework.store import db

    return db.session.get_one(Bureau, team.bureau_id)  # type: ignore[attr-defined]


@pytest.fixture
def sign_in(client: FlaskClient) -> object:
    """Signs a person of the demonstration staff in, by login."""
    from casework.upkeep.demo import PASSWORD

    def go(login: str) -> FlaskClient:
        client.post("/signout")
        answer = client.post("/signin", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 302, login
        return client

    return go
