"""Changes of people, settings and calendar: each writes its own entry (管理记录) in the same
transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people import guessing, passwords, resealing, two_persons
from casework.people.facts import staff_facts
from casework.people.may import today
from casework.people.models import (
    Bureau,
    BureauSetting,
    CalendarDay,
    EnforcementCard,
    Interest,
    OfficeProposal,
    Person,
    PersonRole,
)
from casework.people.office_journal import enter
from casework.people.two_persons import Kind, NotPossible, Outcome, Wanted
from casework.procedure.codes import printed_code
from casework.procedure.roles import guarded, roles, who_may
from casework.procedure.settings import Setting, checked, shipped
from casework.store import writing
from casework.text import folded_code
from casework.web.numbers import whole_number

__all__ = ["NotPossible"]


def _note(
    session: Session, actor: Person, what: str, about: str, details: Mapping[str, Any]
) -> None:
    enter(session, actor.bureau_id, actor.id, what, about, details)


def _person(session: Session, bureau_id: int, person_id: int) -> Person:
    """The row, locked: what roles it has is asked after, so that no password is given beside a role
    that comes just now."""
    wanted = select(Person).where(Person.id == person_id, Person.bureau_id == bureau_id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


# -- people
def add_person(actor: Person, values: Mapping[str, Any]) -> tuple[int, str]:
    """A new person without a role; answers the id and the one-time password."""
    password = passwords.new_one_time_password()
    with writing() as session:
        if session.scalar(select(Person.id).where(Person.login == values["login"])):
            raise NotPossible("This sign-in name is taken.")
        person = Person(
            bureau_id=actor.bureau_id,
            password_hash=passwords.hashed(password),
            must_change=True,
            **values,
        )
        session.add(person)
        session.flush()
        _note(session, actor, "person.new", person.name, values)
        return person.id, password


def change_person(
    actor: Person, person_id: int, values: Mapping[str, Any], why: str = ""
) -> Outcome:
    """Name, sign-in name, qualification; by two persons where the account bears a role that takes
    two."""
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        changed = {k: v for k, v in values.items() if getattr(person, k) != v}
        _free_name(session, person, changed)
        if (
            changed
            and two_persons.bears(person, today())
            and two_persons.begun(session, actor.bureau_id)
        ):
            return two_persons.propose(session, actor, Wanted("person", person, changed, why))
        if changed:
            _change_person(session, person, changed, actor.id)
    return Outcome()


def _free_name(session: Session, person: Person, changed: Mapping[str, Any]) -> None:
    taken = select(Person.id).where(Person.login == changed.get("login"), Person.id != person.id)
    if "login" in changed and session.scalar(taken):
        raise NotPossible("This sign-in name is taken.")


def _change_person(
    session: Session, person: Person, changed: Mapping[str, Any], actor_id: int | None
) -> None:
    for key, value in changed.items():
        setattr(person, key, value)
    enter(session, person.bureau_id, actor_id, "person.change", person.name, changed)


def set_active(actor: Person, person_id: int, active: bool, why: str = "") -> Outcome:
    """Close an account, which ends its sessions and keeps its name in journals, or open it again;
    by two persons where a closed one bears a role that takes two."""
    if person_id == actor.id:
        raise NotPossible("You cannot close your own account.")
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        if active:
            _nobody_elses(session, person, [c.number for c in person.cards])
            if not person.active and two_persons.bears(person, today()):
                return two_persons.propose(session, actor, Wanted("open", person, {}, why))
        _set_active(session, person, active, actor.id)
    return Outcome()


def _set_active(session: Session, person: Person, active: bool, actor_id: int | None) -> None:
    person.active, person.session_no = active, person.session_no + 1
    enter(
        session,
        person.bureau_id,
        actor_id,
        "person.open" if active else "person.close",
        person.name,
        {},
    )


def new_password(actor: Person, person_id: int, why: str = "") -> Outcome:
    """A one-time password, shown once; sessions and the second factor end with the old one. Where
    the account bears a role that takes two persons, half of it, and the other half to who
    confirms."""
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        if two_persons.bears(person, today()):
            half = two_persons.half_that_waits(session, actor, person) or passwords.new_half()
            return two_persons.propose(session, actor, Wanted("password", person, {}, why, half))
        password = passwords.new_one_time_password()
        set_password(session, person, password, actor.id)
    return Outcome(password=password)


def set_password(session: Session, person: Person, password: str, actor_id: int | None) -> None:
    """In the caller's write: a one-time password takes the place of everything the person signed in
    with. NotPossible where a role, card or key of theirs was put in or changed beside the program
    (people.seals)."""
    if not resealing.mend(session, person):
        raise NotPossible(
            "A role, card or key of this account is not what was entered: "
            "somebody changed it beside the program. "
            "End it first, and tell the auditor."
        )
    person.password_hash, person.must_change, person.totp = passwords.hashed(password), True, None
    person.session_no += 1
    guessing.forget_name(session, person.login)
    enter(session, person.bureau_id, actor_id, "person.password", person.name, {})


def _hand_over(
    session: Session, proposal: OfficeProposal, person: Person, actor: Person | None
) -> str:
    """The account goes to its owner: of the new one-time password the proposer has shown one half,
    and the answer is the other. Without a second person (the owner of the machine, when the time is
    over) the first alone is it."""
    first = two_persons.secret_of(proposal)
    if not first:
        raise NotPossible(
            "The account bears no such role any more. Take this back and propose it anew."
        )
    second = passwords.new_half() if actor else ""
    set_password(
        session, person, f"{first}-{second}" if second else first, actor.id if actor else None
    )
    return second


def add_role(actor: Person, person_id: int, values: Mapping[str, Any], why: str = "") -> Outcome:
    """A role for a time, by two persons where it opens identities, approves, audits or administers.
    Nobody gives one to themselves, and an administrator holds no other: who decides who may act
    does not act."""
    if person_id == actor.id:
        raise NotPossible("Nobody changes their own roles.")
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        _may_hold(person, values["role"], values["from_day"], values["until_day"])
        if values["role"] not in guarded():
            _give_role(session, person, values, actor.id)
            return Outcome()
        known = two_persons.half_that_waits(session, actor, person)
        half = "" if two_persons.bears(person, today()) else known or passwords.new_half()
        return two_persons.propose(session, actor, Wanted("role", person, values, why, half))


def _may_hold(person: Person, role: str, first: date, last: date | None) -> None:
    held = {r.role for r in person.roles if _overlap(r, first, last)}
    alone = any(r in roles() and roles()[r].alone for r in {role, *held})
    if held and alone and held != {role}:
        raise NotPossible("An administrator holds no other role at the same time.")
    if role in held:
        raise NotPossible("The person holds this role in that time.")


def _give_role(
    session: Session, person: Person, values: Mapping[str, Any], actor_id: int | None
) -> None:
    person.roles.append(PersonRole(**values))
    enter(session, person.bureau_id, actor_id, "role.give", person.name, values)


def _overlap(role: PersonRole, first: date, last: date | None) -> bool:
    return (last is None or role.from_day <= last) and (
        role.until_day is None or role.until_day >= first
    )


def end_role(actor: Person, person_id: int, role_id: int, today: date) -> None:
    """A role ends yesterday, so that it is gone at once; one that never began is taken away."""
    if person_id == actor.id:
        raise NotPossible("Nobody changes their own roles.")
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        role = next((r for r in person.roles if r.id == role_id), None)
        if role is None:
            raise NotPossible("This role has ended already.")
        if role.from_day >= today:
            person.roles.remove(role)
        else:
            role.until_day = today - timedelta(days=1)
        _note(session, actor, "role.end", person.name, {"role": role.role})


def add_card(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """An enforcement card. Cards are added, never changed: papers name them. One human being has
    it, with one open account in the bureau (统计法实施条例 §36); the account of a lent person in
    another bureau is not asked."""
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        _nobody_elses(session, person, [values["number"]])
        person.cards.append(EnforcementCard(**values))
        _note(session, actor, "card.new", person.name, values)


def _nobody_elses(session: Session, person: Person, numbers: Iterable[str]) -> None:
    """Refused where another open account of the bureau bears one of these cards, however its number
    was typed."""
    others = (
        select(EnforcementCard.number)
        .join(Person, Person.id == EnforcementCard.person_id)
        .where(Person.bureau_id == person.bureau_id, Person.active, Person.id != person.id)
    )
    if {folded_code(n) for n in numbers} & {folded_code(n) for n in session.scalars(others)}:
        raise NotPossible(
            "This card number is entered for another open account: a card is one person's."
        )


def declare(actor: Person, person_id: int, values: Mapping[str, Any]) -> None:
    """Declare a tie to a unit: it locks the person out of every case against it from now on
    (行政处罚法 §43)."""
    with writing() as session:
        person = _person(session, actor.bureau_id, person_id)
        session.add(Interest(person_id=person.id, **values))
        _note(session, actor, "tie.declare", person.name, values)


# -- the bureau, its settings and its calendar
def change_bureau(actor: Person, values: Mapping[str, Any], why: str = "") -> Outcome:
    """What letters and pages say of the bureau, where fines are paid among it: by two persons once
    the bureau has a leader."""
    with writing() as session:
        bureau = session.get_one(Bureau, actor.bureau_id)
        values = {k: printed_code(str(v)) if k == "credit_code" else v for k, v in values.items()}
        changed = {k: v for k, v in values.items() if getattr(bureau, k) != v}
        if changed and two_persons.begun(session, bureau.id):
            return two_persons.propose(session, actor, Wanted("bureau", None, changed, why))
        if changed:
            _change_bureau(session, bureau, changed, actor.id)
    return Outcome()


def _change_bureau(
    session: Session, bureau: Bureau, changed: Mapping[str, Any], actor_id: int | None
) -> None:
    for key, value in changed.items():
        setattr(bureau, key, value)
    enter(session, bureau.id, actor_id, "bureau.change", bureau.name, changed)


def change_setting(actor: Person, key: str, value: str, from_day: date, why: str = "") -> Outcome:
    """A bureau's own value of a setting from a day on; by two persons where the setting protects
    somebody (``two_persons`` in settings.toml), once the bureau has a leader."""
    setting = shipped().setting(key)
    value = _possible(actor.bureau_id, setting, value)
    with writing() as session:
        if setting.two_persons and two_persons.begun(session, actor.bureau_id):
            details = {"key": key, "name_zh": setting.zh, "value": value, "from_day": from_day}
            return two_persons.propose(session, actor, Wanted("setting", None, details, why))
        confirm_setting(session, actor, setting, value, from_day)
    return Outcome()


def confirm_setting(
    session: Session, actor: Person, setting: Setting, value: str, from_day: date
) -> None:
    """The bureau's own value of a setting from a day on, in the caller's transaction, with its
    entry; running clocks keep theirs."""
    session.add(
        BureauSetting(
            bureau_id=actor.bureau_id,
            key=setting.key,
            value=value,
            from_day=from_day,
            confirmed_by=actor.id,
        )
    )
    _note(session, actor, "setting", setting.zh, {"value": value, "from_day": from_day})


def _possible(bureau_id: int, setting: Setting, value: str) -> str:
    value = checked(setting, value)
    if setting.among:
        holders = sum(
            bool(p.roles & who_may(setting.among)) for p in staff_facts(bureau_id, today()).values()
        )
        if whole_number(value) not in range(1, holders + 1):
            raise NotPossible(
                "Write a whole number: one at least, and no more than "
                "there are people with that duty today."
            )
    return value


def span(first: date, last: date | None) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(n) for n in range(((last or first) - first).days + 1)]


def set_days(actor: Person, first: date, last: date | None, workday: bool, note: str) -> None:
    """Set days of the bureau's calendar from ``first`` to ``last`` as workdays or days off. Earlier
    rows of these days are replaced; the entry names them."""
    with writing() as session:
        for day in span(first, last):
            session.merge(
                CalendarDay(bureau_id=actor.bureau_id, day=day, workday=workday, note=note)
            )
        _note(
            session,
            actor,
            "calendar",
            note,
            {"first": first, "last": last or first, "workday": workday},
        )


# -- what two persons have agreed on (people.two_persons)
def _concerned(session: Session, proposal: OfficeProposal) -> Person:
    return _person(session, proposal.bureau_id, proposal.person_id or 0)


def _carry_out_role(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    """The role begins on the day it is confirmed, at the earliest. Whoever bore none of its kind is
    handed the account anew."""
    person, values = _concerned(session, proposal), dict(proposal.details)
    first = max(date.fromisoformat(values["from_day"]), today())
    last = date.fromisoformat(values["until_day"]) if values["until_day"] else None
    if last is not None and last < first:
        raise NotPossible("The last day of this role is over by now.")
    _may_hold(person, values["role"], first, last)
    second = (
        "" if two_persons.bears(person, today()) else _hand_over(session, proposal, person, actor)
    )
    _give_role(
        session,
        person,
        {**values, "from_day": first, "until_day": last},
        actor.id if actor else None,
    )
    return second


def _carry_out_password(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    return _hand_over(session, proposal, _concerned(session, proposal), actor)


def _carry_out_open(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    person = _concerned(session, proposal)
    _nobody_elses(session, person, [c.number for c in person.cards])
    _set_active(session, person, True, actor.id if actor else None)
    return ""


def _carry_out_person(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    person = _concerned(session, proposal)
    _free_name(session, person, proposal.details)
    _change_person(session, person, proposal.details, actor.id if actor else None)
    return ""


def _carry_out_bureau(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    bureau = session.get_one(Bureau, proposal.bureau_id)
    _change_bureau(session, bureau, proposal.details, actor.id if actor else None)
    return ""


def _carry_out_setting(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    details = proposal.details
    if actor is None:
        raise NotPossible(
            "Another person decides this: not who proposed it, and not whom it concerns."
        )
    setting = shipped().setting(details["key"])
    value = _possible(proposal.bureau_id, setting, details["value"])
    confirm_setting(
        session, actor, setting, value, max(date.fromisoformat(details["from_day"]), today())
    )
    return ""


two_persons.KINDS |= {
    "role": Kind(_carry_out_role, "admin.people"),
    "password": Kind(_carry_out_password, "admin.people"),
    "open": Kind(_carry_out_open, "admin.people"),
    "person": Kind(_carry_out_person, "admin.people", for_oneself=True),
    "bureau": Kind(_carry_out_bureau, "admin.settings"),
    "setting": Kind(_carry_out_setting, "admin.settings"),
}
