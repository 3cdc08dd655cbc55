"""The registration desk under load: links with one click and their undoing, tips in bursts, bulk
triage, notices, townships."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.acts import batches
from casework.acts.errors import NotAllowed, NotDone, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.desk import burst, docket_rows, hints, naming, proposals, step_for_many
from casework.desk.context import Here, known_step, me, my_scope, on_docket, today
from casework.docket import notices
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.docket.work import Mobilisation
from casework.intake.mobilise import TaskChange, change, open_tasks
from casework.people.facts import settings_of, staff_facts
from casework.people.may import may, require
from casework.people.models import Township
from casework.procedure.ids import StepId
from casework.procedure.model import Step
from casework.procedure.roles import who_may
from casework.store import db
from forms.mobilise import MobiliseForm

bp = Blueprint("triage", __name__, url_prefix="/desk")


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    """Panels that other pages include."""
    return {
        "hints_for": hints.hints,
        "twin_why": hints.why,
        "hint_steps": hints.STEPS,
        "my_notices": _my_notices,
        "my_tasks": _tasks,
        "township_name": _township,
    }


def _my_notices() -> list[tuple[notices.Told, Docket | None]]:
    """Unseen ones, with the docket they are about where I may still see it."""
    rows = notices.unseen(db.session(), me().id)
    wanted = [n.docket_id for n in rows if n.docket_id]
    query = select(Docket).where(Docket.id.in_(wanted), visible_to(my_scope()))
    seen = {d.id: d for d in db.session.scalars(query)} if wanted else {}
    return [(n, seen.get(n.docket_id or 0)) for n in rows]


def _tasks() -> list[Mobilisation]:
    return open_tasks(db.session(), me().bureau_id) if may(me(), "mobilise", today()) else []


def _township(code: str) -> str:
    query = select(Township.name).where(Township.bureau_id == me().bureau_id, Township.code == code)
    return db.session.scalar(query) or code


# -- one click
@bp.post("/dockets/<code>/link")
@on_docket
def link(here: Here) -> Response:
    """Propose the link that the panel shows, with the panel's own reason."""
    wanted = request.form.get("case", "")
    for twin in hints.hints(here).beside.twins:
        if wanted in {str(c.id) for c in twin.cases}:
            return _go(here, "link_report", {"case": int(wanted), "reason": hints.reason(twin)})
    abort(404)


@bp.post("/dockets/<code>/unlink")
@on_docket
def unlink(here: Here) -> Response:
    """Undo it: a proposal that still waits is withdrawn, a link that stands is proposed to be
    undone."""
    waiting = [p for p in here.facts.proposals if p.step == "link_report" and p.proposer == me().id]
    if waiting:
        return _go(here, "link_report", {}, "withdraw")
    wanted = request.form.get("case", "")
    if wanted not in {str(x.id) for x in here.facts.links}:
        abort(404)
    return _go(here, "unlink_report", {"case": int(wanted), "reason": _("Linked by mistake.")})


def _go(here: Here, step: StepId, payload: dict[str, Any], verb: str = "take") -> Response:
    """Through the one door; what is refused is said on the docket's page."""
    try:
        found, track = known_step(step), here.facts.main.label
        done = perform(Intent(here.docket.id, step, me().id, today(), track, verb, payload))
        flash(
            proposals.judged_sentence(found, verb)
            if verb == "withdraw"
            else docket_rows.done_sentence(found, done)
        )
    except Refused as error:
        flash("；".join(naming.sentences(error.refusals)), "warning")
    except NotAllowed as error:
        flash(_(error.reason), "warning")
    except NotDone:
        flash(_("Somebody else has just acted on this tip. Look at it again."), "warning")
    return redirect(url_for("dockets.docket", code=here.docket.code))  # type: ignore[return-value]


# -- bursts and bulk triage
@bp.get("/reports/burst")
@require("report.triage")
def burst_page() -> str:
    """Tips that wait, those that came together in groups."""
    return _burst_page()


def _burst_page(error: str = "") -> str:
    settings = settings_of(me().bureau_id, today())
    groups = burst.groups(db.session(), visible_to(my_scope()), settings)
    return render_template(
        "desk/burst.html", groups=groups, steps=[known_step(s) for s in batches.TIPS], error=error
    )


@bp.post("/reports/burst")
@require("report.triage")
def bulk() -> Any:
    """Choose many and a step; answer its form once; then each is taken on its own."""
    step = known_step(request.form.get("step", ""))
    if step.id not in batches.TIPS:
        abort(400)
    chosen = _chosen(step)
    if not chosen:
        return _burst_page(_("Choose the tips first.")), 422
    return step_for_many.answered(step, chosen, url_for("triage.burst_page"))


def _chosen(step: Step) -> list[Docket]:
    """Tips ticked one by one, in a list, or by the group, of those I may see."""
    return step_for_many.chosen_of(
        step,
        [
            *request.form.getlist("tip"),
            *request.form.getlist("docket"),
            *(x for g in request.form.getlist("group") for x in g.split(",")),
        ],
    )


# -- notices and townships
@bp.post("/notices/<int:number>")
@require("desk.home")
def seen(number: int) -> Response:
    """Mark a notice as seen."""
    notices.see(me().id, number)
    return redirect(url_for("desk.home"))  # type: ignore[return-value]


@bp.route("/mobilisation/<int:number>", methods=["GET", "POST"])
@require("mobilise")
def mobilisation(number: int) -> Any:
    """Who mobilises the township, until when, with what result (预案三（八）6)."""
    query = select(Mobilisation).where(
        Mobilisation.id == number, Mobilisation.bureau_id == me().bureau_id
    )
    task = db.session.scalars(query).one_or_none()
    if task is None:
        abort(404)
    staff = {
        p.id: p.name
        for p in staff_facts(me().bureau_id, today()).values()
        if p.roles & who_may("mobilise.help")
    }
    form = MobiliseForm(request.form or None, task=task, staff=staff)
    if request.method == "POST" and task.closed_on is None and form.validate():
        change(me(), task.id, TaskChange(**form.values()))
        flash(_("The task is kept."))
        return redirect(url_for("desk.home"))
    return render_template(
        "desk/mobilisation.html", task=task, form=form, staff=staff
    ), 422 if request.method == "POST" else 200
