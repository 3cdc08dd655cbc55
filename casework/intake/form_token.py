"""The signed, dated token in every public form: it stands in for a cookie."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from casework.web.errors import refuse

AGE = 24 * 3600  # seconds a form may stay open


def token() -> str:
    """A fresh one."""
    return str(_signer(current_app.secret_key).dumps("form"))


def check(age: int | None = AGE) -> None:
    """400 with a plain sentence for a form that is not ours, stood open for more than ``age`` seconds (None: as long as it
    likes), or was filled by a program."""
    if stale(age):
        refuse(400, "This page was open for more than a day. Please open it anew.")


def stale(age: int | None = AGE) -> bool:
    """Whether the posted form is too old or not ours; 400 for one filled by a program (the field nobody sees)."""
    if request.form.get("website"):
        refuse(400, "The form was filled in by a program.")
    try:
        _signer(current_app.secret_key).loads(request.form.get("token", ""), max_age=age)
    except BadSignature:
        return True
    return False


@lru_cache(maxsize=8)
def _signer(secret: str | bytes | None) -> Any:
    return URLSafeTimedSerializer(secret or "", salt="public form")
