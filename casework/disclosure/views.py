"""The public list, a firm's page, and the paper check. No cookie, no script."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from casework.disclosure import outputs, queries
from casework.papers import signing, verify
from casework.people.facts import townships
from casework.people.may import today
from casework.people.public_bureau import public_bureau, speak_for
from casework.procedure.load import procedure
from casework.store import db
from casework.text import is_blank
from casework.web.downloads import disposition
from casework.web.language import current

bp = Blueprint("disclosure", __name__)


@bp.get("/list")
def public_list() -> str:
    """失信公示: the entries on show today, narrowed by words, list, township and year. 400 for what
    is no key of a page."""
    bureau, wanted, session = public_bureau(), queries.asked(request.args), db.session()
    try:
        rows, after = queries.entries_page(
            session, bureau.id, today(), wanted, request.args.get("after", "")
        )
    except ValueError:
        abort(400)
    names = townships(bureau.id)
    towns, years = queries.choices(session, bureau.id, today())
    return render_template(
        "public/list.html",
        rows=rows,
        after=after,
        wanted=wanted,
        years=years,
        today=today(),
        files=tuple(outputs.FILES),
        towns={t: names.get(t, t) for t in towns},
        count=queries.count_entries(session, bureau.id, today(), wanted),
        list_word=outputs.list_word,
        withdrawn=queries.withdrawn_of(session, bureau.id, today(), wanted),
        why_withdrawn=outputs.why_withdrawn,
    )


@bp.get("/list.<any(pdf, xlsx, csv, json, sqlite, atom):ending>")
def download(ending: str) -> Response:
    """The whole list, narrowed in the same way, as a file."""
    bureau, wanted = public_bureau(), queries.asked(request.args)
    found = queries.all_of(db.session(), bureau.id, today(), wanted)
    gone = queries.withdrawn_of(db.session(), bureau.id, today(), wanted)
    listing = outputs.Listing(bureau.name, today(), found, townships(bureau.id), _address, gone)
    answer = Response(outputs.file_of(ending, listing), content_type=outputs.FILES[ending][0])
    name = f"public-list-{today().isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = disposition(name, shown=ending == "atom")
    return answer


def _address(number: int) -> str:
    """Of a firm's page; 0: of the list."""
    if not number:
        return url_for("disclosure.public_list", _external=True)
    return url_for("disclosure.firm", number=number, _external=True)


@bp.get("/list/<int:number>")
def firm(number: int) -> str | tuple[str, int]:
    """One entry: facts, decision, period, and the ways against it; of one that is withdrawn or over
    what became of it (行政处罚法 §48); else 404."""
    row = queries.one(db.session(), number, today())
    if row is None:
        return _no_more(number)
    speak_for(row.bureau_id)
    return render_template(
        "public/firm.html", row=row, said=outputs.record(row, townships(row.bureau_id))
    )


def _no_more(number: int) -> tuple[str, int]:
    """Withdrawn: one sentence that says why. Over: that it is over, and nothing of whom it was
    about."""
    if gone := queries.withdrawn_one(db.session(), number, today()):
        speak_for(gone.bureau_id)
        return render_template(
            "public/withdrawn.html", gone=gone, why=outputs.why_withdrawn(gone)
        ), 200
    if old := queries.over(db.session(), number, today()):
        speak_for(old.bureau_id)
        return render_template("public/over.html"), 410
    abort(404)


# What the page says for each verdict: about a paper in the hand, about a file.
_BY_CODE = {
    verify.UNCHANGED: "good",
    verify.WITHDRAWN: "withdrawn",
    verify.DESTROYED: "destroyed",
    verify.UNKNOWN: "unknown",
}
_BY_FILE = {verify.UNCHANGED: "same", verify.WITHDRAWN: "withdrawn", verify.UNKNOWN: "unknownfile"}


@bp.get("/check")
def check_paper() -> str:
    """文书核验 by number and short code; the answer says nothing about the case."""
    number, code = (request.args.get(name, "").strip() for name in ("number", "code"))
    if is_blank(number) or is_blank(code):
        return _checked(
            None, "half" if request.args.keys() & {"number", "code"} else "", number, code
        )
    found = verify.check_by_code(db.session(), number, code)
    return _checked(found, _BY_CODE[found.result], number, code)


@bp.post("/check")
def check_file() -> str:
    """文书核验 by the file itself: unchanged, withdrawn or unknown. It is read once and kept
    nowhere."""
    file = request.files.get("file")
    if not (file and file.filename):
        return _checked(None, "nofile")
    found = verify.by_bytes(db.session(), file.stream)
    return _checked(found, _BY_FILE[found.result], found.number, signed=_signature(found))


def _signature(found: verify.Verdict) -> tuple[str, str]:
    """State and signer of an unchanged paper's signature, read from our own copy: what was uploaded
    is never opened."""
    if found.result != verify.UNCHANGED:
        return "", ""
    return signing.signature(current_app.extensions["sealed_store"].read(found.stored))


def _checked(
    found: verify.Verdict | None,
    answer: str,
    number: str = "",
    code: str = "",
    signed: tuple[str, str] = ("", ""),
) -> str:
    row = found if found and found.kind else None
    name = procedure().papers[row.kind].name.in_language(current()) if row else ""
    return render_template(
        "public/check.html",
        number=number,
        code=code,
        answer=answer,
        row=row,
        name=name,
        signed=signed,
    )
