"""One reconsideration and one suit, one after the other (行政复议法 §29–30, §62; 行政诉讼法
§44–45)."""

from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import decided_anew, facts_of, refused
from tests.support.acts import BEGUN


@pytest.fixture
def served(case_at_served: Walk) -> Walk:
    return case_at_served


def begin(case: Walk, kind: str) -> None:
    case.take("remedy_start", {**BEGUN, "kind": kind})


def end(case: Walk, kind: str, result: str, track: str = "remedy-1") -> None:
    asked = {"kind": kind, "result": result, "number": "2", "fine_fen": None, "reason": "x"}
    case.at(road.later(case.day, 20)).take("remedy_end", asked, track)


def not_begun(case: Walk, kind: str) -> None:
    with pytest.raises(Refused) as error:
        begin(case, kind)
    assert refused(error) == {"one_remedy_at_a_time"}


@pytest.mark.parametrize("first", ["reconsideration", "suit"])
@pytest.mark.parametrize("second", ["reconsideration", "suit"])
def test_no_second_remedy_beside_one_that_runs(served: Walk, first: str, second: str) -> None:
    begin(served, first)
    not_begun(served.at(road.later(served.day, 3)), second)


def test_no_reconsideration_after_a_court_took_the_suit_on(served: Walk) -> None:
    """§29第二款, §30第七项: whatever came of it."""
    begin(served, "suit")
    end(served, "suit", "withdrawn")
    not_begun(served, "reconsideration")


def test_no_second_reconsideration_after_one_was_decided(served: Walk) -> None:
    begin(served, "reconsideration")
    end(served, "reconsideration", "upheld")
    not_begun(served, "reconsideration")


# -- what is lawful
def test_a_suit_follows_a_reconsideration(served: Walk) -> None:
    begin(served, "reconsideration")
    end(served, "reconsideration", "upheld")
    begin(served, "suit")


def test_a_suit_follows_when_nobody_answered_in_time(served: Walk) -> None:
    """行政诉讼法 §45: the reviewing body let its days go by."""
    begin(served, "reconsideration")
    begun = served.day
    not_begun(served.at(begun + timedelta(60)), "suit")
    begin(served.at(begun + timedelta(61)), "suit")
    end(served, "reconsideration", "withdrawn", "remedy-1")
    end(served, "suit", "upheld", "remedy-2")
    assert not facts_of(served).open_tracks("remedy")


def test_a_reconsideration_whose_withdrawal_was_not_meant_is_taken_up_again(served: Walk) -> None:
    """行政复议法 §74第二款."""
    begin(served, "reconsideration")
    end(served, "reconsideration", "withdrawn")
    begin(served, "reconsideration")


def test_an_appeal_follows_a_judgment(served: Walk) -> None:
    begin(served, "suit")
    end(served, "suit", "upheld")
    begin(served, "appeal")


def test_no_appeal_while_the_suit_runs(served: Walk) -> None:
    begin(served, "suit")
    with pytest.raises(Refused) as error:
        begin(served, "appeal")
    assert {"appeal_follows_suit", "one_remedy_at_a_time"} & refused(error)


def test_a_new_decision_opens_both_anew(served: Walk) -> None:
    begin(served, "reconsideration")
    end(served, "reconsideration", "redo")
    served.take(
        "redo",
        {"order": "复议决定", "due": road.later(served.day, 90).isoformat(), "reason": "重新处理"},
    )
    decided_anew(served, 1_000_000)
    served.serve("decision")
    begin(served, "reconsideration")
