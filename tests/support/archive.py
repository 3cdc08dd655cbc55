"""Printing, scanning back and outgoing files, as several tests of the archive need them."""

from __future__ import annotations

import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFilter

from casework.archive import bound_file
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.store import db
from casework.upkeep.walk import Walk
from letters.blocks import Para
from letters.layout import lay
from letters.pages import BODY, PORTRAIT, Furniture
from tests.conftest import need

ON = date(2026, 1, 1)


def paper(*texts: str) -> bytes:
    """A paper as we draw them."""
    return lay([Para(t, BODY) for t in texts], PORTRAIT, Furniture("t", "a", "s", ON))


def outgoing(app: Flask, walk: Walk, *hide: str) -> Job:
    number = bound_file.ask(db.session.get_one(Docket, walk.docket_id), "outgoing", None)
    bound_file.run_binding(number, hide)
    db.session.rollback()
    row = db.session.get_one(Job, number)
    assert row.state == "done", row.notes
    return row


def squeezed(data: bytes, folder: Path) -> str:
    """All text as pdftotext finds it, without white space."""
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    file = folder / "out.pdf"
    file.write_bytes(data)
    return "".join(
        subprocess.run(
            ["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True
        ).stdout.split()
    )


def everything(data: bytes) -> bytes:
    """Every stream of a file opened, and every object as it is written: what somebody sees who
    takes it apart."""
    parts = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                picture = thing.get("/Subtype") == "/Image"
                parts.append(b"" if picture else thing.read_bytes())
            else:
                parts.append(thing.unparse(resolved=True))
    return b"\n".join(parts)


def photographed(data: bytes, turn: float = 0) -> list[Image.Image]:
    """Pages as a scanner gives them: grey, a little soft, a little crooked."""
    with pypdfium2.PdfDocument(data) as pdf:
        pictures = [page.render(scale=200 / 72).to_pil().convert("L") for page in pdf]
    return [p.rotate(turn, fillcolor=255).filter(ImageFilter.GaussianBlur(0.6)) for p in pictures]


def stack(*pictures: Image.Image) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=200)
    return out.getvalue()


def blank() -> Image.Image:
    return Image.new("L", (1654, 2339), 255)


def foreign() -> Image.Image:
    page = blank()
    page.paste(0, (200, 200, 900, 260))
    return page


def pdf_of(app: Flask, paper: Paper) -> bytes:
    data: bytes = app.extensions["sealed_store"].read(paper.stored)
    return data


def hand_in(client: FlaskClient, data: bytes) -> str:
    answer = client.post(
        "/desk/print/scan",
        data={"file": (io.BytesIO(data), "s.pdf")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert answer.status_code == 200
    return answer.text


def vault_store() -> Any:
    from flask import current_app

    return current_app.extensions["sealed_store"]
