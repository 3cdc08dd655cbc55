"""The receipt code on the informant's side: typed back, printed as a slip, changed after staff have
seen it.

The code is in the page and in the posted form, nowhere else: it is never stored, never in an
address, never in a title.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from casework.informants import codes
from casework.informants.models import Receipt
from casework.people.may import today
from casework.people.models import Bureau
from casework.people.public_bureau import public_bureau, speak_for, whose
from casework.public import dialogue, form_token, one_time_pages, page_cache, resubmission
from casework.store import db, writing
from casework.vault import receipt
from casework.web.downloads import answer_file
from casework.web.headers import CSP
from letters import qr
from letters import slip as paper

bp = Blueprint("receipts", __name__, url_prefix="/receipt")
bp.before_request(whose)
bp.after_request(one_time_pages.hand_over)
_NUMBER = re.compile(r"[\w〔〕]{1,40}")


def fresh(here: Bureau, code: str, number: str) -> str:
    """The receipt of a tip that has just come in."""
    groups = receipt.grouped(code)
    token = form_token.token()
    return page_cache.filled(
        "receipt", here, _draw, code=code, groups=groups, number=number, token=token
    )


def _draw(**values: str) -> str:
    return render_template("public/receipt.html", typed="", changed=False, **values)


def receipt_page(code: str, number: str, typed: str = "", changed: bool = False) -> str:
    """The receipt: the code, what to do with it, and how the typing back went (right · wrong ·
    nothing yet)."""
    return render_template(
        "public/receipt.html",
        code=code,
        groups=receipt.grouped(code),
        number=number,
        typed=typed,
        changed=changed,
        token=form_token.token(),
    )


@bp.app_context_processor
def _for_slips() -> dict[str, Any]:
    """The counter's page prints slips too."""
    return {"form_token": form_token.token}


@bp.post("/check")
def check() -> str:
    """Check the first and last four digits that were typed back."""
    code, number = _posted()
    first, last = (receipt.normalise(request.form.get(k, "")) for k in ("first", "last"))
    return receipt_page(
        code, number, "right" if (first, last) == (code[:4], code[-4:]) else "wrong"
    )


@bp.post("/slip")
def slip() -> Response:
    """A page to print, with a QR as PNG (pictures of this page alone may stand in the page
    itself)."""
    code, number = _posted()
    shown = render_template(
        "public/slip.html", groups=receipt.grouped(code), number=number, qr=_qr(code), on=today()
    )
    return Response(
        shown, headers={"Content-Security-Policy": CSP.replace("img-src 'self'", "img-src data:")}
    )


@bp.post("/slip.pdf")
def slip_pdf() -> Response:
    """The same as a PDF of one page."""
    code, number = _posted()
    here = public_bureau()
    data = paper.slip_pdf(code, number, here.name, here.phone, today())
    # the list of downloads tells no more than the day
    return answer_file(data, f"{today():%Y%m%d}.pdf", "application/pdf")


@bp.post("/change")
def change() -> Any:
    """A new code in place of one that staff have seen, or that the informant no longer trusts; the
    old one ends in the same moment. The same page sent again soon after shows the same new code:
    its answer may have been lost."""
    form_token.require_token(age=None)
    old = _code()
    new = resubmission.code_for_ticket(old, request.form.get("once", "")) or receipt.new_code()
    docket_id = codes.docket_of(old)
    if docket_id is None:
        docket_id = codes.docket_of(new)
    elif not _changed(docket_id, old, new):
        docket_id = None
    if docket_id is None:
        return _ended(old), 409
    speak_for(dialogue.bureau_of(docket_id))
    return receipt_page(new, dialogue.number_of(docket_id), changed=True)


def _ended(code: str) -> str:
    """What became of a code that opens nothing; of one that never did, nothing is told."""
    old = codes.exchanged(code)
    if old:
        return render_template("public/code_ended.html", on=old.on)
    nothing = _("There is no report under this code.")
    return render_template(
        "public/progress.html", error=nothing, typed="", token=form_token.token()
    )


def must_change(docket_id: int) -> bool:
    """Whether the tip's code was seen by staff and opens nothing but its own change."""
    return bool(
        db.session.scalar(select(Receipt.must_change).where(Receipt.docket_id == docket_id))
    )


def _changed(docket_id: int, old: str, new: str) -> bool:
    """Put the new code in the old one's place; False when somebody has changed it meanwhile."""
    with writing() as session:
        row = session.get(Receipt, docket_id, with_for_update=True)
        if row is None or row.fingerprint != codes.code_fingerprint(old):
            return False
        codes.replace(session, row, new, today(), must_change=False)
    return True


def _posted() -> tuple[str, str]:
    """Code and number of a page that may have stood open for days: a receipt is not lost by
    waiting, and nothing changes."""
    form_token.require_token(age=None)
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
