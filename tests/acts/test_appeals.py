"""What a judgment does, and when: nothing before it is in force, then what the last court said (行
政诉讼法 §85, §89)."""

from datetime import timedelta

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.decision_state import fell, in_force, stayed
from casework.procedure.fines import balance, owed, owed_back
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, decided_anew, drive, facts_of, refused
from tests.acts.whole import all_hold
from tests.support.acts import begun, ended, final, judged

SHOWN = {"influence": "有", "summary": "提供不真实统计资料"}
PAID = {"paid_fen": 3_000_000, "slip": "1"}


def appealed(case: Walk, result: str, fine: int | None = None) -> Walk:
    return ended(begun(case, "appeal"), "appeal", result, "remedy-2", fine)


def refuses(
    case: Walk, check: str, step: str, asked: dict[str, object], track: str = "main"
) -> None:
    with pytest.raises(Refused) as error:
        case.take(step, asked, track)
    assert check in refused(error)


@pytest.fixture
def served(case_at_served: Walk) -> Walk:
    return case_at_served


# -- what holds in the end
def test_a_dismissed_appeal_takes_over_the_first_judgment(served: Walk) -> None:
    """Two courts went against the bureau: the firm is not published."""
    appealed(judged(served, "set_aside"), "dismissed")
    facts = facts_of(served)
    assert fell(facts)
    assert not in_force(facts)
    assert owed(facts).fen == 0
    assert facts.track("execution-1").ended  # type: ignore[union-attr]
    refuses(served, "penalty_decided", "approve_publication", SHOWN)


@pytest.mark.parametrize(
    ("kind", "result"), [("appeal", "upheld"), ("suit", "dismissed"), ("suit", "stands")]
)
def test_a_result_says_what_holds_of_the_decision(served: Walk, kind: str, result: str) -> None:
    track = "remedy-1"
    if kind == "appeal":
        begun(judged(served, "set_aside"), "appeal")
        track = "remedy-2"
    else:
        begun(served, "suit")
    with pytest.raises(Refused) as error:
        ended(served, kind, result, track)
    assert "result_of_its_kind" in refused(error)


@pytest.mark.parametrize(
    ("first", "second", "fine", "left"),
    [
        ("upheld", "dismissed", None, 3_000_000),
        ("upheld", "set_aside", None, 0),
        ("upheld", "changed", 1_000_000, 1_000_000),
        ("set_aside", "stands", None, 3_000_000),
        ("set_aside", "retrial", None, 3_000_000),
        ("set_aside", "changed", 2_000_000, 2_000_000),
        ("redo", "stands", None, 3_000_000),
    ],
)
def test_the_last_court_has_the_last_word(
    served: Walk, first: str, second: str, fine: int | None, left: int
) -> None:
    appealed(judged(served, first), second, fine)
    due = balance(facts_of(served))
    assert due.levied.fen == left
    assert bool(facts_of(served).open_tracks("execution")) == bool(left)


def test_a_first_judgment_that_changed_the_sum_holds_when_the_appeal_is_dismissed(
    served: Walk,
) -> None:
    appealed(judged(served, "changed", 1_000_000), "dismissed")
    assert facts_of(served).fine.fen == 1_000_000


# -- not before it is in force
def test_a_judgment_waits_for_the_days_of_an_appeal(served: Walk) -> None:
    judged(served, "set_aside")
    facts = facts_of(served)
    assert facts.clock("appeal").running  # type: ignore[union-attr]
    assert (fell(facts), stayed(facts), facts.track("execution-1").ended) == (False, True, False)  # type: ignore[union-attr]
    refuses(served, "not_stayed", "demand", {"way": "x"}, "execution-1")
    served.take("approve_publication", SHOWN)
    refuses(served, "decision_in_force", "publish", {"note": ""}, "publication-1")
    facts = facts_of(final(served))
    assert (fell(facts), facts.track("execution-1").ended, owed(facts).fen) == (True, True, 0)  # type: ignore[union-attr]
    assert not [
        c.rule for c in facts.clocks if c.running and c.rule in ("pay", "demand", "court_window")
    ]


def test_nobody_deals_anew_with_what_is_still_under_appeal(served: Walk) -> None:
    order = {"order": "一审判决", "due": road.later(served.day, 200).isoformat(), "reason": "x"}
    judged(served, "redo")
    refuses(served, "redo_ordered", "redo", order)
    begun(served, "appeal")
    tick(served.at(road.later(served.day, 40)).now)
    assert facts_of(served).clock("appeal").state == "met"  # type: ignore[union-attr]
    refuses(served, "redo_ordered", "redo", order)
    ended(served, "appeal", "dismissed", "remedy-2")
    served.take("redo", {**order, "due": road.later(served.day, 60).isoformat()})


