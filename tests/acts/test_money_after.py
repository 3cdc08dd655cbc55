"""Money and the end of a case: owed back after the archive, paid too much or too late, grants and
corrections that shorten."""

from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.procedure.fines import balance, owed, owed_back
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused
from tests.support.acts import CLOSING, archived, begun, ended, final, judged

FINE = 3_000_000
SHELF = {"term": "30", "shelf": "1"}


@pytest.fixture
def served(case_at_served: Walk) -> Walk:
    return case_at_served


def pay(case: Walk, fen: int, **more: object) -> None:
    case.take(
        "pay",
        {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "1", **more},
        "execution-1",
    )


def give_back(case: Walk, fen: int) -> None:
    case.take(
        "refund",
        {"refunded_fen": fen, "refunded_on": case.day.isoformat(), "payee": "户名", "slip": "2"},
    )


def refuses(
    case: Walk, check: str, step: str, asked: dict[str, object], track: str = "main"
) -> None:
    with pytest.raises(Refused) as error:
        case.take(step, asked, track)
    assert refused(error) == {check}


# -- owed back after the end
def test_what_is_owed_back_after_the_archive_goes_back(served: Walk) -> None:
    """行政强制法 §41: a court set aside what was paid, closed and archived."""
    final(judged(archived(served), "set_aside"))
    assert facts_of(served).stage == "archived"
    give_back(served, FINE)
    assert owed_back(facts_of(served)).fen == 0


def test_nothing_is_archived_while_money_is_owed_back(served: Walk) -> None:
    pay(served, FINE)
    served.take("not_public", {"reason": "不具有一定社会影响"})
    served.scanned().take("close", CLOSING)
    final(judged(served, "set_aside"))
    served.scanned().bound()
    refuses(served, "nothing_owed_back", "archive", SHELF)
    give_back(served, FINE)
    served.bound().take("archive", SHELF)


def test_closing_before_the_outcome_of_a_suit_needs_its_word(served: Walk) -> None:
    pay(served, FINE)
    served.take("not_public", {"reason": "不具有一定社会影响"})
    begun(served, "suit")
    served.scanned()
    refuses(served, "running_remedy_said", "close", CLOSING)
    refuses(served, "says_something", "close", {**CLOSING, "remedy_reason": "无"})
    ended(served, "suit", "upheld", "remedy-1", days=5)
    refuses(served, "running_remedy_said", "close", CLOSING)  # it may be appealed
    served.take("close", {**CLOSING, "remedy_reason": "一审已判，罚款缴清，上诉期内先行结案。"})
    assert facts_of(served).stage == "closed"


def test_a_case_is_closed_without_a_word_when_the_judgment_is_in_force(served: Walk) -> None:
    pay(served, FINE)
    served.take("not_public", {"reason": "不具有一定社会影响"})
    final(judged(served, "upheld")).scanned().take("close", CLOSING)


# -- paid too much, or after the end
def test_what_was_paid_too_much_is_recorded_and_goes_back(served: Walk) -> None:
    with pytest.raises(Refused) as error:
        pay(served, FINE + 10_000)
    assert refused(error) == {"not_more_than_owed"}
    pay(served, FINE + 10_000, more=True)
    facts = facts_of(served)
    assert (owed(facts).fen, owed_back(facts).fen, facts.track("execution-1").ended) == (
        0,
        10_000,
        True,
    )  # type: ignore[union-attr]
    give_back(served, 10_000)


def test_who_pays_twice_gets_the_second_back(served: Walk) -> None:
    pay(served, FINE)
    pay(served, FINE, more=True)
    assert owed_back(facts_of(served)).fen == FINE


def test_who_pays_after_the_execution_was_ended_has_paid(served: Walk) -> None:
    served.at(road.later(served.day, 30)).take(
        "end_execution", {"ground": "other", "reason": "终结"}, "execution-1"
    )
    settled = balance(facts_of(served)).settled.fen
    pay(served, 1_000_000)
    due = balance(facts_of(served))
    assert (due.paid.fen, due.settled.fen, due.owed.fen, due.back.fen) == (
        1_000_000,
        settled - 1_000_000,
        0,
        0,
    )


# -- nothing is shortened
def test_a_grant_does_not_shorten_the_days_for_payment(served: Walk) -> None:
    due = facts_of(served).clock("pay").due  # type: ignore[union-attr]
    plan = {"request": "申请", "plan": "一次"}
    refuses(
        served,
        "instalments_not_shorter",
        "instal",
        {**plan, "due": (due - timedelta(1)).isoformat()},
        "execution-1",
    )
    later = due + timedelta(60)
    served.take("instal", {**plan, "due": later.isoformat()}, "execution-1")
    refuses(
        served,
        "instalments_not_shorter",
        "instal",
        {**plan, "due": (later - timedelta(1)).isoformat()},
        "execution-1",
    )


def test_a_corrected_payment_does_not_come_before_its_decision(served: Walk) -> None:
    """A day before the decision would take away what was added for being late."""
    made, due = facts_of(served).last("decide_penalty"), facts_of(served).clock("pay").due  # type: ignore[union-attr]
    assert made
    pay(served.at(due + timedelta(20)), FINE)
    added = balance(facts_of(served)).surcharge
    paid = facts_of(served).last("pay")
    assert paid
    asked = {"act": paid.seq, "corrected_on": "", "was": {}, "reason": "银行凭证日期"}
    refuses(
        served,
        "payment_day",
        "correct_act",
        {**asked, "fields": {"paid_on": (made.on - timedelta(1)).isoformat()}},
    )
    assert balance(facts_of(served)).surcharge == added
    served.take("correct_act", {**asked, "fields": {"paid_on": (due + timedelta(10)).isoformat()}})
    assert 0 < balance(facts_of(served)).surcharge.fen < added.fen
