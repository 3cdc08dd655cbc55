"""A hearing was held, and its host left before it was entered: somebody who did not investigate
enters it (行政处罚法 §64)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.people.models import Person, PersonRole
from casework.store import writing
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import called


@pytest.fixture
def day(large_case_at_notice_served: Walk, team: Team) -> tuple[Walk, date]:
    """A case whose hearing, led by the head, was today."""
    case = large_case_at_notice_served
    held = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    case.at(held + timedelta(1))
    return case, held


def entered(case: Walk, person: int, on: date) -> Done:
    asked = {"present": "双方", "record": "质证", "outcome": "ended"}
    return perform(
        Intent(case.docket_id, "hearing_held", person, on, "main", "take", asked), case.now
    )


def test_while_the_host_is_there_nobody_else_enters_it(team: Team, day: tuple[Walk, date]) -> None:
    case, on = day
    with pytest.raises(Refused) as error:
        entered(case, team.legal, on)
    assert refused(error) == {"host_is_actor"}
    entered(case, team.head, on)


def test_when_the_host_has_left_somebody_else_does(team: Team, day: tuple[Walk, date]) -> None:
    case, on = day
    with writing() as session:
        session.get_one(Person, team.head).active = False
    entered(case, team.legal, on)
    assert facts_of(case).did("hearing_held")
    assert case.paper("hearing_record").state == "issued"


def test_never_an_officer_of_the_case(team: Team, day: tuple[Walk, date]) -> None:
    case, on = day
    with writing() as session:
        session.get_one(Person, team.head).active = False
        session.add(PersonRole(person_id=team.officers[1], role="head", from_day=date(2024, 1, 1)))
    with pytest.raises(Refused) as error:
        entered(case, team.officers[1], on)
    assert refused(error) == {"host_is_actor"}
