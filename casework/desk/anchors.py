"""记录锚定: the sheet for the auditor's cabinet, whether the words of an old one still hold, and
the line on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from casework.archive import anchor_sheet
from casework.desk import restored_copy
from casework.desk.context import me
from casework.docket import chains
from casework.mail import weekly_anchor
from casework.people import anchors, heads, last_verification, lost_span
from casework.people.heads import Signed
from casework.people.last_verification import Look
from casework.people.lost_span import Loss
from casework.people.may import require
from casework.people.models import Bureau, Person
from casework.store import db, utcnow
from casework.web.downloads import answer_file
from casework.web.filters import local
from forms.office import AnchorForm

bp = Blueprint("anchors", __name__, url_prefix="/desk/anchor")
EVERY = timedelta(days=7)  # a sheet


@dataclass(frozen=True)
class AnchorAnswer:
    """The answer to typed words of an anchor. ``holds``: the records stand as they did then;
    ``again``: nothing could be compared, the words are to be typed again."""

    holds: bool
    again: bool
    words: str


@bp.app_context_processor
def _health() -> dict[str, Any]:
    return {
        "journals_state": journals_state,
        "sheet_due": sheet_due,
        "anchor_mail_late": anchor_mail_late,
        "lost_with_copies": restored_copy.lines,
    }


def journals_state() -> tuple[str, Look | None]:
    """How the last verification stands, as :func:`casework.people.last_verification.state`."""
    return last_verification.state(db.session(), me().bureau_id)


def sheet_due() -> bool:
    """Whether no anchor sheet was printed this week."""
    last = anchor_sheet.last_printed(me().bureau_id)
    return last is None or utcnow() - last >= EVERY


def anchor_mail_late() -> bool:
    """Whether mailed anchors do not go out."""
    return weekly_anchor.is_late(db.session.get_one(Bureau, me().bureau_id), utcnow())


@bp.route("/", methods=["GET", "POST"])
@require("anchor.see")
def page() -> Any:
    """The sheet to be printed, and the field for an old one's words."""
    form, answer = AnchorForm(request.form or None), None
    if request.method == "POST" and form.validate():
        answer = _judged(form.values()["words"])
    last: datetime | None = anchor_sheet.last_printed(me().bureau_id)
    made = render_template("desk/anchor.html", form=form, answer=answer, last=last)
    return made, 422 if request.method == "POST" and answer is None else 200


@bp.post("/sheet.pdf")
@require("anchor.see")
def sheet() -> Response:
    """This week's anchor sheet as PDF. Its printing is entered in the office's journal."""
    data = anchor_sheet.print_now(db.session.get_one(Person, me().id), utcnow())
    return answer_file(
        data, _("Anchor sheet") + f" {utcnow().date().isoformat()}.pdf", "application/pdf"
    )


def _judged(words: str) -> AnchorAnswer:
    """Every anchor in the words; the first that does not hold, or is to be typed again, is what is
    said."""
    bureau = db.session.get_one(Bureau, me().bureau_id)
    found = list(anchors.found_in(words))
    if not found:
        return AnchorAnswer(
            False,
            True,
            _("No words of a sheet were found. Begin with CASEWORK, then everything below it."),
        )
    answers = [_judged_one(bureau, anchor) for anchor in found]
    return min(answers, key=lambda a: (a.holds, a.again))


def _judged_one(bureau: Bureau, anchor: Signed) -> AnchorAnswer:
    if anchor.bureau != bureau.code:
        return AnchorAnswer(
            False, True, _("This sheet is of another bureau: %(code)s.", code=anchor.bureau)
        )
    compared = anchors.compared(db.session(), bureau, anchor)
    if compared.answer == "mistyped":
        numbers = ", ".join(str(n) for n in compared.groups)
        return AnchorAnswer(
            False,
            True,
            _(
                "Mistyped, it seems. Look at these groups of four again: %(groups)s.",
                groups=numbers,
            ),
        )
    if compared.answer == "other place":
        return AnchorAnswer(
            False,
            True,
            _(
                "Mistyped, it seems: this is the text of number %(n)s. Look again.",
                n=compared.place,
            ),
        )
    if compared.answer == "other" and (loss := _lost(bureau, anchor)):
        said = _(
            "Not to be compared: if it was printed before %(when)s, what it "
            "holds fast was lost then, with a copy that "
            "was brought back. Print a new one.",
            when=local(loss.at),
        )
        return AnchorAnswer(False, True, said)
    if compared.answer == "other" or not _stands(bureau, anchor):
        gone = _(
            "Does not hold: records up to number %(n)s were changed or are gone.", n=anchor.place
        )
        return AnchorAnswer(False, False, " ".join([gone, *restored_copy.lines()]))
    said = _(
        "Holds: the records up to number %(n)s stand as they did when it was printed.",
        n=anchor.place,
    )
    return AnchorAnswer(True, False, said)


def _lost(bureau: Bureau, anchor: Signed) -> Loss | None:
    """The loss, by an entry of this instance, with which the anchor went; one that was typed bears
    no time of its own."""
    signed_at = anchor.at if anchor.signature else 0
    return next(
        (
            x
            for x in lost_span.losses(db.session(), bureau.id)
            if x.explains(anchor.place, signed_at)
        ),
        None,
    )


def _stands(bureau: Bureau, anchor: Signed) -> bool:
    """Not the one link alone: every entry of the bureau, in its place and with its words."""
    try:
        kept = heads.read_file(heads.heads_path()).get(bureau.code)
    except heads.Unreadable:
        kept = None
    return not any(
        chains.up_to(db.session(), current_app.extensions["vault"], bureau, kept, anchor)
    )
