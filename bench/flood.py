"""What strangers can do to the tip form: idle connections, and sign-ins that never end. As ratios
to the form's own time, in turns within one run; the server is one process, as in life."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.clients import Informant
from bench.common import ROOT, environment, flask, instance, median, p, scratch, table
from bench.tips import Server, free_port

MOST = 3.0  # times its own time that the form may take
IDLE, SIGN_INS = 200, 24  # connections
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def form(port: int, seconds: float) -> list[float]:
    """Seconds that each blank form took, on connections of its own, one after another; one that
    fails counts a minute."""
    times, until = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        try:
            Informant(port).ask("GET", "/report")
            times.append(time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            times.append(60.0)
        time.sleep(0.02)
    return times


@contextmanager
def idle(port: int) -> Iterator[None]:
    """Connections that say nothing; one that the server has closed is opened again."""
    stop, lines = threading.Event(), list[socket.socket]()

    def hold() -> None:
        while not stop.is_set():
            while len(lines) < IDLE and not stop.is_set():
                with contextlib.suppress(OSError):
                    lines.append(socket.create_connection(("127.0.0.1", port), 1))
            stop.wait(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    time.sleep(1)
    yield
    stop.set()
    thread.join()
    for line in lines:
        line.close()


@contextmanager
def sign_ins(port: int) -> Iterator[None]:
    """So many who sign in wrongly without a pause, in a process of their own; it says what they
    were told."""
    attack = subprocess.Popen(
        [sys.executable, "-m", "bench.flood", "--attack", str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    )
    time.sleep(1)
    yield
    attack.communicate()


def attack(port: int) -> None:
    """Sign in wrongly until standard input closes."""
    told, stop = Counter[str](), threading.Event()

    def one(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        head, token, tries = {"Content-Type": "application/x-www-form-urlencoded"}, "", 0
        while not stop.is_set():
            try:
                if not token:
                    line.request("GET", "/signin")
                    answer = line.getresponse()
                    found = _TOKEN.search(answer.read().decode())
                    head["Cookie"] = (answer.getheader("Set-Cookie") or "").partition(";")[0]
                    token = found[1] if found else ""
                    continue
                tries += 1
                fields = {
                    "csrf_token": token,
                    "login": f"name{number}-{tries}",
                    "password": "wrong",
                }
                line.request("POST", "/signin", urlencode(fields), head)
                answer = line.getresponse()
                answer.read()
                told[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                told[type(error).__name__] += 1
                line.close()

    threads = [threading.Thread(target=one, args=(n,), daemon=True) for n in range(SIGN_INS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    print(f"sign-ins were answered: {dict(told)}", file=sys.stderr)


def main() -> None:
    """Measure, print the ratios, and say whether they hold."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=6, help="of each turn")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--attack", type=int, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.attack:
        attack(given.attack)
        return
    with scratch() as folder:
        made, port = instance(folder / "ours", ("people", "first-admin")), free_port()
        server = Server(flask("serve", "--port", str(port)), port, environment(made))
        try:
            times = measured(port, given.rounds, given.seconds)
        finally:
            server.stop()
    own = median(times["alone"])
    rows = [
        (name, median(t) * 1000, p(t, 0.95) * 1000, median(t) / own, len(t))
        for name, t in times.items()
    ]
    table(
        "The tip form under strangers",
        ("", "ms, median", "ms, p95", "ratio of medians", "forms"),
        rows,
    )
    print(
        "held"
        if all(row[3] <= MOST for row in rows)
        else f"NOT held: more than {MOST:g} times its own time"
    )


def measured(port: int, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Alone, with idle connections, with sign-ins, with both, in turns."""
    times: dict[str, list[float]] = {}

    def turn(name: str) -> None:
        times.setdefault(name, []).extend(form(port, seconds))
        print(f"{name}: done", file=sys.stderr)

    form(port, 1)
    for _ in range(rounds):
        turn("alone")
        with idle(port):
            turn(f"{IDLE} idle connections")
        with sign_ins(port):
            turn(f"{SIGN_INS} sign-ins at once")
        with idle(port), sign_ins(port):
            turn("both")
    return times


if __name__ == "__main__":
    main()
