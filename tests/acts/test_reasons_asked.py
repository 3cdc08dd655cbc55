"""What is given away or given up rests on something: a waiver on a day after the notice, a
remission on what was mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused


def test_a_waiver_is_not_corrected_to_a_day_before_the_notice(
    large_case_at_notice_served: Walk,
) -> None:
    """行政处罚法 §§44–45: nobody gives up what he was not told of; the right day is still
    entered."""
    case = large_case_at_notice_served
    told = case.day
    asked = {
        "rights": ["defence", "hearing"],
        "written": "statement",
        "signer": "李某",
        "document": "声明一页",
        "note": "",
    }
    case.at(road.later(told, 3)).take("rights_waived", {**asked, "signed_on": case.day.isoformat()})
    seq = facts_of(case).last("rights_waived").seq  # type: ignore[union-attr]

    def fix(day: str) -> None:
        case.take(
            "correct_act",
            {
                "act": seq,
                "corrected_on": "",
                "fields": {"signed_on": day},
                "was": {},
                "reason": "误录",
            },
        )

    with pytest.raises(Refused) as error:
        fix((told - timedelta(1)).isoformat())
    assert refused(error) == {"waiver_proved"}
    fix(road.later(told, 1).isoformat())


@pytest.mark.parametrize("nothing", ["无", "没有", "/"])
def test_nothing_is_remitted_for_no_remedial_steps(case_at_served: Walk, nothing: str) -> None:
    """行政强制法 §42: only where the party did something to mend the matter."""
    case = case_at_served
    case.at(road.later(case.day, 60)).take(
        "agree", {"terms": "一次缴清。", "remedied": nothing}, "execution-1"
    )
    with pytest.raises(Refused) as error:
        case.propose("remit_surcharge", {"reason": "当事人申请减免"}, "execution-1")
    assert refused(error) == {"agreement_made"}
    case.take("agree", {"terms": "一次缴清。", "remedied": "已补报并更正统计资料。"}, "execution-1")
    case.take("remit_surcharge", {"reason": "当事人已采取补救措施"}, "execution-1")
