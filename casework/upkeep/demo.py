"""The demonstration bureau: staff of every role, invented firms, and dockets on every stage, all made by the program itself."""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from casework.docket.models import Clock, Docket, Track
from casework.intake.receive import receive
from casework.people import passwords
from casework.people.cli import first_bureau
from casework.people.may import today
from casework.people.models import Bureau, EnforcementCard, Person, PersonRole, Township, Unit
from casework.procedure.codes import credit_check
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import SCENES, Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk

group = AppGroup("demo", help="The demonstration bureau.")
FORK = multiprocessing.get_context("fork")
PASSWORD = "fengdu-demo-2026"  # noqa: S105 - shown on the sign-in page of a demonstration
STAFF = [
    ("clerk", "何静", ("clerk",)), ("officer1", "秦岚", ("officer",)), ("officer2", "邓一川", ("officer",)),
    ("officer3", "罗松", ("officer",)), ("head", "向东平", ("head",)), ("legal", "谭韵", ("legal",)),
    ("leader", "周明", ("leader",)),
    ("publisher", "冉秋", ("publisher",)), ("custodian", "陶然", ("custodian",)), ("auditor", "付航", ("auditor",)),
    ("admin", "孙宁", ("admin",)),
]  # fmt: skip
WORDS = (
    "汇锦",
    "渝丰",
    "川东",
    "长江",
    "名山",
    "龙河",
    "平都",
    "雪玉",
    "南天",
    "双桂",
    "包鸾",
    "栗香",
    "仙女",
    "三合",
    "江池",
    "高镇",
)
TRADES = (
    "机械制造有限公司",
    "粮油有限公司",
    "水泥粉磨有限公司",
    "建材有限公司",
    "食品有限公司",
    "物流有限公司",
    "商贸有限公司",
    "电子有限公司",
)
MATTERS = ("去年年报应收账款少报很多，账上有五百多万，只报了六十几万。", "产值是按镇里给的数填的，实际没有这么多。",
           "催了几次都不报表，说没空。", "原始台账是检查前补的。", "从业人员数多报了一倍。")  # fmt: skip


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("load")
@click.option("--dockets", default=140, show_default=True, help="how many tips to make")
def load(dockets: int) -> None:
    """Fill an empty instance with the demonstration bureau; nothing happens in one that has people already."""
    if db.session.scalar(select(func.count()).select_from(Person)):
        click.echo("the instance has people already: demonstration data not loaded")
        return
    bureau, team = people()
    number = bureau.id
    make_units(number)
    db.session.remove()
    db.engine.dispose()  # two processes draw the papers: neither may meet the other's connections
    played = FORK.Value("i", 0)
    scenes = FORK.Process(target=_play, args=(number, team, played))
    scenes.start()
    with click.progressbar(length=max(dockets, len(SCENES)), label="demonstration cases") as bar:
        for n, _ in enumerate(_dockets(*_ground(number), team, max(dockets - len(SCENES), 0)), 1):
            bar.update(n + played.value - bar.pos)
        while scenes.is_alive():
            scenes.join(0.2)
            bar.update(max(dockets - len(SCENES), 0) + played.value - bar.pos)
    if scenes.exitcode:
        raise click.ClickException("a scene could not be played; see above. Empty the instance and load again.")
    _settle(team)
    for _ in range(2):  # what deadlines moved by a list of holidays bring about comes with the second round
        tick()
    (Path(current_app.instance_path) / "demo").write_text(json.dumps(shown_people(), ensure_ascii=False), "utf-8")
    click.echo(f"everybody signs in with «{PASSWORD}»; the names stand on the sign-in page")


def shown_people() -> list[dict[str, str]]:
    return [{"login": login, "name": name, "role": roles[0], "password": PASSWORD} for login, name, roles in STAFF]


def people() -> tuple[Bureau, Team]:
    """The bureau and its staff of every role."""
    hashed, start = passwords.hashed(PASSWORD), today() - timedelta(days=900)
    with writing() as session:
        bureau = first_bureau(session)
        bureau.phone, bureau.address, bureau.hours = "023-0000 0000", "重庆市丰都县三合街道", "工作日 9:00–12:00 14:00–18:00"
        bureau.bank = "中国农业银行丰都支行，丰都县财政局，31-0000000000"
        people = {login: _person(bureau.id, login, name, roles, hashed, start) for login, name, roles in STAFF}
        session.add_all(people.values())
        session.flush()
        ids = {login: p.id for login, p in people.items()}
    pair = (ids["officer1"], ids["officer2"])
    return bureau, Team(ids["clerk"], pair, ids["head"], ids["legal"], ids["leader"], ids["publisher"], ids)


