"""What the public sees: home, the tip form, its preview, the receipt, progress. No cookie, no script, no trace."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from casework.evidence.uploads import NotTaken, Upload, take_in
from casework.intake import dialogue, drafts
from casework.intake.receive import AlreadyReceived, custodian_keys, receive
from casework.people.facts import settings_of
from casework.people.models import Bureau, Township
from casework.store import db, utcnow
from casework.vault import receipt
from casework.web.shown import SHANGHAI
from forms.tip import MATTERS, SUBJECT_KINDS, AnswerForm, TipForm, labels

bp = Blueprint("public", __name__)
TOKEN_AGE = 24 * 3600  # seconds a form may stay open
MAX_FILES = 20


@dataclass
class Draft:
    """What the person's form and the server hold together."""

    key: str
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> list[Upload]:
        """Files uploaded so far."""
        return [Upload(**f) for f in self.content.get("files", [])]


def bureau() -> Bureau:
    """The bureau whose pages these are: the first, or the one its address names."""
    wanted = request.args.get("bureau")
    query = select(Bureau).where(Bureau.code == wanted) if wanted else select(Bureau).order_by(Bureau.id)
    found = db.session.scalars(query.limit(1)).first()
    if found is None:
        raise RuntimeError("no bureau yet: run «flask --app app people first-admin»")
    return found


@bp.app_context_processor
def _bureau() -> dict[str, Any]:
    """Name, phone and address of the bureau for headers, footers and error pages."""
    row = db.session.scalars(select(Bureau).order_by(Bureau.id).limit(1)).first()
    return {"bureau": row, "bureau_phone": row.phone if row else ""}


@bp.get("/")
def home() -> str:
    """反映统计违法问题."""
    settings = settings_of(bureau().id, _today())
    limits = {k: settings.period(f"tip.{k}") for k in ("notify_days", "verify_days", "result_notice")}
    return render_template("public/home.html", limits=limits, may_name=bool(custodian_keys(bureau().id)))


# -- the tip
@bp.get("/report")
def report() -> str:
    """A blank form."""
    return _form_page(Draft(drafts.new_key()), _form(None))


@bp.post("/report")
def report_post() -> Any:
    """Save, add or remove a file, preview: nothing typed is ever lost, whatever is wrong with it."""
    _check_token()
    draft = _draft()
    form = _form(request.form)
    refused = _take_files(draft)
    for title in request.form.getlist("remove"):
        draft.content["files"] = [f for f in draft.content.get("files", []) if f["stored"] != title]
    draft.content |= form.plain()
    drafts.save(draft.key, draft.content)
    form.files.errors = [*form.files.errors, *refused]
    if request.form.get("action") != "preview":
        return _form_page(draft, form, saved=not refused)
    if not form.validate() or refused:
        form.files.errors = list(dict.fromkeys([*form.files.errors, *refused]))
        return _form_page(draft, form), 422
    return _preview_page(draft, form)


@bp.post("/report/send")
def send() -> Any:
    """Take the draft in and show its receipt, once."""
    _check_token()
    key = request.form.get("draft", "")
    content = drafts.load(key) if drafts.good_key(key) else None
    if content is None:
        return render_template("public/sent_already.html"), 409
    form = _form(None, content)
    try:
        received = receive(
            bureau(),
            form.payload(),
            files=Draft(key, content).files,
            who=_identity(form),
            first=lambda session: drafts.drop(session, key),
        )
    except AlreadyReceived:
        return render_template("public/sent_already.html"), 409
    return render_template("public/receipt.html", received=received, code=receipt.grouped(received.code))


def _identity(form: TipForm) -> bytes | None:
    if not form.is_named:
        return None
    return json.dumps({"name": form.name.data, "contact": form.contact.data}, ensure_ascii=False).encode()


def _form(formdata: Any, content: dict[str, Any] | None = None) -> TipForm:
    rows = db.session.execute(select(Township.code, Township.name).where(Township.bureau_id == bureau().id))
    may_name = bool(custodian_keys(bureau().id))
    return TipForm(formdata, townships={code: name for code, name in rows}, may_name=may_name, data=content or {})


