"""What the public sees: home, the tip form, its preview, the receipt, progress. No cookie, no
script, no trace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from casework.evidence.uploads import NotTaken, Upload
from casework.identity import custody
from casework.informants import codes
from casework.intake import draft_room, drafts, rate_limit, upload_limits
from casework.intake.receive import AlreadyReceived, Received, receive
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.public_bureau import public_bureau, speak_for, whose
from casework.people.register import names_like
from casework.people.role_words import role_word
from casework.procedure.settings import Settings
from casework.public import (
    dialogue,
    form_token,
    one_time_pages,
    preview_digest,
    receipts,
    report_page,
    resubmission,
)
from casework.public.report_page import Draft, form_of
from casework.public.sent_before import sent_before
from casework.public.stages import PUBLIC_STAGES
from casework.store import Busy
from casework.text import unless_blank
from casework.vault import receipt
from casework.web.uploads_in_memory import MemoryRequest, keeps_words
from forms.tip import WHO, AnswerForm, TipForm, is_named, payload_of

bp = Blueprint("public", __name__)
bp.before_request(whose)
bp.after_request(one_time_pages.hand_over)
bp.add_app_template_filter(upload_limits.file_note, "about_upload")


@bp.get("/")
def home() -> str:
    """反映统计违法问题."""
    settings = _settings()
    limits = {
        k: settings.period(f"tip.{k}") for k in ("notify_days", "verify_days", "result_notice")
    }
    return render_template(
        "public/home.html", limits=limits, may_name=custody.may_name(public_bureau().id)
    )


# -- the tip
@bp.get("/report")
def report() -> str:
    """A blank form."""
    return report_page.blank_form()


@bp.post("/report")
@keeps_words
def report_post() -> Any:
    """Save, add or remove a file, preview, throw away: nothing typed is ever lost, whatever is
    wrong with it."""
    action = request.form.get("action", "")
    if action == "resume":
        return _resumed()
    draft = _draft()
    form = form_of(request.form)
    if form_token.stale():
        return report_page.written(draft, form, said="old"), 400
    once = request.form.get("once", "")
    # on a preview that lay open, or came by «back»
    if action == "change" and once and drafts.load_draft(draft.key) is None:
        return sent_before(draft.key, once) or (report_page.no_draft(), 409)
    if action == "discard":
        return report_page.discarded(draft)
    form.pick(request.form.get("unit", ""))
    return _kept(draft, form, action)


def _kept(draft: Draft, form: TipForm, action: str) -> Any:
    """The page after what was sent is kept in the draft, or could not be."""
    sent = cast(MemoryRequest, request)
    once = resubmission.ticket()
    good = action == "preview" and form.validate() and not sent.files_left_out
    try:
        refused = _keep(draft, form, once if good else "")
    except draft_room.Full:
        return report_page.written(draft, form, said="full"), 429
    except Busy:
        return report_page.written(draft, form, said="busy"), 503
    except drafts.TooLarge:
        form.validate()
        return report_page.written(draft, form, said="long"), 422
    if sent.files_left_out:
        return report_page.written(draft, form, said="large"), 413
    if good and not refused:
        return report_page.preview(draft, once)
    return _form_again(draft, form, action, refused)


def _form_again(draft: Draft, form: TipForm, action: str, refused: list[str]) -> Any:
    """The form after a button of it was pressed, with what is wrong."""
    if action == "find":
        return report_page.written(draft, form, found=_found(form))
    if action == "upload" and not draft.files and not refused:
        form.files.errors = [_("Choose the files first.")]
    wrong = bool(form.files.errors or refused)
    page = report_page.written(draft, form, said="" if wrong else action, refused=refused)
    return page, 422 if wrong or action == "preview" else 200


@bp.post("/report/send")
def send() -> Any:
    """Take in what the person's page showed, and show the receipt; the same page sent again soon
    after shows it once more."""
    key, once = request.form.get("draft", ""), request.form.get("once", "")
    if form_token.stale():
        return report_page.written(_draft(), form_of(request.form), said="old"), 400
    content = drafts.load_draft(key) if drafts.good_key(key) else None
    code = resubmission.code_for_ticket(key, once)
    if content is None:
        return _gone(code)
    here, draft = public_bureau(), Draft(key, content)
    settings = settings_of(here.id, today())
    rate_limit.hold_back("tips", settings)
    if rate_limit.busy(settings) and not rate_limit.patient(key):
        return _wait_page(key, once), 429
    if not _looked_over(key, content) or report_page.named_in_vain(content):
        return _shown_anew(draft)
    try:
        received = _taken_in(draft, code)
    except AlreadyReceived:
        return _gone(code)
    except drafts.Overtaken:
        return _shown_anew(Draft(key))
    rate_limit.count_request("tips")
    return receipts.fresh(here, received.code, received.number)


def _taken_in(draft: Draft, code: str) -> Received:
    """Receive what the draft holds, if it still is what the page showed once nobody else can change
    it."""
    content = draft.content
    return receive(
        public_bureau(),
        payload_of(content),
        files=draft.files,
        who=_identity(content),
        code=code if resubmission.belongs(content, request.form.get("once", "")) else "",
        first=lambda session: drafts.take_draft(
            session, draft.key, lambda now: _looked_over(draft.key, now)
        ),
    )


def _looked_over(key: str, content: Mapping[str, Any]) -> bool:
    """Whether the page that was posted showed these words and files."""
    return preview_digest.was_shown(key, content, request.form.get("seen", ""))


def _gone(code: str) -> Any:
    """The receipt again for whoever holds the page that was sent: its answer may have been lost.
    Else that there is no such draft: whether it was sent, thrown away or too old is not known."""
    docket_id = dialogue.docket_of(code) if code else None
    if docket_id is None:
        return report_page.no_draft(), 409
    speak_for(dialogue.bureau_of(docket_id))
    return receipts.fresh(public_bureau(), code, dialogue.number_of(docket_id))


def _shown_anew(draft: Draft) -> Any:
    """A draft that the person's page did not show as it is (another tab, a telephone on which it
    was resumed, a name nobody can keep any more): both are shown, and nothing is sent."""
    form, once = form_of(None, draft.content), resubmission.ticket()
    if not form.validate():
        return report_page.written(
            draft, form, said="changed", differing=report_page.differing(draft)
        ), 422
    apart = set(WHO) - form.data.keys()
    why = "nameless" if report_page.named_in_vain(draft.content) else "changed"

    def alter(content: dict[str, Any]) -> None:
        for name in apart:
            content.pop(name, None)
        content["once"] = resubmission.mark(once)
        report_page.note_walk(content)

    # it is shown all the same, and its page is asked for once more
    with suppress(*draft_room.NOT_KEPT):
        draft.content = draft_room.store_draft(draft.key, alter, _settings())
    return report_page.preview(draft, once, anew=why), 409


def _settings() -> Settings:
    return settings_of(public_bureau().id, today())


def _found(form: TipForm) -> list[str] | str:
    """Names of units that fit what was typed, or a sentence: nothing, or too many searches."""
    settings = _settings()
    if rate_limit.full("units", settings):
        return _("Too many searches at the moment. Just write the name as you know it.")
    rate_limit.count_request("units")
    found = names_like(public_bureau(), form.subject.data or "")
    return found or _("No unit was found. Just write the name as you know it.")


def _wait_page(key: str, once: str) -> str:
    """Very much comes in: a puzzle for browsers with scripts, a short wait for people without."""
    return render_template(
        "public/wait.html",
        draft=key,
        token=form_token.token(),
        ticket=rate_limit.wait_ticket(key),
        seconds=rate_limit.WAIT,
        challenge=rate_limit.challenge(key),
        once=once,
        seen=request.form.get("seen", ""),
        posted=report_page.posted(),
        files=request.form.getlist("file"),
    )


def _identity(words: Mapping[str, Any]) -> bytes | None:
    if not is_named(words):
        return None
    return json.dumps(
        {"name": words["name"], "contact": words["contact"]}, ensure_ascii=False
    ).encode()


def _draft() -> Draft:
    """The draft that the form names, or a new one under its key when the old one is gone."""
    key = request.form.get("draft", "")
    return Draft(key) if drafts.good_key(key) else Draft(drafts.new_draft_key(), {})


def _keep(draft: Draft, form: TipForm, once: str) -> list[str]:
    """Seal newly uploaded files and keep all of the form (``once``: the ticket of its preview, or
    ""); sentences for files that were refused. draft_room.Full, drafts.TooLarge."""
    taken, refused = _uploaded(draft)
    removed, words = request.form.getlist("remove"), form.plain()
    away: list[Upload] = []

    def alter(content: dict[str, Any]) -> None:
        held = [f for f in content.get("files", []) if f["stored"] not in removed]
        away[:] = [Upload(**f) for f in content.get("files", []) if f["stored"] in removed]
        # the page was loaded anew: the same file came once more
        known = {(f["title"], f["sha256"]) for f in held}
        fresh = [u.plain() for u in taken if (u.title, u.sha256) not in known]
        for name in WHO:  # of a time when somebody could keep it
            content.pop(name, None)
        content |= {
            **words,
            "files": held + fresh,
            "rev": content.get("rev", 0) + 1,
            "once": resubmission.mark(once),
        }
        upload_limits.list_refused(content, refused, request.form.getlist("unlist"))
        report_page.note_walk(content)

    try:
        draft.content = draft_room.store_draft(draft.key, alter, _settings())
    except drafts.Discarded:
        # the browser went back to a page of a draft that was thrown away: another draft
        draft.key = drafts.new_draft_key()
        draft.content = draft_room.store_draft(draft.key, alter, _settings())
    drafts.delete_files(name for u in away for name in (u.stored, u.cleaned) if name)
    limits = upload_limits.limits_of(public_bureau().id)
    return [upload_limits.why_refused(error, limits) for error in refused]


def _uploaded(draft: Draft) -> tuple[list[Upload], list[NotTaken]]:
    files = [f for f in request.files.getlist("files") if f.filename]
    if not files:
        return [], []
    return upload_limits.sorted_out(
        files, [(f.title, f.size) for f in draft.files], upload_limits.limits_of(public_bureau().id)
    )


def _resumed() -> Any:
    """Go on with a draft: under the code that the person noted, or the key that a script kept while
    the tab was open."""
    key = drafts.typed_key(request.form.get("resume", ""))
    content = drafts.load_draft(key) if drafts.good_key(key) else None
    if content is None:
        rate_limit.hold_back("codes", _settings())
        rate_limit.count_request("codes")
        return report_page.written(
            Draft(drafts.new_draft_key(), {}), form_of(None), said="gone"
        ), 422
    draft = Draft(key, content)
    with suppress(*draft_room.NOT_KEPT):  # it is shown all the same
        draft.content = draft_room.store_draft(key, report_page.note_walk, _settings())
    return report_page.written(draft, form_of(None, draft.content), said="resumed")


# -- progress
@bp.route("/progress", methods=["GET", "POST"])
@keeps_words
def progress() -> Any:
    """查询进度: the code is asked for anew each time; it is never kept in an address or a
    cookie."""
    if request.method == "GET":
        return render_template("public/progress.html", error="", typed="", token=form_token.token())
    code = receipt.normalise(request.form.get("code", ""))
    docket_id = dialogue.docket_of(code) if receipt.valid(code) else None
    # an answer that took days to write is not lost
    form_token.require_token(form_token.AGE if docket_id is None else None)
    if not receipt.valid(code):
        message = _(
            "This is not a complete receipt code. Please compare it with your slip, group by group."
        )
        if len(code) != receipt.DIGITS:
            message += _(" You typed %(n)s digits; the code has 24.", n=len(code))
        return _asked_again(message), 422
    if docket_id is None and (old := codes.exchanged(code)):
        return render_template("public/code_ended.html", on=old.on), 422
    # whoever holds a right code is never kept out by others who guess: there are 10^22
    if docket_id is None:
        rate_limit.hold_back("codes", _settings())
        rate_limit.count_request("codes")
        return _asked_again(_("There is no report under this code.")), 422
    if receipts.must_change(docket_id):
        return render_template(
            "public/change_code.html",
            code=code,
            token=form_token.token(),
            once=resubmission.ticket(),
        )
    return _thread_page(docket_id, code)


def _asked_again(error: str) -> str:
    """The same page with what was typed: 24 digits are not typed twice for one slip."""
    typed = request.form.get("code", "")[:60]
    return render_template(
        "public/progress.html", error=error, typed=typed, token=form_token.token()
    )


def _thread_page(docket_id: int, code: str) -> Any:
    """What an informant sees behind the code, after doing what they asked: keep an answer, take a
    message back."""
    speak_for(dialogue.bureau_of(docket_id))
    action = request.form.get("action", "")
    form = AnswerForm(request.form if action == "answer" else None)
    done = _answer(docket_id, form) if action == "answer" else Answered()
    withdrawn = (
        dialogue.take_back_message(docket_id, request.form.get("message", ""))
        if action == "withdraw"
        else None
    )
    page = render_template(
        "public/thread.html",
        shown=dialogue.shown_thread(docket_id),
        code=code,
        form=form,
        done=done,
        withdrawn=withdrawn,
        files=upload_limits.files_of_informant(docket_id),
        stages=PUBLIC_STAGES,
        token=form_token.token(),
        once=resubmission.ticket(),
        role=role_word,
    )
    failed = withdrawn is False or (action == "answer" and not done.kept)
    return (page, 422) if failed else page


@dataclass(frozen=True)
class Answered:
    """What became of an answer."""

    kept: bool = False
    refused: tuple[str, ...] = ()  # sentences
    here_before: tuple[str, ...] = ()  # names of files that had come already


def _answer(docket_id: int, form: AnswerForm) -> Answered:
    """Keep the informant's message and files."""
    limits = upload_limits.limits_of(public_bureau().id)
    files, refused = upload_limits.take_all(
        request.files.getlist("files"), upload_limits.of_informant(docket_id), limits
    )
    text = unless_blank(form.text.data)
    if not text and not files:
        return Answered(refused=tuple(refused or [_("Write something or choose a file first.")]))
    before = dialogue.from_informant(docket_id, text, files)
    form.text.data = ""
    return Answered(True, tuple(refused), tuple(before))
