"""单位名录: the register of units brought up to date from a CSV or XLSX, on a page, as a job."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.desk.context import me, own_row
from casework.docket import jobs
from casework.docket.jobs import REGISTER, Job
from casework.people import units
from casework.people.may import require
from casework.people.models import Bureau, Unit
from casework.people.office_journal import enter
from casework.people.unit_lines import BadRegister, Fault, detect_encoding
from casework.store import db, writing

HIDDEN = ("", "take", "leave")  # what becomes of hidden rows and sheets; "": it is asked
bp = Blueprint("register_import", __name__, url_prefix="/desk/office/units")
# sentences of the reader (people.unit_lines), named so that their words are collected
SENTENCES = (
    _l("the headings 单位名称 and 统一社会信用代码 are needed"),
    _l("the workbook cannot be read (%(why)s)"),
    _l("the sheet «%(sheet)s» is hidden: say --hidden take or --hidden leave"),
    _l("left out: the sheet «%(sheet)s» is hidden"),
    _l("row %(row)s of «%(sheet)s» is hidden: say --hidden take or --hidden leave"),
    _l("left out: row %(row)s of «%(sheet)s» is hidden"),
    _l("left out: the sheet «%(sheet)s» has not the headings of a register"),
    _l("the file is no CSV and no XLSX: open it in Excel or WPS and save it as .xlsx"),
    _l("the file is neither UTF-8 nor GB 18030 nor UTF-16"),
    _l("not the line of a CSV (%(why)s)"),
    _l("unknown kind «%(words)s»"),
    _l("unknown township «%(words)s»"),
    _l("an address of more than 200 characters, or a person of more than 60"),
    _l("no name, or one longer than 200 characters"),
    _l("the code is the identity number of a person"),
    _l("«%(words)s» is not the code of a unit; leave it empty where there is none"),
    _l("the code stands in line %(first)s too"),
    _l("the unit, which has no code, stands in line %(first)s too"),
    _l("and %(more)s more faults"),
    _l("is kept as a number of more than 15 digits; its last ones are lost"),
    _l("is the short form of a long number; its digits are lost"),
    _l("is a formula, not its result"),
    _l("a formula whose result is not in the file"),
    _l("is an error message of the spreadsheet"),
    _l("«%(words)s» is kept as a number of more than 15 digits; its last ones are lost"),
    _l("«%(words)s» is the short form of a long number; its digits are lost"),
    _l("«%(words)s» is a formula, not its result"),
    _l("«%(words)s» a formula whose result is not in the file"),
    _l("«%(words)s» is an error message of the spreadsheet"),
)


@bp.route("", methods=["GET", "POST"])
@require("unit.import")
def upload() -> Any:
    """How many units there are, and a field for the file; what is sent is sealed, and its job
    begins."""
    file, refused = request.files.get("file"), ""
    hidden = request.form.get("hidden", "")
    if request.method == "POST":
        data = file.stream.read() if file else b""
        if data and hidden in HIDDEN:
            return redirect(url_for("register_import.progress", number=_start(data, hidden)))
        refused = _("Choose the register.")
    count = select(func.count()).select_from(Unit).where(Unit.bureau_id == g.bureau.id)
    page = render_template("office/units.html", refused=refused, known=db.session.scalar(count))
    return page, 422 if refused else 200


@bp.get("/<int:number>")
@require("unit.import")
def progress(number: int) -> str:
    """How far it is; then what became of it, or every line that is wrong."""
    job = own_row(Job, number)
    if job.kind != REGISTER:
        abort(404)
    return render_template(
        "office/units_progress.html",
        job=job,
        faults=[said(row) for row in job.result.get("faults", ())],
        left_out=[said(row)["says"] for row in job.result.get("notes", ())],
    )


def said(row: dict[str, Any]) -> dict[str, Any]:
    """A fault as it is kept, in the language of the page: sheet, line, sentence."""
    said = row["why"]
    return {**row, "says": _(said, **row["values"])}


def _start(data: bytes, hidden: str) -> int:
    stored = current_app.extensions["sealed_store"].put(data).name
    of: dict[str, Any] = {"by_id": me().id, "stored": stored, "what": hidden}
    with writing() as session:
        number = jobs.order(session, REGISTER, me().bureau_id, **of).id
    jobs.in_background(number, take_in_register)
    return number


def take_in_register(held: jobs.Claim) -> None:
    """The file of a job, all of it or nothing; the job ends in the same transaction. What is wrong
    is kept with the job, line by line."""
    job = db.session.get_one(Job, held.number)
    stored, hidden, store = job.stored, job.what, current_app.extensions["sealed_store"]
    bureau_id, by = job.bureau_id, job.by_id
    db.session.rollback()
    with NamedTemporaryFile() as file:  # the readers take a file; it has no name of a person
        file.write(store.read(stored))
        file.flush()
        try:
            _read(held, Path(file.name), hidden, (bureau_id, by))
        except BadRegister as error:
            with writing() as session:
                wrong = {"faults": [_row(fault) for fault in error.found]}
                held.end(session, "failed", error="register", stored="", result=wrong)
    with suppress(OSError):  # swept like any file that nothing names
        store.delete(stored)


def _read(held: jobs.Claim, file: Path, hidden: str, who: tuple[int, int | None]) -> None:
    encoding, lines = detect_encoding(file)
    with writing() as session:
        held.note(session, total=lines)
    notes, done = list[Fault](), 0

    def report(more: int) -> None:
        nonlocal done
        done += more
        held.report(done)

    with writing() as session:
        bureau = session.get_one(Bureau, who[0])
        added, changed = units.take_in(session, bureau, file, encoding, report, hidden, notes)
        _end(session, held, who, (added, changed), notes)


def _end(
    session: Session,
    held: jobs.Claim,
    who: tuple[int, int | None],
    counts: tuple[int, int],
    notes: list[Fault],
) -> None:
    """The job is done, and the office's journal says so."""
    told = dict(zip(("added", "changed"), counts, strict=True))
    enter(session, *who, "units", "", told)
    result = {**told, "notes": [_row(note) for note in notes]}
    held.end(session, done=sum(counts), stored="", result=result)


def _row(fault: Fault) -> dict[str, Any]:
    """A fault as a job keeps it."""
    return {
        "sheet": fault.sheet,
        "line": fault.line,
        "why": fault.why,
        "values": dict(fault.values),
    }