def test_without_an_appeal_the_case_is_dealt_with_anew(served: Walk) -> None:
    final(judged(served, "redo")).take(
        "redo", {"order": "一审判决", "due": road.later(served.day, 60).isoformat(), "reason": "x"}
    )
    assert facts_of(served).stage == "investigate"


# -- lost first, won in the end
def test_a_penalty_that_the_second_court_restores_goes_on(served: Walk) -> None:
    appealed(judged(served, "set_aside"), "stands")
    assert (owed(facts_of(served)).fen, stayed(facts_of(served))) == (3_000_000, False)
    tick(served.at(road.later(served.day, 20)).now)
    served.take("demand", {"way": "到银行缴纳"}, "execution-1")
    served.serve("demand")
    assert facts_of(served).track("execution-1").stage == "demanded"  # type: ignore[union-attr]


def test_an_appeal_that_became_known_late_revives_the_penalty(served: Walk) -> None:
    """§86: a copy of the appeal may arrive when the days for it have gone by."""
    final(judged(served, "set_aside"))
    appealed(served, "stands")
    facts = facts_of(served)
    assert (facts.track("execution-2").stage, owed(facts).fen) == ("due", 3_000_000)  # type: ignore[union-attr]
    pay = facts.clock("pay")
    assert pay is not None
    assert pay.running
    assert balance(facts).surcharge.fen == 0
    tick(served.at(road.later(pay.due, 1)).now)
    served.take("demand", {"way": "到银行缴纳"}, "execution-2")
    assert all_hold()


def test_what_was_paid_goes_back_only_when_the_judgment_is_in_force(served: Walk) -> None:
    served.take("pay", {**PAID, "paid_on": served.day.isoformat()}, "execution-1")
    judged(served, "set_aside")
    assert owed_back(facts_of(served)).fen == 0
    assert owed_back(facts_of(final(served))).fen == 3_000_000


# -- a remedy is about one decision
@pytest.mark.parametrize(
    ("result", "fine"), [("set_aside", None), ("unlawful", None), ("changed", 200_000)]
)
def test_an_old_suit_does_nothing_to_a_new_decision(
    team: Team, bureau: Bureau, result: str, fine: int | None
) -> None:
    """行政诉讼法 §74第二款第二项: the firm insists on a judgment of the decision that was
    revoked."""
    case = begun(
        drive(case_of(team, bureau, {**FIRM, "name": "重庆甲有限公司"}), "served"), "suit", "yes"
    )
    due = (case.day + timedelta(110)).isoformat()
    case.at(road.later(case.day, 20)).take(
        "revoke_decision", {"result": "anew", "due": due, "reason": "程序违法"}
    )
    case.serve("revocation")
    decided_anew(case, 1_000_000)
    case.serve("decision")
    assert not stayed(facts_of(case))
    ended(case, "suit", result, "remedy-1", fine, 5)
    final(case)
    facts = facts_of(case)
    assert (facts.fine.fen, in_force(facts), owed(facts).fen > 0) == (1_000_000, True, True)
    assert facts.clock("suit").running  # type: ignore[union-attr]
    assert not facts.track("execution-2").ended  # type: ignore[union-attr]


def dealt_with_anew(case: Walk) -> Walk:
    """The first court orders it, nobody appeals in time, and a new decision of a smaller sum is
    made and served."""
    final(judged(case, "redo"))
    due = road.later(case.day, 110).isoformat()
    case.take("redo", {"order": "一审判决", "due": due, "reason": "x"})
    decided_anew(case, 1_000_000)
    case.serve("decision")
    return case


def test_a_late_appeal_changes_the_sum_of_its_own_decision(served: Walk) -> None:
    """§86: the appeal is against the judgment on the old decision of 30,000 yuan; nothing of it
    becomes of the new one."""
    case = begun(dealt_with_anew(served), "appeal")
    with pytest.raises(Refused) as error:
        ended(case, "appeal", "changed", "remedy-2", 3_000_001, 5)
    assert refused(error) == {"changed_sum_given"}
    ended(case, "appeal", "changed", "remedy-2", 2_000_000, 5)
    assert facts_of(case).fine.fen == 1_000_000


def test_a_suit_against_the_new_decision_is_heard_beside_the_old_one(case_at_served: Walk) -> None:
    case = begun(case_at_served, "suit")
    due = (case.day + timedelta(110)).isoformat()
    case.at(road.later(case.day, 20)).take(
        "revoke_decision", {"result": "anew", "due": due, "reason": "程序违法"}
    )
    case.serve("revocation")
    decided_anew(case, 1_000_000)
    case.serve("decision")
    begun(case, "suit", "yes")
    assert stayed(facts_of(case))
    ended(case, "suit", "set_aside", "remedy-2", days=5)
    assert fell(facts_of(final(case)))
