"""工作台, lists, the procedure picture, papers and files: what people open between steps."""

from __future__ import annotations

from functools import cache
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
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.acts.facts import blank_facts
from casework.acts.intent import NEW, Intent
from casework.acts.perform import open_docket
from casework.desk import clock_rows, counts, docket_rows, frame, naming, reading, rows, saved_views
from casework.desk.columns import listed
from casework.desk.context import known_step, me, my_scope, today
from casework.desk.files import visible_file
from casework.desk.filters import filter_of
from casework.desk.list_page import main_part
from casework.desk.unit_choice import asked_for_unit
from casework.docket import lists
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.evidence.kinds import copy_type
from casework.evidence.uploads import download_name, title
from casework.papers.models import Paper
from casework.people.may import may, require
from casework.procedure.draw import picture
from casework.procedure.kinds import DocketKind, kind_of_list, kinds, list_names
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.roles import NUMBER, who_may
from casework.store import db, writing
from casework.web.downloads import answer_file
from casework.web.errors import refuse
from casework.web.language import current
from forms.registry import form_class

bp = Blueprint("desk", __name__, url_prefix="/desk")
MOST = 999  # dockets that a number of the desk counts to


@bp.app_context_processor
def _rail() -> dict[str, Any]:
    """What the frame of every desk page needs to know."""

    day, person = today(), me()
    signed_in = getattr(person, "is_authenticated", False)

    def allowed(action: str) -> bool:
        return signed_in and may(person, action, day)

    return {
        **frame.CONTEXT,
        "allowed": allowed,
        "due_word": cache(lambda due: clock_rows.due_word(due, day)),
        "stage_name": cache(naming.stage_name),
        "step_of_turn": cache(naming.step_of_turn),
        "docket_kinds": kinds(),
        "my_level": lambda kind: my_scope().level(kind),
        "docket_url": rows.docket_urls(),
        "value_name": naming.value_name,
    }


@bp.get("/")
@require("desk.home")
def home() -> str:
    """What I can decide or do now, the ledger of deadlines, and my cases or new tips."""
    scope, session, roles = my_scope(), db.session(), me().role_names(today())
    waiting = [
        (row, naming.step_name(row.step)) for row in lists.proposals_waiting(session, scope, roles)
    ]
    back = {
        row.code: (row, naming.step_name(row.step))
        for row in lists.returned_proposals(session, scope)
    }
    mine = bool(roles & who_may("case.inspect"))
    turn = [
        r
        for kind, stage in naming.stages_of_my_turn(roles)
        if scope.level(kind) != NUMBER
        for r in lists.dockets_page(
            session, scope, Filter(kind, stage=stage, sort="due"), today()
        ).rows[:8]
    ]
    listed = [
        (kind, lists.dockets_page(session, scope, _first_due(kind, mine), today()).rows[:12])
        for kind in kinds().values()
    ]
    ledger = lists.ledger(session, scope, mine)
    due = counts.due_up_to(
        session,
        scope,
        tuple(kinds()),
        mine,
        today(),
        ("overdue", "today", "soon", "week"),
        MOST,
    )
    faulty = reading.faulty(reading.FEW) if may(me(), "quality.sample", today()) else []
    return render_template(
        "desk/home.html",
        faulty=faulty,
        waiting=waiting,
        opening=[(which, naming.step_name(step.id)) for which, step in _opening()],
        back=back.values(),
        turn=turn,
        listed=listed,
        ledger=ledger,
        due=due,
        mine=mine,
        today=today(),
        rules=procedure().clocks,
        most=MOST,
    )


def _first_due(kind: DocketKind, mine: bool) -> Filter:
    """New tips; of the other kinds those that the home page lists by their deadlines."""
    if kind.informant:
        return Filter(kind.id, stage=next(iter(procedure().tracks[kind.track].stages)), sort="due")
    return Filter(kind.id, mine=mine, sort="due")


@bp.get(f"/<{list_names()}:which>")
@require("docket.see")
def listing(which: str) -> str:
    """A list with its filters; each number elsewhere links to one of these."""
    query = saved_views.query_of(request.args)
    try:
        f = filter_of(which, request.args, today())
        page = lists.dockets_page(
            db.session(),
            my_scope(),
            f,
            today(),
            request.args.get("after", ""),
            listed(my_scope(), f.kind).shown,
        )
    except ValueError:
        abort(400)
    saved_views.remember(which, query)
    return frame.framed_page(naming.list_name(f.kind), main_part(which, f, page, query))


# -- opening a docket on a finding of our own (检查发现立核查件)
def _opening() -> list[tuple[str, Step]]:
    """The lists to which the person may add a docket, each with the step that does it."""
    roles = me().role_names(today())
    steps = ((k.list, known_step(k.opened_by)) for k in kinds().values() if k.opened_by)
    return [(which, step) for which, step in steps if roles & set(step.roles)]


@bp.route(f"/<{list_names()}:which>/new", methods=["GET", "POST"])
@require("docket.see")
def new_docket(which: str) -> Any:
    """The form of the step that opens a docket of that list; 403 for whom the step is not."""
    step = dict(_opening()).get(which) or refuse(403, "Your role does not allow this.")
    facts = blank_facts(db.session(), me().bureau_id, kind_of_list(which).id, me().id)
    form, refused = form_class(step.asks)(facts, request.form or None), list[str]()
    saves = request.method == "POST" and not asked_for_unit(form)
    if saves and form.validate():
        try:
            with writing() as session:
                intent = Intent(0, step.id, me().id, form.day(), NEW, "take", form.payload())
                docket, _done = open_docket(session, me().bureau_id, intent)
            return redirect(url_for("dockets.docket", code=docket.code))
        except Refused as error:
            refused = naming.sentences(error.refusals)
    page, status = docket_rows.step_page(facts, step, NEW), 422 if saves else 200
    return render_template(
        "desk/new.html", form=form, step=step, page=page, refused=refused
    ), status


# -- papers and files
@bp.get("/papers")
@require("paper.open")
def papers() -> str:
    """The newest papers, and those that wait for service."""
    made = db.session.execute(
        select(Paper.id, Paper.kind, Paper.number, Paper.on, Paper.state, Docket.code, Docket.title)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(visible_to(my_scope()))
        .order_by(Paper.id.desc())
        .limit(100)
    ).all()
    return render_template(
        "desk/papers.html", rows=made, rules=procedure().papers, language=current()
    )


@bp.get("/papers/<int:number>.pdf")
@require("paper.open")
def paper(number: int) -> Response:
    """The stored copy of an issued paper, byte for byte."""
    row = db.session.execute(
        select(Paper)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(Paper.id == number, visible_to(my_scope()))
    ).scalar_one_or_none()
    if row is None:
        abort(404)
    data = current_app.extensions["sealed_store"].read(row.stored)
    return answer_file(data, f"{row.id}.pdf", "application/pdf", shown=True)


@bp.get("/files/<int:number>")
@require("file.open")
def file(number: int) -> Response:
    """The cleaned working copy of a file; the sealed original is never served to a browser as
    is."""
    row, _docket = visible_file(number)
    data = current_app.extensions["sealed_store"].chunks(row.cleaned)
    media_type = copy_type(row.media_type)
    answer = answer_file(data, download_name(title(row), media_type), media_type)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


# -- the procedure
@bp.get("/procedure")
@require("procedure.see")
def procedure_page() -> str:
    """The whole procedure as a picture and as a table, from the same data."""
    p = procedure()
    return render_template(
        "desk/procedure.html",
        p=p,
        svg=picture(p, current()),
        language=current(),
        role=naming.role_word,
    )
