"""Commands about people: the first administrator and leader, a new one-time password, and what the
owner of the machine gives in an emergency."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.people import heads, office, passwords, two_persons
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole, Township
from casework.people.office_journal import enter
from casework.people.two_persons import NotPossible, Wanted
from casework.procedure.kinds import kinds
from casework.procedure.roles import (
    FIRST_ADMIN,
    FIRST_LEADER,
    guarded,
    held_roles,
    level,
    permissions_of,
    registry,
)
from casework.store import db, utcnow, writing
from casework.web.filters import local

TOWNSHIPS = {
    "500230001": "三合街道",
    "500230002": "名山街道",
    "500230101": "虎威镇",
    "500230102": "社坛镇",
    "500230103": "三元镇",
    "500230104": "许明寺镇",
    "500230105": "董家镇",
    "500230106": "树人镇",
    "500230107": "十直镇",
    "500230109": "高家镇",
    "500230110": "兴义镇",
    "500230111": "双路镇",
    "500230112": "江池镇",
    "500230113": "龙河镇",
    "500230114": "武平镇",
    "500230115": "包鸾镇",
    "500230116": "湛普镇",
    "500230118": "南天湖镇",
    "500230119": "保合镇",
    "500230120": "兴龙镇",
    "500230121": "仁沙镇",
    "500230122": "龙孔镇",
    "500230123": "暨龙镇",
    "500230124": "双龙镇",
    "500230125": "仙女湖镇",
    "500230202": "青龙乡",
    "500230206": "太平坝乡",
    "500230207": "都督乡",
    "500230209": "栗子乡",
    "500230210": "三建乡",
}
group = AppGroup("people", help="People of the bureau.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


def first_bureau(session: Session) -> Bureau:
    """The default bureau with its townships; nothing happens when there is one."""
    found = session.scalars(select(Bureau).order_by(Bureau.id).limit(1)).first()
    if found:
        return found
    bureau = Bureau(
        code="fengdu",
        name="丰都县统计局",
        prefix="丰统",
        area="500230",
        superior="重庆市统计局",
        government="丰都县人民政府",
        court="",
        credit_code="11500230008686473P",
    )
    session.add(bureau)
    session.flush()
    session.add_all(Township(code=c, bureau_id=bureau.id, name=n) for c, n in TOWNSHIPS.items())
    return bureau


def bureau_named(code: str) -> Bureau:
    """The bureau of that code, or the only one there is; ClickException in plain words
    otherwise."""
    rows = db.session.scalars(
        select(Bureau).where(Bureau.code == code) if code else select(Bureau).limit(2)
    ).all()
    if not rows:
        raise click.ClickException(
            "no such bureau" if code else "there is no bureau yet: «people first-admin» first"
        )
    if len(rows) > 1:
        raise click.ClickException("there are several bureaus: name one with --bureau")
    return rows[0]


@group.command("first-admin")
def first_admin() -> None:
    """Create the bureau and its first administrator, once, and print a one-time password."""
    with writing() as session:
        bureau = first_bureau(session)
        if session.scalar(select(func.count()).select_from(Person)):
            return
        password = new_admin(session, bureau, "admin")
    heads.sign_heads(db.session(), utcnow())  # from its first hour on
    click.echo(
        "first administrator: name «admin», one-time password "
        f"«{password}» (to be changed at first sign-in)"
    )
    click.echo(
        "its first leader, who confirms what the administrator "
        "wants: «people first-leader LOGIN NAME»"
    )


def new_admin(session: Session, bureau: Bureau, login: str) -> str:
    """An administrator of the bureau; answers the one-time password."""
    return _new_person(session, bureau, login, "管理员", FIRST_ADMIN)


def _new_person(session: Session, bureau: Bureau, login: str, name: str, role: str) -> str:
    password = passwords.new_one_time_password()
    person = Person(
        bureau_id=bureau.id,
        login=login,
        name=name,
        password_hash=passwords.hashed(password),
        must_change=True,
    )
    person.roles.append(PersonRole(role=role, from_day=today()))
    session.add(person)
    return password


@group.command("first-leader")
@click.argument("login")
@click.argument("name")
@click.option("--bureau", "code", default="", help="code of the bureau, where there are several")
def first_leader(login: str, name: str, code: str) -> None:
    """Create the leader NAME, who signs in as LOGIN, and print a one-time password: once in the
    life of a bureau. From then on two persons of the bureau give such roles, or «people give» does,
    after 72 hours."""
    bureau_id = bureau_named(code).id
    with writing() as session:
        if two_persons.begun(session, bureau_id):
            raise click.ClickException(
                "the bureau has, or had, somebody who confirms: «people give» is for emergencies"
            )
        if session.scalar(select(Person.id).where(Person.login == login)):
            raise click.ClickException(f"«{login}» is taken already")
        password = _new_person(
            session, session.get_one(Bureau, bureau_id), login, name, FIRST_LEADER
        )
        enter(
            session,
            bureau_id,
            None,
            "role.give",
            name,
            {"role": FIRST_LEADER, "from_day": today(), "login": login},
        )
    click.echo(
        f"first leader: name «{login}», one-time password "
        f"«{password}» (to be changed at first sign-in)"
    )


@group.command("roles")
def show_roles() -> None:
    """Print every role and what it may do, as this release has them."""
    names = registry().permissions
    for role in held_roles():
        two = " (two persons)" if role.two_persons else ""
        click.echo(f"{role.id}  {role.name.zh} · {role.name.en}{two}")
        for kind in kinds():
            click.echo(f"  sees of each {kind}: {level(frozenset({role.id}), kind)}")
        for permission in sorted(permissions_of(frozenset({role.id}))):
            name = names[permission].name
            click.echo(f"  {permission}  {name.zh} · {name.en}")


@group.command("give")
@click.argument("login")
@click.argument("role", type=click.Choice(sorted(guarded())))
@click.option("--why", required=True, help="everybody who signs in reads it")
def give(login: str, role: str, why: str) -> None:
    """Emergency: give LOGIN a ROLE that takes two persons otherwise. It takes effect after 72
    hours, everybody who signs in reads of it, and whoever may confirm such changes can confirm or
    refuse it before."""
    details = {"role": role, "from_day": today(), "until_day": None, "lent_from": ""}
    with writing() as session:
        person = _somebody(session, login)
        if not person.active:
            raise click.ClickException(
                f"the account of «{login}» is closed: give the role to an open one"
            )
        if not two_persons.begun(session, person.bureau_id):
            raise click.ClickException("the bureau has no leader yet: «people first-leader» first")
        secret = "" if two_persons.bears(person, today()) else passwords.new_one_time_password()
        when = _emergency(session, person, Wanted("role", person, details, why, secret))
    _say_when(login, when, secret)


@group.command("reset")
@click.argument("login")
@click.option(
    "--why", default="", help="everybody who signs in reads it; for roles that take two persons"
)
def reset(login: str, why: str) -> None:
    """Give LOGIN a new one-time password, printed once; every session of that person and the second
    factor end. Where the person bears a role that takes two persons, and the bureau has a leader,
    after 72 hours, as with «people give»."""
    password = passwords.new_one_time_password()
    with writing() as session:
        person = _somebody(session, login)
        if not (
            two_persons.bears(person, today()) and two_persons.begun(session, person.bureau_id)
        ):
            _set_password(session, person, password)
            when = None
        elif not why.strip():
            raise click.ClickException(
                "say why, with --why: this takes effect after 72 hours, and everybody reads of it"
            )
        else:
            when = _emergency(session, person, Wanted("password", person, {}, why, password))
    if when is None:
        click.echo(f"one-time password for «{login}»: {password}")
    else:
        _say_when(login, when, password)


def _set_password(session: Session, person: Person, password: str) -> None:
    try:
        office.set_password(session, person, password, None)
    except NotPossible as error:
        raise click.ClickException(str(error)) from None


def _somebody(session: Session, login: str) -> Person:
    person = session.scalars(
        select(Person).where(Person.login == login).with_for_update()
    ).one_or_none()
    if person is None:
        raise click.ClickException(f"nobody signs in as «{login}»")
    return person


def _emergency(session: Session, person: Person, wanted: Wanted) -> datetime:
    try:
        return two_persons.emergency(session, person, wanted)
    except NotPossible as error:
        raise click.ClickException(str(error)) from None


def _say_when(login: str, when: datetime, password: str) -> None:
    click.echo(
        f"takes effect on {local(when)} unless somebody refuses it; "
        "everybody who signs in reads of it until then"
    )
    if password:
        click.echo(f"one-time password for «{login}» from then on: {password}")
        click.echo(
            "(where somebody confirms it earlier: this, a hyphen, "
            "and the half that is shown to them)"
        )
