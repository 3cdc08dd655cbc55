"""The banner on every desk page while the server's clock is in doubt, and the button with which a
person confirms the day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from casework.desk.context import me, today
from casework.people import clock
from casework.people.may import may, require
from casework.people.models import Person
from casework.store import db
from casework.web.errors import refuse
from casework.web.fragment_cache import drawn

bp = Blueprint("clock", __name__, url_prefix="/desk/clock")
# rooms that go on while the clock is doubted: tips that staff take in, what is kept of half-written
# steps, and steps, which ``perform()`` refuses with all that was typed on their page
GO_ON = frozenset({"clock", "counter", "bulk", "own", "dockets", "desk"})


@bp.before_app_request
def _others_wait() -> None:
    """Roles, settings, identities opened for hours, batches, lists of the archive: a day of the
    wrong year would stay there."""
    room = (request.endpoint or "").partition(".")[0]
    sent = request.method == "POST" and request.path.startswith("/desk/")
    if sent and room not in GO_ON and current_user.is_authenticated and clock.doubt():
        refuse(
            403,
            "The date may be wrong: first let an administrator, the head of "
            "enforcement or a leader confirm the day.",
        )


def warning() -> Markup:
    """The banner while the clock is doubted; with the button for those who may confirm the day."""
    doubt = clock.doubt()
    if doubt is None:
        return Markup()
    asked = may(me(), "clock.confirm", today())
    return drawn(
        "layout/desk_clock.html", {"token": generate_csrf()}, **doubt.said, day=today(), asked=asked
    )


@bp.post("/")
@require("clock.confirm")
def confirm() -> Any:
    """Confirm that today is the day that the page showed. A page left open over midnight shows the
    new day first."""
    if request.form.get("day") == today().isoformat():
        clock.confirm_today(db.session.get_one(Person, me().id))
        flash(
            _(
                "Confirmed: today is %(day)s. What time has brought about happens now.",
                day=today().isoformat(),
            )
        )
    return redirect(url_for("desk.home"))
