"""bench/kill itself: a few kills of work that holds, and of work that says too early that it is
done."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.kills.process import BORDERS, CALLS, AtCall, Child, Tell, moments_of
from tests.conftest import ROOT, Mould

pytestmark = pytest.mark.sqlite  # its moulds are copies of SQLite's file


def tally(way: str, folder: Path, migrated: Mould) -> dict[str, Any]:
    words = ["-m", "tests.upkeep.kills_apart", way, str(folder / "ground"), str(migrated.folder)]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True, timeout=300
    )
    counted: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return counted


def test_a_list_is_taken_in_whole_or_not_at_all(tmp_path: Path, migrated: Mould) -> None:
    found = tally("whole", tmp_path, migrated)
    assert found["kills"] >= 3
    assert found["within"] > 0
    assert found["faults"] == []
    assert found["lost"] == 0


def test_what_was_acknowledged_too_early_is_seen_to_be_lost(
    tmp_path: Path, migrated: Mould
) -> None:
    found = tally("early", tmp_path, migrated)
    assert found["lost"] > 0
    assert any("«taken in» was said, and 0 tips are there" in fault for fault in found["faults"])


def test_a_process_is_killed_at_the_call_that_was_chosen(tmp_path: Path) -> None:
    def work(tell: Tell) -> None:
        tell("begun")
        for name in "abc":
            (tmp_path / name).mkdir()
            tell(name)

    moments = moments_of(work, CALLS)
    for name in "abc":
        (tmp_path / name).rmdir()
    child = Child(work, AtCall(moments // 2))
    assert child.struck()
    assert len(child.told) < 3
    assert {p.name for p in tmp_path.iterdir()} >= set(child.told)


def test_words_and_lists_that_change_are_no_moments(tmp_path: Path) -> None:
    def work(tell: Tell) -> None:
        tell("begun")
        "a".replace("a", "b")
        ["a"].remove("a")
        date(2026, 1, 1).replace(day=2)
        (tmp_path / "new").write_bytes(b"")
        (tmp_path / "new").replace(tmp_path / "old")
        (tmp_path / "old").unlink()

    assert moments_of(work, BORDERS) == 4
