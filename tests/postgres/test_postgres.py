"""The same road on a real PostgreSQL: migrations, numbers, triggers, journal, lists."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from casework.docket import lists
from casework.docket.lists import Filter
from casework.people.may import scope, today
from casework.people.models import Bureau, Person
from casework.store import db, writing
from casework.upkeep.demo import people
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.acts import test_road as road_tests
from tests.conftest import ROOT, need

pytestmark = pytest.mark.postgres


def programs() -> Path | None:
    """Where initdb and postgres lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of our own on a loopback port, owned by an ordinary user where we are root."""
    where = programs()
    need("PostgreSQL", where is not None)
    assert where
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))  # pytest's own folders are closed to other users
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run([*as_user, where / "initdb", "-D", data, "-A", "trust", "-U", "casework", "-E", "UTF8", "--locale=C.UTF-8"],
                   check=True, capture_output=True)  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    subprocess.run([*as_user, where / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"],
                   check=True, capture_output=True)  # fmt: skip
    subprocess.run([*as_user, where / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "casework", "casework"],
                   check=True, capture_output=True)  # fmt: skip
    yield f"postgresql://casework@127.0.0.1:{port}/casework"
    subprocess.run([*as_user, where / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True)
    shutil.rmtree(folder)


@pytest.fixture
def app(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The program over PostgreSQL, with a fresh schema."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path))
    from app import create_app

    made = create_app(str(tmp_path), TESTING=True)
    with made.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def team(app: Flask) -> Team:
    _bureau, made = people()
    return made


@pytest.fixture
def bureau(team: Team) -> Bureau:
    return db.session.query(Bureau).one()


ROADS = [
    road_tests.test_the_whole_road, road_tests.test_papers_are_real_and_stored_unchanged,
]  # fmt: skip


@pytest.mark.parametrize("road", ROADS, ids=lambda f: f.__name__)
def test_road(road: object, team: Team, bureau: Bureau, app: Flask) -> None:
    road(team, bureau, app)  # type: ignore[operator]


@pytest.mark.parametrize(
    "road",
    [
        road_tests.test_several_respondents_open_several_cases,
        road_tests.test_a_decision_set_aside_is_carried_through,
        road_tests.test_discipline_prosecution_and_dishonesty_run_beside,
        road_tests.test_two_pairs_of_eyes,
        road_tests.test_the_second_of_two_gets_a_conflict,
        road_tests.test_public_notice_is_deemed_served_once_also_after_standing_still,
        road_tests.test_the_journal_cannot_be_edited_or_deleted,
        road_tests.test_what_lists_cache_is_what_facts_say,
    ],
    ids=lambda f: f.__name__,
)
def test_the_same_on_postgresql(road: object, team: Team, bureau: Bureau) -> None:
    road(team, bureau)  # type: ignore[operator]


@pytest.mark.parametrize("table", ["act", "act_body", "approval", "paper"])
def test_truncate_is_refused_too(team: Team, bureau: Bureau, table: str) -> None:
    road_tests.case_of(team, bureau)
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_lists_page_alike(team: Team, bureau: Bureau) -> None:
    for i in range(3):
        road_tests.tip(team, bureau, f"对象{i}")
    tick()
    person = db.session.get_one(Person, team.head)
    page = lists.page(db.session(), scope(person, today()), Filter("report"), today())
    assert [r.title for r in page.rows] == ["对象2", "对象1", "对象0"]
