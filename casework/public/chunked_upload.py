"""Where scripts run: words are kept while they are typed, and files go up in pieces. What has
arrived stays with the draft, and a lost connection goes on where it broke.

A piece is sealed as it comes; the file is told, scanned and cleaned when it is whole, as any other
upload.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from casework.evidence.uploads import NotTaken, Upload, take_bytes, title_of
from casework.intake import draft_room, drafts
from casework.intake.upload_limits import (
    Limits,
    check_room,
    day_total,
    file_note,
    limits_of,
    list_refused,
    upload_limits,
    why_refused,
)
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.public_bureau import public_bureau
from casework.public import form_token
from casework.public.report_page import form_of
from casework.web.sender import sender
from forms.tip import NARRATIVE

bp = Blueprint("pieces", __name__)
LARGEST = 2 * 1024 * 1024  # bytes of one piece


@bp.app_context_processor
def _for_forms() -> dict[str, Any]:
    """Pages say beside the field of files what may be sent."""
    return {"upload_limits": lambda: upload_limits(public_bureau().id)}


@bp.post("/report/piece")
def piece() -> Any:
    """Take one piece; answers how many bytes of the file are here, and the file when it is
    whole."""
    form_token.require_token()
    key = request.form.get("draft", "")
    size, offset = (request.form.get(k, -1, type=int) for k in ("size", "offset"))
    if not drafts.good_key(key) or size < 0 or offset < 0:
        raise BadRequest
    limits = limits_of(public_bureau().id)
    try:
        return _taken(key, title_of(request.form.get("name")), size, offset, limits)
    except NotTaken as error:
        _listed(key, error)
        return {"refused": why_refused(error, limits), "title": error.title}, 422
    except draft_room.Full:
        return {
            "refused": _(
                "Very much is coming in at the moment. Try again in ten minutes, or call us."
            )
        }, 429
    except drafts.Discarded:
        return {"refused": _("This draft was deleted.")}, 409
    except drafts.TooLarge:
        return {"refused": _too_long()}, 422


def _listed(key: str, error: NotTaken) -> None:
    """The refused file stands on the pages to come, also where the script's own list is gone."""
    with suppress(*draft_room.NOT_KEPT):
        draft_room.store_draft(
            key,
            lambda content: list_refused(content, [error]),
            settings_of(public_bureau().id, today()),
        )


@bp.post("/report/keep")
def keep() -> Any:
    """Keep the words of a form while they are typed; a name and a contact only once the person
    presses a button."""
    form_token.require_token()
    key = request.form.get("draft", "")
    if not drafts.good_key(key):
        raise BadRequest
    words = {
        k: v
        for k, v in form_of(request.form).plain().items()
        if k not in ("identity", "name", "contact")
    }
    page = request.form.get("rev", 0, int)

    def alter(content: dict[str, Any]) -> None:
        if page >= content.get("rev", 0):  # a button was pressed since: what comes late is older
            content.update(words)

    try:
        draft_room.store_draft(key, alter, settings_of(public_bureau().id, today()))
    except draft_room.Full:
        return "", 429
    except drafts.Discarded:
        return "", 409
    except drafts.TooLarge:
        return {"said": _too_long()}, 422
    return "", 204


def _too_long() -> str:
    return _(
        "The text is longer than the %(most)s characters that can be sent, "
        "so it is not kept on the server. It stands on "
        "this page; shorten it, or send the long part as a file.",
        most=f"{NARRATIVE:,}",
    )


def _taken(key: str, title: str, size: int, offset: int, limits: Limits) -> Any:
    """Two requests may bring the same piece: a browser sends again what the server still works at.
    What the draft holds is only changed as it stands in that moment."""
    content = drafts.load_draft(key) or {}
    if offset and (there := _there(content, title, size)):  # it was whole, and the answer was lost
        return _said(there)
    _check_size(content, title, size, limits)
    got = _part(content, title, size)["got"]
    if got < size:
        got = _with_piece(key, title, size, offset, got)
    if got < size:
        return {"got": got}
    whole = _whole(key, title, size, limits)
    return _said(whole) if whole else {"got": 0}  # begin anew


