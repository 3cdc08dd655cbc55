"""What an operator is told to be written is on the disk before it gets its name: after a power cut,
the old one or the new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from casework.archive import bound_file
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from tests.acts.roads import case_of
from tests.support.upkeep import run

pytestmark = pytest.mark.sqlite  # «backup» copies SQLite's file


class Disk:
    """The order in which files and folders were synced, and drafts put in place."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.synced: list[Path] = []
        # target → names of what was put there without having been synced
        self.unsynced: dict[Path, set[str]] = {}
        sync, replace = os.fsync, Path.replace

        def fsync(handle: int) -> None:
            self.synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
            sync(handle)

        def put(draft: Path, target: Path) -> Path:
            whole = [draft, *draft.rglob("*")]
            self.unsynced[target] = {path.name for path in whole} - {
                p.name for p in self.synced if p in whole
            }
            self.synced.clear()
            return replace(draft, target)

        patch.setattr(os, "fsync", fsync)
        patch.setattr(Path, "replace", put)

    def is_safe(self, target: Path) -> bool:
        """Whether all of it was synced before it was put there, and the folder in which it lies
        afterwards."""
        return self.unsynced[target] == set() and target.parent in self.synced


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Disk]:
    return lambda: Disk(monkeypatch)


def test_a_copy(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path, disk: Callable[[], Disk]
) -> None:
    case_of(team, bureau)
    looked = disk()
    code, output = run(app, "make", tmp_path / "copy.tar")
    assert code == 0, output
    assert looked.is_safe(tmp_path / "copy.tar")


def test_what_comes_back(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path, disk: Callable[[], Disk]
) -> None:
    case_of(team, bureau)
    assert run(app, "make", tmp_path / "copy.tar")[0] == 0
    looked, keys = disk(), Path(app.instance_path) / "keys.json"
    code, output = run(app, "restore", tmp_path / "copy.tar", tmp_path / "back", "--keys", keys)
    assert code == 0, output
    assert (tmp_path / "back" / "sealed").exists()
    assert looked.is_safe(tmp_path / "back")


def test_a_bound_file(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path, disk: Callable[[], Disk]
) -> None:
    case = case_of(team, bureau)
    looked = disk()
    bound_file.to_file(
        db.session.get_one(Docket, case.docket_id),
        "internal",
        tmp_path / "file.pdf",
        lambda _done: None,
    )
    assert looked.is_safe(tmp_path / "file.pdf")