def _person(bureau_id: int, login: str, name: str, roles: tuple[str, ...], hashed: str, start: date) -> Person:
    person = Person(bureau_id=bureau_id, login=login, name=name, password_hash=hashed, qualified="legal" in roles)
    person.roles = [PersonRole(role=r, from_day=start) for r in roles]
    if "officer" in roles or "head" in roles:
        number = f"渝统执 {100 + len(login) * 7 + sum(map(ord, login)) % 90:04d}"
        until = date(today().year + 2, 12, 31)
        person.cards = [EnforcementCard(number=number, valid_from=start, valid_until=until)]
    return person


def make_units(bureau_id: int) -> None:
    """Invented firms with credit codes whose check digit holds."""
    chance = random.Random(20261123)  # noqa: S311 - the same firms every time
    towns = list(db.session.scalars(select(Township.code).where(Township.bureau_id == bureau_id)))
    units = []
    for i in range(64):
        first = f"91500230MA{i:03d}{chance.randrange(10_000):04d}"
        first = (first + "X" * 17)[:17].replace("I", "1").replace("O", "0")
        name = f"重庆{WORDS[i % 16]}{TRADES[(i // 16 + i) % 8]}"
        units.append(
            Unit(
                bureau_id=bureau_id, name=name, credit_code=first + credit_check(first), kind="enterprise",
                township=chance.choice(towns), address="重庆市丰都县", representative="负责人",
            )
        )  # fmt: skip
    with writing() as session:
        session.add_all(units)


def _ground(bureau_id: int) -> tuple[Bureau, list[Unit]]:
    """The bureau and its firms, in this process."""
    units = db.session.scalars(select(Unit).where(Unit.bureau_id == bureau_id).order_by(Unit.id))
    return db.session.get_one(Bureau, bureau_id), list(units)


def _play(bureau_id: int, team: Team, played: Any) -> None:
    """The scenes, in a process of their own; ``played`` counts them."""
    for _ in _scenes(*_ground(bureau_id), team):
        played.value += 1


def _dockets(bureau: Bureau, units: list[Unit], team: Team, count: int) -> Iterator[None]:
    """Tips over the last fourteen months, each walked as far as its age and chance allow."""
    chance = random.Random(20261124)  # noqa: S311
    channels = ["web"] * 5 + ["phone", "phone", "letter", "leader", "media", "department"]
    for i in range(count):
        age = 420 - (i * 418) // count
        start = road.later(today() - timedelta(days=age), 0)
        if start > today():
            start = today()
        unit = units[i % len(units)]
        far = chance.choices(*_how_far(age))[0]
        _one(bureau, team, unit, start, far, chance, channels[i % len(channels)])
        yield


def _scenes(bureau: Bureau, units: list[Unit], team: Team) -> Iterator[None]:
    """Every scene once, so that it ends about today."""
    for number, (days, play) in enumerate(SCENES):
        party = _party(units[-1 - number % len(units)])
        play(Ground(bureau, team, party, road.later(today() - timedelta(days=days), 0)))
        yield


def _settle(team: Team) -> None:
    """A real bureau would have decided about publishing long ago: only what was due this month stays open."""
    old = select(Clock.docket_id).distinct().join(Docket, Docket.id == Clock.docket_id)
    old = old.where(Clock.rule == "publish", Clock.state == "open", Clock.due < today() - timedelta(days=30))
    for docket in list(db.session.scalars(old.where(Docket.stage == "effective", ~Docket.tracks.contains("publication")))):
        Walk(team, docket, today()).take("not_public", {"reason": "不具有一定社会影响。"})


def _party(unit: Unit) -> dict[str, str]:
    return {"name": unit.name, "kind": unit.kind, "credit_code": unit.credit_code, "address": unit.address,
            "representative": unit.representative, "township": unit.township}  # fmt: skip


NOT_FILED = -1  # as far as a report that found nothing


def _how_far(age: int) -> tuple[list[int], list[int]]:
    """Old tips are mostly dealt with, every second without a case being filed; new ones are on their way."""
    if age > 170:
        return [NOT_FILED, 20], [5, 4]
    if age > 70:
        return [NOT_FILED, 2, 9, 12, 16, 20], [4, 1, 2, 2, 2, 3]
    return [0, 1, 2, 4, 6, 9], [3, 3, 3, 3, 3, 1]


