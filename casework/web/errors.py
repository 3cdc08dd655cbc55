"""Error pages: what happened in one sentence, what was kept, what to do now."""

from __future__ import annotations

import errno
import logging
import secrets
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from casework.store import Busy
from casework.web.faults import told

log = logging.getLogger("casework")
PAGES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)
WAIT = 120  # seconds after which a program may ask again
# the disk is full: nothing was taken, and later there may be room
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# the database is locked, being looked after or not there
BUSY = (OperationalError, InterfaceError, NoConnection)


def init_app(app: Flask) -> None:
    """Install one handler for every error of HTTP, and one for all others: 500 with an incident
    number and no details."""
    app.register_error_handler(HTTPException, page_of)
    app.register_error_handler(Busy, too_busy)
    app.register_error_handler(Exception, incident)


def page_of(error: HTTPException) -> Response:
    """The error's page. ``error.reason`` (a sentence for the person) is shown when the raiser gave
    one."""
    code = error.code or 500
    expired = isinstance(error, CSRFError)
    answer = _page(
        code, getattr(error, "reason", ""), expired=expired, again=_typed() if expired else []
    )
    if code == 405:
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return answer


def _typed() -> list[tuple[str, str]]:
    """What somebody typed into a form of theirs whose session ended meanwhile, or that could not be
    written, to be sent again. Only where no form has a secret; a post from another site does not
    come as far as here."""
    room, _dot, page = (request.endpoint or "").partition(".")
    if room not in ("counter", "dockets", "public") and page != "open_case":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def too_busy(_error: Busy) -> Response:
    """The page (503) when others write for too long: nothing was written, and what was typed is on
    it, to be sent again."""
    log.warning("nobody could write at %s: somebody else holds the lock", request.endpoint)
    return _page(503, busy=True, again=_typed())


def refuse(code: int, reason: str) -> NoReturn:
    """Abort the request with a status and a reason that the person reads (an English msgid). Error:
    HTTPException, always."""
    try:
        abort(code)
    except HTTPException as error:
        error.reason = reason  # type: ignore[attr-defined]
        raise


def incident(error: Exception) -> Response:
    """The page (500, or 503 for a database that does not answer) for a fault of ours, logged under
    a number without addresses, form data or query."""
    number = secrets.token_hex(4)
    log.error("incident %s at %s: %s", number, request.endpoint, told(error))
    busy = isinstance(error, BUSY) or getattr(error, "errno", None) in NO_ROOM
    code = ServiceUnavailable.code if busy else InternalServerError.code
    return _page(code or 500, incident=number)


def _page(code: int, reason: str = "", incident: str = "", **more: Any) -> Response:
    """The page in the house's layout; where even that cannot be drawn, the bare one that asks
    nothing of the database."""
    try:
        said = {"again": [], "expired": False, "busy": False, **more}
        page = render_template(
            "errors/error.html", code=code, reason=reason, incident=incident, **said
        )
    except Exception as error:
        log.error("no error page for %s: %s", code, type(error).__name__)
        bare = Path(current_app.root_path, str(current_app.template_folder), "errors", "bare.html")
        page = bare.read_text("utf-8").replace("{number}", incident or "—")
    answer = make_response(page, code)
    if code in (429, 503):
        answer.headers["Retry-After"] = str(WAIT)
    return answer
