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
from casework.desk import (
    clock_rows,
    counts,
    docket_rows,
    frame,
    naming,
    paper_list,
    reading,
    rows,
    saved_views,
    work,
)
from casework.desk.columns import listed
from casework.desk.context import known_step, me, my_scope, today
from casework.desk.files import visible_file
from casework.desk.filters import filter_of
from casework.desk.list_page import main_part
from casework.desk.unit_choice import asked_for_unit
from casework.docket import lists
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.evidence.kinds import copy_type
from casework.evidence.uploads import download_name, title
from casework.papers.models import Paper
from casework.people.may import may, require
from casework.people.models import Bureau
from casework.procedure.draw import picture
from casework.procedure.help import step_help
from casework.procedure.kinds import kind_of_list, kinds, list_names
from casework.procedure.load import procedure
from casework.procedure.model import ANY, Step
from casework.store import db, writing
from casework.web.downloads import answer_file
from casework.web.errors import refuse
from casework.web.language import current
from forms.registry import form_class
from letters.handbook import handbook_pdf

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
        "clock_name": cache(naming.clock_name),
        "docket_kinds": kinds(),
        "my_level": lambda kind: my_scope().level(kind),
        "docket_url": rows.docket_urls(),
        "value_name": naming.value_name,
    }


@bp.get("/")
@require("desk.home")
def home() -> str:
    """What waits for me, what is due this week, what I wait for, and how many deadlines run."""
    scope, session, day = my_scope(), db.session(), today()
    mine = may(me(), "case.inspect", day)
    due = counts.due_up_to(
        session, scope, tuple(kinds()), mine, day, ("overdue", "today", "soon", "week"), MOST
    )
    return render_template(
        "desk/home.html",
        **work.blocks(),
        faulty=_faulty(),
        opening=[(which, naming.step_name(step.id)) for which, step in _opening()],
        listed=list(kinds().values()),
        due=due,
        mine=mine,
        today=day,
        most=MOST,
    )


def _faulty() -> list[dict[str, Any]]:
    """What the second reading found, for those who look after the files; but for what the person
    answers: in their work that stands already."""
    if not may(me(), "quality.sample", today()):
        return []
    roles, p = me().role_names(today()), procedure()
    answers = [s for s in p.steps.values() if "read_again" in s.does and roles & set(s.roles)]
    of = {s.track for s in answers}
    others = [k for k in kinds() if not {ANY, kinds()[k].track} & of]
    return reading.faulty(reading.FEW, others)


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
    """Papers by number, name, kind and days, newest first; which of them wait for service."""
    wanted = paper_list.wanted_of(request.args)
    page = paper_list.papers_page(wanted, paper_list.page_after(request.args))
    asked = {k: v for k, v in request.args.items() if k != "after" and v}
    return render_template(
        "desk/papers.html",
        rows=page.rows,
        wanted=wanted,
        asked=asked,
        after=page.after,
        first=bool(request.args.get("after")),
        rules=procedure().papers,
        language=current(),
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
        help=step_help(),
        svg=picture(p, current()),
        language=current(),
        role=naming.role_word,
    )


@bp.get("/procedure/handbook.pdf")
@require("procedure.see")
def handbook() -> Response:
    """The same as a book, in the person's language."""
    bureau = db.session.get_one(Bureau, me().bureau_id)
    language = "en" if current().startswith("en") else "zh"
    data = handbook_pdf(procedure(), bureau.name, language, today())
    return answer_file(data, f"handbook-{procedure().version}.pdf", "application/pdf")
