"""The archive room: what is due, what is held back, transfer lists, batches to be destroyed and
what remains of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import func, select

from casework.archive import certificate, destroy, handover, retention_rows
from casework.archive.records import Destruction, DestructionItem, Handover
from casework.desk.context import me, my_scope, own_row, pdf, today
from casework.docket.jobs import Job
from casework.people import guessing, passwords
from casework.people.facts import settings_of
from casework.people.may import may, require
from casework.people.models import Person
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.retention import NEVER, disposal_held_back, is_put_away, term_names
from casework.store import db
from casework.web.filters import SHANGHAI
from casework.web.language import current

bp = Blueprint("archive", __name__, url_prefix="/desk/archive")
LINES = 200  # of the list of destroyed numbers


@bp.app_context_processor
def _on_docket() -> dict[str, Any]:
    """For the docket page: how long it is kept."""
    return {"kept_of": _kept_of}


def _kept_of(facts: Facts) -> dict[str, Any] | None:
    """Term, why, the day from which it may be judged, and whether it is held back; None for what is
    not put away."""
    with_cases = (
        facts.stage == "accepted"
        and facts.links
        and all(x.stage in kinds()[x.kind].put_away for x in facts.links)
    )
    if not is_put_away(facts) and not with_cases:
        return None
    found = retention_rows.retention_of(db.session(), facts)
    name = term_names().get(found.term) if found else None
    if found is None:
        return None
    word = name.in_language(current()) if name else _("%(n)s years", n=found.term)
    return {
        "term": word,
        "why": found.why,
        "due": None if found.due == NEVER else found.due,
        "held": disposal_held_back(facts),
    }


# -- what is due
@bp.get("/")
@require("archive.see")
def due() -> str:
    """到期鉴定: files that were put away, by the day from which they may be appraised."""
    return _due_page()


def _due_page(refused: destroy.NotPossible | None = None, chosen: list[int] | None = None) -> str:
    which, kind, skip = (
        _filter(),
        request.args.get("kind", ""),
        max(request.args.get("skip", 0, int), 0),
    )
    rows = retention_rows.retention_list(
        db.session(), my_scope(), which, kind if kind in kinds() else "", today(), skip
    )
    more = len(rows) > retention_rows.PAGE
    return render_template(
        "archive/due.html",
        rows=rows[: retention_rows.PAGE],
        which=which,
        kind=kind,
        filters=retention_rows.FILTERS,
        today=today(),
        terms=term_names(),
        language=current(),
        refused=refused,
        chosen=chosen or [],
        skip=skip,
        steps=procedure().steps,
        after=skip + retention_rows.PAGE if more else None,
    )


def _filter() -> str:
    which = request.args.get("which", "due")
    return which if which in retention_rows.FILTERS else "due"


@bp.post("/")
@require("archive.propose")
def propose() -> Any:
    """Propose a batch of the chosen files for destruction; a second person confirms it."""
    chosen = request.form.getlist("docket", type=int)
    try:
        number = destroy.propose(me(), my_scope(), chosen, request.form.get("report", ""), today())
    except destroy.NotPossible as error:
        return _due_page(error, chosen), 422
    flash(_("The batch is proposed. Another person must confirm it."))
    return redirect(url_for("archive.batch", number=number))


# -- batches
@bp.get("/batches")
@require("archive.see")
def batches() -> str:
    """All batches, newest first."""
    query = (
        select(Destruction, func.count(DestructionItem.docket_id))
        .outerjoin(DestructionItem, DestructionItem.destruction_id == Destruction.id)
        .where(Destruction.bureau_id == me().bureau_id)
        .group_by(Destruction.id)
        .order_by(Destruction.id.desc())
        .limit(LINES)
    )
    return render_template("archive/batches.html", rows=db.session.execute(query).all())


@bp.get("/batches/<int:number>")
@require("archive.see")
def batch(number: int) -> str:
    """One batch: its numbers, how far it is, and what the person who looks can do."""
    return _batch_page(own_row(Destruction, number))


def _batch_page(
    row: Destruction, error: str = "", refused: destroy.NotPossible | None = None
) -> str:
    staff = db.session.execute(
        select(Person.id, Person.name).where(Person.bureau_id == row.bureau_id)
    )
    mine = row.proposer_id == me().id
    still = row.state == "confirmed" and not destroy.is_as_entered(db.session(), row)
    return render_template(
        "archive/batch.html",
        row=row,
        items=certificate.items_of(db.session(), row.id),
        error=error,
        refused=refused,
        names={number: name for number, name in staff},
        job=db.session.scalars(select(Job).where(destroy.job_of(row.id))).one_or_none(),
        terms=term_names(),
        language=current(),
        may_confirm=may(me(), "archive.confirm", today()) and not mine,
        mine=mine,
        still=still,
    )


@bp.post("/batches/<int:number>")
@require("archive.confirm")
def confirm(number: int) -> Any:
    """Confirm a batch as the second person, with one's password. Destruction begins and cannot be
    undone."""
    row, person = own_row(Destruction, number), me()
    typed = request.form.get("password", "")
    if not guessing.guarded(person, "password", lambda: passwords.matches(person, typed)):
        return _batch_page(own_row(Destruction, number), _("Your password is not right.")), 422
    try:
        destroy.confirm(person, row.id, today())
    except destroy.NotPossible as error:
        return _batch_page(own_row(Destruction, number), refused=error), 422
    flash(_("Confirmed. The files are being destroyed now."))
    return redirect(url_for("archive.batch", number=number))


@bp.post("/batches/<int:number>/withdraw")
@require("archive.see")
def withdraw(number: int) -> Any:
    """Withdraw a batch: who proposed it, or who could confirm it."""
    row = own_row(Destruction, number)
    if row.proposer_id != me().id and not may(me(), "archive.confirm", today()):
        abort(403)
    try:
        destroy.withdraw(me(), row.id)
        flash(_("The batch is withdrawn; its files stay."))
    except destroy.NotPossible as error:
        flash(_(error.reason))
    return redirect(url_for("archive.batch", number=number))


@bp.get("/batches/<int:number>.pdf")
@require("archive.see")
def batch_pdf(number: int) -> Response:
    """销毁清册; once it is done, the certificate as it was made then."""
    row = own_row(Destruction, number)
    if row.stored:
        return pdf(
            current_app.extensions["sealed_store"].read(row.stored), f"destroyed-{row.id}.pdf"
        )
    return pdf(certificate.draw_list(db.session(), row), f"to-destroy-{row.id}.pdf")


@bp.get("/destroyed")
@require("archive.see")
def destroyed() -> str:
    """List of the numbers of all destroyed files."""
    wanted = request.args.get("q", "").strip()
    query = (
        select(DestructionItem, Destruction)
        .join(Destruction, Destruction.id == DestructionItem.destruction_id)
        .where(Destruction.bureau_id == me().bureau_id, DestructionItem.emptied_at.is_not(None))
    )
    query = (
        query.where(DestructionItem.number.contains(wanted, autoescape=True)) if wanted else query
    )
    rows = db.session.execute(
        query.order_by(DestructionItem.emptied_at.desc(), DestructionItem.number).limit(LINES)
    ).all()
    return render_template(
        "archive/destroyed.html", rows=rows, query=wanted, terms=term_names(), language=current()
    )


# -- transfer lists
@bp.get("/handover")
@require("archive.see")
def handovers() -> str:
    """移交: files that may go to the county's archive, and the lists made so far."""
    return _handover_page()


