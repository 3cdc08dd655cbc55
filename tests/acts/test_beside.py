"""The tracks that run beside a decision: discipline, prosecution, dishonesty."""

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused
from tests.support.disclosure import entries_on_list


def test_discipline_prosecution_and_dishonesty_run_beside(
    case_at_served: Walk, bureau: Bureau
) -> None:
    case = case_at_served
    person = {
        "person_name": "李某",
        "person_post": "某镇镇长",
        "public_employee": "yes",
        "body_kind": "supervision",
        "body": "县监察委员会",
        "facts": "授意",
        "articles": "统计法第四十条",
        "proposal": "给予处分",
    }
    case.take("propose_discipline", person)
    with pytest.raises(Refused) as error:
        case.take("propose_discipline", {**person, "body_kind": "appointing", "body": "县委组织部"})
    assert refused(error) == {"one_body_only"}
    case.take("send_discipline", {"enclosures": "报告", "contact": "张"}, "discipline-1")
    clock = facts_of(case).clock("discipline_reply")
    assert clock is not None
    assert (clock.due - case.day).days > 175
    case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
    case.take("dishonesty_notice", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1")
    case.serve("dishonesty_notice")
    with pytest.raises(Refused) as error:
        case.take("determine", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1")
    assert refused(error) == {"dishonesty_heard", "remedy_days_run_out"}
    case.at(road.later(case.day, 200)).take(
        "determine", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1"
    )
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": "虚报"}, "dishonesty-1")
    tick(case.now)
    assert [e.kind for e in entries_on_list(db.session(), bureau.id, case.day)] == ["dishonesty"]
    with pytest.raises(Refused) as error:
        case.take("repair", {"request": "申请", "verified": "已改正"}, "dishonesty-1")
    assert refused(error) == {"six_months_shown"}
    case.at(road.later(case.day, 200)).take(
        "repair", {"request": "申请", "verified": "已改正"}, "dishonesty-1"
    )
    tick(case.now)
    assert entries_on_list(db.session(), bureau.id, case.day) == []
    case.take(
        "send_prosecution",
        {
            "about": "李某",
            "target": "police",
            "body": "县公安局",
            "reason": "涉嫌犯罪",
            "material": "报告",
        },
    )
    with pytest.raises(Refused) as error:
        case.scanned().take("close", {"result": "x", "execution": "y", "publication": ""})
    assert {"execution_over", "prosecution_over"} <= refused(error)
