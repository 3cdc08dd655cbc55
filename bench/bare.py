"""The bare thing for tips: a form of fixed text, each post one insert of the same bytes, on the
same SQLite settings; by sqlite3 alone, or as the barest Flask-SQLAlchemy program would write it."""

from __future__ import annotations

import secrets
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from waitress import serve

from casework.store.db import _PRAGMAS


def bare(database: Path, pages: dict[str, str]) -> Flask:
    """Inserts by sqlite3."""
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(database, isolation_level=None)
            for pragma in _PRAGMAS:
                local.db.execute(pragma)
        return local.db

    def insert(table: str, body: bytes) -> None:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute(
            f"INSERT INTO {table} (code, body) VALUES (?, ?)",  # noqa: S608
            (secrets.token_hex(16), body),
        )
        connection().execute("COMMIT")

    with sqlite3.connect(database) as made:
        for table in ("draft", "tip"):
            made.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY "
                "KEY, code TEXT UNIQUE, body BLOB)"
            )
    return _pages(Flask("bare"), pages, insert)


def with_orm(database: Path, pages: dict[str, str]) -> Flask:
    """Inserts by Flask-SQLAlchemy: an object, added and committed."""
    app = Flask("orm")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    db: Any = SQLAlchemy(app)  # the program's own events set pragmas and begin its transactions

    def columns() -> dict[str, Any]:
        return {
            "id": db.Column(db.Integer, primary_key=True),
            "code": db.Column(db.String, unique=True),
            "body": db.Column(db.LargeBinary),
        }

    models = {
        name: type(name.title(), (db.Model,), {"__tablename__": name, **columns()})
        for name in ("draft", "tip")
    }
    with app.app_context():
        db.create_all()

    def insert(table: str, body: bytes) -> None:
        db.session.connection(execution_options={"writes": True})
        db.session.add(models[table](code=secrets.token_hex(16), body=body))
        db.session.commit()

    return _pages(app, pages, insert)


def _pages(app: Flask, pages: dict[str, str], insert: Callable[[str, bytes], None]) -> Flask:
    """Three addresses as the program has them: form, post of the form, sending."""

    @app.get("/report")
    def form() -> str:
        return pages["form"]

    @app.post("/report")
    def preview() -> str:
        insert("draft", request.form["narrative"].encode())
        return pages["preview"]

    @app.post("/report/send")
    def send() -> str:
        insert(
            "tip", request.form["narrative"].encode() if "narrative" in request.form else b"x" * 600
        )
        return pages["receipt"]

    return app


if __name__ == "__main__":
    make, folder, port = (
        {"bare": bare, "orm": with_orm}[sys.argv[1]],
        Path(sys.argv[2]),
        int(sys.argv[3]),
    )
    texts = {name: (folder / f"{name}.html").read_text() for name in ("form", "preview", "receipt")}
    serve(make(folder / f"{make.__name__}.sqlite", texts), host="127.0.0.1", port=port, threads=8)
