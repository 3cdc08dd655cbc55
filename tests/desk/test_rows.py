"""Tables in forms: a row that nobody touched is no row, whatever its choices stand on."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.support.desk import SignIn, code

PLAIN = {
    "channel": "phone",
    "subject": "重庆某某有限公司",
    "subject_kind": "enterprise",
    "narrative": "x",
    "survey_by": "bureau",
}
SECOND = "respondents-1-"


@pytest.fixture
def desk(team: Team, bureau: Bureau, sign_in: SignIn) -> tuple[FlaskClient, Walk]:
    """The clerk before a registered tip."""
    walk = Walk(team, 0, today() - timedelta(days=1))
    walk.docket_id = receive(
        bureau, PLAIN, actor_id=team.clerk, on=walk.day, now=walk.now
    ).docket_id
    road.register(walk)
    return sign_in("clerk"), walk


def accept(desk: tuple[FlaskClient, Walk], **second: str) -> int:
    """The form as the page shows it: the first row filled, the second as it stands there."""
    row = {
        "respondents-0-name": PLAIN["subject"],
        "respondents-0-kind": "enterprise",
        SECOND + "kind": "enterprise",
    }
    data = {**row, **second, "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    return desk[0].post(f"/desk/dockets/{code(desk[1])}/report/accept", data=data).status_code


def test_the_row_left_alone_opens_no_case(desk: tuple[FlaskClient, Walk], team: Team) -> None:
    assert accept(desk) == 302
    perform(
        Intent(
            desk[1].docket_id,
            "accept",
            team.head,
            today(),
            "report",
            "approve",
            {"opinion": "同意。"},
        )
    )
    cases = db.session.scalars(select(Docket).where(Docket.kind == "case"))
    assert [c.title for c in cases] == [PLAIN["subject"]]


def test_a_row_without_a_name_is_asked_for_one(desk: tuple[FlaskClient, Walk]) -> None:
    assert accept(desk, **{SECOND + "address": "丰都县三合街道"}) == 422
    assert not db.session.scalars(select(Docket).where(Docket.kind == "case")).all()
