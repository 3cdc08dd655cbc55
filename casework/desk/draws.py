"""双随机: the draws of the bureau, each with its frame, its public number and what it drew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask import request as asked
from flask_babel import gettext as _
from sqlalchemy import select

from casework.acts.errors import NotAllowed, Refused
from casework.desk import naming
from casework.desk.context import me, my_scope, today
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.double_random import draws
from casework.double_random.draws import NotNow
from casework.double_random.frame import DrawRules, risks
from casework.double_random.models import RandomDraw
from casework.people.facts import settings_of, staff_facts, townships
from casework.people.may import require
from casework.store import db
from casework.vault.digest import canonical
from casework.web.downloads import answer_file
from casework.web.language import current
from forms.random_draw import DrawForm, NumberForm, OpenCasesForm, WithdrawForm
from letters.random_draw import DrawSheet, draw_sheet

bp = Blueprint("draws", __name__, url_prefix="/desk/draws")

REASONS: dict[str, Callable[[], str]] = {
    "no source": lambda: _("The settings do not name yet whose public number decides."),
    "day not later": lambda: _("The day of the public number must come after today."),
    "no units": lambda: _("No unit of the register is in this frame."),
    "no officers": lambda: _("Fewer than two officers have a card that is valid today."),
    "waiting": lambda: _(
        "Units of this frame stand in a draw that waits for its number. Finish it, or take it back."
    ),
    "too early": lambda: _("The day of the public number has not come yet."),
    "too late": lambda: _("From the day of its number on, a draw cannot be taken back."),
    "same person": lambda: _("You typed the number already. Another person types it once more."),
    "differ": lambda: _("The two numbers differ. Both persons read the source and type it again."),
    "over": lambda: _("This draw is over already."),
    "changed": lambda: _(
        "The stored draw is not the one that the journal holds. Nothing is done with it; tell the "
        "auditor."
    ),
}


def reason_word(error: NotNow) -> str:
    """Why something cannot be done with a draw."""
    return REASONS[error.reason]()


@bp.get("/")
@require("draw.see")
def listing() -> str:
    """All draws, the newest first; those that were taken back stay."""
    rows = db.session.scalars(
        select(RandomDraw).where(RandomDraw.bureau_id == me().bureau_id).order_by(-RandomDraw.id)
    ).all()
    return render_template("draws/list.html", rows=rows, names=_names(), state_word=state_word)


def state_word(state: str) -> str:
    """How a draw stands."""
    return {
        "committed": _("waits for its public number"),
        "drawn": _("drawn"),
        "withdrawn": _("taken back"),
    }[state]


@bp.route("/new", methods=["GET", "POST"])
@require("draw.make")
def new() -> Any:
    """The rules of a draw, and the day of its public number. 422 with what does not hold."""
    form, refused = DrawForm(asked.form or None), ""
    form.townships.choices = list(townships(me().bureau_id).items())
    if asked.method == "POST" and form.validate():
        said = form.values()
        rules = DrawRules(said["take"], said["townships"], said["kinds"], said["by_risk"])
        try:
            number = draws.commit(
                me().bureau_id, me().id, said["name"], rules, said["public_day"], today()
            )
        except NotNow as error:
            refused = reason_word(error)
        else:
            flash(_("The frame is committed. Its digest stands in the journal."))
            return redirect(url_for("draws.one", number=number))
    source = settings_of(me().bureau_id, today()).text(draws.SOURCE)
    page = render_template("draws/new.html", form=form, refused=refused, source=source)
    return page, 422 if asked.method == "POST" else 200


@bp.get("/<int:number>")
@require("draw.see")
def one(number: int) -> Any:
    """One draw: what was committed, the number, what was drawn, and its cases."""
    return _page(_draw(number))


@bp.post("/<int:number>/number")
@require("draw.see")
def type_number(number: int) -> Any:
    """The public number, typed by two persons one after the other."""
    draw, form = _draw(number), NumberForm(asked.form)
    if not form.validate():
        return _page(draw, number=form), 422
    try:
        drawn = draws.type_number(draw.id, me().id, form.values()["number"], today())
    except ValueError:
        form.number.errors = [_("A public number has three digits or more.")]
        return _page(draw, number=form), 422
    except NotNow as error:
        return _page(_draw(number), refused=reason_word(error)), 409
    flash(_("Drawn.") if drawn else _("Noted. Another person types the number once more."))
    return redirect(url_for("draws.one", number=number))


@bp.post("/<int:number>/withdraw")
@require("draw.make")
def withdraw(number: int) -> Any:
    """Take a draw back before the day of its number."""
    draw, form = _draw(number), WithdrawForm(asked.form)
    if not form.validate():
        return _page(draw, back=form), 422
    try:
        draws.take_back(draw.id, me().id, form.values()["reason"], today())
    except NotNow as error:
        return _page(_draw(number), refused=reason_word(error)), 409
    return redirect(url_for("draws.one", number=number))


@bp.post("/<int:number>/cases")
@require("draw.make")
def open_cases(number: int) -> Any:
    """A case for each unit that was drawn, with its two officers."""
    draw, form = _draw(number), OpenCasesForm(asked.form)
    if not form.validate():
        return _page(draw, cases=form), 422
    try:
        opened = draws.open_cases(draw, me().id, today(), form.values())
    except NotNow as error:
        return _page(_draw(number), refused=reason_word(error)), 409
    except (Refused, NotAllowed) as error:
        return _page(_draw(number), refused=_stopped(error)), 409
    flash(_("%(n)s cases were opened and assigned.", n=opened))
    return redirect(url_for("draws.one", number=number))


def _stopped(error: Refused | NotAllowed) -> str:
    """What kept a case from being opened; those of the other units stand."""
    if isinstance(error, NotAllowed):
        return _(error.reason)
    return " ".join(naming.sentences(error.refusals))


@bp.get("/<int:number>.json")
@require("draw.see")
def file(number: int) -> Response:
    """Frame, digest, number and result: what ``draw verify`` repeats."""
    said = _shown(lambda: draws.as_file(_draw(number)))
    return answer_file(canonical(said), f"draw-{number}.json", "application/json")


@bp.get("/<int:number>.pdf")
@require("draw.see")
def sheet(number: int) -> Response:
    """The result sheet. 404 before the draw."""
    draw = _draw(number)
    if draw.state != "drawn" or draw.drawn_at is None:
        abort(404)
    places = townships(me().bureau_id)
    rows = [
        (
            str(d.place),
            d.unit["name"],
            d.unit["code"],
            places.get(d.unit["township"], ""),
            "\n".join(f"{o['name']} {o['card']}" for o in d.officers) or "—",
        )
        for d in _shown(lambda: draws.result(draw))
    ]
    frame = _shown(lambda: draws.frame_of(draw))
    made = DrawSheet(
        draw.name,
        draw.digest,
        draw.at,
        draw.source,
        draw.public_day,
        draw.number,
        draw.drawn_at,
        (_names()[draw.number_by or 0], _names()[draw.drawn_by or 0]),
        len(frame["units"]),
        len(frame["officers"]),
        tuple(
            f"{r.zh}：另加{r.lots}签" for r in risks().values() if r.id in frame["rules"]["lots"]
        ),
    )
    data = draw_sheet(g.bureau.name, made, rows)
    return answer_file(data, f"双随机抽取结果-{draw.id}.pdf", "application/pdf")


def _shown(make: Callable[[], Any]) -> Any:
    """409 with the reason where a draw is not the committed one."""
    try:
        return make()
    except NotNow as error:
        abort(409, reason_word(error))


def _draw(number: int) -> RandomDraw:
    """The bureau's draw of that number; 404 for another's."""
    draw = db.session.get(RandomDraw, number)
    if draw is None or draw.bureau_id != me().bureau_id:
        abort(404)
    return draw


def _page(
    draw: RandomDraw,
    number: NumberForm | None = None,
    back: WithdrawForm | None = None,
    cases: OpenCasesForm | None = None,
    refused: str = "",
) -> str:
    try:
        frame, drawn = draws.frame_of(draw), draws.result(draw)
    except NotNow as error:
        frame, drawn, refused = None, [], reason_word(error)
    return render_template(
        "draws/one.html",
        draw=draw,
        frame=frame,
        drawn=drawn,
        refused=refused,
        names=_names(),
        codes=_codes([d.docket_id for d in drawn if d.docket_id]),
        places=townships(me().bureau_id),
        risks=risks(),
        language=current(),
        state_word=state_word,
        today=today(),
        number_form=number or NumberForm(),
        back_form=back or WithdrawForm(),
        cases_form=cases or _proposed(draw),
    )


def _proposed(draw: RandomDraw) -> OpenCasesForm:
    """What the cases have in common, from the plan."""
    form = OpenCasesForm()
    form.cause.data = f"双随机抽查：{draw.name}"
    form.narrative.data = f"按{draw.name}，经双随机抽取（摘要{draw.digest[:16]}）确定为检查对象。"
    return form


def _codes(docket_ids: list[int]) -> dict[int, str]:
    """Addresses of the dockets that the person may see."""
    rows = db.session.execute(
        select(Docket.id, Docket.code).where(Docket.id.in_(docket_ids), visible_to(my_scope()))
    )
    return {number: code for number, code in rows}


def _names() -> dict[int, str]:
    return {p.id: p.name for p in staff_facts(me().bureau_id, today()).values()}
