"""国家统计局 2018-10-22: 97 firms recognised as seriously dishonest since 2017; 54 past their term
and removed, 43 still shown.

Here by the program's own doors: a tip opens the cases, each goes its road, the publisher lists
those of now in one order. That two tips named them all, and the days, are ours; the source gives
the numbers.
"""

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Docket, Track
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes.after import LAW
from casework.upkeep.scenes.ground import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.acts.whole import all_hold
from tests.conftest import need
from tests.desk.test_pages import counted
from tests.support.desk import SignIn, approve_all, ordered, states
from tests.support.disclosure import READ, names, pdf_text

pytestmark = pytest.mark.long

# (past their term, still shown): the real case, and one as large as every run can bear
MANY, FEW = pytest.param(54, 43, marks=pytest.mark.by_hand), (6, 5)

SHOWN = {"summary": "提供不真实统计资料。"}


def determined(team: Team, bureau: Bureau, firms: list[str], start: date) -> list[Walk]:
    """One report about all of them, a case for each, every case to the served determination."""
    ground = Ground(bureau, team, {**FIRM, "name": firms[0]}, start, channel="media")
    tip, parties = ground.tip(), [{**FIRM, "name": name} for name in firms]
    asked = {
        "respondents": parties,
        "cause": "涉嫌提供不真实统计资料",
        "opinion": "媒体曝光，线索具体，建议受理。",
    }
    tip.at(road.later(tip.day, 2)).take("accept", asked)
    cases = [Walk(team, number, tip.day) for number in tip.cases()]
    assert len(cases) == len(firms)
    for case, party in zip(cases, parties, strict=True):
        road.PARTY[case.docket_id] = party
        for _name, days, stop in road.stops(start - timedelta(150), 0):
            stop(case.at(road.later(case.day, days)))
        case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报数额大。"})
        case.take("dishonesty_notice", LAW, "dishonesty-1")
        case.serve("dishonesty_notice")
        case.at(road.later(case.day, 200)).take("determine", LAW, "dishonesty-1")
        case.serve("dishonesty_decision")
    return cases


@pytest.mark.parametrize(("ended", "shown"), [FEW, MANY])
def test_those_past_their_term_are_gone_and_the_others_are_shown(
    team: Team,
    bureau: Bureau,
    client: FlaskClient,
    sign_in: SignIn,
    tmp_path: Path,
    ended: int,
    shown: int,
) -> None:
    past = [f"第{n}号期满企业" for n in range(1, ended + 1)]
    now = [f"第{n}号公示企业" for n in range(1, shown + 1)]
    for case in determined(team, bureau, past, road.later(today() - timedelta(800), 0)):
        case.take("list_entry", SHOWN, "dishonesty-1")
    tick()  # the year of these is over: time itself has taken them off
    assert names(client.get("/list").text) == []

    cases = determined(team, bureau, now, road.later(today() - timedelta(330), 0))
    tick()
    batch = ordered(sign_in("publisher"), "list_entry", cases, on=today().isoformat(), **SHOWN)
    assert states(batch) == ["proposed"] * shown
    assert names(client.get("/list").text) == []  # nobody is shown before the leader has agreed
    assert approve_all(team, "list_entry") == shown

    assert db.session.execute(
        select(DisclosureEntry.state, func.count())
        .group_by(DisclosureEntry.state)
        .order_by(DisclosureEntry.state)
    ).all() == [
        ("ended", ended),
        ("shown", shown),
    ]
    with counted() as seen:
        page = client.get("/list").text
    assert len([s for s in seen if "entry" in s]) == 4
    assert f"共 {shown} 条" in page
    assert sorted(names(page)) == sorted(now)
    for ending, read in READ.items():
        assert sorted(read(client.get(f"/list.{ending}").data)) == sorted(now), ending
    listed_on_paper(client.get("/list.pdf").data, now, past, tmp_path)
    stages = (
        select(Track.stage, func.count())
        .where(Track.kind == "dishonesty")
        .group_by(Track.stage)
        .order_by(Track.stage)
    )
    assert db.session.execute(stages).all() == [("ended", ended), ("listed", shown)]
    assert (
        db.session.scalar(select(func.count()).select_from(Docket).where(Docket.kind == "case"))
        == ended + shown
    )
    assert all_hold()


def listed_on_paper(data: bytes, now: list[str], past: list[str], folder: Path) -> None:
    """Every firm once, none of those past, and the head on every page."""
    need("qpdf", Path("/usr/bin/qpdf").exists())
    text = pdf_text(data, folder)
    assert f"在公示期内的共{len(now)}条" in text
    assert [name for name in now if text.count(name) != 1] == []
    assert [name for name in past if name in text] == []
    found = subprocess.run(
        ["qpdf", "--show-npages", folder / "list.pdf"], check=True, capture_output=True, text=True
    ).stdout
    assert text.count("决定书文号") == int(found) >= len(now) // 20