def _one(bureau: Bureau, team: Team, unit: Unit, start: date, far: int, chance: random.Random, channel: str) -> None:
    walk = Walk(team, 0, start)
    payload = {
        "channel": channel, "subject": unit.name, "subject_kind": unit.kind, "credit_code": unit.credit_code,
        "township": unit.township, "kinds": ["false_data"], "form": "B103-2", "period": "2025年报", "survey_by": "bureau",
        "narrative": chance.choice(MATTERS),
    }  # fmt: skip
    actor = None if channel == "web" else team.clerk
    got = receive(bureau, payload, actor_id=actor, on=start, now=walk.now, with_code=channel == "web")
    walk.docket_id = got.docket_id
    if far == 0 or not _time_for(walk, 1):
        return
    walk.at(road.later(walk.day, 1))
    road.register(walk)
    if far == 1 or not _time_for(walk, 3):
        _instruct(walk)
        return
    if chance.random() < 0.12:
        _side_exit(walk, chance)
        return
    road.accept(walk, unit.name, unit.kind, unit.township, unit.credit_code)
    case = walk.case()
    road.PARTY[case.docket_id] = _party(unit)
    _walk_main(case, far, chance)


def _instruct(walk: Walk) -> None:
    """The leader has read it, where there was a day for it."""
    if road.later(walk.day, 1) <= today():
        asked = {"leader_instruction": "请执法大队依法办理。", "deadline": None}
        walk.at(road.later(walk.day, 1)).take("instruct_report", asked)


def _side_exit(walk: Walk, chance: random.Random) -> None:
    walk.at(road.later(walk.day, 1))
    if chance.random() < 0.5:
        walk.take("decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"})
    else:
        material = {"body": "国家统计局丰都调查队", "reason": "该项调查由国家调查队组织实施。", "material": "线索摘要一份"}
        walk.take("transfer_report", material)


def _time_for(walk: Walk, days: int) -> bool:
    return road.later(walk.day, days + 3) <= today()


def _walk_main(case: Walk, far: int, chance: random.Random) -> None:
    """As many stops as wanted, while there is time before today; then perhaps one waiting proposal."""
    fine = chance.choice([0, 800_000, 1_500_000, 3_000_000])
    stops = road.stops(case.day - timedelta(days=150), fine)
    if far == NOT_FILED:
        _nothing_found(case, stops)
        return
    for _name, days, stop in stops[: max(far - 1, 1)]:
        if not _time_for(case, days):
            return
        case.at(road.later(case.day, days))
        stop(case)
    if far > len(stops):
        _after_decision(case, fine, chance)
    elif far == 4 and chance.random() < 0.5:
        case.propose("file", road.filing(case.day - timedelta(days=200)))


def _nothing_found(case: Walk, stops: list[Any]) -> None:
    """Verified, not filed, closed."""
    for _name, days, stop in stops[:3]:
        case.at(road.later(case.day, days))
        stop(case)
    case.at(road.later(case.day, 3))
    case.take("not_file", {"cause": "涉嫌提供不真实统计资料", "facts": "差异在允许范围内，未发现违法事实。"})
    case.take("close", {"result": "不予立案。", "execution": "无。", "publication": "", "pages": 12})
    _archive(case)


def _archive(case: Walk) -> None:
    """Bound and put away, where there was time for it."""
    if _time_for(case, 12):
        case.at(road.later(case.day, 9))
        case.take("archive", {"term": "30", "pages": 46, "shelf": f"{case.day.year}-1-{case.docket_id}"})


def _after_decision(case: Walk, fine: int, chance: random.Random) -> None:
    """Payment, publication, closing: what a served decision leads to."""
    if fine and chance.random() < 0.93 and _time_for(case, 6):
        case.at(road.later(case.day, 6))
        case.take("pay", {"paid_fen": fine, "paid_on": case.day.isoformat(), "slip": "2026-0001"}, "execution-1")
    if chance.random() < 0.7 and _time_for(case, 3):
        case.at(road.later(case.day, 2))
        case.take("approve_publication", {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"})
        case.take("publish", {"note": ""}, "publication-1")
    elif _time_for(case, 3):
        case.at(road.later(case.day, 2)).take("not_public", {"reason": "不具有一定社会影响。"})
    if chance.random() < 0.9 and _time_for(case, 5) and not _owes(case):
        case.at(road.later(case.day, 4))
        case.take("close", {"result": "警告并处罚款。", "execution": "已缴清。", "publication": "已公示。", "pages": 46})
        _archive(case)


def _owes(case: Walk) -> bool:
    query = select(Track.id).where(Track.docket_id == case.docket_id, Track.kind == "execution", Track.ended.is_(False))
    return db.session.scalar(query) is not None
