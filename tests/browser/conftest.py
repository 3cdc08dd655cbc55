"""One server over one small demonstration bureau, and one Chromium, for all tests with a
browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import ROOT, need
from tests.support.ports import answered, free_port

PATIENCE = 120_000  # ms that a page may take on a machine with much to do
PROGRAM = [sys.executable, "-m", "flask", "--app", "app"]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def command(folder: Path, *words: str) -> None:
    """A command of the program over that instance."""
    subprocess.run([*PROGRAM, *words], cwd=ROOT, env=_env(folder), check=True, capture_output=True)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The server as people start it, over that instance; its address."""
    port = free_port()
    with (folder / "server.log").open("w") as log:
        words = [*PROGRAM, "serve", "--port", str(port)]
        process = subprocess.Popen(words, cwd=ROOT, env=_env(folder), stdout=log, stderr=log)
    try:
        answered(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _env(folder: Path) -> dict[str, str]:
    env = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    env.pop("DATABASE_URL", None)
    return env


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of a small demonstration bureau."""
    folder = tmp_path_factory.mktemp("served")
    command(folder, "db", "upgrade")
    command(folder, "demo", "load", "--dockets", "12")
    return folder


@pytest.fixture(scope="session")
def server(demonstration: Path) -> Iterator[str]:
    """A server over it."""
    with served(demonstration) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    need("Chromium", CHROMIUM.exists())
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
