"""Several papers that arrive together are recorded on one form; each has its own entry and
receipt. Whoever has more to do is led on to the next form."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.procedure.checks.service import unserved
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import SignIn
from tests.upkeep.on_pages import sheet


def address(case: Walk) -> str:
    db.session.rollback()
    code = db.session.scalars(select(Docket.code).where(Docket.id == case.docket_id)).one()
    return f"/desk/dockets/{code}"


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    return drive(case_of(team, bureau), "notice_of_inspection")


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    return sign_in("officer1")


def test_one_form_records_the_service_of_several_papers(case: Walk, officer: FlaskClient) -> None:
    case.take("inquire", {"matters": "商品房销售额怎样统计", "days": 5})
    papers = [str(p.id) for p in unserved(facts_of(case))]
    assert len(papers) == 2
    where = f"{address(case)}/main/serve"
    form = sheet(officer.get(where).text)
    assert form.options["also"] == set(papers)
    typed = {"paper": papers[0], "also": papers, "place": "门卫室", "signer": "谭某"}
    answer = officer.post(where, data=MultiDict({**form.standing, **typed}))
    assert answer.status_code == 302
    facts = facts_of(case)
    assert unserved(facts) == []
    entries = list(facts.done("serve"))[-2:]
    assert {str(a.asked["paper"]) for a in entries} == set(papers)
    assert all("also" not in a.asked and a.asked["signer"] == "谭某" for a in entries)
    assert len([p for p in facts.papers if p.kind == "service_receipt"]) == 2


def test_a_single_paper_is_asked_for_alone(case: Walk, officer: FlaskClient) -> None:
    assert "also" not in sheet(officer.get(f"{address(case)}/main/serve").text).names


def test_whoever_has_more_to_do_is_led_to_the_next_form(case: Walk, officer: FlaskClient) -> None:
    docket = address(case)
    form = sheet(officer.get(f"{docket}/main/serve").text).standing
    typed = {"place": "门卫室", "signer": "谭某", "action": "next"}
    answer = officer.post(f"{docket}/main/serve", data=MultiDict({**form, **typed}))
    assert answer.location == f"{docket}/next"
    led = officer.get(answer.location)
    assert led.location == f"{docket}/main/on_site_record"
    page = officer.get(led.location).text
    assert "《" in page
    assert "已登记" in page or "送达" in page


def test_whoever_has_nothing_to_do_is_led_to_the_docket(case: Walk, sign_in: SignIn) -> None:
    docket = address(case)
    assert sign_in("legal").get(f"{docket}/next").location == docket
