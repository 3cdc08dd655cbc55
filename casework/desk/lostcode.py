"""查询码补发: a new receipt code after two officers compared facts that only the informant knows.
The old one ends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from flask_babel import gettext as _

from casework.desk.context import Here, me, not_for_the_recused, on_docket, today
from casework.people.may import may
from casework.people.models import Person
from casework.public import lost_code
from casework.store import db
from casework.vault.receipt import grouped
from casework.web.errors import refuse

bp = Blueprint("lostcode", __name__, url_prefix="/desk/dockets")


@bp.app_context_processor
def _waiting() -> dict[str, Any]:
    def new_code_waits(docket_id: int) -> bool:
        """Whether an approved new code has not been made yet, and this person may make it."""
        return may(me(), "report.receive", today()) and lost_code.new_code_waits(docket_id)

    return {"new_code_waits": new_code_waits}


@bp.route("/<code>/new-code", methods=["GET", "POST"])
@on_docket
def new_code(here: Here) -> Any:
    """Explain what follows, then make the code and show it once."""
    if not may(me(), "report.receive", today()):
        refuse(403, "Your role does not allow this.")
    not_for_the_recused(here)
    if request.method == "GET":
        if not lost_code.new_code_waits(here.docket.id):
            abort(404)
        return render_template("desk/new_code.html", here=here)
    made = lost_code.replace_code(db.session.get_one(Person, me().id), here.docket.id)
    if made is None:
        refuse(
            409, _("The new code was made already. Where it is lost too, compare the facts again.")
        )
    answer = make_response(
        render_template("desk/new_code_made.html", here=here, code=grouped(made or ""))
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
