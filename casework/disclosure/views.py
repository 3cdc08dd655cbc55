"""The public list, a firm's page, and the paper check. No cookie, no script."""

from __future__ import annotations

import hashlib

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select

from casework.disclosure import entries
from casework.disclosure.models import Entry
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db
from casework.web.language import current

bp = Blueprint("disclosure", __name__)


def _bureau_id() -> int:
    return db.session.scalar(select(Bureau.id).order_by(Bureau.id).limit(1)) or 0


@bp.get("/list")
def public_list() -> str:
    """失信公示: search by name or code."""
    query, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    rows = entries.shown(db.session(), _bureau_id(), today(), query, kind if kind in ("penalty", "dishonesty") else "")
    return render_template("public/list.html", rows=rows, query=query, kind=kind, today=today())


@bp.get("/list/<int:number>")
def firm(number: int) -> str:
    """One entry: facts, decision, period, and the ways against it."""
    row = db.session.get(Entry, number)
    if row is None or row.state != "shown" or not row.shown_from <= today() <= row.shown_until:
        abort(404)
    return render_template("public/firm.html", row=row)


@bp.get("/check")
def check_paper() -> str:
    """文书核验: number and short code; the answer says nothing about the case."""
    number, code = request.args.get("number", "").strip(), request.args.get("code", "").strip().upper()
    answer, row = ("half" if request.args.keys() & {"number", "code"} else ""), None
    if number and code:
        row = db.session.scalars(select(Paper).where(Paper.number == number, Paper.short_code == code)).first()
        answer = "unknown" if row is None else ("withdrawn" if row.state == "withdrawn" else "good")
    name = procedure().papers[row.kind].name.in_language(current()) if row else ""
    return render_template("public/check.html", number=number, code=code, answer=answer, row=row, name=name)


@bp.post("/check")
def check_file() -> str:
    """文书核验 by the file itself: ours byte for byte, withdrawn, or unknown. It is read once and kept nowhere."""
    file = request.files.get("file")
    digest = hashlib.sha256()
    while file and (piece := file.stream.read(1 << 20)):
        digest.update(piece)
    row = None
    if file and file.filename:
        row = db.session.scalars(select(Paper).where(Paper.sha256 == digest.hexdigest()).order_by(Paper.id)).first()
    answer = "nofile" if not (file and file.filename) else _standing(row)
    name = procedure().papers[row.kind].name.in_language(current()) if row else ""
    return render_template("public/check.html", number=row.number if row else "", code="", answer=answer, row=row, name=name)


def _standing(row: Paper | None) -> str:
    return "unknownfile" if row is None else ("withdrawn" if row.state == "withdrawn" else "same")
