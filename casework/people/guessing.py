"""Guessing is limited: at sign-in by name and by sender, within a session by secret. A guess is
counted before it is judged, so that many at once are as many; each is forgotten after a while, so
that nobody is kept out for long (decision 0038).

Names are counted in the database under keyed digests, whether somebody has them or not: both take
the same time and answer alike. Senders are counted in memory alone, under a key that nobody keeps.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import current_app, has_request_context
from flask_login import current_user
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from casework.people.models import Guess, Person
from casework.people.office_journal import enter
from casework.store import Busy, db, utcnow, writing
from casework.web.sender import place, sender

T = TypeVar("T")


@dataclass(frozen=True)
class Limit:
    """So many guesses at once; one of them is forgotten after each such time. What is kept of them
    is one instant: when all will be forgotten."""

    tries: int
    each: timedelta

    def full(self, until: datetime, now: datetime) -> bool:
        """Whether one more would be too many."""
        return until - now > self.each * (self.tries - 1)

    def more(self, until: datetime, now: datetime) -> datetime:
        """The instant after one more guess."""
        return max(until, now) + self.each


# one name from one place; one secret within sessions; codes beside the right password
HERE = Limit(5, timedelta(minutes=10))
NAME = Limit(25, timedelta(minutes=2))  # one name from everywhere
SENDER = Limit(30, timedelta(minutes=1))  # all names from one sender
CANNOT_WRITE = (Busy, OperationalError)  # somebody else writes for too long
_MOST = 20_000  # places kept in memory at once


class TooManyGuesses(Exception):
    """A secret was guessed at too often within a session, which ends."""


class InMemory:
    """Counts of places, by digests under a key of this process."""

    def __init__(self) -> None:
        self._lock, self._key = threading.Lock(), secrets.token_bytes(32)
        self._until: dict[bytes, datetime] = {}
        # counts in the database that a right answer ends as soon as somebody can write again
        self.right: set[str] = set()

    def take(self, login: str, where: str, limit: Limit) -> bool:
        """Count a guess; False when there were too many: then it is not counted."""
        with self._lock:
            now, name = utcnow(), self._name(login, where)
            until = self._until.get(name, now)
            if limit.full(until, now):
                return False
            self._make_room(now)
            self._until[name] = limit.more(until, now)
            return True

    def give_back(self, login: str, where: str, limit: Limit) -> None:
        """Take one guess back: it was none."""
        with self._lock:
            name = self._name(login, where)
            if name in self._until:
                self._until[name] -= limit.each

    def forget(self, login: str) -> None:
        """Forget all guesses at a name, from every place."""
        with self._lock:
            about = self._digest(login)
            self._until = {
                name: until for name, until in self._until.items() if not name.startswith(about)
            }

    def _name(self, login: str, where: str) -> bytes:
        return self._digest(login) + self._digest("at " + where)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()

    def _make_room(self, now: datetime) -> None:
        if len(self._until) >= _MOST:
            self._until = {name: until for name, until in self._until.items() if until > now}
        if len(self._until) >= _MOST:
            del self._until[min(self._until, key=self._until.__getitem__)]


def _memory() -> InMemory:
    made: InMemory = current_app.extensions.setdefault("guesses", InMemory())
    return made


# -- counts in the database
def _row(name: str) -> str:
    key = hashlib.sha256(str(current_app.secret_key).encode()).digest()
    return hashlib.blake2b(
        name.encode(), key=key, digest_size=16, person=b"casework.guess"
    ).hexdigest()


def _take(session: Session, name: str, limit: Limit) -> bool:
    """Count a guess in this transaction; False when there were too many: then it is not counted."""
    if name in _memory().right:
        _forget(session, name)
    row, now = _row(name), utcnow()
    add = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(add(Guess).values(name=row, until=now).on_conflict_do_nothing())
    until = session.execute(
        select(Guess.until).where(Guess.name == row).with_for_update()
    ).scalar_one()
    if limit.full(until, now):
        return False
    session.execute(update(Guess).where(Guess.name == row).values(until=limit.more(until, now)))
    return True


def _forget(session: Session, name: str) -> None:
    session.execute(delete(Guess).where(Guess.name == _row(name)))
    _memory().right.discard(name)


def sweep(session: Session) -> int:
    """Delete counts that have run out; answers how many."""
    gone = session.execute(delete(Guess).where(Guess.until <= utcnow()).returning(Guess.name))
    return len(gone.all())


# -- at sign-in
def sender_open() -> bool:
    """Whether this sender may try any name; counted at once, given back by :func:`entered`."""
    return not sender() or _memory().take("", sender(), SENDER)


def name_open(login: str) -> bool:
    """Whether a password alone may be tried for the name, from here and from everywhere; counted at
    once. Where nobody can write nothing is judged, and nothing counted."""
    if not _memory().take(login, place(), HERE):
        return False
    try:
        with writing() as session:
            return _take(session, f"name {login}", NAME)
    except CANNOT_WRITE:
        _give_back(login)
        raise


def was_right(login: str) -> None:
    """The password was right, and nobody could write that the person is in: it was no guess."""
    _give_back(login)
    _memory().right.add(f"name {login}")


def _give_back(login: str) -> None:
    _memory().give_back(login, place(), HERE)
    if sender():
        _memory().give_back("", sender(), SENDER)


def wrong(session: Session, login: str, person: Person | None) -> None:
    """After a sign-in that failed. ``person``: whose password was right and whose code was not,
    which is counted apart and told to the auditor. Something is written in any case, so that it
    takes the same time."""
    if person is None:
        session.execute(
            update(Guess).where(Guess.name == _row(f"name {login}")).values(until=Guess.until)
        )
    elif _take(session, f"code {login}", HERE):
        _note(session, person, "code")


def codes_open(session: Session, login: str) -> bool:
    """Whether a code of this person may be tried: only who has the right password gets as far as
    here."""
    until = session.scalar(select(Guess.until).where(Guess.name == _row(f"code {login}")))
    return until is None or not HERE.full(until, utcnow())


def entered(session: Session, login: str) -> None:
    """Forget the guesses at a name: its owner signed in."""
    forget_name(session, login)
    if sender():
        _memory().give_back("", sender(), SENDER)


def forget_name(session: Session, login: str) -> None:
    """Forget all guesses at a name: its owner signed in, or has a new password."""
    _memory().forget(login)
    _forget(session, f"name {login}")
    _forget(session, f"code {login}")


# -- within a session
def guarded(person: Person, secret: str, judge: Callable[[], T]) -> T:
    """What ``judge`` answers of a secret that somebody typed (password · key · opening): something
    true when it was right. A wrong one is counted and told to the auditor; TooManyGuesses when it
    was one too many, and while it is."""
    count_guess(person, secret)
    answer = judge()
    name = f"{secret} {person.id}"
    if answer:
        _forget_soon(name)
        return answer
    with writing() as session:
        _note(session, person, secret)
    if not _open(name):
        raise TooManyGuesses
    return answer


def _forget_soon(name: str) -> None:
    """A right answer ends a count: now, or where nobody can write with the next guess."""
    _memory().right.add(name)
    with writing() as session:
        _forget(session, name)


def count_guess(person: Person, secret: str) -> None:
    """Count a guess at a secret; TooManyGuesses when there were too many."""
    with writing() as session:
        taken = _take(session, f"{secret} {person.id}", HERE)
    if not taken:
        raise TooManyGuesses


def _open(name: str) -> bool:
    until = db.session.scalar(select(Guess.until).where(Guess.name == _row(name)))
    return until is None or not HERE.full(until, utcnow())


def _note(session: Session, person: Person, secret: str) -> None:
    """An entry for the auditor: whose secret was typed wrongly in whose session, never what was
    typed."""
    signed_in = current_user.id if has_request_context() and current_user.is_authenticated else None
    enter(session, person.bureau_id, signed_in, "guess", person.name, {"secret": secret})
