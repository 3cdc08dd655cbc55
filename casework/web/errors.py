"""Error pages: what happened in one sentence, what was kept, what to do now."""

from __future__ import annotations

import logging
import secrets
from typing import NoReturn

from flask import Flask, abort, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

log = logging.getLogger("casework")
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def init_app(app: Flask) -> None:
    """One handler for every error of HTTP; anything else is a 500 with an incident number and no details."""
    app.register_error_handler(HTTPException, page_of)
    app.register_error_handler(Exception, incident)


def page_of(error: HTTPException) -> tuple[str, int]:
    """The error's page. ``error.reason`` (a sentence for the person) is shown when the raiser gave one."""
    code = error.code or 500
    reason = getattr(error, "reason", "")
    return render_template("errors/error.html", code=code, reason=reason, incident=""), code


def refuse(code: int, reason: str) -> NoReturn:
    """Abort with a reason that the person reads (an English msgid)."""
    try:
        abort(code)
    except HTTPException as error:
        error.reason = reason  # type: ignore[attr-defined]
        raise


def incident(error: Exception) -> tuple[str, int]:
    """A fault of ours: logged under a number, without addresses, form data or query."""
    number = secrets.token_hex(4)
    log.error("incident %s at %s", number, request.endpoint, exc_info=error)
    return render_template("errors/error.html", code=InternalServerError.code, reason="", incident=number), 500