def _check_size(content: Mapping[str, Any], title: str, size: int, limits: Limits) -> None:
    """NotTaken where a file is empty, or too large by itself or with those that are there."""
    others = [
        f["size"] for f in content.get("files", []) if (f["title"], f["size"]) != (title, size)
    ]
    check_room(title, others, limits)
    if size == 0 or size > min(limits.max_bytes, limits.max_total):
        raise NotTaken("size" if size else "empty", title)


def _with_piece(key: str, title: str, size: int, offset: int, got: int) -> int:
    """How many bytes are here with the piece that was sent; as many as before where it is not the
    next one."""
    data = _data()
    if offset != got or not data:
        return got
    if got + len(data) > size:
        raise BadRequest
    return _added(key, title, size, offset, data)


def _part(content: Mapping[str, Any], title: str, size: int) -> dict[str, Any]:
    """What is here of a file."""
    part: dict[str, Any] = content.get("partial", {}).get(
        f"{title}:{size}", {"got": 0, "pieces": []}
    )
    return part


def _there(content: Mapping[str, Any], title: str, size: int) -> Upload | None:
    """The file, where it is whole already."""
    return next(
        (Upload(**f) for f in content.get("files", []) if (f["title"], f["size"]) == (title, size)),
        None,
    )


def _said(whole: Upload) -> dict[str, Any]:
    return {
        "got": whole.size,
        "stored": whole.stored,
        "title": whole.title,
        "about": file_note(whole),
    }


def _added(key: str, title: str, size: int, offset: int, data: bytes) -> int:
    """Seal a piece and add it, unless the same has come meanwhile; how many bytes are here now."""
    store, got = current_app.extensions["sealed_store"], 0
    name = store.put(data).name
    day_total().add(len(data), sender())

    def alter(content: dict[str, Any]) -> None:
        nonlocal got
        part = _part(content, title, size)
        if part["got"] == offset:
            part = {"got": offset + len(data), "pieces": [*part["pieces"], name]}
            content.setdefault("partial", {})[f"{title}:{size}"] = part
        got = size if offset and _there(content, title, size) else part["got"]

    try:
        kept = draft_room.store_draft(key, alter, settings_of(public_bureau().id, today()))
    except draft_room.NOT_KEPT:
        drafts.delete_files([name])
        raise
    if name not in _part(kept, title, size)["pieces"]:
        drafts.delete_files([name])
    return got


def _data() -> bytes:
    file = request.files.get("piece")
    data = file.stream.read(LARGEST + 1) if file else b""
    if len(data) > LARGEST:
        raise BadRequest
    return data


def _whole(key: str, title: str, size: int, limits: Limits) -> Upload | None:
    """Put the pieces together and take the file in; the pieces are gone either way. Whoever comes
    second is given what the first has made; None where nothing is here any more."""
    store, content = current_app.extensions["sealed_store"], drafts.load_draft(key) or {}
    pieces = _part(content, title, size)["pieces"]
    try:
        data = b"".join(store.read(name) for name in pieces)
    except FileNotFoundError:  # the first has just put them away
        data = b""
    if not data:
        return _settled(key, title, size, None)
    try:
        whole = _settled(key, title, size, take_bytes(title, data, limits.max_bytes))
    except NotTaken:
        _settled(key, title, size, None)
        drafts.delete_files(pieces)
        raise
    drafts.delete_files(pieces)
    return whole


def _settled(key: str, title: str, size: int, taken: Upload | None) -> Upload | None:
    """The pieces leave the draft, the file comes in their place; the same file stands in it once.
    Without one: what another request has made of them."""
    found = taken

    def alter(content: dict[str, Any]) -> None:
        nonlocal found
        content.get("partial", {}).pop(f"{title}:{size}", None)
        if taken is None:
            found = _there(content, title, size)
            return
        same = [
            f
            for f in content.get("files", [])
            if (f["title"], f["sha256"]) == (taken.title, taken.sha256)
        ]
        content["files"] = content.get("files", []) + ([] if same else [taken.plain()])
        list_refused(content)
        found = Upload(**same[0]) if same else taken

    try:
        draft_room.store_draft(key, alter, settings_of(public_bureau().id, today()))
    except draft_room.NOT_KEPT:
        drafts.delete_files({taken.stored, taken.cleaned} - {""} if taken else ())
        raise
    if taken and found != taken:
        drafts.delete_files({taken.stored, taken.cleaned} - {""})
    return found
