"""Ports for servers that tests start."""

from __future__ import annotations

import random
import socket
import subprocess
import time
import urllib.error
import urllib.request

# the system gives none of these by itself to whoever opens a connection
LOWEST, HIGHEST = 20_000, 30_000
# a server that is coming up is waited for as long as it lives, for minutes if need be
TRIES, PAUSE = 3000, 0.1


def free_port() -> int:
    """A port nobody listens on, and that nobody is given by chance before the server has
    started."""
    chance = random.SystemRandom()  # not the one that a test may have seeded
    while True:
        port = chance.randint(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def answered(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the program's server answers. AssertionError when it has ended."""
    for _ in range(TRIES):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(PAUSE)
    raise AssertionError("the server did not start")
