"""The program's front door: settings → extensions → rooms → commands. Nothing else lives here."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from casework import rooms
from casework.store import db
from casework.vault.files import SealedStore
from casework.vault.keys import KeyRing
from casework.vault.sealing import Vault
from casework.web import addresses, errors, headers, language, sent, shown
from casework.web.uploaded import MemoryRequest

MIGRATIONS = str(Path(__file__).with_name("migrations"))
csrf = CSRFProtect()
migrate = Migrate(directory=MIGRATIONS)


def create_app(instance: str | None = None, **overrides: Any) -> Flask:
    """The program over one instance folder (``CASEWORK_INSTANCE``, else ``instance/``)."""
    folder = Path(instance or os.environ.get("CASEWORK_INSTANCE") or Path(__file__).with_name("instance")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    _closed(folder)
    app = Flask(__name__, instance_path=str(folder))
    app.request_class = MemoryRequest
    _settings(app, folder)
    app.config.update(overrides)
    _extensions(app)
    rooms.init_app(app, csrf)
    return app


def _closed(folder: Path) -> None:
    """Other users of this machine do not look into it: names of firms and people stand in the database in clear."""
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
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # a command's error, which cron sends by mail, names no row
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=os.environ.get("CASEWORK_HTTPS") == "1",
        SESSION_COOKIE_NAME="casework",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        SESSION_REFRESH_EACH_REQUEST=False,  # whoever works has it written anew every minute (people.signin)
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        PUBLIC_URL=os.environ.get("CASEWORK_URL", "").rstrip("/"),  # how the public reaches this program: for the QR of papers
        PUBLIC_LAG=1.0,  # seconds that pages of the public may be behind a change of their bureau (people.reference)
        DEMO=(folder / "demo").exists(),
    )


def _database(folder: Path) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{folder / 'casework.sqlite'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


def _keys(path: Path) -> KeyRing:
    """The instance's keys; made once, for an empty instance only: new keys beside old data would open nothing of it."""
    if not path.exists():
        if path.with_name("casework.sqlite").exists() or path.with_name("sealed").exists():
            raise SystemExit(f"{path.name} is missing beside existing data: put it back from where you keep it")
        with suppress(FileExistsError):  # another process was quicker
            return KeyRing.create(path)
    return KeyRing.load(path)


def _extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    for part in (addresses, headers, language, errors, shown, sent):
        part.init_app(app)
