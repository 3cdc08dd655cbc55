"""Where scripts run: words are kept while they are typed, and files go up in pieces. What has arrived stays with the draft,
and a lost connection goes on where it broke.

A piece is sealed as it comes; the file is told, scanned and cleaned when it is whole, as any other upload.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from casework.evidence.uploads import NotTaken, Upload, take_bytes, title_of
from casework.intake import draft_room, drafts, flood, form_token
from casework.intake.public import form_of
from casework.intake.uploading import Limits, check_room, day_total, limits_of, why_refused
from casework.people.facts import settings_of
from casework.people.here import public_bureau
from casework.people.may import today

bp = Blueprint("pieces", __name__)
LARGEST = 2 * 1024 * 1024  # bytes of one piece


@bp.post("/report/piece")
def piece() -> Any:
    """Take one piece; answers how many bytes of the file are here, and the file when it is whole."""
    form_token.check()
    key = request.form.get("draft", "")
    size, offset = (request.form.get(k, -1, type=int) for k in ("size", "offset"))
    if not drafts.good_key(key) or size < 0 or offset < 0:
        raise BadRequest
    limits = limits_of(public_bureau().id)
    try:
        return _taken(key, title_of(request.form.get("name")), size, offset, limits)
    except NotTaken as error:
        return {"refused": why_refused(error, limits)}, 422
    except draft_room.Full:
        return {"refused": _("Very much is coming in at the moment. Try again in ten minutes, or call us.")}, 429


@bp.post("/report/keep")
def keep() -> Any:
    """Keep the words of a form while they are typed; a name and a contact only once the person presses a button."""
    form_token.check()
    key = request.form.get("draft", "")
    if not drafts.good_key(key):
        raise BadRequest
    words = {k: v for k, v in form_of(request.form).plain().items() if k not in ("identity", "name", "contact")}
    page = request.form.get("rev", 0, int)

    def alter(content: dict[str, Any]) -> None:
        if page >= content.get("rev", 0):  # a button was pressed since: what comes late is older
            content.update(words)

    try:
        draft_room.keep(key, alter, settings_of(public_bureau().id, today()))
    except draft_room.Full:
        return "", 429
    return "", 204


def _taken(key: str, title: str, size: int, offset: int, limits: Limits) -> Any:
    content = drafts.load(key) or {}
    check_room(title, [f["size"] for f in content.get("files", [])], limits)
    if size == 0 or size > min(limits.max_bytes, limits.max_total):
        raise NotTaken("size" if size else "empty", title)
    part = content.setdefault("partial", {}).setdefault(f"{title}:{size}", {"got": 0, "pieces": []})
    data = _data()
    if offset != part["got"] or not data:
        return {"got": part["got"]}, 200
    if part["got"] + len(data) > size:
        raise BadRequest
    part["pieces"].append(current_app.extensions["sealed_store"].put(data).name)
    part["got"] += len(data)
    day_total().add(len(data), flood.sender())
    try:
        whole = _whole(content, title, size, limits) if part["got"] == size else None
    finally:
        changed: dict[str, Any] = {k: content[k] for k in ("files", "partial") if k in content}
        draft_room.keep(key, lambda now: now.update(changed), settings_of(public_bureau().id, today()))
    return {"got": part["got"]} | ({"stored": whole.stored, "title": whole.title} if whole else {})


def _data() -> bytes:
    file = request.files.get("piece")
    data = file.stream.read(LARGEST + 1) if file else b""
    if len(data) > LARGEST:
        raise BadRequest
    return data


def _whole(content: dict[str, Any], title: str, size: int, limits: Limits) -> Upload:
    """Put the pieces together and take the file in; the pieces are gone either way."""
    store = current_app.extensions["sealed_store"]
    pieces = content["partial"].pop(f"{title}:{size}")["pieces"]
    data = b"".join(store.read(name) for name in pieces)
    for name in pieces:
        store.delete(name)
    taken = take_bytes(title, data, limits.max_bytes)
    content.setdefault("files", []).append(taken.plain())
    return taken
