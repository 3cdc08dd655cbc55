"""One person is proposed to one sanctioning body, however the name is typed (公职人员政务处分法
§16)."""

import pytest

from casework.acts.errors import Refused
from casework.upkeep.walk import Walk
from tests.acts.roads import refused
from tests.support.acts import PERSON


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("王某", "王 某"),
        ("王某", "王　某"),
        ("古丽·买买提", "古丽•买买提"),
        ("王某", "王\u200b某"),
        ("Li Na", "LI NA"),
    ],
)
def test_the_same_person_under_another_spelling(
    case_at_conclude: Walk, one: str, same: str
) -> None:
    case = case_at_conclude
    case.take("propose_discipline", {**PERSON, "person_name": one})
    with pytest.raises(Refused) as error:
        case.propose(
            "propose_discipline",
            {**PERSON, "person_name": same, "body_kind": "appointing", "body": "县委组织部"},
        )
    assert refused(error) == {"one_body_only"}
    case.take(
        "propose_discipline",
        {**PERSON, "person_name": same, "body_kind": "party", "body": "县纪委"},
    )
    case.take("propose_discipline", {**PERSON, "person_name": "李某"})
