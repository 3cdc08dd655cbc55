"""What the public sees: home, the tip form, its preview, the receipt, progress. No cookie, no script, no trace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from casework.evidence.uploads import Upload
from casework.intake import custody, dialogue, draft_room, drafts, drawn, flood, form_token, receipts, resent, uploading
from casework.intake.receive import AlreadyReceived, receive
from casework.intake.stages import PUBLIC_STAGES
from casework.people.facts import settings_of, townships
from casework.people.here import public_bureau, speak_for, whose
from casework.people.may import today
from casework.people.register import names_like
from casework.procedure.settings import Settings
from casework.vault import receipt
from forms.tip import MATTERS, SUBJECT_KINDS, AnswerForm, TipForm, is_named, labels, payload_of

bp = Blueprint("public", __name__)
bp.before_request(whose)


class Draft:
    """What the person's form and the server hold together; what the server holds is read when it is first asked for."""

    def __init__(self, key: str, content: dict[str, Any] | None = None) -> None:
        self.key, self._content = key, content

    @property
    def content(self) -> dict[str, Any]:
        """Words and files kept so far; nothing of a draft that is gone."""
        if self._content is None:
            self._content = drafts.load(self.key) or {}
        return self._content

    @content.setter
    def content(self, kept: dict[str, Any]) -> None:
        self._content = kept

    @property
    def files(self) -> list[Upload]:
        """Files uploaded so far."""
        return [Upload(**f) for f in self.content.get("files", [])]


@bp.get("/")
def home() -> str:
    """反映统计违法问题."""
    settings = _settings()
    limits = {k: settings.period(f"tip.{k}") for k in ("notify_days", "verify_days", "result_notice")}
    return render_template("public/home.html", limits=limits, may_name=custody.may_name(public_bureau().id))


# -- the tip
@bp.get("/report")
def report() -> str:
    """A blank form."""
    return drawn.filled("report", public_bureau(), _draw_blank, key=drafts.new_key(), token=form_token.token())


def _draw_blank(key: str, token: str) -> str:
    shown = {"said": "", "stale": False, "found": None, "note": ""}
    return render_template("public/report.html", form=form_of(None), draft=Draft(key, {}), token=token, **shown)


@bp.post("/report")
def report_post() -> Any:
    """Save, add or remove a file, preview: nothing typed is ever lost, whatever is wrong with it."""
    if request.form.get("action") == "resume":
        return _resumed()
    draft = _draft()
    form = form_of(request.form)
    if form_token.stale():
        return _form_page(draft, form, stale=True), 400
    form.pick(request.form.get("unit", ""))
    action, once = request.form.get("action", ""), resent.ticket()
    good = action == "preview" and form.validate()
    try:
        refused = _keep(draft, form, once if good else "")
    except draft_room.Full:
        return _form_page(draft, form, said="full"), 429
    form.files.errors = [*form.files.errors, *refused]
    if action == "upload" and not draft.files and not refused:
        form.files.errors = [_("Choose the files first.")]
    if action == "find":
        return _form_page(draft, form, found=_found(form))
    if action != "preview":
        return _form_page(draft, form, said="" if form.files.errors else action)
    return _preview_page(draft, form, once) if good and not refused else (_form_page(draft, form), 422)


@bp.post("/report/send")
def send() -> Any:
    """Take the draft in and show its receipt; the same page sent again soon after shows it once more."""
    form_token.check()
    key, once = request.form.get("draft", ""), request.form.get("once", "")
    content = drafts.load(key) if drafts.good_key(key) else None
    code = resent.code_of(key, once)
    if content is None:
        return _sent_already(code)
    here, draft = public_bureau(), Draft(key, content)
    settings = settings_of(here.id, today())
    flood.hold_back("tips", settings)
    if flood.busy(settings) and not flood.patient(key):
        return _wait_page(key, once), 429
    if not content.get("ready") or (is_named(content) and not custody.may_name(here.id)):
        return _shown_anew(draft)
    try:
        received = receive(
            here,
            payload_of(content),
            files=draft.files,
            who=_identity(content),
            code=code if resent.belongs(content, once) else "",
            first=lambda session: drafts.drop(session, key),
        )
    except AlreadyReceived:
        return _sent_already(code)
    flood.count("tips")
    return receipts.fresh(here, received.code, received.number)


