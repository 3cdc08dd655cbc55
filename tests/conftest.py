"""Fixtures that all tests share: an app over a fresh instance folder, whose database is a copy of a migrated one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from tests.database import MOULD, Server, programs, server

hypothesis_settings.register_profile("casework", deadline=None)  # no test may fail because a machine is slow
hypothesis_settings.load_profile("casework")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


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
    if catalogue.exists() and (not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime):
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with catalogue.open("rb") as source:
            words = read_po(source, locale="zh_Hans_CN")
        draft = compiled.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as target:
            write_mo(target, words)
        draft.replace(compiled)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database postgresql``: the same tests over PostgreSQL; those marked «sqlite» are about SQLite itself."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="where tests keep their rows")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite alone."""
    if config.getoption("--database") == "postgresql":
        left_out = [i for i in items if i.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [i for i in items if i not in left_out]


def upgraded(folder: Path, url: str | None) -> None:
    """Migrate an empty database; keys are made in the folder."""
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    env.pop("DATABASE_URL", None)
    env |= {"DATABASE_URL": url} if url else {}
    upgrade = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with keys and an empty, migrated database: the mould of every test's own."""
    folder = tmp_path_factory.mktemp("mould")
    upgraded(folder, None)
    return folder


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server with a migrated mould in it."""
    need("PostgreSQL", programs() is not None)
    with server() as running:
        upgraded(tmp_path_factory.mktemp("keys"), running.url(running.make(name=MOULD)))
        yield running


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Address of a fresh, migrated PostgreSQL database where one is asked for; None is the SQLite of the instance."""
    if request.config.getoption("--database") != "postgresql" and not request.node.get_closest_marker("postgres"):
        yield None
        return
    running: Server = request.getfixturevalue("postgresql")
    name = running.make(MOULD)
    yield running.url(name)
    running.drop(name)


@pytest.fixture
def instance(tmp_path: Path, migrated: Path) -> Path:
    """A fresh instance folder."""
    folder = tmp_path / "instance"
    shutil.copytree(migrated, folder)
    (folder / "keys.json").chmod(0o600)
    return folder


@pytest.fixture
def app(instance: Path, database: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The program over that folder, inside an application context."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if database:
        monkeypatch.setenv("DATABASE_URL", database)
    from app import create_app

    memory = instance.parent / "memory"
    memory.mkdir()
    made = create_app(str(instance), TESTING=True, WTF_CSRF_ENABLED=False, MEMORY_FOLDER=str(memory), PUBLIC_LAG=-1)
    with made.app_context():
        yield made
        if database:
            from casework.store import db

            db.session.remove()
            db.engine.dispose()


class Browser(FlaskClient):
    """Each request in a context of its own, as in life; the test's own session then sees what it wrote."""

    def open(self, *args: Any, **kw: Any) -> Any:
        from casework.store import db

        with self.application.app_context():
            answer = super().open(*args, **kw)
        db.session.rollback()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def team(app: Flask) -> object:
    """The default bureau with staff of every role; ``team.bureau_id`` beside the people."""
    from casework.upkeep.demo import people

    bureau, made = people()
    made.bureau_id = bureau.id  # type: ignore[attr-defined]
    return made


@pytest.fixture
def bureau(team: object) -> object:
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
