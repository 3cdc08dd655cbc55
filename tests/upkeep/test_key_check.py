"""A key file of another instance, an older or a damaged one: neither program nor commands start,
and nothing is changed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import create_app
from casework.people.models import Bureau, KeyCheck
from casework.store import db, writing
from casework.upkeep import key_check
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.vault.keys import KeyRing
from tests.acts.roads import case_of
from tests.conftest import ROOT, Mould, program


@pytest.fixture
def keys(app: Flask, team: Team, bureau: object, instance: Path) -> Path:
    """Of an instance with a case in it."""
    case_of(team, bureau)  # type: ignore[arg-type]
    tick()
    db.session.remove()
    return instance / "keys.json"


def known() -> list[int]:
    return list(db.session.scalars(select(KeyCheck.generation).order_by(KeyCheck.generation)))


def foreign(keys: Path) -> None:
    keys.unlink()
    KeyRing.create(keys)


def starts(instance: Path) -> None:
    create_app(str(instance))


def test_its_own_keys_are_known_from_the_first_round(keys: Path, instance: Path) -> None:
    assert known() == [1]
    starts(instance)


def test_keys_of_another_instance_are_refused(keys: Path, instance: Path) -> None:
    before = (
        (instance / "casework.sqlite").read_bytes()
        if (instance / "casework.sqlite").exists()
        else b""
    )
    foreign(keys)
    with pytest.raises(SystemExit, match="not that of this database"):
        starts(instance)
    if before:
        assert (instance / "casework.sqlite").read_bytes() == before


def test_before_the_database_knows_its_keys_a_docket_tells(keys: Path, instance: Path) -> None:
    """An instance of an earlier version whose keys were put back wrongly at the upgrade: they are
    not taken for its own."""
    with writing() as session:
        session.execute(delete(KeyCheck))
    db.session.remove()
    starts(instance)
    foreign(keys)
    with pytest.raises(SystemExit, match="not that of this database"):
        starts(instance)


def test_foreign_keys_are_never_noted(app: Flask, keys: Path) -> None:
    foreign(keys)
    app.extensions["vault"].keyring.refresh()
    app.extensions.pop("keys noted", None)
    with pytest.raises(key_check.WrongKeys):
        tick()
    assert known() == [1]


def test_a_copy_of_the_keys_from_before_a_rotation_is_refused(
    app: Flask, keys: Path, instance: Path
) -> None:
    older = keys.read_bytes()
    assert app.test_cli_runner().invoke(args=["keys", "rotate"]).exit_code == 0
    assert known() == [1, 2]
    db.session.remove()
    starts(instance)
    keys.write_bytes(older)
    with pytest.raises(SystemExit, match="lacks generation 2"):
        starts(instance)


@pytest.mark.parametrize(
    "words", ["", "{", "{}", json.dumps({"masters": {}}), json.dumps({"masters": {"1": "00"}})]
)
def test_a_damaged_key_file_is_a_sentence(words: str, keys: Path, instance: Path) -> None:
    keys.write_text(words)
    with pytest.raises(SystemExit, match=r"keys\.json"):
        starts(instance)


def test_keys_that_others_can_read_are_a_sentence(keys: Path, instance: Path) -> None:
    keys.chmod(0o644)
    with pytest.raises(SystemExit, match="chmod 600"):
        starts(instance)


def test_missing_keys_are_a_sentence_and_none_are_made(keys: Path, instance: Path) -> None:
    """Also where the database is elsewhere (PostgreSQL) and the folder is empty."""
    shutil.rmtree(instance / "sealed")
    keys.unlink()
    with pytest.raises(SystemExit, match="put it back"):
        starts(instance)
    assert not keys.exists()


@pytest.mark.parametrize(
    "command", [["journal", "verify"], ["tick"], ["serve", "--port", "1"], ["db", "upgrade"]]
)
def test_commands_say_so_too(command: list[str], keys: Path, instance: Path) -> None:
    foreign(keys)
    env = {**os.environ, "CASEWORK_INSTANCE": str(instance)}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == str(key_check.WrongKeys(key_check._FOREIGN))


def test_a_new_folder_gets_keys_with_its_database_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "new"
    for _time in range(2):
        with create_app(str(folder)).app_context():
            assert list(folder.iterdir()) == []
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    upgrade = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=env, check=True, capture_output=True)
    assert (folder / "keys.json").stat().st_mode & 0o077 == 0
    made = (folder / "keys.json").read_bytes()
    starts(folder)
    assert (folder / "keys.json").read_bytes() == made


def test_a_command_before_the_database_is_made_closes_no_road(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leaves a database without a table, which is no data that somebody's keys belong to."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "new"
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    assert subprocess.run([*flask, "tick"], cwd=ROOT, env=env, capture_output=True).returncode
    assert (folder / "casework.sqlite").exists()
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    assert (folder / "keys.json").exists()
    starts(folder)


def test_a_damaged_database_without_keys_counts_as_data(tmp_path: Path) -> None:
    (tmp_path / "casework.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(SystemExit, match=r"keys\.json is missing"):
        starts(tmp_path)


def test_the_quicker_of_two_makes_the_keys(tmp_path: Path) -> None:
    one, two = (KeyRing.unwritten(tmp_path / "keys.json") for _ in range(2))
    one.write()
    two.write()
    assert one.derive("x") == two.derive("x") == KeyRing.load(tmp_path / "keys.json").derive("x")


def test_a_database_that_does_not_answer_is_asked_later(instance: Path) -> None:
    """The server may begin before PostgreSQL does; the round of time asks again, before it does
    anything."""
    env = {
        **os.environ,
        "CASEWORK_INSTANCE": str(instance),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "procedure", "check"]
    assert subprocess.run(command, cwd=ROOT, env=env, capture_output=True).returncode == 0


def test_the_round_looks_once(app: Flask, keys: Path) -> None:
    app.extensions.pop("keys noted", None)
    assert key_check.note_generations() == 0
    from tests.support.counted import counted

    with counted() as said:
        key_check.note_generations()
    assert list(said) == []


def test_two_bureaus_and_no_docket_yet(fresh: Mould) -> None:
    with program(fresh):
        with writing() as session:
            session.add(Bureau(code="x", name="x", prefix="x"))
        assert key_check.note_generations() == 1
