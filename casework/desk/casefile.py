"""The case file on the desk: order a bundle, watch it being bound, fetch it."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import func, select

from casework.acts.printed_answers import may_open_all_papers
from casework.archive import bound_file, bundles, sample
from casework.desk import naming, reading
from casework.desk.context import Here, me, my_scope, on_docket, today
from casework.desk.next_steps import cure_row
from casework.docket.jobs import BIND, Job
from casework.docket.models import Docket, Link
from casework.docket.visible import visible_to
from casework.people.may import require
from casework.procedure import standing
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import Offer, offers, refusals
from casework.reading.rule import ANSWERS
from casework.store import db
from casework.web.downloads import answer_file
from casework.web.errors import refuse
from casework.web.language import current

bp = Blueprint("casefile", __name__, url_prefix="/desk/casefile")


@bp.get("/<code>")
@require("file.bind")
@on_docket
def bundles_page(here: Here) -> str:
    """Which bundles there are, and the buttons that make them."""
    _case_only(here)
    kinds = [k for k in bundles.KINDS if k == "outgoing" or _sees_source(here)]
    rows = [b for b in bound_file.of_docket(db.session(), here.docket.id) if b.what in kinds]
    return render_template(
        "casefile/bundles.html",
        here=here,
        rows=rows,
        kinds=kinds,
        copies=standing.checked(here.facts),
        file_copy=_track_of(here, standing.STEP),
        language=current(),
    )


def _track_of(here: Here, step: str) -> str:
    """The track on which I can take a step now; "" where I cannot."""
    found = offers(procedure(), here.facts, here.facts.actor) if here.facts.actor else []
    return next((o.track for o in found if o.step.id == step and o.possible), "")


@bp.post("/<code>")
@require("file.bind")
@on_docket
def start(here: Here) -> Any:
    """Order a bundle, which is bound in the background."""
    _case_only(here)
    kind = request.form.get("kind", "")
    if kind not in bundles.KINDS:
        abort(400)
    _may_have(here, kind)
    number = bound_file.ask(here.docket, kind, me())
    hide = [w.strip() for w in request.form.get("hide", "")[:4000].splitlines() if w.strip()]
    bound_file.in_background(number, hide)
    return redirect(url_for("casefile.progress", code=here.docket.code, number=number))


@bp.get("/<code>/<int:number>")
@require("file.bind")
@on_docket
def progress(here: Here, number: int) -> str:
    """How far it is; the page looks again by itself until it is done."""
    row = _row(here, number)
    found = (
        offers(procedure(), here.facts, here.facts.actor)
        if row.state == "failed" and here.facts.actor
        else []
    )
    return render_template(
        "casefile/progress.html",
        here=here,
        row=row,
        cure=cure_row("file_readable", found)
        if row.state == "failed" and any(title for _why, title in row.notes)
        else None,
    )


@bp.get("/<code>/<int:number>.pdf")
@require("file.bind")
@on_docket
def fetch(here: Here, number: int) -> Response:
    """The bound file, once it is done."""
    row = _row(here, number)
    if row.shown_state != "done":
        abort(404)
    data = current_app.extensions["sealed_store"].chunks(row.stored)
    name, size = f"{here.docket.code}-{row.what}.pdf", row.result["size"]
    return answer_file(data, name, "application/pdf", size=size)


# -- review
@bp.get("/<code>/review")
@on_docket
def review_page(here: Here) -> str:
    """案卷评查 of a case or a tip, and why the case cannot be closed yet."""
    p = procedure()
    close = p.steps["close"]
    stages = [p.tracks["main"].stages[s].name.in_language(current()) for s in close.stages]
    refused = refusals(p, here.facts, close, {}, here.facts.today, "needs")
    found = offers(p, here.facts, here.facts.actor) if here.facts.actor else []
    again = reading.table(here)
    return render_template(
        "casefile/review.html",
        here=here,
        steps=p.steps,
        again=again,
        counted=reading.counted(again),
        answer=_answer(found),
        faults_alone=reading.faults_alone,
        language=current(),
        refused=[
            (naming.refusal_sentence(r), p.checks[r.check], cure_row(r.check, found))
            for r in refused
        ],
        in_place=here.facts.stage in close.stages,
        closed=here.facts.did("close"),
        stages=stages,
    )


def _answer(found: list[Offer]) -> Step | None:
    """The step by which the person can answer a fault of the second reading now."""
    return next((o.step for o in found if o.step.id in ANSWERS and o.possible), None)


@bp.get("/sample")
@require("quality.sample")
def sample_page() -> str:
    """The month's sample for quality review; handlers are not shown."""
    first, after = sample.month_of(today())
    rows = sample.draw_sample(
        db.session(), current_app.extensions["vault"], my_scope(), first, after, today()
    )
    return render_template(
        "casefile/sample.html",
        rows=[(r.label, reading.verdicts_by_theme(r.facts, r.verdicts)) for r in rows],
        first=first,
        counted=reading.counted,
        faults_alone=reading.faults_alone,
        language=current(),
    )


def _row(here: Here, number: int) -> Job:
    row = db.session.scalars(
        select(Job).where(Job.id == number, Job.docket_id == here.docket.id, Job.kind == BIND)
    ).one_or_none()
    if row is None:
        abort(404)
    _may_have(here, row.what)
    return row


def _case_only(here: Here) -> None:
    if not kinds()[here.docket.kind].case_file:
        abort(404)


def _may_have(here: Here, kind: str) -> None:
    """The index names every document of both volumes; the internal bundle holds the tip, and papers
    with answers that few see."""
    if kind != "outgoing" and not _sees_source(here):
        refuse(403, "The inner volume holds the tip: only who may see the tip may have it.")


def _sees_source(here: Here) -> bool:
    """Whether every linked report is one that the person may see, with all that its papers
    print."""
    feeds = (Link.to_id == here.docket.id, Link.kind == "feeds", Link.until.is_(None))
    linked = select(func.count()).select_from(Link).where(*feeds)
    seen = (
        select(func.count())
        .select_from(Link)
        .join(Docket, Docket.id == Link.from_id)
        .where(*feeds, visible_to(my_scope()))
    )
    there = db.session.scalar(linked)
    return there == db.session.scalar(seen) and (not there or may_open_all_papers(me(), today()))
