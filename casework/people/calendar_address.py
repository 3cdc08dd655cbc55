"""The secret address of a person's calendar: made, taken back, and told from others.

Of an address the database holds a digest that only this instance can make of it and of whose it is:
who reads or moves the row has no address.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from casework.people.models import CalendarAddress, Person
from casework.people.office_journal import enter
from casework.store import db, utcnow, writing
from casework.web.signed_token import is_same, keyed_digest

PURPOSE = "calendar address"


def make(person: Person) -> str:
    """A new address's own part, shown this once; an earlier one ends."""
    key = f"{person.id}-{secrets.token_urlsafe(24)}"
    with writing() as session:
        session.merge(CalendarAddress(person_id=person.id, digest=_digest(key), at=utcnow()))
        enter(session, person.bureau_id, person.id, "calendar.address", person.name, {})
    return key


def take_back(person: Person) -> None:
    """The address ends; nothing where there is none."""
    with writing() as session:
        row = session.get(CalendarAddress, person.id)
        if row is not None:
            session.delete(row)
            enter(session, person.bureau_id, person.id, "calendar.end", person.name, {})


def made_at(person_id: int) -> datetime | None:
    """When the address was made; None without one."""
    row = db.session.get(CalendarAddress, person_id)
    return row.at if row else None


def owner(key: str) -> Person | None:
    """Whose address it is; None for one that was taken back, or whose owner has no account any
    more."""
    number, _dash, secret = key.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10 and secret):
        return None
    row = db.session.get(CalendarAddress, int(number))
    if row is None or not is_same(row.digest, _digest(key)):
        return None
    person = db.session.get(Person, row.person_id)
    return person if person and person.active else None


def _digest(key: str) -> str:
    return keyed_digest(PURPOSE, key)
