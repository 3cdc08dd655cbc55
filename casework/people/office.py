"""Changes of people, settings and calendar: each writes its own entry (管理记录) in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people import passwords
from casework.people.facts import unit_name
from casework.people.models import (
    Bureau,
    BureauSetting,
    CalendarDay,
    EnforcementCard,
    Interest,
    OfficeEntry,
    Person,
    PersonRole,
)
from casework.procedure.settings import checked, shipped
from casework.store import writing


class NotPossible(ValueError):
    """A change that would break a rule; the message is an English msgid."""


def _note(session: Session, actor: Person, what: str, about: str, details: Mapping[str, Any]) -> None:
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in details.items()}
    session.add(OfficeEntry(bureau_id=actor.bureau_id, actor_id=actor.id, what=what, about=about[:200], details=plain))


def _person(session: Session, actor: Person, person_id: int) -> Person:
    return session.scalars(select(Person).where(Person.id == person_id, Person.bureau_id == actor.bureau_id)).one()


# -- people
def add_person(actor: Person, values: Mapping[str, Any]) -> tuple[int, str]:
    """A new person without a role; answers the id and the one-time password."""
    password = passwords.new_one_time_password()
    with writing() as session:
        if session.scalar(select(Person.id).where(Person.login == values["login"])):
            raise NotPossible("This sign-in name is taken.")
        person = Person(bureau_id=actor.bureau_id, password_hash=passwords.hashed(password), must_change=True, **values)
        session.add(person)
        session.flush()
        _note(session, actor, "person.new", person.name, values)
        return person.id, password


def change_person(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """Name, sign-in name, qualification."""
    with writing() as session:
        person = _person(session, actor, person_id)
        if session.scalar(select(Person.id).where(Person.login == values["login"], Person.id != person_id)):
            raise NotPossible("This sign-in name is taken.")
        changed = {k: v for k, v in values.items() if getattr(person, k) != v}
        for key, value in changed.items():
            setattr(person, key, value)
        if changed:
            _note(session, actor, "person.change", person.name, changed)


def set_active(actor: Person, person_id: int, active: bool) -> None:
    """Who left signs in no more and every session ends; the journal keeps the name."""
    if person_id == actor.id:
        raise NotPossible("You cannot close your own account.")
    with writing() as session:
        person = _person(session, actor, person_id)
        person.active, person.session_no = active, person.session_no + 1
        _note(session, actor, "person.open" if active else "person.close", person.name, {})


def new_password(actor: Person, person_id: int) -> str:
    """A one-time password, shown once; sessions and the second factor end with the old one."""
    password = passwords.new_one_time_password()
    with writing() as session:
        person = _person(session, actor, person_id)
        person.password_hash, person.must_change, person.totp = passwords.hashed(password), True, None
        person.session_no += 1
        passwords.note_success(person)
        _note(session, actor, "person.password", person.name, {})
    return password


def add_role(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """A role for a time. Nobody gives one to themselves, and an administrator holds no other: who decides who may act
    does not act."""
    if person_id == actor.id:
        raise NotPossible("Nobody changes their own roles.")
    with writing() as session:
        person = _person(session, actor, person_id)
        held = {r.role for r in person.roles if _overlap(r, values["from_day"], values["until_day"])}
        if held and (values["role"] == "admin" or "admin" in held) and held != {values["role"]}:
            raise NotPossible("An administrator holds no other role at the same time.")
        if values["role"] in held:
            raise NotPossible("The person holds this role in that time.")
        person.roles.append(PersonRole(**values))
        _note(session, actor, "role.give", person.name, values)


def _overlap(role: PersonRole, first: date, last: date | None) -> bool:
    return (last is None or role.from_day <= last) and (role.until_day is None or role.until_day >= first)


def end_role(actor: Person, person_id: int, role_id: int, today: date) -> None:
    """A role ends yesterday, so that it is gone at once; one that never began is taken away."""
    if person_id == actor.id:
        raise NotPossible("Nobody changes their own roles.")
    with writing() as session:
        person = _person(session, actor, person_id)
        role = next((r for r in person.roles if r.id == role_id), None)
        if role is None:
            raise NotPossible("This role has ended already.")
        if role.from_day >= today:
            person.roles.remove(role)
        else:
            role.until_day = today - timedelta(days=1)
        _note(session, actor, "role.end", person.name, {"role": role.role})


def add_card(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """An enforcement card. Cards are added, never changed: papers name them."""
    with writing() as session:
        person = _person(session, actor, person_id)
        person.cards.append(EnforcementCard(**values))
        _note(session, actor, "card.new", person.name, values)


def declare(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """A tie to a unit: from now on every case against it locks the person out (处罚法 §43)."""
    with writing() as session:
        person = _person(session, actor, person_id)
        session.add(Interest(person_id=person.id, **{**values, "name": unit_name(str(values["name"]))}))
        _note(session, actor, "tie.declare", person.name, values)


# -- the bureau, its settings and its calendar
def change_bureau(actor: Person, values: Mapping[str, Any]) -> None:
    """What letters and pages say of the bureau."""
    with writing() as session:
        bureau = session.get_one(Bureau, actor.bureau_id)
        changed = {k: v for k, v in values.items() if getattr(bureau, k) != v}
        for key, value in changed.items():
            setattr(bureau, key, value)
        if changed:
            _note(session, actor, "bureau.change", bureau.name, changed)


def confirm(actor: Person, key: str, value: str, from_day: date) -> None:
    """A bureau's own, confirmed value of a setting from a day on; running clocks keep theirs."""
    setting = shipped().setting(key)
    value = checked(key, setting.kind, value)
    with writing() as session:
        session.add(BureauSetting(bureau_id=actor.bureau_id, key=key, value=value, from_day=from_day, confirmed_by=actor.id))
        _note(session, actor, "setting", setting.zh, {"value": value, "from_day": from_day})


def span(first: date, last: date | None) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(n) for n in range(((last or first) - first).days + 1)]


def set_days(actor: Person, first: date, last: date | None, workday: bool, note: str) -> None:
    """Days of the bureau's calendar; what was set before for a day is replaced, the entry keeps it."""
    with writing() as session:
        for day in span(first, last):
            session.merge(CalendarDay(bureau_id=actor.bureau_id, day=day, workday=workday, note=note))
        _note(
            session, actor, "calendar", note,
            {"first": first, "last": last or first, "workday": workday},
        )  # fmt: skip
