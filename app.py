"""The program's front door: settings → extensions → rooms → commands. Nothing else lives here."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from casework import rooms
from casework.evidence import scan
from casework.people import clock
from casework.store import db
from casework.upkeep import key_check
from casework.vault.files import SealedStore
from casework.vault.keys import KeyFileError, KeyRing
from casework.vault.sealing import Vault
from casework.web import (
    addresses,
    errors,
    filters,
    headers,
    language,
    line_breaks,
    request_text,
    undefined,
    uploads_in_memory,
)

T = TypeVar("T")
MIGRATIONS = str(Path(__file__).with_name("migrations"))
csrf = CSRFProtect()
migrate = Migrate(directory=MIGRATIONS)


def create_app(instance: str | None = None, **overrides: Any) -> Flask:
    """The program over one instance folder (``CASEWORK_INSTANCE``, else ``instance/``)."""
    folder = Path(
        instance or os.environ.get("CASEWORK_INSTANCE") or Path(__file__).with_name("instance")
    ).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    _closed(folder)
    app = Flask(__name__, instance_path=str(folder))
    app.request_class = uploads_in_memory.MemoryRequest
    _settings(app, folder)
    app.config.update(overrides)
    uploads_in_memory.init_app(app)
    _extensions(app)
    rooms.init_app(app, csrf)
    _keys_fit(app)
    return app


def _closed(folder: Path) -> None:
    """Other users of this machine do not look into it: names of firms and people stand in the
    database in clear."""
    mode = folder.stat().st_mode
    if mode & 0o007:
        with suppress(PermissionError):  # whoever owns it has decided
            folder.chmod(mode & ~0o007)


def _settings(app: Flask, folder: Path) -> None:
    """Defaults that hold everywhere; what a bureau changes stands in its settings, not here."""
    ring = _keys(folder / "keys.json")
    vault = app.extensions["vault"] = Vault(ring)
    app.extensions["sealed_store"] = SealedStore(folder / "sealed", vault)
    app.config.update(
        SECRET_KEY=ring.derive("session").hex(),
        SQLALCHEMY_DATABASE_URI=_database(folder),
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # a command's error, which cron sends by mail, names no row
            "pool_size": 10,
            "max_overflow": 12,  # together more than the server has threads
        },
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=os.environ.get("CASEWORK_HTTPS") == "1",
        SESSION_COOKIE_NAME="casework",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        # whoever works has it written anew every minute (people.signin)
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        # words far above any limit still come back on the page that says so
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        # how the public reaches this program: for the QR of papers
        PUBLIC_URL=os.environ.get("CASEWORK_URL", "").rstrip("/"),
        WRITE_WAIT=10.0,  # seconds that somebody waits for others to write at most (store.write)
        # seconds that pages of the public may be behind a change of their bureau (people.reference)
        PUBLIC_LAG=1.0,
        CLAMD=_of_operator(scan.of_operator),  # where files are scanned for viruses
        # by which the clock may jump before a person is asked
        CLOCK_DAYS=_of_operator(clock.days_of_operator),
        DEMO=(folder / "demo").exists(),
    )


def _of_operator(read: Callable[[Mapping[str, str]], T]) -> T:
    """What whoever runs the machine says in the environment; its fault is the sentence with which
    the program ends."""
    try:
        return read(os.environ)
    except ValueError as fault:
        raise SystemExit(str(fault)) from None


def _database(folder: Path) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{folder / 'casework.sqlite'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )


def _keys(path: Path) -> KeyRing:
    """The instance's keys. In an empty instance they are new, and written when its database is
    made: a folder in which nothing was made yet may be about to receive a copy. New keys beside old
    data would open nothing of it."""
    if not path.exists():
        if _has_tables(path.with_name("casework.sqlite")) or path.with_name("sealed").exists():
            raise SystemExit(
                f"{path.name} is missing beside existing data: put it back from where you keep it"
            )
        return KeyRing.unwritten(path)
    try:
        return KeyRing.load(path)
    except KeyFileError as fault:
        raise SystemExit(str(fault)) from None


def _has_tables(database: Path) -> bool:
    """Whether something may lie in the file. A command that came before ``db upgrade`` leaves one
    without a table."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as there:
            return there.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    except sqlite3.Error:  # damaged, or held by somebody: not empty
        return True


def _keys_fit(app: Flask) -> None:
    """Whether the keys are those of the database."""
    with app.app_context():
        try:
            key_check.require_right_keys()
        except key_check.WrongKeys as fault:
            raise SystemExit(str(fault)) from None


def _extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    for part in (
        undefined,
        addresses,
        headers,
        language,
        line_breaks,
        errors,
        filters,
        request_text,
    ):
        part.init_app(app)
