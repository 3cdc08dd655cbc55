"""Commands about people: the first administrator, a new one-time password."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.people import passwords
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole, Township
from casework.store import db, writing

TOWNSHIPS = {
    "500230001": "三合街道", "500230002": "名山街道", "500230101": "虎威镇", "500230102": "社坛镇", "500230103": "三元镇",
    "500230104": "许明寺镇", "500230105": "董家镇", "500230106": "树人镇", "500230107": "十直镇", "500230109": "高家镇",
    "500230110": "兴义镇", "500230111": "双路镇", "500230112": "江池镇", "500230113": "龙河镇", "500230114": "武平镇",
    "500230115": "包鸾镇", "500230116": "湛普镇", "500230118": "南天湖镇", "500230119": "保合镇", "500230120": "兴龙镇",
    "500230121": "仁沙镇", "500230122": "龙孔镇", "500230123": "暨龙镇", "500230124": "双龙镇", "500230125": "仙女湖镇",
    "500230202": "青龙乡", "500230206": "太平坝乡", "500230207": "都督乡", "500230209": "栗子乡", "500230210": "三建乡",
}  # fmt: skip
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
        code="fengdu", name="丰都县统计局", prefix="丰统", area="500230", superior="重庆市统计局",
        government="丰都县人民政府", court="有管辖权的人民法院", credit_code="11500230008686473P",
    )  # fmt: skip
    session.add(bureau)
    session.flush()
    session.add_all(Township(code=c, bureau_id=bureau.id, name=n) for c, n in TOWNSHIPS.items())
    return bureau


def named(code: str) -> Bureau:
    """The bureau of that code, or the only one there is; ClickException in plain words otherwise."""
    rows = db.session.scalars(select(Bureau).where(Bureau.code == code) if code else select(Bureau).limit(2)).all()
    if not rows:
        raise click.ClickException("no such bureau" if code else "there is no bureau yet: «people first-admin» first")
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
    click.echo(f"first administrator: name «admin», one-time password «{password}» (to be changed at first sign-in)")


def new_admin(session: Session, bureau: Bureau, login: str) -> str:
    """An administrator of the bureau; answers the one-time password."""
    password = passwords.new_one_time_password()
    person = Person(bureau_id=bureau.id, login=login, name="管理员", password_hash=passwords.hashed(password), must_change=True)
    person.roles.append(PersonRole(role="admin", from_day=today()))
    session.add(person)
    return password


@group.command("reset")
@click.argument("login")
def reset(login: str) -> None:
    """Give LOGIN a new one-time password, printed once; every session of that person ends."""
    person = db.session.scalars(select(Person).where(Person.login == login)).one_or_none()
    if person is None:
        raise click.ClickException(f"nobody signs in as «{login}»")
    password = passwords.new_one_time_password()
    with writing() as session:
        row = session.get_one(Person, person.id)
        row.password_hash, row.must_change = passwords.hashed(password), True
        row.session_no += 1
        passwords.note_success(row)
    click.echo(f"one-time password for «{login}»: {password}")
