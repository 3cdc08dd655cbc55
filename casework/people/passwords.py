"""Passwords and second factors: argon2id, lock-out, codes that serve once."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

from casework.people.models import Person
from casework.store import utcnow

MAX_FAILED = 5
LOCK = timedelta(minutes=15)  # doubled for each further failure, up to a day
MIN_LENGTH = 12
_hasher = PasswordHasher()
_two_at_once = threading.BoundedSemaphore(2)  # each takes 64 MiB


def hashed(password: str) -> str:
    """What is stored of a password."""
    with _two_at_once:
        return _hasher.hash(password)


def matches(person: Person | None, password: str) -> bool:
    """Whether the password is the person's; as slow for nobody as for somebody."""
    nobody = _nobody()  # made for either, so that the first sign-in after a start tells nothing
    stored = person.password_hash if person else nobody
    with _two_at_once:
        try:
            _hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return person is not None


@cache
def _nobody() -> str:
    """What an unknown name is held against: it costs as much as a known one. Not at import: it takes a third of a second."""
    return _hasher.hash(secrets.token_hex(16))


def locked(person: Person, now: datetime | None = None) -> bool:
    """Too many failures a short while ago."""
    return person.locked_until is not None and person.locked_until > (now or utcnow())


def note_failure(person: Person) -> None:
    """Count a failure; from the fifth on the person is locked for a growing while."""
    person.failed += 1
    if person.failed >= MAX_FAILED:
        person.locked_until = utcnow() + min(LOCK * 2 ** (person.failed - MAX_FAILED), timedelta(days=1))


def note_success(person: Person) -> None:
    """Forget failures."""
    person.failed, person.locked_until = 0, None


def new_one_time_password() -> str:
    """Sixteen characters nobody mistakes, for a first sign-in."""
    return "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(4))


def too_weak(password: str, login: str) -> bool:
    """Shorter than twelve characters, the name itself, or one character repeated."""
    return len(password) < MIN_LENGTH or login.lower() in password.lower() or len(set(password)) < 5


# -- second factor
def _row(person: Person) -> str:
    return f"person:{person.id}"


def set_totp(person: Person, secret: str) -> None:
    """Keep a second factor, sealed."""
    person.totp = current_app.extensions["vault"].seal("totp", _row(person), secret.encode())


def totp_secret(person: Person) -> str:
    """The secret, opened."""
    opened: bytes = current_app.extensions["vault"].open("totp", _row(person), person.totp or b"")
    return opened.decode()


def code_step(secret: str, code: str, last_step: int, now: datetime | None = None) -> int | None:
    """The time step that a code belongs to (one step of drift either way); None when wrong or used before."""
    current = int((now or utcnow()).timestamp()) // 30
    code = "".join(code.split())
    for step in (current - 1, current, current + 1):
        if step > last_step and secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), code):
            return step
    return None
