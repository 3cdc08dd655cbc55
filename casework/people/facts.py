"""People, bureaus, settings and calendars as plain facts; one statement each."""

from __future__ import annotations

from datetime import date

from flask import g
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, lazyload

from casework.people.models import Bureau, BureauSetting, CalendarDay, Interest, Person, Township
from casework.procedure.calendar import WorkCalendar
from casework.procedure.facts import BureauFacts, PersonFacts
from casework.procedure.settings import Settings, shipped
from casework.procedure.terms import Card
from casework.store import db


def bureau_facts(b: Bureau) -> BureauFacts:
    """A bureau's row as facts."""
    return BureauFacts(
        b.id, b.name, b.prefix, b.area, b.superior, b.government, b.court, b.address, b.phone, b.credit_code, b.bank
    )


def person_facts(person: Person, day: date, recused: bool = False) -> PersonFacts:
    """A person with the roles of that day and all cards."""
    cards = tuple(Card(c.number, c.valid_from.isoformat(), c.valid_until.isoformat()) for c in person.cards)
    return PersonFacts(person.id, person.name, person.role_names(day), cards, recused, person.qualified)


def staff_facts(bureau_id: int, day: date) -> dict[int, PersonFacts]:
    """Everybody of the bureau, those who left included: journals name them."""
    rows = db.session.scalars(select(Person).where(Person.bureau_id == bureau_id).order_by(Person.id))
    return {p.id: person_facts(p, day) for p in rows}


def conflicted(title: str) -> set[int]:
    """Persons with a declared tie to a respondent of that name (detected 回避, 处罚法 §43)."""
    if not title:
        return set()
    return set(db.session.scalars(select(Interest.person_id).where(Interest.name == title)))


def settings_of(bureau_id: int, day: date) -> Settings:
    """The shipped settings with the bureau's own newest values in force on that day."""
    rows = db.session.execute(
        select(BureauSetting.key, BureauSetting.value)
        .where(BureauSetting.bureau_id == bureau_id, BureauSetting.from_day <= day)
        .order_by(BureauSetting.from_day, BureauSetting.id)
    )
    values = {k: v for k, v in rows if k in shipped()}
    return shipped().with_values(values) if values else shipped()


def calendar_of(bureau_id: int) -> WorkCalendar:
    """The working-day calendar with the bureau's own days."""
    rows = db.session.execute(select(CalendarDay.day, CalendarDay.workday).where(CalendarDay.bureau_id == bureau_id))
    return WorkCalendar({day: workday for day, workday in rows})


def expiring(person: Person, day: date) -> bool:
    """Whether no card of an officer will be valid in thirty days."""
    latest = max((c.valid_until for c in person.cards), default=None)
    return "officer" in person.role_names(day) and (latest is None or (latest - day).days < 30)


def by_login(login: str) -> Person | None:
    """The person of that name, when active."""
    return db.session.scalars(select(Person).where(Person.login == login, Person.active)).one_or_none()


_WITH_BUREAU = (
    select(Person, Bureau)
    .join(Bureau, Bureau.id == Person.bureau_id)
    .where(Person.id == bindparam("person"))
    .options(joinedload(Person.roles), lazyload(Person.cards))
)
_TOWNSHIPS = select(Township.code, Township.name).where(Township.bureau_id == bindparam("bureau"))


def townships(bureau_id: int) -> dict[str, str]:
    """Names of the bureau's townships by code."""
    return {code: name for code, name in db.session.connection().execute(_TOWNSHIPS, {"bureau": bureau_id})}


def with_bureau(person_id: int) -> Person | None:
    """The person of a session with roles and bureau, in one statement; ``g.bureau`` keeps the bureau for the page."""
    found = db.session.execute(_WITH_BUREAU, {"person": person_id}).unique().one_or_none()
    person, g.bureau = found or (None, None)
    return person
