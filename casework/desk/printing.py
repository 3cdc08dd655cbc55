"""Print queue and scan-back: choose papers, print them as one PDF, hand in the signed stack."""

from __future__ import annotations

from collections.abc import Sequence
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
from flask_babel import ngettext as _n
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.archive import printing, scans
from casework.archive.contents import signed
from casework.archive.models import ScanStack, StrayPage
from casework.archive.scan_pages import NotAScan, inspect_pages
from casework.desk.context import me, my_scope, own_row, pdf, today
from casework.desk.filters import day
from casework.docket.lists import docket_by_code
from casework.evidence.preview import page_picture
from casework.people.may import require
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing
from casework.web.language import current
from casework.web.numbers import whole_number

bp = Blueprint("printing", __name__, url_prefix="/desk/print")
AT_ONCE = 40  # pictures of pages that look empty; the rest comes when these are done
STACKS = 10  # handed in last


@bp.get("/")
@require("paper.print")
def queue() -> str:
    """Papers to be printed, those that came back signed, those that have not, and pages nobody
    could place."""
    wanted = _wanted()
    rows = printing.queue(db.session(), my_scope(), wanted)
    by_docket: dict[int, list[printing.Queued]] = {}
    for row in rows:
        by_docket.setdefault(row.docket.id, []).append(row)
    mine = (ScanStack.bureau_id == me().bureau_id, ScanStack.by_id == me().id)
    stacks = db.session.scalars(
        select(ScanStack).where(*mine).order_by(ScanStack.id.desc()).limit(STACKS)
    ).all()
    return render_template(
        "printing/queue.html",
        groups=[*by_docket.values()],
        wanted=wanted,
        today=today(),
        docket=rows[0].docket.code if wanted.code and rows else "",
        strays=_waiting(False),
        blanks=_waiting(True)[:AT_ONCE],
        stacks=stacks,
        now=utcnow(),
        rules=procedure().papers,
        language=current(),
    )


def _wanted() -> printing.QueueFilter:
    """What an address narrows the queue to: a docket, else, unless it says otherwise, my papers
    that are not printed; 400 for a word or day that is none."""
    if code := request.args.get("docket", ""):
        return printing.QueueFilter(code=code)
    which = request.args.get("which") or printing.WAITING
    if which not in (printing.WAITING, printing.MISSING, printing.ALL):
        abort(400)
    mine = request.args.get("whose", "mine") == "mine"
    return printing.QueueFilter(which, me().id if mine else 0, day(request.args, "on"))


def _chosen() -> list[int]:
    """Papers ticked one by one, or all of a docket at once."""
    groups = (n for ids in request.form.getlist("group") for n in ids.split(","))
    texts = (*request.form.getlist("paper"), *groups)
    return list(dict.fromkeys(n for n in map(whole_number, texts) if n is not None))


def _waiting(blank: bool) -> Sequence[StrayPage]:
    """Pages of my bureau that wait for a person: those with writing, or those that look empty."""
    mine = (StrayPage.bureau_id == me().bureau_id, StrayPage.blank.is_(blank))
    return db.session.scalars(select(StrayPage).where(*mine).order_by(StrayPage.id)).all()


@bp.post("/")
@require("paper.print")
def make() -> Any:
    """One PDF of the chosen papers; they count as printed from now on."""
    papers = printing.chosen_papers(db.session(), my_scope(), _chosen())
    if not papers:
        flash(_("Choose at least one paper."), "warning")
        return redirect(url_for("printing.queue"))
    vault, store = current_app.extensions["vault"], current_app.extensions["sealed_store"]
    data = printing.print_run(db.session(), vault, store, papers, today())
    ids = [p.id for p in papers]
    with writing() as session:
        printing.mark(session, printing.chosen_papers(session, my_scope(), ids), me())
    return pdf(data, "print.pdf")


@bp.post("/scan")
@require("paper.print")
def scan() -> Any:
    """A scanned stack: its pages find their papers."""
    file = request.files.get("file")
    data = file.stream.read() if file else b""
    try:
        seen = inspect_pages(data)
    except NotAScan:
        flash(_("This is no PDF that can be opened, or it has more than 400 pages."), "warning")
        return redirect(url_for("printing.queue"))
    store = current_app.extensions["sealed_store"]
    made = scans.as_made(db.session(), store, my_scope(), data, seen)
    with writing() as session:
        filed = scans.file_stack(session, store, my_scope(), me(), data, seen, made)
    says = _(
        "%(filed)s papers filed, %(strays)s pages without a readable "
        "code, %(blanks)s pages that look empty. "
        "Nothing was thrown away.",
        filed=len(filed.papers),
        strays=filed.strays,
        blanks=filed.blanks,
    )
    short = "、".join(
        p.number or procedure().papers[p.kind].name.in_language(current()) for p in filed.short
    )
    says += _(" Pages are missing of: %(papers)s", papers=short) if short else ""
    says += _(" Separating sheets left out: %(pages)s.", pages=filed.apart) if filed.apart else ""
    unsigned = _(
        " Sheets as the program made them, signed by nobody: %(pages)s; they wait below.",
        pages=filed.unsigned,
    )
    flash(says + (unsigned if filed.unsigned else ""), "warning" if filed.unsigned else "message")
    return redirect(_after(request.form.get("docket", ""), filed.strays or filed.unsigned))


