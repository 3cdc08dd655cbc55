"""What is wrong stands beside its field, not only on top of the page; what hangs on a choice says
on which."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.checks.service import PROOFS
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import SignIn, code


def wrong(page: str) -> set[str]:
    """The fields at which something is said."""
    return set(re.findall(r'<div id="([a-z_]+)-error"><p class="error">', page))


@pytest.fixture
def unserved(team: Team, bureau: Bureau, sign_in: SignIn) -> tuple[FlaskClient, Walk]:
    """An officer before a prior notice that waits for service."""
    return sign_in("officer1"), drive(case_of(team, bureau), "prior_notice", 6_000_000)


@pytest.mark.parametrize("method", PROOFS)
def test_each_way_of_service_asks_for_its_proof_at_the_field(
    unserved: tuple[FlaskClient, Walk], method: str
) -> None:
    client, case = unserved
    data = {
        "on": today().isoformat(),
        "paper": str(case.paper("prior_notice").id),
        "method": method,
        "place": "当事人住所",
    }
    answer = client.post(f"/desk/dockets/{code(case)}/main/serve", data=data)
    assert answer.status_code == 422
    assert wrong(answer.text) == set(PROOFS[method])


def test_a_day_before_the_paper_is_told_at_the_day(unserved: tuple[FlaskClient, Walk]) -> None:
    client, case = unserved
    data = {
        "on": "2020-01-01",
        "paper": str(case.paper("prior_notice").id),
        "method": "direct",
        "place": "x",
        "signer": "y",
    }
    answer = client.post(f"/desk/dockets/{code(case)}/main/serve", data=data)
    assert (answer.status_code, wrong(answer.text)) == (422, {"on"})


def test_a_hearing_names_its_earliest_day(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    """行政处罚法 §64: the day offered is the first that the step itself accepts."""
    case = drive(case_of(team, bureau), "notice_served", 6_000_000)
    case.at(road.later(case.day, 2)).take(
        "hearing_request", {"form": "written", "points": "申请听证"}
    )
    case.at(road.later(case.day, 15)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "无。"})
    client, address = sign_in("head"), f"/desk/dockets/{code(case)}/main/hearing_notice"
    day = re.search(r"最早为 (\d{4}-\d\d-\d\d)", client.get(address).text)
    assert day
    asked = {"time": "9:00", "place": "本局", "host": str(team.head), "openness": "public"}
    before = (facts_of(case).today.fromisoformat(day[1]) - timedelta(1)).isoformat()
    answer = client.post(address, data={**asked, "hearing_on": before})
    assert (answer.status_code, wrong(answer.text)) == (422, {"hearing_on"})
    assert client.post(address, data={**asked, "hearing_on": day[1]}).status_code == 302