def _sent_already(code: str) -> Any:
    """The receipt again for whoever holds the page that was sent: its answer may have been lost. Else that it came before."""
    docket_id = dialogue.docket_of(code) if code else None
    if docket_id is None:
        return render_template("public/sent_already.html"), 409
    speak_for(dialogue.bureau_of(docket_id))
    return receipts.fresh(public_bureau(), code, dialogue.number_of(docket_id))


def _shown_anew(draft: Draft) -> Any:
    """A draft that was never looked over, or was changed since (another tab, a name nobody can keep any more): it is looked
    over before it is sent."""
    form = form_of(None, draft.content)
    if not form.validate():
        return _form_page(draft, form), 422
    once = resent.ticket()
    seen, apart = {**draft.content}, {"identity", "name", "contact"} - form.data.keys()

    def alter(content: dict[str, Any]) -> None:
        if content == {k: v for k, v in seen.items() if k != "ready"}:
            for name in apart:
                content.pop(name, None)
            content |= {"ready": True, "once": resent.mark(once)}

    draft.content = draft_room.keep(draft.key, alter, _settings())
    return _preview_page(draft, form, once, anew=True), 409


def _settings() -> Settings:
    return settings_of(public_bureau().id, today())


def _found(form: TipForm) -> list[str] | str:
    """Names of units that fit what was typed, or a sentence: nothing, or too many searches."""
    settings = _settings()
    if flood.full("units", settings):
        return _("Very many searches at the moment. Just write the name as you know it.")
    flood.count("units")
    found = names_like(public_bureau(), form.subject.data or "")
    return found or _("Nothing begins like this. Just write the name as you know it.")


def _wait_page(key: str, once: str) -> str:
    """Very much comes in: a puzzle for browsers with scripts, a short wait for people without."""
    return render_template(
        "public/wait.html", draft=key, token=form_token.token(), ticket=flood.wait_ticket(key), seconds=flood.WAIT,
        challenge=flood.challenge(key), once=once,
    )  # fmt: skip


def _identity(words: Mapping[str, Any]) -> bytes | None:
    if not is_named(words):
        return None
    return json.dumps({"name": words["name"], "contact": words["contact"]}, ensure_ascii=False).encode()


def form_of(formdata: Any, content: dict[str, Any] | None = None) -> TipForm:
    here = public_bureau()
    may_name = custody.may_name(here.id)
    return TipForm(formdata, townships=townships(here.id), may_name=may_name, data=content or {})


def _form_page(draft: Draft, form: TipForm, said: str = "", stale: bool = False, found: Any = None) -> str:
    """The form; ``said`` is what was done just now and is confirmed where the person looks: save · upload · resumed · gone
    (no such draft) · full (nothing was kept)."""
    shown = {"said": said, "stale": stale, "found": found, "note": drafts.grouped(draft.key)}
    return render_template("public/report.html", form=form, draft=draft, token=form_token.token(), **shown)


def _preview_page(draft: Draft, form: TipForm, once: str, anew: bool = False) -> str:
    words = {
        "subject_kind": labels(SUBJECT_KINDS, form.subject_kind.data),
        "kinds": labels(MATTERS, form.kinds.data),
        "answer_wanted": labels(form.answer_wanted.choices, form.answer_wanted.data),
    }
    shown = {"form": form, "draft": draft, "token": form_token.token(), "once": once, "words": words, "anew": anew}
    body = Markup(render_template("public/preview_body.html", **shown))  # noqa: S704 - drawn with autoescape
    return drawn.filled("preview", public_bureau(), _draw_preview, body=body)


def _draw_preview(body: str) -> str:
    return render_template("public/preview.html", body=body)


def _draft() -> Draft:
    """The draft that the form names, or a new one under its key when the old one is gone."""
    key = request.form.get("draft", "")
    return Draft(key) if drafts.good_key(key) else Draft(drafts.new_key(), {})


