"""Pages that answer a post are handed over by an address of their own, so that the informant's
browser keeps no post.

A browser writes into its session files what a page was asked with: after a post that is the whole
tip, or the receipt code, and it lies there when the window is closed. So a page that answers a post
is kept here for some minutes, sealed under a random name, and the browser is sent to fetch it
(303): then it has an address to remember, and that opens nothing soon after.

The pages lie in the machine's memory, never on a disk; the key to each is its name, which only the
browser has. They are put under the walk that they belong to (form_token.walk), so that whoever
leaves takes all of them along. Where there is no room the page is answered at once, as a program
that asks for no HTML is answered always.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from casework.intake import drafts
from casework.people.public_bureau import whose
from casework.public import form_token
from casework.public.sent_before import sent_before
from casework.vault import memory

# seconds: as long as a lost receipt is shown again, and no longer than somebody stays at the
# computer
AGE = 600
ROOM = 64 * 1024 * 1024  # bytes of all pages
MOST_WALKS = 50  # of one tab
_POLICY = "Content-Security-Policy"  # the slip's own allows its picture
log = logging.getLogger("casework")

bp = Blueprint("handed", __name__)
bp.before_request(whose)


@dataclass(frozen=True)
class Page:
    """A page that waits to be fetched."""

    html: str
    status: int
    policy: str = ""
    draft: str = ""  # whose draft it shows; it is shown no more when that is gone
    once: str = ""  # of a preview: tells whether the draft was sent


def of_draft(key: str, once: str = "") -> None:
    """Note that the page being made shows a draft."""
    g.shows_draft = (key, once)


def hand_over(answer: Response) -> Response:
    """A redirect to the page in place of the page, where a browser has posted."""
    browser = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    if (
        not browser
        or answer.mimetype != "text/html"
        or answer.is_streamed
        or 300 <= answer.status_code < 400
    ):
        return answer
    draft, once = g.get("shows_draft", ("", ""))
    page = Page(
        answer.get_data(as_text=True),
        answer.status_code,
        answer.headers.get(_POLICY, ""),
        draft,
        once,
    )
    walk, name = form_token.walk(), secrets.token_urlsafe(24)
    try:
        kept = store_page(walk, name, page)
    except OSError as error:
        log.error("no page handed over: %s", type(error).__name__)
        kept = False
    return redirect(url_for("handed.page", walk=walk, name=name), 303) if kept else answer  # type: ignore[return-value]


@bp.get("/page/<walk>/<name>")
def page(walk: str, name: str) -> Response | tuple[str, int]:
    """The page of that name; 410 once it is gone."""
    found = find_page(walk, name)
    if found is None:
        return render_template("public/page_gone.html"), 410
    if found.draft and drafts.load_draft(found.draft) is None:
        return _without_draft(found)
    return Response(
        found.html,
        found.status,
        {_POLICY: found.policy} if found.policy else {},
        mimetype="text/html",
    )


def _without_draft(found: Page) -> Response | tuple[str, int]:
    """In place of a page whose draft was sent, thrown away or grew too old: it would say that
    nothing is submitted yet."""
    page = sent_before(found.draft, found.once)
    if page is not None:
        return Response(page, mimetype="text/html")
    return render_template("public/no_draft.html", posted=(), files=()), 410


@bp.post("/leave")
def leave() -> Response:
    """Delete all pages of the walk, and with scripts those of all walks of this tab."""
    for walk in set(form_token.posted_walks()[:MOST_WALKS]):
        drop(walk)
    return redirect(url_for("handed.left"), 303)  # type: ignore[return-value]


@bp.get("/left")
def left() -> Response:
    """A page that says what the browser may still hold and how to delete it; asks the browser to
    delete what a site can (its history is not among it)."""
    return Response(
        render_template("public/left.html"), headers={"Clear-Site-Data": '"cache", "storage"'}
    )


# -- keeping
def store_page(walk: str, name: str, page: Page) -> bool:
    """Keep the page for AGE seconds, as one of that walk; False where there is no room."""
    sealed = bytes(
        _box(name).encrypt(json.dumps({**asdict(page), "until": time.time() + AGE}).encode())
    )
    used = sweep()
    if used + len(sealed) > ROOM:
        return False
    folder, file = _folder(), _file(walk, name)
    if folder is None:
        _here()[file] = (time.time(), sealed)
    else:
        memory.write(folder, file, sealed)
    return True


def find_page(walk: str, name: str) -> Page | None:
    """The page, or None where there is none, or its time is over."""
    folder, file = _folder(), _file(walk, name)
    try:
        sealed = _here()[file][1] if folder is None else (folder / file).read_bytes()
        held = json.loads(_box(name).decrypt(sealed))
    except (KeyError, OSError, CryptoError):
        return None
    until = held.pop("until")
    return Page(**held) if until > time.time() else None


def drop(walk: str) -> None:
    """Delete all pages of the walk. Its name is enough."""
    here, under = _here(), _hashed(walk)
    for file in [file for file in list(here) if file.startswith(under)]:
        here.pop(file, None)
    for path in _files():
        if path.name.startswith(under):
            path.unlink(missing_ok=True)


def sweep() -> int:
    """Delete pages past their time; answers the bytes of those left."""
    over, used, here = time.time() - AGE, 0, _here()
    for file in [file for file, (at, _sealed) in list(here.items()) if at < over]:
        here.pop(file, None)
    for path in _files():
        with suppress(FileNotFoundError):
            found = path.stat()
            if found.st_mtime < over:
                path.unlink()
            else:
                used += found.st_size
    return used + sum(len(sealed) for _at, sealed in list(here.values()))


def _files() -> Iterator[Path]:
    folder = _folder()
    if folder is not None and folder.is_dir():
        yield from folder.iterdir()


def _folder() -> Path | None:
    return memory.folder(
        current_app.instance_path, current_app.config.get("MEMORY_FOLDER") or "", "-pages"
    )


def _here() -> dict[str, tuple[float, bytes]]:
    held: dict[str, tuple[float, bytes]] = current_app.extensions.setdefault(
        "pages handed over", {}
    )
    return held


def _box(name: str) -> SecretBox:
    return SecretBox(
        hashlib.blake2b(name.encode(), digest_size=32, person=b"casework.page").digest()
    )


def _file(walk: str, name: str) -> str:
    return f"{_hashed(walk)}-{_hashed(name)}"


def _hashed(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=16, person=b"casework.page.at").hexdigest()
