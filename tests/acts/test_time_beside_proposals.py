"""What time brings about is held up by no proposal: neither a right that ends nor an entry whose
days are over."""

from datetime import timedelta

from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of
from tests.acts.whole import all_hold
from tests.support.disclosure import shown

WAIVED = {"rights": ["defence"], "written": "statement", "signer": "谭某", "document": "声明一份"}


def waits(case: Walk) -> list[str]:
    """Steps whose proposals wait."""
    return [p.step for p in facts_of(case).proposals]


def test_a_right_ends_on_its_day_while_a_proposal_waits(case_at_notice_served: Walk) -> None:
    case = case_at_notice_served
    case.propose("rights_waived", {**WAIVED, "signed_on": case.day.isoformat()})
    case.at(case.day + timedelta(40))
    tick(case.now)
    assert [c.state for c in facts_of(case).clocks if c.rule == "defence"] == ["stopped"]
    assert waits(case) == ["rights_waived"]
    assert all_hold()


def test_an_entry_leaves_the_list_on_its_day_while_a_proposal_waits(
    case_at_served: Walk, bureau: Bureau
) -> None:
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "处罚的事实"})
    case.take("publish", {"note": ""}, "publication-1")
    assert shown(bureau, case)
    case.at(case.day + timedelta(30)).propose(
        "withdraw_entry", {"reason": "当事人已经注销，不再具有影响。"}, "publication-1"
    )
    case.at(road.later(case.day, 400))
    tick(case.now)
    assert facts_of(case).track("publication-1").ended  # type: ignore[union-attr]
    assert waits(case) == ["withdraw_entry"]
    assert all_hold()
