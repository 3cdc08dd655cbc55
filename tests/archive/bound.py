"""Sheets, volumes and bound files, and what stands on their pages."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdfium2
from flask import Flask
from reportlab.pdfgen.canvas import Canvas

from casework.archive import bound_file
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.papers import bind as binding
from casework.papers.bind import IndexEntry, Item, Volume, bind
from casework.store import db
from casework.upkeep.walk import Walk


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def sheet(*texts: str, size: tuple[float, float] = binding.A4) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, size)
    for text in texts:
        if text:
            canvas.drawString(100, 400, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def plain(*items: Item) -> Volume:
    """A volume whose sheets are one plain page before and one after, and whose index is the
    numbers."""

    def front(entries: list[IndexEntry], pages: int) -> list[bytes]:
        return [sheet(" ".join(f"{e.first}-{e.last}" for e in entries) + f" of {pages}")]

    return Volume("V", items, front, lambda _e, _p: [sheet("end")])


def item(data: bytes, title: str = "doc", kind: str = "application/pdf") -> Item:
    return Item(title, date(2026, 1, 1), lambda: data, media_type=kind)


def bound(tmp_path: Path, *volumes: Volume, told: list[int] | None = None) -> bytes:
    target = io.BytesIO()
    bind(volumes, "file", target, (told if told is not None else []).append)
    return target.getvalue()


def run(walk: Walk, kind: str) -> Job:
    number = bound_file.ask(db.session.get_one(Docket, walk.docket_id), kind, None)
    bound_file.run_binding(number)
    db.session.rollback()
    return db.session.get_one(Job, number)


def read(app: Flask, row: Job) -> bytes:
    assert row.state == "done", row.notes
    data: bytes = app.extensions["sealed_store"].read(row.stored)
    return data
