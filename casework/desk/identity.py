"""The identity of an informant, seen from a docket: ask for it, and read it while it is open to you."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from casework.desk.context import Here, me, on_docket, today
from casework.docket.models import Docket
from casework.intake import identities
from casework.people.may import may
from casework.people.models import Person
from casework.people.office import NotPossible
from casework.store import db
from casework.vault.receipt import grouped
from casework.vault.sealing import Tampered
from casework.web.errors import refuse

bp = Blueprint("identity", __name__, url_prefix="/desk/dockets")
READER = "casework-reader"  # the cookie of one opening; it opens nothing without the database, and nobody else's


def _reports(here: Here) -> list[Docket]:
    """Named reports of this docket; 403 for a role that never sees one, 404 where there is none."""
    if not may(me(), "identity.open", today()):
        refuse(403, "Your role does not allow this.")
    found = identities.named_reports(here.docket)
    if not found:
        abort(404)
    return found


def _page(here: Here, reports: list[Docket], error: str = "", at: int = 0) -> Any:
    requests = identities.of_dockets([r.id for r in reports])
    page = render_template(
        "desk/identity.html", here=here, reports=reports, requests=requests, error=error, at=at,
        hours=identities.longest(me().bureau_id), wanted=identities.custodians_wanted(me().bureau_id),
    )  # fmt: skip
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
        code = identities.ask(person, report.id, request.form.get("reason", ""), hours)
    except NotPossible as error:
        return _page(here, reports, _(str(error)))
    return _kept_nowhere(render_template("desk/identity_code.html", here=here, code=grouped(code), number=report.number))


@bp.post("/<code>/identity/<int:number>")
@on_docket
def read(here: Here, number: int) -> Any:
    """Open it with the code; every opening is logged and shown to the informant."""
    reports = _reports(here)
    if not any(r.id == number for r in identities.of_dockets([r.id for r in reports])):
        abort(404)
    person = db.session.get_one(Person, me().id)
    try:
        opened = identities.read(person, number, request.form.get("code", ""))
    except NotPossible as error:
        return _page(here, reports, _(str(error)), number)
    answer = _kept_nowhere(render_template("desk/identity_open.html", here=here, opened=opened))
    answer.set_cookie(
        READER, base64.urlsafe_b64encode(opened.pass_).decode(), expires=opened.until, path="/desk", httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"], samesite="Strict",
    )  # fmt: skip
    return answer


@bp.before_app_request
def _watch() -> None:
    """Whoever has an identity open does not draw a paper that bears it."""
    kept = request.cookies.get(READER)
    if request.method == "POST" and kept and request.path.startswith("/desk/dockets/") and current_user.is_authenticated:
        with suppress(Tampered, ValueError):  # another person's, an older one's, or not ours
            identities.watch(me(), base64.urlsafe_b64decode(kept))
