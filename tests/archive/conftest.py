"""A decided case with a tip behind it, evidence of its own, and everything served: what a case file
is made of. And one that is archived and ripe to be destroyed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.archive import retention_rows
from casework.docket.models import Docket
from casework.evidence.uploads import attach, take_in
from casework.intake.receive import receive
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.archive import ripe
from tests.archive.destroyed import Ripe
from tests.conftest import Mould, program

WITNESS = "冉𬱟珍"  # a third party; one character of her name is above U+FFFF
TOLD = "仓库后门的白色小本子才是真账，财务室王姐每月改一次"


@pytest.fixture(scope="session")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mould, Walk]:
    """An instance with the decided case, made once; every test here works on a copy of its own."""
    made = peopled.copy(tmp_path_factory.mktemp("decided") / "instance")
    assert made.team
    with program(made):
        walk = drive(made.team, db.session.scalars(select(Bureau)).one())
    return made, walk


@pytest.fixture
def mould(grown: tuple[Mould, Walk]) -> Mould:
    """That instance."""
    return grown[0]


@pytest.fixture
def decided(app: Flask, grown: tuple[Mould, Walk]) -> Walk:
    """A case up to the served decision; its tip has words and a picture of the informant's."""
    made = grown[1]
    return Walk(made.team, made.docket_id, made.day)


@pytest.fixture(scope="session")
def ripened(
    peopled: Mould, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mould, Ripe, list[str]]:
    """An instance with the ripe case, made once; every test destroys in a copy of its own."""
    made = peopled.copy(tmp_path_factory.mktemp("ripe") / "instance")
    assert made.team
    with program(made):
        both = ripe.make(made.team, db.session.scalars(select(Bureau)).one())
        retention_rows.note_retention(today())
    return made, both, list(ripe.MARKS)


@pytest.fixture
def both(app: Flask, ripened: tuple[Mould, Ripe, list[str]]) -> Ripe:
    """The tip and its case."""
    return ripened[1]


def drive(team: Team, bureau: Bureau) -> Walk:
    """The tip, its case, and the road up to the served decision."""
    start = road.later(today() - timedelta(days=150), 0)
    payload = {
        "channel": "web",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": TOLD,
    }
    payload["survey_by"] = "bureau"
    report = Walk(team, 0, start)
    report.docket_id = receive(bureau, payload, on=start, now=report.now).docket_id
    picture(report.docket_id, "我的工资条.png", from_informant=True)
    road.register(report)
    report.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = report.case()
    road.PARTY[case.docket_id] = FIRM
    asked = {**road.INTERVIEW, "person": WITNESS}
    asked["dialogue"] = [{"question": "谁填报？", "reply": f"我叫{WITNESS}，老魏也知道。"}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(road, "INTERVIEW", asked)
        for _name, days, stop in road.stops(start - timedelta(200), 5_000_00):
            case.at(road.later(case.day, days))
            stop(case)
    picture(case.docket_id, "账簿照片.png", from_informant=False)
    return case


def picture(docket_id: int, name: str, from_informant: bool) -> None:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), (200, 30, 30)).save(out, "PNG")
    upload(docket_id, name, out.getvalue(), from_informant)


def upload(docket_id: int, name: str, data: bytes, from_informant: bool = False) -> None:
    taken = take_in(FileStorage(io.BytesIO(data), filename=name), 50_000_000)
    with writing() as session:
        attach(session, docket_id, 0, [taken], from_informant=from_informant)


def code(walk: Walk) -> str:
    return db.session.get_one(Docket, walk.docket_id).code
