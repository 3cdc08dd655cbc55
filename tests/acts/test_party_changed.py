"""What is recorded of a respondent can be mended at any time; papers that were made stay as they
were (行政处罚法 §59)."""

from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from letters.base import MissingField
from tests.acts.roads import FIRM, decision, facts_of, refused
from tests.support.acts import without_address

NEW_HOME = {
    "address": "丰都县名山街道平都大道8号",
    "representative": "冉某",
    "phone": "023-70700000",
    "township": "500230102",
}


def changed(case: Walk, **more: Any) -> dict[str, Any]:
    party = {**(facts_of(case).value("party") or {}), **NEW_HOME, **more}
    return {"party": party, "proof": "营业执照副本", "reason": "当事人搬迁。"}


def test_a_decision_without_an_address_is_refused_when_it_is_proposed(
    team: Team, bureau: Bureau
) -> None:
    case = without_address(team, bureau)
    with pytest.raises(MissingField) as error:
        case.propose("decide_penalty", decision(case))
    assert error.value.field == "respondent.address"
    assert not facts_of(case).proposals


def test_the_address_is_recorded_late_and_the_decision_made(team: Team, bureau: Bureau) -> None:
    case = without_address(team, bureau)
    case.take("change_party", changed(case))
    case.take("decide_penalty", decision(case))
    case.serve("decision")
    assert facts_of(case).stage == "effective"


def test_later_papers_bear_what_is_right_and_earlier_ones_stay(case_at_notice_served: Walk) -> None:
    case = case_at_notice_served
    before = case.paper("prior_notice").sha256
    case.take("change_party", changed(case))
    assert case.paper("prior_notice").sha256 == before
    assert case.paper("prior_notice").state == "served"
    party = facts_of(case).party
    assert party
    assert (party.address, party.representative, party.phone, party.township) == tuple(
        NEW_HOME.values()
    )
    assert party.name == FIRM["name"]


def test_the_head_line_follows(case_at_file: Walk) -> None:
    case = case_at_file
    case.take("change_party", changed(case))
    assert db.session.get_one(Docket, case.docket_id).township == NEW_HOME["township"]


@pytest.mark.parametrize("more", [{"name": "另一企业"}, {"kind": "state_organ"}])
def test_another_respondent_is_not_a_change_of_its_data(
    case_at_notice_served: Walk, more: dict[str, str]
) -> None:
    """Who was heard as one firm is not fined as another (§44)."""
    case = case_at_notice_served
    with pytest.raises(Refused) as error:
        case.propose("change_party", changed(case, **more))
    assert refused(error) == {"same_respondent"}


def test_nothing_changed_is_no_change(case_at_file: Walk) -> None:
    case = case_at_file
    with pytest.raises(Refused) as error:
        case.propose("change_party", {**changed(case), "party": facts_of(case).value("party")})
    assert refused(error) == {"party_changes"}


def test_it_goes_on_while_the_case_is_suspended(case_at_file: Walk) -> None:
    case = case_at_file
    case.take("suspend", {"reason": "等待鉴定"})
    case.take("change_party", changed(case))


def test_a_verification_report_keeps_what_it_does_not_ask(case_at_figures: Walk) -> None:
    from forms.verification import Report

    case = case_at_figures
    case.take("change_party", changed(case))
    form = Report(facts_of(case))
    assert form.payload()["party"]["phone"] == NEW_HOME["phone"]


@pytest.mark.parametrize("step", ["inspection_notice"])
def test_any_paper_says_at_the_proposal_what_it_lacks(case_at_file: Walk, step: str) -> None:
    case = case_at_file
    with pytest.raises(MissingField):
        case.propose(step, {**road.inspection(case), "place": ""})
    case.take(step, road.inspection(case))
