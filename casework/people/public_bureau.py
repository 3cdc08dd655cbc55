"""Whose public pages these are: where several bureaus share the program, each has them under its
code (``?bureau=``)."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, abort, g, has_request_context, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import select

from casework.people.models import Bureau
from casework.people.reference_cache import reference, reference_by_code
from casework.store import db

# whose links keep the bureau
ROOMS = frozenset({"public", "receipts", "pieces", "handed", "disclosure"})


def init_app(app: Flask) -> None:
    """Links of public pages stay with their bureau; every page knows its bureau's name and
    telephone."""
    app.url_defaults(_keep)
    app.context_processor(_for_pages)


def public_bureau() -> Bureau:
    """The bureau that the address names, else that of a signed-in person, else the only one; looked
    up once a request. Where there are several and none is named, the person is asked which at once;
    404 for a code that is no bureau's."""
    if "here" not in g:
        code = request.args.get("bureau", "")
        # asking this puts the person's bureau into g
        own = not code and current_user.is_authenticated
        try:
            g.here = g.bureau = g.bureau if own else reference_by_code(code).bureau
        except LookupError:
            _ask_which(code)
    here: Bureau = g.here
    return here


def whose() -> None:
    """Before a room's pages: settles whose they are, so that a page that has no other use for it is
    headed rightly too."""
    g.public = not current_user.is_authenticated
    public_bureau()


def speak_for(bureau_id: int) -> None:
    """From here on this page is that bureau's, whatever its address says: it shows something of a
    docket there."""
    g.here = g.bureau = reference(bureau_id).bureau


def _ask_which(code: str) -> NoReturn:
    if code:
        abort(404)
    rows = db.session.execute(
        select(Bureau.code, Bureau.name).order_by(Bureau.area, Bureau.id)
    ).all()
    if not rows:
        raise RuntimeError("no bureau yet: run «flask --app app people first-admin»")
    target = request.endpoint if request.method == "GET" else "public.home"
    abort(
        make_response(
            render_template(
                "public/bureaus.html", rows=rows, target=target, args=request.view_args or {}
            )
        )
    )


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if has_request_context() and endpoint.partition(".")[0] in ROOMS and request.args.get("bureau"):
        values.setdefault("bureau", request.args["bureau"])


def _for_pages() -> dict[str, Any]:
    """The bureau of headers, footers and error pages; none where the page is everybody's."""
    row = g.get("bureau") or _only()
    return {"bureau": row, "bureau_phone": row.phone if row else ""}


def _only() -> Bureau | None:
    try:
        return reference_by_code("").bureau
    except LookupError:
        return None
