"""A copy comes back as the operators' page writes it, refuses what is not its own, and says for
good what was lost with it.

About SQLite's file; a database that came back by pg_restore is entered by ``backup note``.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.intake.receive import receive
from casework.people import chain, heads, lost_span
from casework.people.models import Bureau, OfficeEntry
from casework.store import db, utcnow, writing
from casework.upkeep import backup, restored_copy, verify
from casework.upkeep.backup import LIST
from casework.upkeep.fault_words import fault_sentence
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.vault.keys import KeyRing
from tests.conftest import ROOT, Mould, program
from tests.support.upkeep import TIP, run

pytestmark = pytest.mark.sqlite
SignIn = Callable[[str], FlaskClient]


def verified(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["journal", "verify", *words])
    return result.exit_code, result.output


def places(bureau_id: int) -> int:
    db.session.rollback()
    return chain.head(db.session(), bureau_id).place


class Copied:
    """An instance, a copy of it, and two tips that came after the copy."""

    def __init__(self, app: Flask, bureau: Bureau, folder: Path) -> None:
        self.folder, self.keys = folder, Path(app.instance_path) / "keys.json"
        self.file, self.anchor = folder / "copy.tar", folder / "anchor.txt"
        receive(bureau, TIP)
        tick()
        code, output = run(app, "make", self.file)
        assert code == 0, output
        self.ends = places(bureau.id)
        for _n in range(2):
            receive(bureau, TIP)
        tick()
        self.newest = places(bureau.id)
        self.anchor.write_text(app.test_cli_runner().invoke(args=["journal", "anchor"]).output)
        self.heads = folder / "old heads.json"
        shutil.copy2(Path(app.instance_path) / "heads.json", self.heads)


@pytest.fixture
def copied(app: Flask, team: Team, bureau: Bureau, tmp_path: Path) -> Copied:
    return Copied(app, bureau, tmp_path)


@contextmanager
def under(folder: Path) -> Iterator[Flask]:
    with program(Mould(folder)) as app:
        yield app


def losses() -> list[lost_span.Loss]:
    (bureau,) = db.session.scalars(select(Bureau.id))
    return lost_span.losses(db.session(), bureau)


# -- the way back
def test_it_comes_back_with_its_keys_and_says_what_is_lost(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    code, output = run(
        app,
        "restore",
        copied.file,
        tmp_path / "back",
        "--keys",
        copied.keys,
        "--known",
        copied.anchor,
    )
    assert code == 0, output
    with under(tmp_path / "back") as back:
        tick()
        assert not (tmp_path / "back" / restored_copy.NOTE).exists()
        (loss,) = losses()
        assert (loss.place, loss.known) == (copied.ends, copied.newest)
        code, output = verified(back)
        assert code == 0, output
        assert f"entries {copied.ends + 1} to {copied.newest} are lost" in output
        tick()
        assert len(losses()) == 1


@pytest.mark.parametrize("known", ["heads", "anchor"])
def test_what_is_known_outside_may_be_an_anchor_or_the_old_heads(
    app: Flask, copied: Copied, tmp_path: Path, known: str
) -> None:
    code, output = run(
        app,
        "restore",
        copied.file,
        tmp_path / "back",
        "--keys",
        copied.keys,
        "--known",
        getattr(copied, known),
    )
    assert code == 0, output
    with under(tmp_path / "back"):
        tick()
        assert [loss.known for loss in losses()] == [copied.newest]


def test_where_nobody_outside_knows_it_says_so(app: Flask, copied: Copied, tmp_path: Path) -> None:
    run(app, "restore", copied.file, tmp_path / "back", "--keys", copied.keys)
    with under(tmp_path / "back") as back:
        tick()
        assert [loss.known for loss in losses()] == [0]
        assert "how much that was is not known" in verified(back)[1]


def test_into_the_folder_that_the_environment_names(copied: Copied, tmp_path: Path) -> None:
    """On a new machine the command itself makes nothing in the folder that it is to fill."""
    folder = tmp_path / "instance to be"
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    words = ["backup", "restore", str(copied.file), str(folder), "--keys", str(copied.keys)]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "keys.json").read_bytes() == copied.keys.read_bytes()
    assert (folder / "keys.json").stat().st_mode & 0o077 == 0
    with under(folder):
        tick()
        assert len(losses()) == 1


def test_an_old_copy_asks_for_the_day_and_is_entered_all_the_same(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    run(app, "restore", copied.file, tmp_path / "back", "--keys", copied.keys)
    with under(tmp_path / "back"), time_machine.travel(utcnow() + timedelta(days=30), tick=False):
        assert tick()["waits for a person"] == 1
        assert len(losses()) == 1


# -- what is refused
@pytest.mark.parametrize("whose", ["another", "damaged"])
def test_keys_that_do_not_fit_are_a_sentence_and_nothing_is_written(
    app: Flask, copied: Copied, tmp_path: Path, whose: str
) -> None:
    keys = tmp_path / "other.json"
    KeyRing.create(keys)
    if whose == "damaged":
        keys.write_text("{")
    code, output = run(app, "restore", copied.file, tmp_path / "back", "--keys", keys)
    assert (code, "nothing was written" in output, "Traceback" in output) == (1, True, False)
    assert not (tmp_path / "back").exists()
    assert list(tmp_path.glob(".restoring-*")) == []


def test_keys_in_a_copy_are_held_against_it(app: Flask, copied: Copied, tmp_path: Path) -> None:
    run(app, "make", tmp_path / "whole.tar", "--with-keys")
    assert run(app, "restore", tmp_path / "whole.tar", tmp_path / "back")[0] == 0
    with under(tmp_path / "back"):
        tick()


def test_foreign_keys_that_are_put_there_by_hand_start_nothing(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    run(app, "restore", copied.file, tmp_path / "back")
    KeyRing.create(tmp_path / "back" / "keys.json")
    from app import create_app

    with pytest.raises(SystemExit, match="not that of this database"):
        create_app(str(tmp_path / "back"))


def changed(copy: Path, to: Path, statement: str) -> None:
    """A copy whose database somebody changed who has no keys, with a list that fits it again."""
    with tarfile.open(copy) as tar:
        tar.extractall(to, filter="data")
    with closing(sqlite3.connect(to / "casework.sqlite")) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)
        raw.commit()
    contents = json.loads((to / LIST).read_text())
    contents["sha256"]["casework.sqlite"] = hashlib.sha256(
        (to / "casework.sqlite").read_bytes()
    ).hexdigest()
    (to / LIST).write_text(json.dumps(contents))
    with tarfile.open(copy, "w") as tar:
        for name in (*contents["sha256"], LIST):
            tar.add(to / name, arcname=name)


def test_what_was_cut_off_in_a_copy_is_no_loss_where_the_keys_come_by_hand(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    """Without the keys the seal of the list cannot be asked while it is unpacked: the first round
    asks."""
    cut = "DELETE FROM chain_link WHERE place > (SELECT max(place) FROM chain_link) - 3"
    changed(copied.file, tmp_path / "unpacked", cut)
    code, output = run(app, "restore", copied.file, tmp_path / "back")
    assert code == 0, output
    shutil.copy2(copied.keys, tmp_path / "back" / "keys.json")
    with under(tmp_path / "back") as back:
        tick()
        assert losses() == []
        assert not (tmp_path / "back" / restored_copy.NOTE).exists()
        code, output = verified(back)
        assert code == 1
        assert (
            "is missing" in output or "are missing" in output or "not what was written" in output
        ), output


@pytest.mark.parametrize("note", ["", "{}", '{"list": {"made": "é", "seal": "é"}}'])
def test_a_note_that_says_nothing_stops_no_round(
    app: Flask, team: Team, bureau: Bureau, note: str
) -> None:
    (Path(app.instance_path) / restored_copy.NOTE).write_text(note)
    tick()
    assert losses() == []


def test_a_file_without_any_anchor_is_a_sentence(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    for words in ("nothing here", "{"):
        (tmp_path / "odd.txt").write_text(words)
        code, output = run(
            app, "restore", copied.file, tmp_path / "back", "--known", tmp_path / "odd.txt"
        )
        assert (code, "nothing was written" in output) == (1, True)
        assert not (tmp_path / "back").exists()


def test_a_full_disk_is_a_sentence(
    app: Flask, copied: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tarfile.TarFile.extractall", full)
    code, output = run(app, "restore", copied.file, tmp_path / "back")
    assert (code, "No space left" in output, "nothing was written" in output) == (1, True, True)
    assert not (tmp_path / "back").exists()


def test_what_a_killed_restore_left_is_gone_with_the_next(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    left = tmp_path / ".restoring-abc"
    left.mkdir()
    (left / "casework.sqlite").write_bytes(b"bare")
    assert run(app, "restore", copied.file, tmp_path / "back")[0] == 0
    assert not left.exists()


# -- what verifying says
def test_no_head_in_a_copy_names_an_entry_that_the_copy_lacks(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tip comes in while the copy is made, after the database was taken, and its head is
    signed."""
    tick()
    real = backup._copy_database

    def copy_and_go_on(source: Path, copy: Path) -> None:
        real(source, copy)
        receive(bureau, TIP)
        heads.sign_heads(db.session(), utcnow())

    monkeypatch.setattr(backup, "_copy_database", copy_and_go_on)
    assert run(app, "make", tmp_path / "copy.tar")[0] == 0
    keys = Path(app.instance_path) / "keys.json"
    assert run(app, "restore", tmp_path / "copy.tar", tmp_path / "back", "--keys", keys)[0] == 0
    with under(tmp_path / "back") as back:
        code, output = verified(back)
        assert code == 0, output


