"""Several papers that arrive together are recorded on one form; each has its own entry and
receipt. Whoever has more to do is led on to the next form."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from casework.acts.errors import NotAllowed
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.desk import dockets
from casework.people.models import Bureau
from casework.procedure.checks.service import unserved
from casework.procedure.facts import PaperFacts
from casework.procedure.ids import PaperId
from casework.store import db
from casework.upkeep.walk import Team, Walk
from forms.service import Serve
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import SignIn, code
from tests.upkeep.on_pages import sheet


def address(case: Walk) -> str:
    db.session.rollback()
    return f"/desk/dockets/{code(case)}"


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


@pytest.mark.parametrize(("kind", "apart"), [("transfer", True), ("correction", False)])
def test_whoever_signs_for_the_firm_signs_for_no_other_body(
    case: Walk, kind: PaperId, apart: bool
) -> None:
    facts = facts_of(case)
    more = PaperFacts(901, kind, "901号", "main", "order_correction", 1, facts.today, "issued")
    facts = replace(facts, papers=(*facts.papers, more))
    first = unserved(facts)[0].id
    typed = [("paper", str(first)), ("also", "901"), ("method", "direct"), ("place", "门卫室")]
    form = Serve(facts, MultiDict([*typed, ("signer", "谭某"), ("on", facts.today.isoformat())]))
    form.validate()
    assert ("also" in form.errors) is apart
    assert [p["paper"] for p in form.further_payloads()] == [901]


def test_what_stops_the_second_paper_is_said_and_the_first_one_stands(
    case: Walk, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.take("inquire", {"matters": "商品房销售额怎样统计", "days": 5})
    papers = [str(p.id) for p in unserved(facts_of(case))]
    where = f"{address(case)}/main/serve"
    typed = {"paper": papers[0], "also": papers, "place": "门卫室", "signer": "谭某"}
    form = {**sheet(officer.get(where).text).standing, **typed}
    taken = []

    def one_alone(intent: Intent) -> Done:
        taken.append(intent)
        if len(taken) > 1:
            raise NotAllowed("You are recused from this docket.")
        return perform(intent)

    monkeypatch.setattr(dockets, "perform", one_alone)
    answer = officer.post(where, data=MultiDict(form), follow_redirects=True)
    assert answer.status_code == 200
    assert "回避" in answer.text
    assert len(unserved(facts_of(case))) == 1


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
