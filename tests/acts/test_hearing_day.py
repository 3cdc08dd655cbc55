"""A hearing is held on the day that the party was told, seven days before; another is told anew (处
罚法 §64第二项)."""

from datetime import date, timedelta

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import called

HELD = {"present": "双方", "record": "质证"}


@pytest.fixture
def told(large_case_at_notice_served: Walk, team: Team) -> tuple[Walk, date]:
    """A hearing of which the party was told in time, and its day."""
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    return case, day


@pytest.mark.parametrize("shift", [-1, 1, 35])
def test_a_hearing_on_another_day_is_none(told: tuple[Walk, date], shift: int) -> None:
    case, day = told
    case.at(day + timedelta(max(shift, 0)))
    with pytest.raises(Refused) as error:
        case.take("hearing_held", HELD, on=day + timedelta(shift))
    assert refused(error) == {"on_the_day_told"}


def test_a_hearing_whose_day_has_not_come_is_not_held(told: tuple[Walk, date]) -> None:
    """Refused before the form is filled, on the facts alone."""
    case, _day = told
    with pytest.raises(Refused) as error:
        case.take("hearing_held", HELD)
    assert "hearing_day_come" in refused(error)


def test_what_was_held_on_the_day_may_be_entered_later(told: tuple[Walk, date]) -> None:
    case, day = told
    case.at(road.later(day, 3)).take("hearing_held", HELD, on=day)
    assert facts_of(case).last("hearing_held").on == day  # type: ignore[union-attr]


def test_a_hearing_is_postponed_by_a_new_notice_that_arrives_in_time(
    told: tuple[Walk, date], team: Team
) -> None:
    case, day = told
    case.at(day)
    later = road.CALENDAR.add_workdays(day, 9)
    asked = {
        "hearing_on": later.isoformat(),
        "time": "9:00",
        "place": "本局",
        "host": team.head,
        "openness": "public",
    }
    case.take("hearing_notice", asked)
    with pytest.raises(Refused) as error:
        case.at(later).take("hearing_held", HELD)
    assert "hearing_notice_served" in refused(error)  # made, and nobody told of it
    again = road.CALENDAR.add_workdays(later, 9)
    case.take("hearing_notice", {**asked, "hearing_on": again.isoformat()})
    case.serve("hearing_notice")
    with pytest.raises(Refused) as error:
        case.at(again).take("hearing_held", HELD, on=day)  # the day of the notice before
    assert refused(error) == {"on_the_day_told"}
    case.take("hearing_held", HELD)
