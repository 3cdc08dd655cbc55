"""The receipt code on the informant's side: typed back, printed as a slip, changed after staff have seen it.

The code is in the page and in the posted form, nowhere else: it is never stored, never in an address, never in a title.
"""

from __future__ import annotations

import base64
import re
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy import CursorResult, select, update
from werkzeug.exceptions import BadRequest

from casework.docket.models import Docket
from casework.informants.models import Receipt
from casework.intake import dialogue, drawn, form_token
from casework.people.here import public_bureau, whose
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.vault import receipt
from casework.web.headers import CSP
from letters import qr
from letters import slip as paper

bp = Blueprint("receipts", __name__, url_prefix="/receipt")
bp.before_request(whose)
_NUMBER = re.compile(r"[\w〔〕]{1,40}")


def fresh(here: Bureau, code: str, number: str) -> str:
    """The receipt of a tip that has just come in."""
    groups = receipt.grouped(code)
    return drawn.filled("receipt", here, _draw, code=code, groups=groups, number=number, token=form_token.token())


def _draw(**values: str) -> str:
    return render_template("public/receipt.html", typed="", changed=False, **values)


def page(code: str, number: str, typed: str = "", changed: bool = False) -> str:
    """The receipt: the code, what to do with it, and how the typing back went (right · wrong · nothing yet)."""
    return render_template(
        "public/receipt.html", code=code, groups=receipt.grouped(code), number=number, typed=typed, changed=changed,
        token=form_token.token(),
    )  # fmt: skip


@bp.app_context_processor
def _for_slips() -> dict[str, Any]:
    """The counter's page prints slips too."""
    return {"form_token": form_token.token}


@bp.post("/check")
def check() -> str:
    """Whether the first and the last four digits were written down rightly."""
    code, number = _posted()
    first, last = (receipt.normalise(request.form.get(k, "")) for k in ("first", "last"))
    return page(code, number, "right" if (first, last) == (code[:4], code[-4:]) else "wrong")


@bp.post("/slip")
def slip() -> Response:
    """A page to print, with a QR as PNG (pictures of this page alone may stand in the page itself)."""
    code, number = _posted()
    shown = render_template("public/slip.html", groups=receipt.grouped(code), number=number, qr=_qr(code), on=today())
    return Response(shown, headers={"Content-Security-Policy": CSP.replace("img-src 'self'", "img-src data:")})


@bp.post("/slip.pdf")
def slip_pdf() -> Response:
    """The same as a PDF of one page."""
    code, number = _posted()
    here = public_bureau()
    data = paper.draw(code, number, here.name, here.phone, today())
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="slip.pdf"'})


@bp.post("/change")
def change() -> Any:
    """A code of one's own in place of one that staff have seen; the old one ends in the same moment."""
    form_token.check(age=None)
    old = _code()
    docket_id = dialogue.docket_of(old)
    fresh = changed_code(docket_id, old) if docket_id else None
    if docket_id is None or fresh is None:
        return render_template("public/sent_already.html"), 409
    return page(fresh, db.session.get_one(Docket, docket_id).number, changed=True)


def must_change(docket_id: int) -> bool:
    """Whether the tip's code was seen by staff and opens nothing but its own change."""
    return bool(db.session.scalar(select(Receipt.must_change).where(Receipt.docket_id == docket_id)))


def changed_code(docket_id: int, old: str) -> str | None:
    """A new code for the tip; None when somebody has changed it meanwhile, or nothing asks for a change."""
    ring, fresh = current_app.extensions["vault"].keyring, receipt.new_code()
    mine = (
        Receipt.docket_id == docket_id,
        Receipt.fingerprint == receipt.fingerprint(ring, old),
        Receipt.must_change.is_(True),
    )
    with writing() as session:
        to = {"fingerprint": receipt.fingerprint(ring, fresh), "must_change": False}
        done = cast(CursorResult[Any], session.execute(update(Receipt).where(*mine).values(to)))
    return fresh if done.rowcount == 1 else None


def _posted() -> tuple[str, str]:
    """Code and number of a page that may have stood open for days: a receipt is not lost by waiting, and nothing changes."""
    form_token.check(age=None)
    number = request.form.get("number", "")
    if not _NUMBER.fullmatch(number):
        raise BadRequest
    return _code(), number


def _code() -> str:
    code = receipt.normalise(request.form.get("code", ""))
    if not receipt.valid(code):
        raise BadRequest
    return code


def _qr(code: str) -> str:
    return base64.b64encode(qr.png(code)).decode()
