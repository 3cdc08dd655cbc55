"""The demonstration bureau: staff of every role, invented firms, and dockets on every stage, all
made by the program itself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from casework.docket.models import Clock, Docket
from casework.identity import custody
from casework.intake.receive import receive
from casework.people import passwords, two_persons
from casework.people.cli import first_bureau
from casework.people.may import today
from casework.people.models import (
    Bureau,
    BureauSetting,
    EnforcementCard,
    OfficeProposal,
    Person,
    PersonRole,
    Unit,
)
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.demo_tips import MATTERS, NOT_PUBLIC, tips
from casework.upkeep.invented import FIRMS, make_units, party
from casework.upkeep.scenes import SCENES, Ground
from casework.upkeep.scenes.ground import Scene
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.upkeep.walks_in_order import Planned, in_order

group = AppGroup("demo", help="The demonstration bureau.")
# shown on the sign-in page of a demonstration
PASSWORD = "fengdu-demo-2026"  # noqa: S105
# the same: of the custodian's key, which in earnest nobody else knows
KEY_PASSWORD = "fengdu-demo-custody-2026"  # noqa: S105
STAFF = [
    ("clerk", "何静", ("clerk",)),
    ("officer1", "秦岚", ("officer",)),
    ("officer2", "邓一川", ("officer",)),
    ("officer3", "罗松", ("officer",)),
    ("head", "向东平", ("head",)),
    ("legal", "谭韵", ("legal",)),
    ("leader", "周明", ("leader",)),
    ("publisher", "冉秋", ("publisher",)),
    ("custodian", "陶然", ("custodian",)),
    ("auditor", "付航", ("auditor",)),
    ("admin", "孙宁", ("admin",)),
]
INFORMANTS = (
    ("visit", "钱示例", "13800000001"),
    ("phone", "孙示例", "13800000002"),
    ("web", "李示例", "13800000003"),
)
CONFIRMED = {  # what the bureau has set of its own: invented addresses
    "remedy.body_address": "重庆市丰都县三合街道平都大道东段1号",
    "remedy.court_address": "重庆市丰都县三合街道平都大道西段18号",
}


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("load")
@click.option("--dockets", default=140, show_default=True, help="how many tips to make")
def load(dockets: int) -> None:
    """Fill an empty instance with the demonstration bureau; nothing happens in one that has people
    already."""
    if db.session.scalar(select(func.count()).select_from(Person)):
        click.echo("the instance has people already: demonstration data not loaded")
        return
    bureau, team = people()
    number = bureau.id
    make_units(number)
    custodian_key(team)
    walks = [*scenes(number, team), *tips(number, team, max(dockets - len(SCENES), 0))]
    db.session.remove()
    with click.progressbar(in_order(walks), length=len(walks), label="demonstration cases") as bar:
        for _ in bar:
            pass
    bureau, units = _ground(number)
    named_tips(bureau, team, units)
    _settle(team)
    # what deadlines moved by a list of holidays bring about comes with the second round
    for _ in range(2):
        tick()
    (Path(current_app.instance_path) / "demo").write_text(
        json.dumps(shown_people(), ensure_ascii=False), "utf-8"
    )
    click.echo(f"everybody signs in with «{PASSWORD}»; the names stand on the sign-in page")


def shown_people() -> list[dict[str, str]]:
    """Login, name, role and passwords of the demonstration's people, as its sign-in page shows
    them."""
    rows = [
        {"login": login, "name": name, "role": roles[0], "password": PASSWORD}
        for login, name, roles in STAFF
    ]
    return [
        {**row, "key_password": KEY_PASSWORD} if row["role"] == "custodian" else row for row in rows
    ]


def custodian_key(team: Team) -> None:
    """Make and accept the custodian's key, so that named tips can be taken in and opened. Its
    password is public: for demonstrations alone."""
    person = db.session.get_one(Person, team.others["custodian"])
    custody.confirm_key(person, custody.make_key(person, KEY_PASSWORD, KEY_PASSWORD))
    accept_key(person)


def accept_key(person: Person) -> None:
    """Accept the custodian's waiting key in the name of all who have to."""
    key = select(OfficeProposal).where(
        OfficeProposal.kind == "key",
        OfficeProposal.person_id == person.id,
        OfficeProposal.state == two_persons.WAITING,
    )
    staff = select(Person).where(Person.bureau_id == person.bureau_id).order_by(Person.id)
    while waiting := db.session.scalars(key).one_or_none():
        others = db.session.scalars(staff).all()
        two_persons.confirm(
            next(p for p in others if two_persons.may_confirm(db.session(), waiting, p)), waiting.id
        )


