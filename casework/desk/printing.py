"""Print queue and scan-back: choose papers, print them as one PDF, hand in the signed stack."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.archive import printing, scans
from casework.archive.contents import signed
from casework.archive.models import StrayPage
from casework.desk.context import me, my_scope, own_row, pdf, today
from casework.people.may import require
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing
from casework.web.language import current

bp = Blueprint("printing", __name__, url_prefix="/desk/print")


@bp.get("/")
@require("paper.print")
def queue() -> str:
    """Papers to be printed, those that came back signed, those that have not, and pages nobody could place."""
    missing = request.args.get("missing") == "1"
    rows = printing.queue(db.session(), my_scope(), missing)
    strays = db.session.scalars(select(StrayPage).where(StrayPage.bureau_id == me().bureau_id).order_by(StrayPage.id)).all()
    return render_template(
        "printing/queue.html", rows=rows, missing=missing, strays=strays, now=utcnow(), rules=procedure().papers,
        language=current(),
    )  # fmt: skip


@bp.post("/")
@require("paper.print")
def make() -> Any:
    """One PDF of the chosen papers; they count as printed from now on."""
    papers = printing.chosen(db.session(), my_scope(), request.form.getlist("paper", type=int))
    if not papers:
        flash(_("Choose at least one paper."), "warning")
        return redirect(url_for("printing.queue"))
    vault, store = current_app.extensions["vault"], current_app.extensions["sealed_store"]
    data = printing.run(db.session(), vault, store, papers, today())
    ids = [p.id for p in papers]
    with writing() as session:
        printing.mark(session, printing.chosen(session, my_scope(), ids), me())
    return pdf(data, "print.pdf")


@bp.post("/scan")
@require("paper.print")
def scan() -> Any:
    """A scanned stack: its pages find their papers."""
    file = request.files.get("file")
    data = file.stream.read() if file else b""
    try:
        with writing() as session:
            filed = scans.file(session, current_app.extensions["sealed_store"], my_scope(), me(), data)
    except scans.NotAScan:
        flash(_("This is no PDF that can be opened, or it has more than 400 pages."), "warning")
        return redirect(url_for("printing.queue"))
    says = _(
        "%(filed)s papers filed, %(strays)s pages without a readable code, %(blanks)s blank pages.",
        filed=len(filed.papers), strays=filed.strays, blanks=filed.blanks,
    )  # fmt: skip
    short = "、".join(p.number or procedure().papers[p.kind].name.in_language(current()) for p in filed.short)
    flash(says + (_(" Pages are missing of: %(papers)s", papers=short) if short else ""))
    return redirect(url_for("printing.queue"))


@bp.get("/signed/<int:number>.pdf")
@require("paper.print")
def signed_copy(number: int) -> Response:
    """The newest signed copy of a paper."""
    copy = signed(db.session(), [p.id for p in printing.chosen(db.session(), my_scope(), [number])]).get(number)
    if copy is None:
        abort(404)
    return pdf(current_app.extensions["sealed_store"].read(copy.stored), f"{number}-signed.pdf")


@bp.get("/stray/<int:number>.pdf")
@require("paper.print")
def stray(number: int) -> Response:
    """A page that nobody could place."""
    return pdf(current_app.extensions["sealed_store"].read(own_row(StrayPage, number).stored), "page.pdf")


@bp.post("/stray/<int:number>")
@require("paper.print")
def place(number: int) -> Any:
    """A person says where the page belongs, by the short code of the paper, or that it is not ours."""
    store = current_app.extensions["sealed_store"]
    row = own_row(StrayPage, number)
    stored = row.stored
    with writing() as session:
        if request.form.get("verb") == "file":
            paper = scans.by_code(session, my_scope(), request.form.get("code", ""))
            if paper is None:
                flash(_("No paper has this code."), "warning")
                return redirect(url_for("printing.queue"))
            scans.attach(session, store, paper, store.read(stored), 1, me())
        session.delete(session.get_one(StrayPage, number))
    store.delete(stored)
    flash(_("The page was filed.") if request.form.get("verb") == "file" else _("The page was removed."))
    return redirect(url_for("printing.queue"))
