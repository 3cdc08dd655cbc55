"""Files on the desk: the working copy as a picture in a sandboxed frame, and what the scanner says. Never the original."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from sqlalchemy import select

from casework.desk.context import me, my_scope
from casework.docket.models import Docket, Link
from casework.docket.visible import visible_to
from casework.evidence import scan
from casework.evidence.kinds import copy_type
from casework.evidence.models import Attachment
from casework.evidence.preview import SHOWN, page_picture
from casework.evidence.uploads import clamd_address, openable, title
from casework.people.facts import conflicted
from casework.people.may import require
from casework.store import db

bp = Blueprint("files", __name__, url_prefix="/desk/files")
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def visible_file(number: int) -> tuple[Attachment, Docket]:
    """A file whose docket the person may see, and whose working copy may be opened; 404 otherwise, and for an informant's file
    where the person has a tie to whom it is about."""
    row = db.session.execute(
        select(Attachment, Docket)
        .join(Docket, Docket.id == Attachment.docket_id)
        .where(Attachment.id == number, visible_to(my_scope()))
    ).one_or_none()
    if row is None or not openable(row[0]):
        abort(404)
    if row[0].from_informant and _tied(row[1]):
        abort(404)
    return row[0], row[1]


def _tied(tip: Docket) -> bool:
    """Whether I have a declared tie to whom the tip, or a case that it feeds, is about."""
    fed = (Link.from_id == tip.id, Link.kind == "feeds", Link.until.is_(None))
    cases = db.session.scalars(select(Docket.title).join(Link, Link.to_id == Docket.id).where(*fed))
    return any(me().id in conflicted(title) for title in (tip.title, *cases))


@bp.get("/<int:number>/look")
@require("file.open")
def look(number: int) -> str:
    """The file beside its facts, one page at a time."""
    row, docket = visible_file(number)
    page = max(1, request.args.get("page", 1, type=int))
    drawn = _drawn(row, page)
    return render_template("desk/file.html", row=row, docket=docket, name=title(row), page=page, pages=drawn[0] if drawn else 0)


@bp.get("/<int:number>/pages/<int:page>.png")
@require("file.open")
def page_png(number: int, page: int) -> Response:
    """One page, drawn by a process apart; the answer may run nothing and load nothing."""
    drawn = _drawn(visible_file(number)[0], page)
    if drawn is None:
        abort(404)
    return Response(drawn[1], mimetype="image/png", headers={"Content-Security-Policy": SANDBOX})


def _drawn(row: Attachment, page: int) -> tuple[int, bytes] | None:
    if row.media_type not in SHOWN:
        return None
    return page_picture(current_app.extensions["sealed_store"].read(row.cleaned), copy_type(row.media_type), page)


@bp.app_context_processor
def _scanner() -> dict[str, Any]:
    """For pages that list files or settings: how scanning stands (off · failed · clean)."""
    return {"scanner_state": scanner_state, "can_be_looked_at": lambda media_type: media_type in SHOWN}


def scanner_state() -> str:
    """off: none is set; failed: one is set and does not answer; clean: it answers."""
    address = clamd_address()
    if not address:
        return scan.OFF
    return scan.CLEAN if scan.alive(address) else scan.FAILED
