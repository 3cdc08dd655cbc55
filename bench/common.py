"""What all measurements share: interleaved timing, a scratch instance, memory of a process, the
table that is printed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def interleaved(
    rivals: Mapping[str, Callable[[], Any]], rounds: int, warm: int = 3
) -> dict[str, list[float]]:
    """Seconds of processor each call takes in this thread, the rivals in turn: what slows the
    machine slows all of them."""
    for call in rivals.values():
        for _ in range(warm):
            call()
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, call in rivals.items():
            began = time.thread_time()
            call()
            times[name].append(time.thread_time() - began)
    return times


def p(times: Sequence[float], share: float) -> float:
    """A percentile, e.g. 0.95."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def median(times: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(times)


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="casework-bench-") as folder:
        yield Path(folder)


def instance(folder: Path, *commands: Sequence[str]) -> Path:
    """A migrated instance with a bureau and its people, made by the program's own commands."""
    folder.mkdir(parents=True, exist_ok=True)
    for command in (("db", "upgrade"), *commands):
        subprocess.run(
            flask(*command),
            cwd=ROOT,
            env=environment(folder),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return folder


def flask(*words: str) -> list[str]:
    """A command of the program."""
    return [sys.executable, "-m", "flask", "--app", "app", *words]


def environment(folder: Path) -> dict[str, str]:
    """The environment of a command over that instance."""
    return {**os.environ, "CASEWORK_INSTANCE": str(folder)}


def pss(pid: int) -> float:
    """Memory of a process in MB: its own pages and its share of shared ones."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table that can stand in a document as it is."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join("---" for _ in head) + "|")
    for row in rows:
        print("| " + " | ".join(_shown(cell) for cell in row) + " |", flush=True)


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 100 else f"{cell:.0f}"
    return str(cell)
