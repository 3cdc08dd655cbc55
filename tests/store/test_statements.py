"""Which tests run over PostgreSQL in ``./check``: those that together make every statement."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.statements import OFTEN_ENOUGH, Made, Recorder, chosen, digest, read


def test_every_statement_is_made_often_enough_and_the_quick_make_it() -> None:
    made = {f"quick{n}": Made(0.1 + n, frozenset({"a"})) for n in range(6)}
    made["slow"] = Made(60, frozenset({"a"}))
    made["slow alone"] = Made(90, frozenset({"a", "b"}))
    assert OFTEN_ENOUGH == 3
    assert chosen([*made, "unknown"], made) == {
        "quick0", "quick1", "quick2", "slow alone", "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a IN (?)", "a IN (?, ?, ?)"),
        ("VALUES (?, ?)", "VALUES (?, ?), (?, ?)"),
        ("UPDATE a SET b=? WHERE a.id = ?", "UPDATE a SET b=?, c=? WHERE a.id = ?"),
    ],
)
def test_a_list_is_the_same_statement_however_long(one: str, other: str) -> None:
    assert digest(one) == digest(other) != digest("UPDATE a SET b=(b + ?) WHERE a.id = ?")


def test_what_a_test_made_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "gw0.jsonl").write_text('["t", 1.5, ["a", "b"]]\n', "utf-8")
    assert read(tmp_path) == {"t": Made(1.5, frozenset({"a", "b"}))}
    assert read(tmp_path / "nothing") == {}


def test_a_program_of_ours_is_told_from_a_tool(tmp_path: Path) -> None:
    """Statements of the first are made where nobody writes them down."""
    recorder = Recorder(tmp_path / "x.jsonl")
    subprocess.run(["true"], check=True)
    assert recorder.processes == 0
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    assert recorder.processes == 1
