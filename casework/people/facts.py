"""People, bureaus, settings and calendars as plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask import g
from sqlalchemy import ColumnElement, bindparam, or_, select

from casework.people.models import Bureau, Interest, Person, SignIn, compared_code, compared_name
from casework.people.reference_cache import Reference, reference, reference_at
from casework.procedure.calendar import WorkCalendar
from casework.procedure.facts import PersonFacts
from casework.procedure.settings import Settings
from casework.store import db, table


def staff_facts(bureau_id: int, day: date) -> Mapping[int, PersonFacts]:
    """Everybody of the bureau, those who left included: journals name them."""
    return reference(bureau_id).staff(day)


def conflicted(title: str, credit_code: str = "") -> set[int]:
    """Persons with a declared tie to a respondent of that name or credit code (detected 回避, 处罚
    法 §43)."""
    name, code = compared_name(title), compared_code(credit_code)
    same: list[ColumnElement[bool]] = [Interest.folded_name == name] if name else []
    same += [Interest.folded_code == code] if code else []
    return set(db.session.scalars(select(Interest.person_id).where(or_(*same)))) if same else set()


def settings_of(bureau_id: int, day: date) -> Settings:
    """The shipped settings with the bureau's own newest values in force on that day."""
    return reference(bureau_id).settings(day)


def calendar_of(bureau_id: int) -> WorkCalendar:
    """The working-day calendar with the bureau's own days."""
    return reference(bureau_id).calendar


def townships(bureau_id: int) -> Mapping[str, str]:
    """Names of the bureau's townships by code."""
    return reference(bureau_id).townships


def by_login(login: str) -> tuple[int | None, str | None]:
    """The active person of that name and what is stored of the password; one statement, whether
    there is one or not."""
    asked = select(Person.id, Person.password_hash).where(Person.login == login, Person.active)
    found = db.session.execute(asked).one_or_none()
    return (found.id, found.password_hash) if found else (None, None)


def is_sealed(person: Person) -> bool:
    """Whether the row, as it was just read, is what the program sealed (people.seals)."""
    t = table(Person)
    return reference(person.bureau_id).holds({c.name: getattr(person, c.key) for c in t.columns})


class SignedIn:
    """Whoever is signed in, read with the session: the columns and roles of a ``Person``, and no
    row of a session that could be changed or would be read again. Who writes loads the row."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, row: Any, reference: Reference) -> None:
        self._row, self._reference = row, reference

    def __getattr__(self, column: str) -> Any:
        return getattr(self._row, column)

    @property
    def is_active(self) -> bool:
        """As of a ``Person``."""
        return bool(self._row.active)

    def get_id(self) -> str:
        """As of a ``Person``."""
        return f"{self._row.id}.{self._row.session_no}"

    def role_names(self, day: date) -> frozenset[str]:
        """Roles held on that day."""
        return self._reference.roles(self._row.id, day)


_PERSON, _BUREAU, _SIGN_IN = table(Person), table(Bureau), table(SignIn)
_WITH_REVISION = (
    select(_PERSON, _BUREAU.c.revision)
    .join(_BUREAU, _BUREAU.c.id == _PERSON.c.bureau_id)
    .join(_SIGN_IN, _SIGN_IN.c.person_id == _PERSON.c.id)
    .where(_PERSON.c.id == bindparam("person"), _SIGN_IN.c.key == bindparam("key"))
)


def with_bureau(person_id: int, key: str) -> Person | None:
    """The person of a session that goes on, with roles, in one statement that also says whether
    what is known of the bureau still holds; ``g.bureau`` keeps the bureau for the page. None for
    whoever is not what was sealed (people.seals).

    Asked twice, since roles may have been given between two statements."""
    session = db.session()
    for _try in (1, 2):
        row = (
            session.connection()
            .execute(_WITH_REVISION, {"person": person_id, "key": key})
            .one_or_none()
        )
        if row is None:
            return None
        known = reference_at(session, row.bureau_id, row.revision)
        if known.holds(row._mapping):
            g.bureau = known.bureau
            return cast(Person, SignedIn(row, known))  # reads like one
        session.rollback()
    return None
