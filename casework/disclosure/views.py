"""The public list, a firm's page, and the paper check. No cookie, no script."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template, request

from casework.disclosure import entries
from casework.disclosure.models import Entry
from casework.papers import signing, verify
from casework.people.here import public_bureau
from casework.people.may import today
from casework.procedure.load import procedure
from casework.store import db
from casework.web.language import current

bp = Blueprint("disclosure", __name__)


@bp.get("/list")
def public_list() -> str:
    """失信公示: search by name or code."""
    query, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    rows = entries.shown(db.session(), public_bureau().id, today(), query, kind if kind in ("penalty", "dishonesty") else "")
    return render_template("public/list.html", rows=rows, query=query, kind=kind, today=today())


@bp.get("/list/<int:number>")
def firm(number: int) -> str:
    """One entry: facts, decision, period, and the ways against it."""
    row = db.session.get(Entry, number)
    if row is None or row.state != "shown" or not row.shown_from <= today() <= row.shown_until:
        abort(404)
    return render_template("public/firm.html", row=row)


# What the page says for each verdict: about a paper in the hand, about a file.
_BY_CODE = {
    verify.UNCHANGED: "good", verify.WITHDRAWN: "withdrawn", verify.DESTROYED: "destroyed", verify.UNKNOWN: "unknown",
}  # fmt: skip
_BY_FILE = {verify.UNCHANGED: "same", verify.WITHDRAWN: "withdrawn", verify.UNKNOWN: "unknownfile"}


@bp.get("/check")
def check_paper() -> str:
    """文书核验: number and short code; the answer says nothing about the case."""
    number, code = request.args.get("number", "").strip(), request.args.get("code", "").strip().upper()
    if not (number and code):
        return _checked(None, "half" if request.args.keys() & {"number", "code"} else "", number, code)
    found = verify.by_code(db.session(), number, code)
    return _checked(found, _BY_CODE[found.result], number, code)


@bp.post("/check")
def check_file() -> str:
    """文书核验 by the file itself: ours byte for byte, withdrawn, or unknown. It is read once and kept nowhere."""
    file = request.files.get("file")
    if not (file and file.filename):
        return _checked(None, "nofile")
    found = verify.by_bytes(db.session(), file.stream)
    return _checked(found, _BY_FILE[found.result], found.number, signed=_signature(found))


def _signature(found: verify.Verdict) -> tuple[str, str]:
    """State and signer of an unchanged paper's signature, read from our own copy: what was uploaded is never opened."""
    if found.result != verify.UNCHANGED:
        return "", ""
    return signing.signature(current_app.extensions["sealed_store"].read(found.stored))


def _checked(
    found: verify.Verdict | None, answer: str, number: str = "", code: str = "", signed: tuple[str, str] = ("", "")
) -> str:
    row = found if found and found.kind else None
    name = procedure().papers[row.kind].name.in_language(current()) if row else ""
    return render_template("public/check.html", number=number, code=code, answer=answer, row=row, name=name, signed=signed)