def people() -> tuple[Bureau, Team]:
    """Make the demonstration's bureau and its staff of every role."""
    hashed, start = passwords.hashed(PASSWORD), today() - timedelta(days=900)
    with writing() as session:
        bureau = first_bureau(session)
        bureau.phone, bureau.address = "023-0000 0000", "重庆市丰都县三合街道平都大道东段3号"
        bureau.hours = "工作日 9:00–12:00 14:00–18:00"
        bureau.bank = "中国农业银行丰都支行，丰都县财政局，31-0000000000"
        bureau.court = "重庆市丰都县人民法院"
        people = {
            login: _person(bureau.id, login, name, roles, hashed, start)
            for login, name, roles in STAFF
        }
        session.add_all(people.values())
        session.flush()
        ids = {login: p.id for login, p in people.items()}
        session.add_all(
            _confirmed(bureau.id, ids["admin"], key, value) for key, value in CONFIRMED.items()
        )
    pair = (ids["officer1"], ids["officer2"])
    return bureau, Team(
        ids["clerk"], pair, ids["head"], ids["legal"], ids["leader"], ids["publisher"], ids
    )


def _confirmed(bureau_id: int, admin: int, key: str, value: str) -> BureauSetting:
    return BureauSetting(
        bureau_id=bureau_id, key=key, value=value, from_day=date(2010, 1, 1), confirmed_by=admin
    )


def _person(
    bureau_id: int, login: str, name: str, roles: tuple[str, ...], hashed: str, start: date
) -> Person:
    person = Person(
        bureau_id=bureau_id,
        login=login,
        name=name,
        password_hash=hashed,
        qualified="legal" in roles,
    )
    person.roles = [PersonRole(role=r, from_day=start) for r in roles]
    if "officer" in roles or "head" in roles:
        number = f"渝统执 {100 + len(login) * 7 + sum(map(ord, login)) % 90:04d}"
        until = date(today().year + 2, 12, 31)
        person.cards = [EnforcementCard(number=number, valid_from=start, valid_until=until)]
    return person


def _ground(bureau_id: int) -> tuple[Bureau, list[Unit]]:
    """The bureau and its firms, in this process."""
    units = db.session.scalars(select(Unit).where(Unit.bureau_id == bureau_id).order_by(Unit.id))
    return db.session.get_one(Bureau, bureau_id), list(units)


def named_tips(bureau: Bureau, team: Team, units: list[Unit]) -> None:
    """Take in new tips with an invented name behind each, so that opening an identity can be
    shown."""
    for unit, (channel, name, contact) in zip(units, INFORMANTS, strict=False):
        payload = {
            "channel": channel,
            "subject": unit.name,
            "subject_kind": unit.kind,
            "credit_code": unit.credit_code,
            "township": unit.township,
            "kinds": ["false_data"],
            "survey_by": "bureau",
            "narrative": MATTERS[0],
        }
        who = json.dumps({"name": name, "contact": contact}, ensure_ascii=False).encode()
        receive(
            bureau,
            payload,
            actor_id=None if channel == "web" else team.clerk,
            who=who,
            with_code=channel == "web",
        )


def scenes(bureau_id: int, team: Team) -> list[Planned]:
    """Every scene once, with the day on which it begins so that it ends about today."""
    made = list[Planned]()
    for number, (days, play) in enumerate(SCENES):
        start = road.later(today() - timedelta(days=days), 0)
        made.append((start, partial(_scene, play, bureau_id, team, number, start)))
    return made


def _scene(play: Scene, bureau_id: int, team: Team, number: int, start: date) -> None:
    bureau, units = _ground(bureau_id)
    play(Ground(bureau, team, party(units[-1 - number % FIRMS]), start))


def _settle(team: Team) -> None:
    """A real bureau would have decided about publishing long ago: only what was due this month
    stays open."""
    old = select(Clock.docket_id).distinct().join(Docket, Docket.id == Clock.docket_id)
    old = old.where(
        Clock.rule == "publish", Clock.state == "open", Clock.due < today() - timedelta(days=30)
    )
    for docket in list(
        db.session.scalars(
            old.where(Docket.stage == "effective", ~Docket.tracks.contains("publication"))
        )
    ):
        Walk(team, docket, today()).take("not_public", {"reason": NOT_PUBLIC})
