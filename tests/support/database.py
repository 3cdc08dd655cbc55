"""A real PostgreSQL for tests: a server of our own on a loopback port, a migrated mould in it, a
copy of it for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.support.ports import free_port
from tests.support.quick import in_memory

MOULD = "mould"


def programs() -> Path | None:
    """Where initdb and postgres lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass
class Server:
    """A running server; databases are made and dropped by name."""

    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    kept: list[psycopg.Connection[Any]] = field(default_factory=list)

    def url(self, name: str) -> str:
        """Address of a database."""
        return f"postgresql://casework@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """One statement outside of any transaction, as making databases asks for; always over the
        same connection."""
        if not self.kept:
            self.kept.append(psycopg.connect(self.url("postgres"), autocommit=True))
        self.kept[0].execute(statement)  # type: ignore[arg-type]

    def make(self, template: str = "template1", name: str = "") -> str:
        """A new database, copied from another file by file, which is the quicker way for one this
        small; its name."""
        name = name or f"t{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """The database is gone, whoever is connected."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server]:
    """A server owned by an ordinary user where we are root. It writes nothing through: it dies with
    the tests."""
    where = programs()
    assert where
    # pytest's own are closed to other users
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-", dir=in_memory()))
    port = free_port()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data, quick = folder / "data", "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    subprocess.run(
        [
            *as_user,
            where / "initdb",
            "-N",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "casework",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        check=True,
        capture_output=True,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {quick}"
    subprocess.run(
        [
            *as_user,
            where / "pg_ctl",
            "-D",
            data,
            "-o",
            options,
            "-l",
            folder / "log",
            "-w",
            "start",
        ],
        check=True,
        capture_output=True,
    )
    running = Server(port)
    try:
        yield running
    finally:
        for connection in running.kept:
            connection.close()
        subprocess.run(
            [*as_user, where / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=True,
            capture_output=True,
        )
        shutil.rmtree(folder)
