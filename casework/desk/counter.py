"""The registration desk: a clerk takes in what came by telephone, letter, visit or from another
body."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.acts.facts import blank_facts
from casework.desk import docket_rows, told_code
from casework.desk.context import Here, known_step, me, not_for_the_recused, on_docket
from casework.desk.step_files import StepFiles, kept_for_new
from casework.desk.unit_choice import asked_for_unit
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.evidence.uploads import Upload, title
from casework.identity import custody, originals
from casework.intake import arrivals
from casework.intake.receive import AlreadyReceived, Received, receive
from casework.people.may import may, require, today
from casework.people.models import Bureau
from casework.procedure.channels import Channel
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.offers import NEW
from casework.public import dialogue
from casework.store import db
from casework.text import unless_blank
from casework.vault.receipt import code_from, grouped
from casework.web.errors import refuse
from casework.web.uploads_in_memory import keeps_words
from forms.intake import CHANNELS, recorded
from forms.registry import form_class

bp = Blueprint("counter", __name__, url_prefix="/desk")


@bp.route("/reports/new", methods=["GET", "POST"])
@require("report.receive")
@keeps_words
def new_report() -> Any:
    """收到线索: first how it came, then what that channel's paper form asks; the same save path for
    all."""
    channel = recorded().get(request.values.get("channel", ""))
    if channel is None:
        return _channels_page()
    step, files, sealed = known_step("receive"), kept_for_new(), kept_for_new("envelopes")
    facts = blank_facts(db.session(), me().bureau_id, procedure().kind_of(step.id), me().id)
    may_name = custody.may_name(me().bureau_id)
    refused = [
        *files.refused,
        *sealed.refused,
        *_not_to_be_sealed(sealed, channel, may_name),
    ]
    refused = list(dict.fromkeys(refused))  # what was too much for one go is said once
    scans = len(files.uploads) + len(sealed.uploads)
    form = form_class(step.asks)(
        facts, request.form or None, channel=channel.id, may_name=may_name, scans=scans
    )
    saves = request.method == "POST" and not _shown_again(form)
    if saves:
        if again := _saved_before():
            return again
        if form.validate() and not refused:
            return _save(form, channel, files.uploads, sealed.uploads)
    sheet = _sheet_of_page(channel)
    shown = render_template(
        "desk/new_report.html",
        form=form,
        step=step,
        page=docket_rows.step_page(facts, step, NEW),
        files=files,
        sealed=sealed,
        refused=refused,
        channel=channel,
        may_name=may_name,
        name=dict(CHANNELS)[channel.id],
        sheet=sheet,
        told=_told_code(channel, sheet),
    )
    return shown, 422 if saves or refused else 200


def _shown_again(form: Any) -> bool:
    """Whether a button was pressed that changes the page and saves nothing."""
    return asked_for_unit(form) or request.form.get("action") in ("upload", "tell")


def _channels_page() -> tuple[str, int]:
    """The choice of channels; a fault where something was sent without one."""
    page = render_template("desk/channels.html", channels=CHANNELS)
    return page, 422 if request.method == "POST" else 200


def _sheet_of_page(channel: Channel) -> str:
    """What the page is known by; noted where the clerk tells its code to a person who is there."""
    sheet = request.form.get("sheet") or told_code.sheet_of(channel.id) or secrets.token_urlsafe(24)
    if channel.present and request.method == "POST" and request.form.get("action") == "tell":
        told_code.note_told(channel.id, sheet)
    return sheet


def _told_code(channel: Channel, sheet: str) -> str:
    """The code that the person was told already; "" where none was."""
    return grouped(_code_of(sheet)) if told_code.sheet_of(channel.id) == sheet else ""


@bp.post("/reports/new/not-told")
@require("report.receive")
def not_told() -> Any:
    """Give up a receipt code that was told: the person did not want it, or hung up before saying
    anything."""
    told_code.done()
    return redirect(url_for("counter.new_report"))


def _not_to_be_sealed(sealed: StepFiles, channel: Channel, may_name: bool) -> list[str]:
    """Sentences for what cannot be sealed to the custodians, or shown again afterwards."""
    if sealed.uploads and not (channel.informant and may_name):
        return [_("Nothing can be sealed to custodians here.")]
    bad = [u for u in sealed.uploads if not originals.can_be_sealed(u)]
    return [
        _("«%(name)s»: only pictures and PDF can be sealed as original.", name=u.title) for u in bad
    ]


def _save(form: Any, channel: Channel, files: list[Upload], scans: list[Upload]) -> str:
    """Take it in; a receipt only where an informant stands behind it. Scans that tell who the
    informant is go to the custodians with the name; what the server could still read of them is
    deleted."""
    bureau, who = db.session.get_one(Bureau, me().bureau_id), form.who()
    try:
        identity, sealed = (
            originals.seal_scans(scans, _("sealed original")) if scans else ({}, list[Upload]())
        )
    except FileNotFoundError:  # the same page was sent before
        refuse(409, "The tip was saved and its originals are sealed. Look for it among the tips.")
    payload = {**form.payload(), "originals": len(sealed)} if sealed else form.payload()
    sheet, code, bureau_id = _sheet(), _code_of_sheet(), bureau.id
    try:
        got = receive(
            bureau,
            payload,
            actor_id=me().id,
            on=form.day(),
            files=[*files, *sealed],
            who=_with_identity(who, identity),
            named=who is not None,
            with_code=channel.informant,
            code=code,
            first=lambda session: not sheet or arrivals.note_arrival(session, bureau_id, sheet),
            then=lambda session, docket_id: arrivals.became(session, bureau_id, sheet, docket_id),
        )
    except AlreadyReceived:  # a button pressed twice: the other request was quicker
        return _saved_before()
    _delete_readable(scans)
    told_code.done(request.form.get("sheet", "-"))
    return _received(got, got.code)


def _received(got: Received, code: str) -> str:
    """The page that follows a tip: its number, the receipt code, the way on."""
    return render_template(
        "desk/received.html",
        received=got,
        code=grouped(code),
        docket_code=db.session.get_one(Docket, got.docket_id).code,
    )


def _with_identity(who: bytes | None, identity: Mapping[str, Any]) -> bytes | None:
    """Name and address that were typed, with the keys of sealed scans; None where there is
    neither."""
    if not who and not identity:
        return None
    held = {**json.loads(who or b"{}"), **identity}
    return json.dumps(held, ensure_ascii=False).encode()


def _delete_readable(scans: list[Upload]) -> None:
    """Deletes what the server itself can read of scans, original and cleaned copy."""
    for scan in scans:
        for name in (scan.stored, scan.cleaned):
            if name:
                current_app.extensions["sealed_store"].delete(name)


def _sheet() -> bytes:
    """What the page that was sent is known by; nothing for one without a number of its own."""
    number = request.form.get("sheet", "")
    return arrivals.arrival_fingerprint("sheet", f"{me().id}:{number}".encode()) if number else b""


def _code_of_sheet() -> str:
    """The receipt code that the page which was sent gives; "" where it is drawn anew."""
    number = request.form.get("sheet", "")
    return _code_of(number) if number else ""


def _code_of(sheet: str) -> str:
    """The receipt code that a form page gives this clerk, before it is saved and however often it
    is sent.

    Made under another key than what is kept of the page, which leads to nothing.
    """
    return code_from(arrivals.arrival_fingerprint("sheet code", f"{me().id}:{sheet}".encode()))


def _saved_before() -> Any:
    """The tip that this page became when it was sent first, with its receipt once more while that
    still opens it; else None."""
    docket_id = arrivals.docket_of(me().bureau_id, _sheet()) if _sheet() else None
    if docket_id is None:
        return None
    told_code.done(request.form["sheet"])
    code = _code_of_sheet() if dialogue.docket_of(_code_of_sheet()) == docket_id else ""
    got = Received(docket_id, dialogue.number_of(docket_id), code)
    return _received(got, code)


@bp.route("/dockets/<code>/messages", methods=["GET", "POST"])
@on_docket
def messages(here: Here) -> Any:
    """What the informant wrote, and a message to them: seen as they will see it before it goes;
    reading marks as read."""
    if not kinds()[here.docket.kind].informant or not may(me(), "message.see", today()):
        abort(404)
    not_for_the_recused(here)
    text = unless_blank(request.form.get("text"))
    internal = unless_blank(request.form.get("internal"))
    good = request.method == "POST" and _can_be_sent(text, internal)
    sends = good and request.form.get("action") == "send"
    # word for word what the preview showed
    if sends and request.form.get("seen", "").split() == text.split():
        dialogue.from_bureau(here.docket.id, text, internal)
        return redirect(url_for("counter.messages", code=here.docket.code))
    lines = dialogue.staff_thread(here.docket.id)
    dialogue.read_by_bureau(here.docket.id, lines)
    wrong = request.method == "POST" and not good
    page = render_template(
        "desk/messages.html",
        here=here,
        lines=lines,
        files=_files_with_titles(here),
        error=_("Write what the informant is to read.") if wrong else "",
        text=text,
        internal=internal,
        preview=good,
        changed=sends,
    )
    return page, 422 if wrong else 200


def _can_be_sent(text: str, internal: str) -> bool:
    """Something is to be read, and neither it nor the note is longer than a message may be."""
    return bool(text) and max(len(text), len(internal)) <= 10000


def _files_with_titles(here: Here) -> list[tuple[Attachment, str]]:
    """The docket's files in the order in which they came."""
    own = select(Attachment).where(Attachment.docket_id == here.docket.id)
    return [(f, title(f)) for f in db.session.scalars(own.order_by(Attachment.id))]
