"""A step belongs to a track that runs: one that was ended with its case takes nothing more, and no
page shows it as open."""

import pytest

from casework.acts.errors import Refused
from casework.procedure.load import procedure
from casework.procedure.offers import offers
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import CLOSING, GONE
from tests.support.desk import SignIn, code

P = procedure()


@pytest.fixture
def ended(case_at_served: Walk) -> Walk:
    """Its execution was ended by the termination, in the stage «due»."""
    case = case_at_served
    case.take("terminate", GONE)
    return case


@pytest.mark.parametrize("closed", [False, True])
def test_no_instalments_of_a_terminated_case(ended: Walk, closed: bool) -> None:
    if closed:
        ended.scanned().take("close", CLOSING)
    plan = {"request": "申请", "plan": "两期", "due": road.later(ended.day, 60).isoformat()}
    with pytest.raises(Refused) as error:
        ended.propose("instal", plan, "execution-1")
    assert refused(error) == {"wrong_track"}


def test_no_step_of_an_ended_track_can_be_taken_or_is_offered(ended: Walk, team: Team) -> None:
    stage = facts_of(ended).track("execution-1").stage  # type: ignore[union-attr]
    assert not P.stage("execution", stage).final
    for person in (team.officers[0], team.clerk, team.leader):
        facts = facts_of(ended)
        assert not [
            o.step.id for o in offers(P, facts, facts.people[person]) if o.track == "execution-1"
        ]
    for step in (s for s in P.steps.values() if s.track == "execution" and stage in s.stages):
        with pytest.raises(Refused) as error:
            ended.propose(step.id, {"paid_fen": 1, "due": "2036-01-01"}, "execution-1")
        assert refused(error) == {"wrong_track"}, step.id


def test_the_page_says_that_it_has_ended(ended: Walk, sign_in: SignIn) -> None:
    page = sign_in("officer1").get(f"/desk/dockets/{code(ended)}").text
    assert "待履行" not in page
    assert "已随案件终结" in page


def test_a_running_track_goes_on(case_at_served: Walk) -> None:
    case = case_at_served
    plan = {"request": "申请", "plan": "两期", "due": road.later(case.day, 60).isoformat()}
    case.take("instal", plan, "execution-1")
    assert facts_of(case).paper("instalment_notice")
