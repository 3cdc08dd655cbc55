"""Moulds with something of everything: a named tip and its archived case, small cases beside it,
much that is due."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select

from bench.kills.ground import heads_kept
from casework.acts import batches
from casework.archive import destroy, retention_rows
from casework.docket.jobs import Job
from casework.docket.models import Docket, Recusal
from casework.intake.receive import receive
from casework.people.may import scope, today
from casework.people.models import Bureau, Person
from casework.store import db, writing
from casework.upkeep import demo, road
from casework.upkeep.walk import Team, Walk
from tests.archive import ripe

FAR = date(2099, 3, 1)  # when everything may be destroyed
FIRMS = ("甲", "乙")
TIPS = 6


def ripe_cases() -> None:
    """The case of tests/archive/ripe.py, with something under every purpose of the keys, and a
    small one."""
    bureau, team = demo.people()
    number = bureau.id
    _ripe(team, bureau)
    _archived(bureau_of(number), team, "甲")
    retention_rows.note_retention(today())
    heads_kept()


def small_case() -> None:
    """One small case, put away."""
    bureau, team = demo.people()
    _archived(bureau, team, "甲")
    heads_kept()


def condemned() -> None:
    """Every one of several files in a batch that a second person has confirmed."""
    bureau, team = demo.people()
    number = bureau.id
    _ripe(team, bureau)
    for name in FIRMS:
        _archived(bureau_of(number), team, name)
    retention_rows.note_retention(today())
    clerk, leader = (_person(team, login) for login in ("clerk", "leader"))
    batch = destroy.propose(clerk, scope(clerk, today()), _put_away(), "丰统鉴〔2099〕1号", FAR)
    destroy.confirm(_person(team, "leader") if leader else leader, batch, FAR)
    heads_kept()


def due() -> None:
    """Decided cases whose periods have run out and which nobody has told anybody of, and an order
    for several tips."""
    bureau, team = demo.people()
    number = bureau.id
    for n, name in enumerate(FIRMS):
        decided(bureau_of(number), team, name, today() - timedelta(days=420 + 9 * n))
    tips = [
        tip(bureau_of(number), team, name, today() - timedelta(days=2)).docket_id
        for name in FIRMS * (TIPS // len(FIRMS))
    ]
    order = batches.Order("register", today(), {"proposal": "线索清楚，建议受理核查。"}, tips)
    batches.order(_person(team, "clerk"), order)
    heads_kept()


def _ripe(team: Team, bureau: Bureau) -> None:
    """The large case, without the rows that its test puts in beside the program."""
    ripe.make(team, bureau)
    with writing() as session:
        session.execute(delete(Recusal))
        session.execute(delete(Job).where(Job.kind == "many"))


def bureau_of(number: int) -> Bureau:
    return db.session.get_one(Bureau, number)


def _person(team: Team, login: str) -> Person:
    return db.session.get_one(Person, team.others[login])


def party(name: str) -> dict[str, str]:
    return {
        "name": f"重庆{name}名山机械制造有限公司",
        "kind": "enterprise",
        "credit_code": "",
        "address": "重庆市丰都县",
        "representative": "负责人",
        "township": "",
        "phone": "",
    }


def tip(bureau: Bureau, team: Team, name: str, day: date) -> Walk:
    walk, firm = Walk(team, 0, road.later(day, 0)), party(name)
    payload = {
        "channel": "phone",
        "subject": firm["name"],
        "subject_kind": firm["kind"],
        "survey_by": "bureau",
        "kinds": ["false_data"],
        "form": "B103-2",
        "period": "2025年报",
        "narrative": "上报数与账面数相差很大。",
    }
    walk.docket_id = receive(
        bureau, payload, actor_id=team.clerk, on=walk.day, now=walk.now, with_code=False
    ).docket_id
    return walk


def _case(bureau: Bureau, team: Team, name: str, day: date) -> Walk:
    walk, firm = tip(bureau, team, name, day), party(name)
    road.register(walk)
    asked = {
        "respondents": [firm],
        "cause": "涉嫌提供不真实统计资料",
        "opinion": "属本局管辖，建议受理。",
    }
    walk.at(road.later(walk.day, 2)).take("accept", asked)
    road.PARTY[walk.case().docket_id] = firm
    return walk.case()


def _archived(bureau: Bureau, team: Team, name: str) -> None:
    """Looked into, not filed, put away."""
    case = _case(bureau, team, name, today() - timedelta(days=90))
    for _name, days, stop in road.stops(case.day - timedelta(150), 0)[:3]:
        stop(case.at(road.later(case.day, days)))
    facts = {"cause": "涉嫌提供不真实统计资料", "facts": "差异在允许范围内，未发现违法事实。"}
    case.at(road.later(case.day, 3)).take("not_file", facts)
    case.scanned().take("close", {"result": "不予立案。", "execution": "无。", "publication": ""})
    case.at(road.later(case.day, 9)).bound().take(
        "archive", {"term": "30", "shelf": f"{case.day.year}-1-{case.docket_id}"}
    )


def decided(bureau: Bureau, team: Team, name: str, day: date) -> None:
    case = _case(bureau, team, name, day)
    for _name, days, stop in road.stops(case.day - timedelta(150), 0):
        stop(case.at(road.later(case.day, days)))


def _put_away() -> list[int]:
    return list(
        db.session.scalars(
            select(Docket.id).where(Docket.kind == "case", Docket.stage == "archived")
        )
    )
