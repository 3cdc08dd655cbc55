"""Files that nobody names any more go by themselves, whether the server or cron lets time pass."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from casework.archive import retention_rows
from casework.archive.models import ScanStack
from casework.docket.jobs import Job
from casework.people.models import Bureau
from casework.store import db, utcnow, writing
from casework.upkeep import tick as clockwork
from casework.upkeep.walk import Team
from casework.vault.sealing import Tampered
from tests.acts.roads import case_of


def grow_old(app: Flask) -> None:
    """All sealed files are three days old."""
    then = time.time() - 3 * 24 * 3600
    for file in Path(app.extensions["sealed_store"].root).rglob("*"):
        if file.is_file():
            os.utime(file, (then, then))


def test_the_servers_own_tick_sweeps_what_was_given_up(
    team: Team, bureau: object, app: Flask
) -> None:
    case_of(team, bureau)  # type: ignore[arg-type]
    store = app.extensions["sealed_store"]
    kept = set(store.names())
    assert kept
    abandoned = store.put(b"a draft that was given up").name
    grow_old(app)
    young = store.put(b"a draft of today").name
    assert clockwork.tick()["swept"] == 1
    assert set(store.names()) == {*kept, young}
    assert abandoned not in kept


def test_a_round_looks_once_in_hours(app: Flask, team: Team) -> None:
    """The server ticks every two seconds; millions of files are not listed each time."""
    clockwork.tick()
    store = app.extensions["sealed_store"]
    store.put(b"x")
    grow_old(app)
    assert clockwork.tick()["swept"] == 0
    app.extensions["orphans looked for"] -= clockwork.LOOK_FOR_ORPHANS
    assert clockwork.tick()["swept"] == 1


def test_the_command_does_the_same(app: Flask, team: Team) -> None:
    store = app.extensions["sealed_store"]
    store.put(b"x")
    grow_old(app)
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["tick"])
    assert "swept: 1" in done.output
    assert list(store.names()) == []


def test_the_days_own_work_that_was_broken_off_is_done_by_the_next_round(
    app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_day: object) -> int:
        raise InterruptedError

    monkeypatch.setattr(retention_rows, "note_retention", broken)
    with pytest.raises(InterruptedError):
        clockwork.tick()
    monkeypatch.setattr(retention_rows, "note_retention", lambda _day: 3)
    assert [clockwork.tick()["kept"], clockwork.tick()["kept"]] == [3, 0]


def test_what_is_swept_opens_no_more_wherever_its_bytes_lie(app: Flask, team: Team) -> None:
    """A draft that was thrown away while the server was killed: its key goes with it, as when
    nobody is killed."""
    store = app.extensions["sealed_store"]
    name = store.put("线索附件".encode()).name
    with store._path(name).open("rb") as left_on_the_disk:
        grow_old(app)
        assert clockwork.tick()["swept"] == 1
        with pytest.raises(Tampered):
            b"".join(store.opened(name, left_on_the_disk))


def test_a_round_that_breaks_takes_no_file_whose_row_stays(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound files and stacks past their time: their files go once it is written that they are
    gone."""
    store, old = app.extensions["sealed_store"], utcnow() - timedelta(days=400)
    case = case_of(team, bureau)
    bound, scanned = store.put(b"bound").name, store.put(b"scanned").name
    with writing() as session:
        session.add(
            Job(
                bureau_id=bureau.id,
                docket_id=case.docket_id,
                kind="bind",
                what="internal",
                state="done",
                stored=bound,
                at=old,
            )
        )
        session.add(
            ScanStack(
                bureau_id=bureau.id, stored=scanned, size=7, pages=1, by_id=team.clerk, at=old
            )
        )

    def break_off(_session: object) -> int:
        raise RuntimeError("broken off")

    with monkeypatch.context() as broken:
        broken.setattr("casework.upkeep.tick.drafts.sweep", break_off)
        with pytest.raises(RuntimeError, match="broken off"):
            clockwork.tick()
    assert store.has(bound)
    assert store.has(scanned)
    clockwork.tick()
    assert not store.has(bound)
    assert not store.has(scanned)
