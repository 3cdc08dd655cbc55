"""Nothing reaches the public that was not told, decided and still stands; and on the spot only what
§51 knows."""

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, decision, drive, facts_of, refused
from tests.support.acts import SPOT

BULLETIN = {"text": "现将有关情况予以通报。", "recipients": "各乡镇人民政府"}
SHOWN = {"influence": "具有一定社会影响", "summary": "摘要"}
CRITICISED = ["warning", "circular", "fine"]


def told_of_criticism(team: Team, bureau: Bureau) -> Walk:
    """A case whose prior notice proposes 通报 too, as far as the decision."""
    case = drive(case_of(team, bureau), "conclude")
    case.at(road.later(case.day, 2)).take(
        "prior_notice", {**notice_of(3_000_000), "kinds": CRITICISED}
    )
    case.serve("prior_notice")
    case.at(road.later(case.day, 16)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})
    case.take("review_not_due", {"reason": "罚款未达标准。"})
    return case


# -- 行政处罚法 §9, §44: 通报批评 is a penalty
def test_what_was_neither_told_nor_decided_is_not_circulated(case_at_served: Walk) -> None:
    case = case_at_served
    with pytest.raises(Refused) as error:
        case.take("circulate", BULLETIN)
    assert refused(error) == {"circular_decided"}


def test_what_was_told_but_not_decided_is_not_circulated(team: Team, bureau: Bureau) -> None:
    case = told_of_criticism(team, bureau)
    case.take("decide_penalty", {**decision(case), "kinds": ["warning", "fine"]})
    case.serve("decision")
    with pytest.raises(Refused) as error:
        case.take("circulate", BULLETIN)
    assert refused(error) == {"circular_decided"}


def test_what_was_told_and_decided_is_circulated(team: Team, bureau: Bureau) -> None:
    case = told_of_criticism(team, bureau)
    case.take("decide_penalty", decision(case))
    case.serve("decision")
    case.take("circulate", BULLETIN)
    assert facts_of(case).paper("bulletin")


@pytest.mark.parametrize(
    "text", ["被罚款五百万元。", "已移送公安机关。", "情节特别严重。", "电话13800000001。"]
)
def test_a_circular_says_nothing_that_nobody_decided(team: Team, bureau: Bureau, text: str) -> None:
    case = told_of_criticism(team, bureau)
    case.take("decide_penalty", decision(case))
    case.serve("decision")
    with pytest.raises(Refused) as error:
        case.propose("circulate", {**BULLETIN, "text": text})
    assert refused(error) & {"words_as_decided", "numbers_in_public"}


# -- §51
def test_nobody_is_criticised_in_public_on_the_spot(case_at_assign: Walk) -> None:
    case = case_at_assign
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", {**SPOT, "kinds": CRITICISED})
    assert refused(error) == {"spot_kinds"}
    case.take("on_the_spot", SPOT)
    assert facts_of(case).stage == "effective"


# -- §48: shown is what stands
def terminated(case: Walk) -> Walk:
    case.take(
        "terminate",
        {"reason": "企业注销且无权利义务承受人。", "ground": "gone", "proof": "准予注销登记通知书"},
    )
    return case


def test_a_terminated_case_is_not_published(case_at_served: Walk) -> None:
    case = terminated(case_at_served)
    case.scanned().take("close", {"result": "终结", "execution": "无", "publication": ""})
    with pytest.raises(Refused) as error:
        case.take("approve_publication", SHOWN)
    assert refused(error) == {"penalty_decided"}


def test_what_was_approved_is_not_published_after_the_end_of_the_case(case_at_served: Walk) -> None:
    case = case_at_served
    case.take("approve_publication", SHOWN)
    terminated(case)
    with pytest.raises(Refused) as error:
        case.take("publish", {}, "publication-1")
    assert refused(error) == {"decision_in_force"}
