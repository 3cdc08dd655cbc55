"""批量导入: a list of tips from another bureau. Upload → what would become of each row → confirm →
progress."""

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
from flask_babel import gettext as _

from casework.acts.facts import blank_facts
from casework.desk.context import me, own_row
from casework.docket.jobs import LIST, Job
from casework.evidence.uploads import title_of
from casework.intake import bulk, bulk_job, bulk_words, drafts, sheets
from casework.intake.columns import BadHeads, columns
from casework.intake.sheets import BadSheet
from casework.people.may import require
from casework.procedure.load import procedure
from casework.store import db
from casework.web.downloads import answer_file
from casework.web.workbook import workbook
from forms.bulk import ListForm, PartsForm

bp = Blueprint("bulk", __name__, url_prefix="/desk/reports/import")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("", methods=["GET", "POST"])
@require("report.receive")
def upload() -> Any:
    """The list is sealed and judged; nothing else is written."""
    form = _list_form(request.form or None)
    if request.method == "GET":
        return render_template("desk/bulk_upload.html", form=form, refused=[])
    file, refused = request.files.get("file"), list[str]()
    data = file.stream.read(sheets.MOST_BYTES + 1) if file else b""
    if not data:
        refused.append(_("Choose the list."))
    if form.validate() and not refused:
        source = bulk.HandoverSource(title_of(file.filename if file else ""), **form.source())
        try:
            return _judged_page(bulk.judge(me().bureau_id, me().id, data, source), source, data)
        except (BadSheet, BadHeads) as error:
            refused.append(bulk_words.why_bad(error))
    return render_template("desk/bulk_upload.html", form=form, refused=refused), 422


def _list_form(formdata: Any = None) -> ListForm:
    """Who sent the list, and how."""
    kind = procedure().kind_of("receive")
    return ListForm(blank_facts(db.session(), me().bureau_id, kind, me().id), formdata)


def _judged_page(judged: bulk.Judged, source: bulk.HandoverSource, data: bytes) -> str:
    """The fate of every row, and a button only where all of it can go in; first what is hidden is
    asked about."""
    key = _keep(source, data) if judged.may_go_on or judged.open else ""
    return _page(judged, source.name, key, PartsForm(judged.open))


def _page(judged: bulk.Judged, name: str, key: str, form: PartsForm) -> str:
    return render_template(
        "desk/bulk_rows.html", judged=judged, key=key, name=name, form=form, words=bulk_words
    )


def _keep(source: bulk.HandoverSource, data: bytes) -> str:
    """The list, sealed, under a key that only the page holds; gone after a day."""
    stored, key = current_app.extensions["sealed_store"].put(data), drafts.new_draft_key()
    files = [{"stored": stored.name, "cleaned": ""}]
    held = {
        "files": files,
        "source": source.__dict__,
        "choice": {},
        "bureau": me().bureau_id,
        "person": me().id,
    }
    drafts.save(key, held)
    return key


def _kept() -> tuple[str, dict[str, Any], bulk.Judged] | None:
    """The list that the page names, judged again with what was decided; None where it is no longer
    waiting."""
    key = request.form.get("key", "")
    draft = drafts.load_draft(key) if drafts.good_key(key) else None
    if draft is None or (draft.get("bureau"), draft.get("person")) != (me().bureau_id, me().id):
        return None
    return key, draft, _judged(draft)


def _judged(draft: dict[str, Any]) -> bulk.Judged:
    data = current_app.extensions["sealed_store"].read(draft["files"][0]["stored"])
    return bulk.judge(
        me().bureau_id, me().id, data, bulk.HandoverSource(**draft["source"]), draft["choice"]
    )


@bp.post("/decide")
@require("report.receive")
def decide() -> Any:
    """Note whether hidden parts of the list are taken or left, and show every row's fate again."""
    kept = _kept()
    if kept is None:
        return render_template("desk/bulk_gone.html"), 409
    key, draft, judged = kept
    form = PartsForm(judged.open, request.form)
    if not form.validate():
        return _page(judged, draft["source"]["name"], key, form), 422
    draft["choice"] |= form.choice()
    try:
        judged = _judged(draft)
    except (BadSheet, BadHeads) as error:
        return render_template(
            "desk/bulk_upload.html", form=_list_form(), refused=[bulk_words.why_bad(error)]
        ), 422
    drafts.save(key, draft)
    return _page(judged, draft["source"]["name"], key, PartsForm(judged.open))


@bp.post("/confirm")
@require("report.receive")
def confirm() -> Any:
    """Judge the list once more, then begin to take it in."""
    kept = _kept()
    if kept is None or not kept[2].may_go_on:
        return render_template("desk/bulk_gone.html"), 409
    key, draft, judged = kept
    stored = draft["files"][0]["stored"]
    number = bulk_job.start(me().bureau_id, me().id, judged, key, stored)
    return redirect(url_for("bulk.progress", number=number))


@bp.get("/<int:number>")
@require("report.receive")
def progress(number: int) -> Any:
    """How far it is; the page asks anew by itself until it is over."""
    job = own_row(Job, number)
    if job.kind != LIST:
        abort(404)
    return render_template("desk/bulk_progress.html", job=job)


@bp.get("/blank.xlsx")
@require("report.receive")
def blank_list() -> Response:
    """An empty list (XLSX) with every known column."""
    heads = [column.heads[0] for column in columns().values() if column.id != "skip"]
    return answer_file(workbook("线索清单", [("线索清单", [heads])]), "线索清单.xlsx", XLSX)
