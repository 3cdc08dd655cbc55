"""What a case's page opens with, and how it folds the rest."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, case_of, drive
from tests.support.desk import SignIn

SEES = ("clerk", "officer1", "head", "legal", "leader")


def now_on(client: FlaskClient, walk: Walk) -> str:
    """The card «now» of the case's page."""
    db.session.rollback()
    code = db.session.scalars(select(Docket.code).where(Docket.id == walk.docket_id)).one()
    page = client.get(f"/desk/dockets/{code}").text
    return page.split('id="next"', 1)[1].split("</section>", 1)[0]


def test_everybody_reads_what_comes_next(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    """At each stop of the ordinary road each person finds one act, or whom or which day the case
    waits for."""
    case, silent = case_of(team, bureau), []
    for name, days, stop in road.stops(END, 3_000_000):
        case.at(road.later(case.day, days))
        stop(case)
        for login in SEES:
            card = now_on(sign_in(login), case)
            said = (
                '<ul class="next"><li><a class="button" ',
                "正在等待：",
                "等待他人办理：",
                "先在",
            )
            if name != "archive" and not any(x in card for x in said):
                silent.append((name, login))
    assert silent == []


def test_what_can_be_done_besides_is_folded_and_ways_out_come_last(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    card = now_on(sign_in("officer1"), drive(case_of(team, bureau), "file"))
    headings = [h.strip() for h in re.findall(r"<summary>([^<]+)", card)]
    assert "调查取证" in headings
    assert [h for h in headings if h != "暂不能办理"][-1] == "终止"
    out = card.split('<details class="group out">', 1)[1].split("</details>", 1)[0]
    assert 'class="button danger"' in out
    steps = re.findall(r'/main/([a-z_]+)"', out)
    assert {procedure().steps[s].group for s in steps} == {"exits"}


def test_the_course_of_a_stage_goes_before_its_report(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """Nothing was inspected yet: the notice of the inspection is what comes, not the report."""
    card = now_on(sign_in("officer1"), drive(case_of(team, bureau), "file"))
    assert re.search(r'<ul class="next"><li><a class="button" href="[^"]*/inspection_notice"', card)
