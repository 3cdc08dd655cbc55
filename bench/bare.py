"""The bare thing for tips: a form of fixed text, each post one insert of the same bytes, on the same SQLite settings."""

from __future__ import annotations

import secrets
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, request
from waitress import serve

from casework.store.db import _PRAGMAS


def bare(database: Path, pages: dict[str, str]) -> Flask:
    """Three addresses as the program has them: form, post of the form, sending."""
    app, local = Flask("bare"), threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(database, isolation_level=None)
            for pragma in _PRAGMAS:
                local.db.execute(pragma)
        return local.db

    def insert(table: str, body: bytes) -> None:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute(f"INSERT INTO {table} (code, body) VALUES (?, ?)", (secrets.token_hex(16), body))  # noqa: S608
        connection().execute("COMMIT")

    with sqlite3.connect(database) as made:
        for table in ("draft", "tip"):
            made.execute(f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, code TEXT UNIQUE, body BLOB)")

    @app.get("/report")
    def form() -> str:
        return pages["form"]

    @app.post("/report")
    def preview() -> str:
        insert("draft", request.form["narrative"].encode())
        return pages["preview"]

    @app.post("/report/send")
    def send() -> str:
        insert("tip", request.form["narrative"].encode() if "narrative" in request.form else b"x" * 600)
        return pages["receipt"]

    return app


if __name__ == "__main__":
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    texts = {name: (folder / f"{name}.html").read_text() for name in ("form", "preview", "receipt")}
    serve(bare(folder / "bare.sqlite", texts), host="127.0.0.1", port=port, threads=8)