def _keep(draft: Draft, form: TipForm, once: str) -> list[str]:
    """Seal newly uploaded files and keep all of the form, and whether it may be sent as it stands (``once``: the ticket of its
    preview, or ""); sentences for files that were refused. draft_room.Full."""
    taken, refused = _uploaded(draft)
    looked_over = {"ready": bool(once) and not refused, "once": resent.mark(once)}
    removed, words = request.form.getlist("remove"), {**form.plain(), **looked_over}

    def alter(content: dict[str, Any]) -> None:
        held = [f for f in content.get("files", []) if f["stored"] not in removed]
        known = {(f["title"], f["sha256"]) for f in held}  # the page was loaded anew: the same file came once more
        fresh = [u.plain() for u in taken if (u.title, u.sha256) not in known]
        content |= {**words, "files": held + fresh, "rev": content.get("rev", 0) + 1}

    draft.content = draft_room.keep(draft.key, alter, _settings())
    return refused


def _uploaded(draft: Draft) -> tuple[list[Upload], list[str]]:
    files = [f for f in request.files.getlist("files") if f.filename]
    if not files:
        return [], []
    return uploading.take_all(files, [(f.title, f.size) for f in draft.files], uploading.limits_of(public_bureau().id))


def _resumed() -> Any:
    """Go on with a draft: under the code that the person noted, or the key that a script kept while the tab was open."""
    key = drafts.typed_key(request.form.get("resume", ""))
    content = drafts.load(key) if drafts.good_key(key) else None
    if content is None:
        flood.hold_back("codes", _settings())
        flood.count("codes")
        return _form_page(Draft(drafts.new_key(), {}), form_of(None), said="gone"), 422
    return _form_page(Draft(key, content), form_of(None, content), said="resumed")


# -- progress
@bp.route("/progress", methods=["GET", "POST"])
def progress() -> Any:
    """查询进度: the code is asked for anew each time; it is never kept in an address or a cookie."""
    if request.method == "GET":
        return render_template("public/progress.html", error="", token=form_token.token())
    code = receipt.normalise(request.form.get("code", ""))
    docket_id = dialogue.docket_of(code) if receipt.valid(code) else None
    form_token.check(form_token.AGE if docket_id is None else None)  # an answer that took days to write is not lost
    if not receipt.valid(code):
        message = _("This is not a complete receipt code. Please compare it with your slip, group by group.")
        if len(code) != receipt.DIGITS:
            message += _(" %(n)s digits were typed; there are 24.", n=len(code))
        return _asked_again(message), 422
    if docket_id is None:  # whoever holds a right code is never kept out by others who guess: there are 10^22
        flood.hold_back("codes", _settings())
        flood.count("codes")
        return _asked_again(_("There is no tip under this code.")), 422
    if receipts.must_change(docket_id):
        return render_template("public/change_code.html", code=code, token=form_token.token())
    return _thread_page(docket_id, code)


def _asked_again(error: str) -> str:
    """The same page with what was typed: 24 digits are not typed twice for one slip."""
    typed = request.form.get("code", "")[:60]
    return render_template("public/progress.html", error=error, typed=typed, token=form_token.token())


def _thread_page(docket_id: int, code: str) -> Any:
    """What an informant sees behind the code, after keeping what they sent along."""
    speak_for(dialogue.bureau_of(docket_id))
    answering = request.form.get("action") == "answer"
    form = AnswerForm(request.form if answering else None)
    kept, refused = _answer(docket_id, form) if answering else (False, [])
    page = render_template(
        "public/thread.html", shown=dialogue.shown(docket_id), code=code, form=form, refused=refused, kept=kept,
        files=len(uploading.of_informant(docket_id)), stages=PUBLIC_STAGES, token=form_token.token(),
    )  # fmt: skip
    return (page, 422) if answering and not kept else page


def _answer(docket_id: int, form: AnswerForm) -> tuple[bool, list[str]]:
    """Keep the informant's message and files: whether something was kept, and sentences for what was refused."""
    limits = uploading.limits_of(public_bureau().id)
    files, refused = uploading.take_all(request.files.getlist("files"), uploading.of_informant(docket_id), limits)
    text = (form.text.data or "").strip()
    if text or files:
        dialogue.from_informant(docket_id, text, files)
        form.text.data = ""
    elif not refused:
        refused = [_("Write something or choose a file first.")]
    return bool(text or files), refused
