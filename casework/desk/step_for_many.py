"""One step for several dockets of a list: which are ready for it, the form once, and what became of
each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, select

from casework.acts import batches
from casework.acts.facts import gather
from casework.desk import docket_rows, naming
from casework.desk.context import known_step, me, my_scope, own_row, today
from casework.docket.jobs import MANY, Job
from casework.docket.models import Clock, Docket, Proposal, Track
from casework.docket.visible import visible_to
from casework.people.may import require
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import Refusal as OneRefused
from casework.store import db
from casework.web.numbers import whole_number
from forms.base import StepForm
from forms.registry import form_class

bp = Blueprint("many", __name__, url_prefix="/desk/many")
SHOWN = 100  # dockets of one step on the page
LAST = 10  # orders named on the page
# else the step's own form
ASKS = {"approve_publication": "disclosure.ApproveMany", "list_entry": "disclosure.ListMany"}


# -- what is ready
def _track(kind: str, *stages: str) -> ColumnElement[bool]:
    there = [Track.docket_id == Docket.id, Track.kind == kind, Track.ended.is_(False)]
    return exists().where(*there, *([Track.stage.in_(stages)] if stages else []))


def _running(rule: str) -> ColumnElement[bool]:
    return exists().where(Clock.docket_id == Docket.id, Clock.rule == rule, Clock.state == "open")


READY: dict[str, Callable[[], ColumnElement[bool]]] = {
    "assign": lambda: and_(Docket.stage == "verify", Docket.handlers == ""),
    "approve_publication": lambda: and_(_running("publish"), ~_track("publication")),
    "publish": lambda: _track("publication", "due"),
    "list_entry": lambda: _track("dishonesty", "determined"),
    "withdraw_entry": lambda: and_(
        _running("withdraw_entry"), _track("publication", "due", "shown")
    ),
    "withdraw_listing": lambda: and_(
        _running("withdraw_entry"), _track("dishonesty", "determined", "listed")
    ),
}


def ready(step: str) -> Sequence[Docket]:
    """Cases that I may see and that wait for the step, those that wait longest first."""
    held = exists().where(
        Proposal.docket_id == Docket.id, Proposal.step == step, Proposal.state == "open"
    )
    query = select(Docket).where(
        Docket.kind == procedure().kind_of(step), visible_to(my_scope()), ~held, READY[step]()
    )
    return db.session.scalars(query.order_by(Docket.next_due, Docket.id).limit(SHOWN)).all()


def _mine() -> list[Step]:
    return steps_of_mine(batches.CASES)


def steps_of_mine(steps: Sequence[str]) -> list[Step]:
    """Those of the steps that a role of mine takes."""
    roles = me().role_names(today())
    return [step for step in map(known_step, steps) if roles & set(step.roles)]


@bp.get("/")
@require("case.many")
def page() -> str:
    """Each step of mine that can be taken for several, with the cases that wait for it; and what I
    ordered last."""
    return _page()


def _page(error: str = "") -> str:
    groups = [(step, rows) for step in _mine() if (rows := ready(step.id))]
    mine = select(Job).where(Job.kind == MANY, Job.by_id == me().id)
    orders = db.session.scalars(mine.order_by(Job.id.desc()).limit(LAST)).all()
    return render_template(
        "desk/many.html",
        groups=groups,
        orders=orders,
        error=error,
        known_step=known_step,
        good=_good,
    )


@bp.post("/")
@require("case.many")
def order() -> Any:
    """Choose several and a step; answer its form once."""
    step = known_step(request.form.get("step", ""))
    if step.id not in batches.CASES:
        abort(400)
    chosen = chosen_of(step, request.form.getlist("docket"))
    if not chosen:
        return _page(_("Choose the dockets first.")), 422
    return answered(step, chosen, url_for("many.page"))


# -- the form, once
def chosen_of(step: Step, texts: Sequence[str]) -> list[Docket]:
    """Those that were ticked, of those I may see and that the step is for."""
    kind = procedure().kind_of(step.id)
    ids = [n for n in map(whole_number, dict.fromkeys(texts)) if n is not None][: batches.MOST]
    mine = (Docket.id.in_(ids), Docket.kind == kind, visible_to(my_scope()))
    return list(db.session.scalars(select(Docket).where(*mine).order_by(Docket.id)))


def answered(step: Step, chosen: list[Docket], back: str) -> Any:
    """The step's form for all of them; once it is good, the order is kept and its progress
    shown."""
    facts = gather(db.session(), current_app.extensions["vault"], chosen[0], me().id)
    form: StepForm = form_class(ASKS.get(step.id, step.asks))(
        facts,
        request.form if "go" in request.form else None,
        officers=step.officers,
        only_today=step.only_today,
    )
    if "go" in request.form and request.form.get("action") != "reply" and form.validate():
        number = batches.order(
            me(), batches.Order(step.id, form.day(), form.payload(), [d.id for d in chosen])
        )
        return redirect(url_for("many.batch", number=number))
    shown = docket_rows.step_page(facts, step, step.track)
    name = "tip" if kinds()[chosen[0].kind].informant else "docket"
    status = 422 if form.errors else 200
    return render_template(
        "desk/bulk.html", step=step, form=form, chosen=chosen, page=shown, back=back, name=name
    ), status


# -- what became of each
@bp.get("/<int:number>")
@require("batch.see")
def batch(number: int) -> str:
    """How far it is, and what became of each."""
    row = own_row(Job, number)
    if row.kind != MANY:
        abort(404)
    dockets = {
        d.id: d
        for d in db.session.scalars(
            select(Docket).where(Docket.id.in_(row.result["dockets"]), visible_to(my_scope()))
        )
    }
    results = [r for r in row.result["results"] if r["docket"] in dockets]
    rows = [(dockets[r["docket"]], r, _result(r)) for r in results]
    good = _good(row)
    back = url_for("triage.burst_page" if row.what in batches.TIPS else "many.page")
    return render_template(
        "desk/batch.html", batch=row, rows=rows, step=known_step(row.what), good=good, back=back
    )


def _good(row: Job) -> int:
    """How many were taken or submitted."""
    return sum(r["state"] in ("done", "proposed") for r in row.result["results"])


def _result(r: dict[str, Any]) -> str:
    """What became of one, in words."""
    if r["state"] == "refused":
        return "；".join(naming.sentences(OneRefused(w["check"], w["values"]) for w in r["why"]))
    if r["state"] == "not_allowed":
        said: str = r["reason"]
        return _(said)
    return {
        "done": _("taken"),
        "proposed": _("submitted for approval"),
        "failed": _("Not done; take it by hand."),
    }[r["state"]]
