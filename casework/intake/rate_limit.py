"""Against floods: how much comes in, counted in memory, under keys that change every day. Nobody's
address is kept.

Where an address tells people apart (`casework.web.sender`), each has a limit of its own beside the
one for all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import deque
from datetime import UTC, date, datetime, timedelta
from typing import Any

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from flask import current_app, request
from itsdangerous import BadSignature

from casework.people.may import today
from casework.procedure.settings import Settings
from casework.web.errors import refuse
from casework.web.sender import sender
from casework.web.signed_token import dated_signer, keyed_digest

WINDOW = 600  # seconds
WAIT = 15  # seconds a person without scripts waits while very much comes in
EFFORT = 60_000  # hashes at most that a browser with scripts works instead
_SENDERS = 20_000  # buckets kept at once


class Counter:
    """Times of what came in, by kind and sender; forgotten every day together with the key that
    names senders."""

    def __init__(self) -> None:
        self._lock, self._day, self._key = threading.Lock(), date.min, b""
        self._times: dict[tuple[str, bytes], deque[float]] = {}

    def count(self, kind: str, sender: str = "") -> None:
        """Count one request of that kind, in all and for its sender."""
        with self._lock:
            for bucket in self._buckets(kind, sender):
                self._recent(bucket).append(time.monotonic())

    def number(self, kind: str, sender: str = "") -> int:
        """Requests of that kind within the window, from that sender or, for "", from all."""
        with self._lock:
            bucket = self._buckets(kind, sender)[-1]
            return len(self._recent(bucket)) if bucket in self._times else 0

    def _buckets(self, kind: str, sender: str) -> list[tuple[str, bytes]]:
        if self._day != today():
            self._day, self._key = today(), secrets.token_bytes(32)
            self._times.clear()
        named = hashlib.blake2b(sender.encode(), key=self._key, digest_size=16).digest()
        return [(kind, b""), (kind, named)] if sender else [(kind, b"")]

    def _recent(self, bucket: tuple[str, bytes]) -> deque[float]:
        if bucket not in self._times and len(self._times) >= _SENDERS:
            self._times = {b: t for b, t in self._times.items() if not b[1]}
        times = self._times.setdefault(bucket, deque())
        while times and times[0] < time.monotonic() - WINDOW:
            times.popleft()
        return times


def counter() -> Counter:
    """The counter of this process."""
    made: Counter = current_app.extensions.setdefault("flood", Counter())
    return made


def full(kind: str, settings: Settings) -> bool:
    """Whether too much of this kind came in (tips · codes · units): from all, or from this
    sender."""
    who = sender()
    if counter().number(kind) >= settings.number(f"flood.{kind}"):
        return True
    return bool(who) and counter().number(kind, who) >= settings.number(f"flood.{kind}_one")


def hold_back(kind: str, settings: Settings) -> None:
    """Abort with 429 where :func:`full`."""
    if full(kind, settings):
        refuse(429, "What you wrote and uploaded is kept. Try again in ten minutes, or call us.")


def count_request(kind: str) -> None:
    """Count this request, in all and for its sender."""
    counter().count(kind, sender())


# -- while very much comes in: a moment's work of the machine, or a moment's wait of the person
def busy(settings: Settings) -> bool:
    """Whether so many tips came in that each sender must solve a puzzle or wait."""
    return counter().number("tips") >= settings.number("flood.busy")


def challenge(draft: str) -> dict[str, Any]:
    """A puzzle for a browser with scripts, good for this draft and an hour."""
    until, named = datetime.now(UTC) + timedelta(hours=1), {"draft": _short(draft)}
    made = create_challenge(
        ChallengeOptions(max_number=EFFORT, hmac_key=_secret(), expires=until, params=named)
    )
    return {k: getattr(made, k) for k in ("algorithm", "challenge", "salt", "signature")} | {
        "max": EFFORT
    }


def wait_ticket(draft: str) -> str:
    """A signed time at which waiting began, for browsers without scripts; good for this draft."""
    return str(dated_signer("wait").dumps(_short(draft)))


def patient(draft: str) -> bool:
    """Whether the posted form shows a solved puzzle, or a wait that was long enough."""
    return _solved(draft, request.form.get("work", "")) or _waited(
        draft, request.form.get("wait", "")
    )


def _solved(draft: str, work: str) -> bool:
    if not work or len(work) > 2000:
        return False
    try:
        salt = str(json.loads(base64.b64decode(work))["salt"])
        good, _why = verify_solution(work, _secret())
    except (ValueError, KeyError, TypeError):
        return False
    return good and f"draft={_short(draft)}" in salt.partition("?")[2].split("&")


def _waited(draft: str, ticket: str) -> bool:
    try:
        named, began = dated_signer("wait").loads(ticket, max_age=24 * 3600, return_timestamp=True)
    except BadSignature:
        return False
    return bool(named == _short(draft) and datetime.now(UTC) - began >= timedelta(seconds=WAIT))


def _short(draft: str) -> str:
    """A draft by a digest: neither puzzle nor ticket opens it."""
    return hashlib.blake2b(draft.encode(), digest_size=16, person=b"casework.wait").hexdigest()


def _secret() -> str:
    return keyed_digest("work of a browser", "")
