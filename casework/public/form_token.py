"""The signed, dated token in every public form: it stands in for a cookie.

It names the walk that the form belongs to: a form that answers another carries the same name on.
The name opens nothing. By it whoever leaves has all pages of the walk dropped, those too that the
browser had not finished showing.
"""

from __future__ import annotations

import secrets
from contextlib import suppress

from flask import g, request
from itsdangerous import BadSignature

from casework.web.errors import refuse
from casework.web.signed_token import dated_signer

PURPOSE = "public form"
AGE = 24 * 3600  # seconds a form may stay open
LENGTH = 24  # characters of a walk's name


def token() -> str:
    """A fresh token for a form of this walk."""
    return str(dated_signer(PURPOSE).dumps(walk()))


def walk() -> str:
    """The name of the walk that the page now being made belongs to: that of the form which it
    answers, else a new one."""
    if "walk" not in g:
        g.walk = next(iter(posted_walks()), "") or secrets.token_urlsafe(LENGTH * 6 // 8)
    named: str = g.walk
    return named


def posted_walks() -> list[str]:
    """The walks of all tokens that were posted, however old; those of no token of ours are left
    out."""
    signer, walks = dated_signer(PURPOSE), []
    for posted in request.form.getlist("token"):
        with suppress(BadSignature):
            walks.append(signer.loads(posted))
    return [walk for walk in walks if isinstance(walk, str) and len(walk) == LENGTH]


def require_token(age: int | None = AGE) -> None:
    """400 with a plain sentence for a form that is not ours, stood open for more than ``age``
    seconds (None: as long as it likes), or was filled by a program."""
    if stale(age):
        refuse(400, "This page was open for more than a day. Please open it anew.")


def stale(age: int | None = AGE) -> bool:
    """Whether the posted form is too old or not ours; 400 for one filled by a program (the field
    nobody sees)."""
    if request.form.get("website"):
        refuse(400, "The form was filled in by a program.")
    try:
        dated_signer(PURPOSE).loads(request.form.get("token", ""), max_age=age)
    except BadSignature:
        return True
    return False
