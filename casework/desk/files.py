"""Files on the desk: the working copy as a picture in a sandboxed frame, and what the scanner says.
Never the original."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_login import current_user
from sqlalchemy import select

from casework.acts.printed_answers import may_open_paper
from casework.desk.context import me, my_scope, today
from casework.docket.models import Docket, Link
from casework.docket.visible import visible_to
from casework.evidence import office_preview, scan
from casework.evidence.models import Attachment
from casework.evidence.uploads import (
    can_be_drawn,
    clamd_address,
    lookable,
    openable,
    page_of,
    title,
)
from casework.papers.models import Paper
from casework.people.facts import conflicted
from casework.people.may import require
from casework.store import db
from casework.web.errors import refuse

bp = Blueprint("files", __name__, url_prefix="/desk/files")
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@bp.before_app_request
def _papers_that_few_open() -> None:
    """403 for a paper that prints an answer which the person may not see; one of a docket that they
    do not see is none for them, as its page says."""
    if request.endpoint != "desk.paper" or not current_user.is_authenticated:
        return
    kind = db.session.scalar(
        select(Paper.kind)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(Paper.id == (request.view_args or {})["number"], visible_to(my_scope()))
    )
    if kind is not None and not may_open_paper(me(), kind, today()):
        refuse(403, "Your role does not allow this.")


def visible_file(
    number: int, may: Callable[[Attachment], bool] = openable
) -> tuple[Attachment, Docket]:
    """A file whose docket the person may see and whose working copy may be opened (or what else
    ``may`` asks). 404 otherwise, and for an informant's file where the person has a declared tie to
    whom it is about."""
    row = db.session.execute(
        select(Attachment, Docket)
        .join(Docket, Docket.id == Attachment.docket_id)
        .where(Attachment.id == number, visible_to(my_scope()))
    ).one_or_none()
    if row is None or not may(row[0]):
        abort(404)
    if row[0].from_informant and _tied(row[1]):
        abort(404)
    return row[0], row[1]


def _tied(tip: Docket) -> bool:
    """Whether I have a declared tie to whom the tip, or a case that it feeds, is about."""
    fed = (Link.from_id == tip.id, Link.kind == "feeds", Link.until.is_(None))
    cases = db.session.execute(
        select(Docket.title, Docket.unit_code).join(Link, Link.to_id == Docket.id).where(*fed)
    )
    return any(
        me().id in conflicted(title, code) for title, code in ((tip.title, tip.unit_code), *cases)
    )


@bp.get("/<int:number>/look")
@require("file.open")
def look(number: int) -> str:
    """The file beside its facts, one page at a time."""
    row, docket = visible_file(number, lookable)
    page = max(1, request.args.get("page", 1, type=int))
    drawn = page_of(row, page)
    return render_template(
        "desk/file.html",
        row=row,
        docket=docket,
        name=title(row),
        page=page,
        pages=drawn[0] if drawn else 0,
        most=office_preview.MOST_PAGES,
        office=row.media_type in office_preview.ENDINGS,
    )


@bp.get("/<int:number>/pages/<int:page>.png")
@require("file.open")
def page_png(number: int, page: int) -> Response:
    """One page, drawn by a process apart; the answer may run nothing and load nothing."""
    drawn = page_of(visible_file(number, lookable)[0], page)
    if drawn is None:
        abort(404)
    return Response(drawn[1], mimetype="image/png", headers={"Content-Security-Policy": SANDBOX})


@bp.app_context_processor
def _scanner() -> dict[str, Any]:
    """For pages that list files or settings: how scanning stands (off · failed · clean)."""
    return {
        "scanner_state": scanner_state,
        "can_be_looked_at": can_be_drawn,
        "lacks_office": _lacks_office,
    }


def _lacks_office(file: Attachment) -> bool:
    """Whether this machine alone is why the file cannot be looked at."""
    return file.media_type in office_preview.ENDINGS and not office_preview.available()


def scanner_state() -> str:
    """off: none is set; failed: one is set and does not answer; clean: it answers."""
    address = clamd_address()
    if not address:
        return scan.OFF
    return scan.CLEAN if scan.alive(address) else scan.FAILED
