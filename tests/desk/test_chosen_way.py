"""A form asks only what belongs to the way that is chosen on it, with and without scripts."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from casework.people.models import Bureau
from casework.procedure.checks.service import unserved
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep.walk import Team, Walk
from forms.chosen import Chosen
from forms.registry import form_class
from forms.service import Serve
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import SignIn, code
from tests.upkeep.on_pages import sheet

PROOFS = {"signer", "witness", "tracking_no", "consent", "refused_reason"}
WAYS = {
    "direct": {"signer"},
    "left": {"witness", "refused_reason"},
    "mail": {"tracking_no"},
    "electronic": {"consent"},
}


def shown(page: str) -> set[str]:
    """Fields that hang on a choice and stand open on the page."""
    open_parts = re.findall(r'<div data-where="\w+"\s+data-choices="[^"]+"\s*>(.*?)</label>', page)
    return {re.findall(r'for="([^"]+)"', part)[-1] for part in open_parts}


def serving(case: Walk) -> str:
    db.session.rollback()
    return f"/desk/dockets/{code(case)}/main/serve"


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    return drive(case_of(team, bureau), "notice_of_inspection")


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    return sign_in("officer1")


@pytest.mark.parametrize("way", WAYS)
def test_the_form_of_service_shows_the_fields_of_the_way_in_its_address(
    case: Walk, officer: FlaskClient, way: str
) -> None:
    assert shown(officer.get(f"{serving(case)}?method={way}").text) == WAYS[way]


def test_without_scripts_a_button_shows_what_the_choice_asks_and_keeps_what_was_typed(
    case: Walk, officer: FlaskClient
) -> None:
    where = serving(case)
    form = sheet(officer.get(where).text).standing
    page = officer.post(
        where, data=MultiDict({**form, "method": "mail", "place": "门卫室\r\n", "action": "show"})
    )
    assert page.status_code == 200
    assert 'name="action" value="show"' in page.text
    assert shown(page.text) == {"tracking_no"}
    assert "门卫室" in page.text


def test_what_the_chosen_way_does_not_ask_is_not_kept(case: Walk) -> None:
    facts = facts_of(case)
    paper = str(unserved(facts)[0].id)
    sent = {"paper": paper, "method": "mail", "place": "门卫室", "tracking_no": "EX1"}
    form = Serve(facts, MultiDict({**sent, "on": facts.today.isoformat(), "signer": "谭某"}))
    assert form.validate(), form.errors
    assert {name: form.payload()[name] for name in PROOFS} == {
        **dict.fromkeys(PROOFS, ""),
        "tracking_no": "EX1",
    }


def test_a_proof_that_the_way_needs_is_still_asked_for(case: Walk, officer: FlaskClient) -> None:
    where = serving(case)
    form = sheet(officer.get(where).text).standing
    page = officer.post(where, data=MultiDict({**form, "method": "mail", "place": "门卫室"}))
    assert page.status_code == 422
    assert 'href="#tracking_no"' in page.text


def test_what_a_form_shows_for_some_choices_hangs_on_a_choice_that_it_offers(case: Walk) -> None:
    for step in procedure().steps.values():
        asks = form_class(step.asks) if step.asks and not step.by_system else None
        for name, only in (asks.only_where if asks else {}).items():
            assert isinstance(only, Chosen)
            assert hasattr(asks, name), (step.id, name)
            offered = {str(value) for value, _label in getattr(asks, only.field).kwargs["choices"]}
            assert set(only.choices) <= offered, (step.id, name)
