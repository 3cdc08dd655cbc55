"""The identity of an informant, seen from a docket: ask for it, and read it while it is open to
you."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _

from casework.desk.context import Here, me, not_for_the_recused, on_docket, today
from casework.docket.models import Docket
from casework.evidence.preview import page_picture
from casework.identity import custody, opening, originals
from casework.identity import requests as identity_requests
from casework.identity.originals import Original
from casework.mail import parse as mails
from casework.people.may import may
from casework.people.models import Person
from casework.people.office import NotPossible
from casework.store import db
from casework.vault.receipt import grouped
from casework.web.errors import refuse
from casework.web.headers import CSP

bp = Blueprint("identity", __name__, url_prefix="/desk/dockets")
MOST_PAGES = 12  # of one original on the screen


def _reports(here: Here) -> list[Docket]:
    """Named reports of this docket; 403 for a role that never sees one, 404 where there is none."""
    if not may(me(), "identity.open", today()):
        refuse(403, "Your role does not allow this.")
    not_for_the_recused(here)
    found = identity_requests.named_reports(here.docket)
    if not found:
        abort(404)
    return found


def _page(here: Here, reports: list[Docket], error: str = "", at: int = 0) -> Any:
    requests = identity_requests.of_dockets([r.id for r in reports])
    page = render_template(
        "desk/identity.html",
        here=here,
        reports=reports,
        requests=requests,
        error=error,
        at=at,
        hours=identity_requests.longest(me().bureau_id),
        wanted=custody.needed(me().bureau_id),
    )
    return page, 422 if error else 200


def _kept_nowhere(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/<code>/identity")
@on_docket
def page(here: Here) -> Any:
    """Who asked, who agreed, and what I can do."""
    return _page(here, _reports(here))


@bp.post("/<code>/identity")
@on_docket
def ask(here: Here) -> Any:
    """Ask; the one-time code is shown once."""
    reports = _reports(here)
    report = next((r for r in reports if str(r.id) == request.form.get("report")), None)
    if report is None:
        abort(400)
    person, hours = db.session.get_one(Person, me().id), request.form.get("hours", 0, int)
    try:
        code = identity_requests.ask(person, report.id, request.form.get("reason", ""), hours)
    except NotPossible as error:
        return _page(here, reports, _(str(error)))
    return _kept_nowhere(
        render_template(
            "desk/identity_code.html", here=here, code=grouped(code), number=report.number
        )
    )


@bp.post("/<code>/identity/<int:number>")
@on_docket
def read(here: Here, number: int) -> Any:
    """Open it with the code; every opening is logged and shown to the informant."""
    reports = _with_request(here, number)
    person, code = db.session.get_one(Person, me().id), request.form.get("code", "")
    try:
        opened = opening.read_identity(person, number, code)
    except NotPossible as error:
        return _page(here, reports, _(str(error)), number)
    return _kept_nowhere(
        render_template(
            "desk/identity_open.html", here=here, opened=opened, number=number, code=code
        )
    )


@bp.post("/<code>/identity/<int:number>/originals/<int:which>")
@on_docket
def original(here: Here, number: int, which: int) -> Any:
    """A sealed original (a mail, an envelope) as a page of its own: never the file itself. Logged
    and shown like the name."""
    reports = _with_request(here, number)
    person = db.session.get_one(Person, me().id)
    try:
        found = opening.original(person, number, request.form.get("code", ""), which)
    except NotPossible as error:
        return _page(here, reports, _(str(error)), number)
    except IndexError:
        abort(404)
    mail = mails.parse_mail(found.data) if found.media_type == originals.MAIL else None
    pages = [] if mail else _pictures(found)
    answer = _kept_nowhere(
        render_template(
            "desk/identity_original.html",
            here=here,
            found=found,
            mail=mail,
            pages=pages,
            most=MOST_PAGES,
        )
    )
    answer.headers["Content-Security-Policy"] = CSP.replace("img-src 'self'", "img-src data:")
    return answer


def _with_request(here: Here, number: int) -> list[Docket]:
    reports = _reports(here)
    if not any(r.id == number for r in identity_requests.of_dockets([r.id for r in reports])):
        abort(404)
    return reports


def _pictures(found: Original) -> list[str]:
    """Its first pages, drawn by a process apart."""
    drawn: list[str] = []
    while len(drawn) < MOST_PAGES:
        page = page_picture(found.data, found.media_type, len(drawn) + 1)
        if page is None:
            break
        drawn.append(base64.b64encode(page[1]).decode())
        if len(drawn) >= page[0]:
            break
    return drawn