def test_an_older_database_beside_newer_heads_names_the_entries_that_are_missing(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    """Put back without the command (a snapshot of the disk, pg_restore): it may be a restore or a
    cut, and is never good."""
    run(app, "restore", copied.file, tmp_path / "back", "--keys", copied.keys)
    (tmp_path / "back" / restored_copy.NOTE).unlink()
    shutil.copy2(copied.heads, tmp_path / "back" / "heads.json")
    with under(tmp_path / "back") as back:
        for _time in range(2):
            code, output = verified(back)
            assert code == 1
            assert f"entries {copied.ends + 1} to {copied.newest} are missing" in output
            assert "backup note" in output
            tick()  # signs nothing over it
        said = run(back, "note", "2026-01-01", "--known", copied.heads)
        assert said[0] == 0, said
        tick()
        code, output = verified(back)
        assert code == 0, output
        assert f"entries {copied.ends + 1} to {copied.newest} are lost" in output


def test_an_anchor_of_what_is_lost_is_never_passed_over(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    run(app, "restore", copied.file, tmp_path / "back", "--keys", copied.keys)
    with under(tmp_path / "back") as back:
        (bureau,) = db.session.scalars(select(Bureau))
        for _n in range(3):
            receive(bureau, TIP)  # the chain grows beyond what was lost
        tick()
        assert places(bureau.id) > copied.newest
        assert verified(back)[0] == 0
        code, output = verified(back, "--anchor", str(copied.anchor))
        assert code == 1
        assert "was lost when a copy was brought back" in output


def test_who_has_the_database_alone_cannot_call_a_cut_a_loss(
    app: Flask, copied: Copied, tmp_path: Path
) -> None:
    """He enters a loss of his own and computes the chain anew: it bears no seal of ours."""
    run(app, "restore", copied.file, tmp_path / "back", "--keys", copied.keys)
    (tmp_path / "back" / restored_copy.NOTE).unlink()
    shutil.copy2(copied.heads, tmp_path / "back" / "heads.json")
    with under(tmp_path / "back"):
        from casework.people.office_journal import enter

        (bureau,) = db.session.scalars(select(Bureau))
        false = {
            "made": utcnow().isoformat(),
            "at": utcnow().isoformat(),
            "place": copied.ends,
            "known": 0,
            "known_at": "",
        }
        with writing() as session:
            enter(session, bureau.id, None, lost_span.WHAT, "", {**false, "seal": "0" * 64})
        assert losses() == []
        kept = heads.read_file(heads.heads_path())
        assert {"behind", "cut"} & {f.what for f in verify.all_faults(db.session(), kept)}


def test_heads_of_another_instance_tell_nothing(app: Flask, copied: Copied, tmp_path: Path) -> None:
    raw = json.loads(copied.heads.read_text())
    for head in raw["heads"].values():
        head["place"] += 1000
    copied.heads.write_text(json.dumps(raw))
    run(
        app,
        "restore",
        copied.file,
        tmp_path / "back",
        "--keys",
        copied.keys,
        "--known",
        copied.heads,
    )
    with under(tmp_path / "back"):
        tick()
        assert [loss.known for loss in losses()] == [0]


# -- who is told
def test_administrator_and_auditor_read_it_on_their_first_page(
    app: Flask, bureau: Bureau, sign_in: SignIn, copied: Copied
) -> None:
    tick()
    with writing() as session:
        restored_copy.enter(session, utcnow() - timedelta(days=1), utcnow(), [], {bureau.code: 5})
    for login, told in (("admin", True), ("auditor", True), ("officer1", False)):
        client = sign_in(login)
        assert ("恢复了" in client.get("/desk/").text) == told, login
    found = sign_in("auditor").get("/desk/office/audit").text
    assert "恢复备份" in found
    seal = db.session.scalars(
        select(OfficeEntry.details).where(OfficeEntry.what == lost_span.WHAT)
    ).one()["seal"]
    assert seal not in found


def test_every_fault_has_its_sentence() -> None:
    from casework.docket.journal import Fault

    assert "entries 7 to 9 are missing" in fault_sentence(Fault("fengdu", 7, "behind", "9"))
    assert "lost" in fault_sentence(Fault("fengdu", 7, "lost"))
