"""A record names as officers only those who were officers of the case on its day (行政处罚法 §42;
统计法 §38)."""

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import drive, facts_of, refused


def test_no_record_is_dated_before_its_officers_were_assigned(case_opened: Walk) -> None:
    case = case_opened
    before = case.day
    drive(case, "assign")
    assigned = case.day
    assert before < assigned
    case.at(road.later(assigned, 3))
    with pytest.raises(Refused) as error:
        case.take("on_site_record", road.ON_SITE, on=before)
    assert refused(error) == {"not_yet_assigned"}
    case.take("on_site_record", road.ON_SITE, on=assigned)


def test_who_was_relieved_and_came_back_was_not_there_between(
    case_at_assign: Walk, team: Team
) -> None:
    case = case_at_assign
    first, second = team.officers
    other = next(
        i
        for i, p in facts_of(case).people.items()
        if p.inspects_on(case.day) and i not in team.officers
    )
    case.at(road.later(case.day, 3)).take("assign", {"assigned": [first, other]})
    between = case.day
    case.at(road.later(case.day, 3)).take("assign", {"assigned": [first, second]})
    with pytest.raises(Refused) as error:
        case.take("interview", road.INTERVIEW, on=between)
    assert refused(error) == {"not_yet_assigned"}
    case.take("interview", road.INTERVIEW)
