"""«Minor» and «for the first time» are no ground while the bureau itself says that the violation is
serious (处罚法 §33)."""

from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Walk
from tests.acts.roads import END, drive, facts_of, refused
from tests.support.acts import MINOR, REPORT, row, unheard


def found(case: Walk, ground: str) -> Walk:
    """An investigation that ends with this ground for the upper tier."""
    drive(case, "interview").take(
        "investigation_report", {**REPORT, "violations": [row(END, END)], "serious_ground": ground}
    )
    return case


def against(case: Walk, **asked: Any) -> set[str]:
    with pytest.raises(Refused) as error:
        case.take("decide_no_penalty", {**MINOR, **asked})
    return refused(error)


@pytest.mark.parametrize("ground", ["harmful", "violent", "disrupting"])
def test_a_report_that_found_it_serious(case_opened: Walk, ground: str) -> None:
    case = found(case_opened, ground)
    for reason in ("minor", "first"):
        assert against(case, ground=reason) == {"not_found_serious"}
    # says that nothing of it is made out
    case.take("decide_no_penalty", {**MINOR, "ground": "not_made_out"})


def test_a_notice_that_told_it_so(case_at_conclude: Walk) -> None:
    """300,000 yuan were told for grave consequences; one tick does not make them none."""
    case = case_at_conclude
    case.take("prior_notice", {**notice_of(30_000_000), "serious_ground": "harmful"})
    case.serve("prior_notice")
    unheard(case)
    case.take("legal_review", road_review())
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    assert against(case) == {"not_found_serious"}
    case.take("send_back", {"reason": "当事人申辩成立，补充调查"})
    case.take("investigation_report", {**REPORT, "violations": [row(END, END)]})  # finds otherwise
    case.take("decide_no_penalty", MINOR)
    assert facts_of(case).stage == "serve"


def test_a_notice_that_was_told_anew_without_it(case_opened: Walk) -> None:
    case = found(case_opened, "harmful")
    case.at(road.later(case.day, 2)).take(
        "prior_notice", {**notice_of(3_000_000), "serious_ground": "harmful"}
    )
    case.serve("prior_notice")
    case.take("prior_notice_again", notice_of(0))
    case.serve("prior_notice")
    unheard(case)
    case.take("review_not_due", {"reason": "未达标准"})
    case.take("decide_no_penalty", MINOR)


VOICES = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]


def road_review() -> dict[str, Any]:
    points = {
        f"point_{p}": "pass"
        for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
    }
    return {**points, "opinion": "同意", "result": "pass", "census_law": ""}
