"""Passwords and second factors: argon2id, what is too easy to guess, codes that serve once."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.people.models import Person
from casework.people.reference_cache import reference
from casework.people.weak_passwords import weak
from casework.store import utcnow
from casework.text import folded_digits

_hasher = PasswordHasher()


def _last_in_line() -> None:
    """For a thread that stretches: whatever else the machine has to do goes before it."""
    if sys.platform == "linux":  # where priorities are those of threads
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


_stretching = ThreadPoolExecutor(2, "password", _last_in_line)  # two at once: each takes 64 MiB


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _stretching.submit(_hasher.hash, password).result()


def matches(person: Person, password: str) -> bool:
    """Whether the password is the person's."""
    return password_matches(person.password_hash, password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether it is the password of which that is stored; as slow where nothing is, for a name that
    nobody has."""
    nobody = _nobody()  # made for either, so that the first sign-in after a start tells nothing
    try:
        _stretching.submit(_hasher.verify, stored or nobody, password).result()
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    """What an unknown name is held against: it costs as much as a known one. Not at import: it
    takes a third of a second."""
    return _hasher.hash(secrets.token_hex(16))


def new_one_time_password() -> str:
    """Sixteen characters nobody mistakes, for a first sign-in."""
    return f"{new_half()}-{new_half()}"


def new_half() -> str:
    """Eight of them: what one of two persons hands over, so that neither can sign in with it."""
    return "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))
        for _ in range(2)
    )


def too_weak(password: str, person: Person) -> bool:
    """Whether it has fewer than twelve characters or is little more than what anybody would guess
    of this person and bureau."""
    bureau = reference(person.bureau_id).bureau
    place = bureau.name.removesuffix("统计局")
    return weak(
        password,
        (person.login, person.name, bureau.code, bureau.name, bureau.prefix, place, place[:-1]),
    )


# -- second factor
def _row(person: Person) -> str:
    return f"person:{person.id}"


def set_totp(person: Person, secret: str) -> None:
    """Store a second factor's secret, sealed."""
    person.totp = current_app.extensions["vault"].seal("totp", _row(person), secret.encode())


def totp_secret(person: Person) -> str:
    """The secret, opened."""
    opened: bytes = current_app.extensions["vault"].open("totp", _row(person), person.totp or b"")
    return opened.decode()


def code_step(secret: str, code: str, last_step: int, now: datetime | None = None) -> int | None:
    """The time step that a code belongs to (one step of drift either way), however its digits are
    typed; None when wrong or used before."""
    current = int((now or utcnow()).timestamp()) // 30
    typed = folded_digits(code).encode()
    for step in (current - 1, current, current + 1):
        if step > last_step and secrets.compare_digest(
            pyotp.TOTP(secret).generate_otp(step).encode(), typed
        ):
            return step
    return None


def take_code(session: Session, person: Person, code: str) -> bool:
    """Use up a code of the person's second factor, within the caller's write: of several who come
    with one code, one is told that it was right."""
    step = code_step(totp_secret(person), code, person.totp_step)
    if step is None:
        return False
    took = (
        update(Person)
        .where(Person.id == person.id, Person.totp_step < step)
        .values(totp_step=step)
        .returning(Person.id)
    )
    return session.execute(took.execution_options(synchronize_session=False)).first() is not None