def _form_page(draft: Draft, form: TipForm, saved: bool = False) -> str:
    return render_template("public/report.html", form=form, draft=draft, token=_token(), saved=saved)


def _preview_page(draft: Draft, form: TipForm) -> str:
    words = {
        "subject_kind": labels(SUBJECT_KINDS, form.subject_kind.data),
        "kinds": labels(MATTERS, form.kinds.data),
    }
    return render_template("public/preview.html", form=form, draft=draft, token=_token(), words=words)


def _draft() -> Draft:
    """The draft that the form names, or a new one under its key when the old one is gone."""
    key = request.form.get("draft", "")
    if not drafts.good_key(key):
        return Draft(drafts.new_key())
    return Draft(key, drafts.load(key) or {})


def _take_files(draft: Draft) -> list[str]:
    """Seal newly uploaded files into the draft; sentences for those that were refused."""
    refused: list[str] = []
    held = draft.content.setdefault("files", [])
    limit = int(settings_of(bureau().id, _today()).number("upload.max_bytes"))
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        try:
            if len(held) >= MAX_FILES:
                raise NotTaken("many", file.filename)
            held.append(take_in(file, limit).plain())
        except NotTaken as error:
            refused.append(why_refused(error, limit))
    return refused


def why_refused(error: NotTaken, limit: int) -> str:
    """The sentence for a refused file."""
    sentences = {
        "empty": _("«%(name)s» is empty.", name=error.title),
        "kind": _("«%(name)s»: pictures, PDF, Word, Excel, text and recordings only.", name=error.title),
        "size": _("«%(name)s» is larger than %(limit)s MB.", name=error.title, limit=limit // 1024 // 1024),
        "many": _("«%(name)s» is one file too many; %(limit)s can be sent.", name=error.title, limit=MAX_FILES),
    }  # fmt: skip
    return sentences[error.why]


# -- the form's token: stands in for a cookie
def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="public form")


def _token() -> str:
    return str(_signer().dumps("form"))


def _check_token() -> None:
    """400 with a plain sentence for a form that is not ours or stood open for more than a day; 422 for a program."""
    try:
        _signer().loads(request.form.get("token", ""), max_age=TOKEN_AGE)
    except BadSignature:
        raise BadRequest from None
    if request.form.get("website"):
        raise BadRequest


# -- progress
@bp.route("/progress", methods=["GET", "POST"])
def progress() -> Any:
    """查询进度: the code is asked for anew each time; it is never kept in an address or a cookie."""
    if request.method == "GET":
        return render_template("public/progress.html", error="", token=_token())
    _check_token()
    code = receipt.normalise(request.form.get("code", ""))
    if not receipt.valid(code):
        message = _("This is not a complete receipt code. Please compare it with your slip, group by group.")
        return render_template("public/progress.html", error=message, token=_token()), 422
    docket_id = dialogue.docket_of(code)
    if docket_id is None:
        message = _("There is no tip under this code.")
        return render_template("public/progress.html", error=message, token=_token()), 422
    form = AnswerForm(request.form if request.form.get("action") == "answer" else None)
    refused = _answer(docket_id, form) if request.form.get("action") == "answer" else []
    shown = dialogue.shown(docket_id)
    return render_template("public/thread.html", shown=shown, code=code, form=form, refused=refused, token=_token())


def _answer(docket_id: int, form: AnswerForm) -> list[str]:
    """Keep the informant's message and files; sentences for what was refused."""
    limit = int(settings_of(bureau().id, _today()).number("upload.max_bytes"))
    files, refused = [], []
    for file in request.files.getlist("files"):
        try:
            if file.filename:
                files.append(take_in(file, limit))
        except NotTaken as error:
            refused.append(why_refused(error, limit))
    text = (form.text.data or "").strip()
    if text or files:
        dialogue.from_informant(docket_id, text, files)
        form.text.data = ""
    return refused


def _today() -> Any:
    return utcnow().astimezone(SHANGHAI).date()
