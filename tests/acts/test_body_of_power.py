"""A proposal of discipline goes to a body that can impose it, a suspected crime to one that
prosecutes."""

import pytest

from casework.upkeep.walk import Walk
from tests.acts.interference import why
from tests.support.acts import PERSON

OWN_POLICEMAN = {"person_name": "赵某", "person_post": "丰都县公安局统计工作负责人"}
CRIME = {"about": "李某", "target": "police", "reason": "涉嫌犯罪", "material": "调查终结报告"}


def proposal(kind: str, body: str, **more: str) -> dict[str, str]:
    return {**PERSON, "person_name": "王某", "body_kind": kind, "body": body, **more}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("supervision", "丰都县监察委员会"),
        ("supervision", "县监委"),
        ("supervision", "中共丰都县纪委、丰都县监 委"),
        ("party", "中共丰都县纪律检查委员会"),
        ("party", "丰都县纪委"),
        ("appointing", "中共丰都县委组织部"),
        ("appointing", "丰都县双路镇人民政府"),
    ],
)
def test_a_proposal_goes_to_a_body_that_can_impose_it(
    case_at_conclude: Walk, kind: str, body: str
) -> None:
    assert why(case_at_conclude, "propose_discipline", proposal(kind, body)) == set()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("supervision", "丰都县有关部门"),
        ("supervision", "丰都县人民法院"),
        ("supervision", "中共丰都县委组织部"),
        ("party", "丰都县监察委员会"),
        ("party", "中共丰都县委组织部"),
        ("appointing", "丰都县监察委员会"),
        ("appointing", "丰都县纪委监委"),
        ("appointing", "丰都县公安局"),
        ("appointing", "丰都县人民检察院"),
    ],
)
def test_a_body_without_that_power_gets_none(case_at_conclude: Walk, kind: str, body: str) -> None:
    assert why(case_at_conclude, "propose_discipline", proposal(kind, body)) == {"body_can_impose"}


def test_whose_own_unit_it_is_may_be_asked_for_its_people(case_at_conclude: Walk) -> None:
    """任免机关、单位 (统计法 §46): a bureau of police is that of its own staff."""
    case, own = case_at_conclude, proposal("appointing", "丰都县公安局", **OWN_POLICEMAN)
    assert why(case, "propose_discipline", own) == set()


@pytest.mark.parametrize(
    ("target", "body", "good"),
    [
        ("police", "丰都县公安局", True),
        ("procuracy", "丰都县人民检察院", True),
        ("supervision", "丰都县监委", True),
        ("police", "丰都县文化局", False),
        ("police", "丰都县人民检察院", False),
        ("procuracy", "丰都县公安局", False),
        ("supervision", "丰都县公安局", False),
        ("supervision", "中共丰都县委组织部", False),
    ],
)
def test_a_crime_goes_to_a_body_that_prosecutes(
    case_at_conclude: Walk, target: str, body: str, good: bool
) -> None:
    found = why(case_at_conclude, "send_prosecution", {**CRIME, "target": target, "body": body})
    assert found == (set() if good else {"body_prosecutes"})