def _after(code: str, something_waits: int) -> str:
    """Where somebody goes on who handed in a stack: to the next act of the docket from which they
    came, unless pages of the stack wait for them on the page of scans."""
    known = code and docket_by_code(db.session(), my_scope(), code) is not None
    if not known or something_waits:
        return url_for("printing.queue", docket=code or None)
    return url_for("dockets.next_act", code=code)


@bp.get("/signed/<int:number>.pdf")
@require("paper.print")
def signed_copy(number: int) -> Response:
    """The newest signed copy of a paper."""
    copy = signed(
        db.session(), [p.id for p in printing.chosen_papers(db.session(), my_scope(), [number])]
    ).get(number)
    if copy is None:
        abort(404)
    return pdf(current_app.extensions["sealed_store"].read(copy.stored), f"{number}-signed.pdf")


@bp.get("/stray/<int:number>.pdf")
@require("paper.print")
def stray(number: int) -> Response:
    """A page that nobody could place."""
    return pdf(
        current_app.extensions["sealed_store"].read(own_row(StrayPage, number).stored), "page.pdf"
    )


@bp.get("/stray/<int:number>.png")
@require("paper.print")
def stray_png(number: int) -> Response:
    """The same as a picture, drawn by a process apart, with all marks three times as dark: they may
    be faint."""
    row = own_row(StrayPage, number)
    data = current_app.extensions["sealed_store"].read(row.stored)
    drawn = page_picture(data, "application/pdf", 1, strong=True)
    return Response(drawn[1], mimetype="image/png") if drawn else abort(404)


@bp.get("/stack/<int:number>.pdf")
@require("paper.print")
def stack(number: int) -> Response:
    """A stack as it came, for whoever handed it in: it may hold papers that others may not see."""
    row = own_row(ScanStack, number)
    if row.by_id != me().id:
        abort(404)
    return pdf(current_app.extensions["sealed_store"].read(row.stored), f"scan-{row.id}.pdf")


@bp.post("/stray/<int:number>")
@require("paper.print")
def place(number: int) -> Any:
    """A person says where the page belongs, by the short code of the paper, or that it is not
    ours."""
    store = current_app.extensions["sealed_store"]
    row = own_row(StrayPage, number)
    stored = row.stored
    with writing() as session:
        if request.form.get("verb") == "file":
            paper = scans.paper_by_code(session, my_scope(), request.form.get("code", ""))
            if paper is None:
                flash(_("No paper has this code."), "warning")
                return redirect(url_for("printing.queue"))
            page = store.read(stored)
            if scans.stray_as_made(session, store, my_scope(), paper, page):
                flash(
                    _(
                        "This is the sheet as the program made it, signed by "
                        "nobody. Have it signed and scan it."
                    ),
                    "warning",
                )
                return redirect(url_for("printing.queue"))
            scans.add_page(session, store, paper, page, me())
        session.delete(_still_there(session, number))
    store.delete(stored)
    flash(
        _("The page was filed.")
        if request.form.get("verb") == "file"
        else _("The page was removed.")
    )
    return redirect(url_for("printing.queue"))


def _still_there(session: Session, number: int) -> StrayPage:
    """The page under the lock: 404 where somebody has placed or removed it meanwhile."""
    return session.get(StrayPage, number) or abort(404)


@bp.post("/blanks")
@require("paper.print")
def blanks() -> Any:
    """A person has looked at pages that look empty: one of them is not, or the ticked ones are and
    can go."""
    bureau_id, written = me().bureau_id, request.form.get("written", type=int)
    if written is not None:
        own_row(StrayPage, written)
        with writing() as session:
            _still_there(session, written).blank = False
        flash(_("The page is among those that are to be placed."))
        return redirect(url_for("printing.queue"))
    chosen = request.form.getlist("page", type=int)
    with writing() as session:
        gone = scans.remove(session, chosen, bureau_id)
    for name in gone:
        current_app.extensions["sealed_store"].delete(name)
    flash(_n("%(num)s page was removed.", "%(num)s pages were removed.", len(gone)))
    return redirect(url_for("printing.queue"))
