"""The public tip as it is served (waitress, SQLite FULL) against bare Flask inserts served the same
way, in turns."""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.clients import Informant
from bench.common import ROOT, environment, flask, instance, median, p, pss, scratch, table


def free_port() -> int:
    """A port nobody uses, at 20000 or above."""
    for port in range(20000 + time.time_ns() % 9000, 32000):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")


class Server:
    """A server of its own process, and how long it took to its first page (seconds)."""

    def __init__(self, words: list[str], port: int, env: dict[str, str] | None = None) -> None:
        began = time.perf_counter()
        self.port = port
        self.process = subprocess.Popen(
            words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.cold = self._first_page(began)

    def _first_page(self, began: float) -> float:
        while time.perf_counter() - began < 60:
            try:
                Informant(self.port).ask("GET", "/report")
            except (OSError, http.client.HTTPException):
                time.sleep(0.005)
            else:
                return time.perf_counter() - began
        raise TimeoutError("the server does not answer")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, Server]]:
    """Ours over a fresh instance, and the bare ones that serve pages of the same size."""
    made, port = instance(folder / "ours", ("people", "first-admin")), free_port()
    _without_limits(made)
    running = {"ours": Server(flask("serve", "--port", str(port)), port, environment(made))}
    try:
        for name, text in Informant(port).tip().items():
            (folder / f"{name}.html").write_text(text)
        for name in ("bare", "orm"):
            other = free_port()
            running[name] = Server(
                [sys.executable, "-m", "bench.bare", name, str(folder), str(other)], other
            )
        yield running
    finally:
        for server in running.values():
            server.stop()


def _without_limits(made: Path) -> None:
    """The limits against floods would answer a crowd of one machine with waiting: a bureau's own
    settings lift them."""
    with sqlite3.connect(made / "casework.sqlite") as db:
        for key in (
            "flood.busy",
            "flood.tips",
            "flood.tips_one",
            "flood.drafts",
            "flood.drafts_kept",
            "flood.draft_bytes",
        ):
            db.execute(
                "INSERT INTO bureau_setting (bureau_id, key, value, "
                "from_day, at) VALUES (1, ?, ?, ?, ?)",
                (key, "100000000", "2026-01-01", "2026-01-01 00:00:00.000000"),
            )


def crowd(server: Server, people: int, seconds: float) -> dict[str, Any]:
    """What a crowd of informants in a process of its own met."""
    words = [sys.executable, "-m", "bench.clients", str(server.port), str(people), str(seconds)]
    return dict(json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout))


def measured(
    running: dict[str, Server], people: int, seconds: float, turns: int
) -> dict[str, dict[str, Any]]:
    """Tips a second and the times of all, in turns."""
    found: dict[str, dict[str, Any]] = {
        name: {"rates": [], "times": [], "lost": []} for name in running
    }
    for _ in range(turns):
        for name, server in running.items():
            met = crowd(server, people, seconds)
            found[name]["rates"].append(len(met["times"]) / met["took"])
            found[name]["times"] += met["times"]
            found[name]["lost"] += met["lost"]
    return found


def row(people: int, found: dict[str, dict[str, Any]]) -> list[Any]:
    """One line of the table: the ratio is the middle one of the turns."""
    ours, bare = found["ours"], found["bare"]
    ratio, to_orm = (
        median([a / b for a, b in zip(ours["rates"], found[name]["rates"], strict=True)])
        for name in ("bare", "orm")
    )
    times = ours["times"]
    spread = p(times, 0.99) / median(times)
    return [
        people,
        ratio,
        to_orm,
        median(ours["rates"]),
        median(times) * 1000,
        p(times, 0.95) * 1000,
        p(times, 0.99) * 1000,
        spread,
        p(bare["times"], 0.99) / median(bare["times"]),
        len(ours["lost"]),
    ]


def kept(folder: Path) -> int:
    """Tips in our database."""
    with sqlite3.connect(folder / "ours" / "casework.sqlite") as db:
        return int(db.execute("SELECT count(*) FROM receipt").fetchone()[0])


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--turns", type=int, default=5)
    asked = words.parse_args()
    with scratch() as folder, servers(folder) as running:
        rows, sent = [], 1
        for people in asked.clients:
            found = measured(running, people, asked.seconds, asked.turns)
            rows.append(row(people, found))
            sent += len(found["ours"]["times"])
        head = (
            "clients",
            "tips/s ÷ bare",
            "÷ bare Flask-SQLAlchemy",
            "tips/s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "p99 ÷ p50",
            "bare p99 ÷ p50",
            "lost",
        )
        table("Tips", head, rows)
        memory, cold = pss(running["ours"].process.pid), running["ours"].cold
        table(
            "The process",
            ("tips sent", "tips kept", "MB PSS after load", "cold start s", "bare cold start s"),
            [[sent, kept(folder), memory, cold, running["bare"].cold]],
        )


if __name__ == "__main__":
    main()