def _handover_page(error: str = "") -> str:
    every = request.args.get("all") == "1"
    years = int(settings_of(me().bureau_id, today()).number("keep.hand_over_years"))
    before = None if every else date(today().year - years - 1, 12, 31)
    return render_template(
        "archive/handover.html",
        rows=handover.waiting_for_handover(db.session(), my_scope(), before),
        every=every,
        years=years,
        error=error,
        lists=handover.lists(db.session(), me().bureau_id),
        terms=term_names(),
        language=current(),
        today=today(),
    )


@bp.post("/handover")
@require("archive.hand_over")
def make_list() -> Any:
    """A numbered list of the chosen files."""
    try:
        handover.make_transfer_list(
            me(),
            my_scope(),
            request.form.getlist("docket", type=int),
            request.form.get("body", ""),
            today(),
        )
    except handover.NotPossible as error:
        return _handover_page(_(str(error))), 422
    flash(_("The transfer list is made. Print it, and note here who signed for the files."))
    return redirect(url_for("archive.handovers"))


@bp.post("/handover/<int:number>")
@require("archive.hand_over")
def received(number: int) -> Any:
    """Note who signed for the files at the archive, and on which day."""
    row = own_row(Handover, number)
    try:
        on = date.fromisoformat(request.form.get("on", ""))
        handover.signed_for(me(), row.id, request.form.get("taker", ""), on, today())
    except handover.NotPossible as error:
        return _handover_page(_(str(error))), 422
    except ValueError:
        return _handover_page(
            _("Name who signed for the files, and a day that is not in the future.")
        ), 422
    flash(_("Noted: the archive has the files."))
    return redirect(url_for("archive.handovers"))


@bp.get("/handover/<int:number>.pdf")
@require("archive.see")
def handover_pdf(number: int) -> Response:
    """The list as PDF."""
    row = own_row(Handover, number)
    return pdf(
        handover.transfer_list_pdf(db.session(), row, row.at.astimezone(SHANGHAI).date()),
        f"handover-{row.id}.pdf",
    )
