"""A served decision that is found wrong is withdrawn by the bureau itself (行政处罚法 §75): paper,
service, money, list."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.fines import balance, owed, owed_back
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, decided_anew, drive, facts_of, refused
from tests.archive.bound import pages_of
from tests.support.acts import BEGUN, CLOSING, NO_PENALTY, archived
from tests.support.disclosure import entries_on_list

FINE = 3_000_000
LAID_DOWN = {
    "result": "dropped",
    "due": "",
    "reason": "作出决定时当事人陈述申辩期限未满，程序违法。",
}


def anew(case: Walk) -> dict[str, Any]:
    return {**LAID_DOWN, "result": "anew", "due": road.later(case.day, 60).isoformat()}


@pytest.fixture
def served(case_at_served: Walk) -> Walk:
    return case_at_served


def pay(case: Walk, fen: int) -> None:
    case.take("pay", {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1")


def test_it_is_in_force_no_more_and_nobody_owes_anything(served: Walk) -> None:
    served.at(road.later(served.day, 30)).take("revoke_decision", LAID_DOWN)
    facts = facts_of(served)
    assert facts.stage == "terminated"
    assert owed(facts).fen == 0
    assert balance(facts).surcharge.fen == 0
    assert facts.track("execution-1").ended  # type: ignore[union-attr]
    assert not [c.rule for c in facts.clocks if c.running]
    assert facts.paper("decision").state == "served"  # type: ignore[union-attr]


def test_the_party_is_told_and_nothing_is_closed_before(served: Walk) -> None:
    served.take("revoke_decision", LAID_DOWN)
    with pytest.raises(Refused) as error:
        served.scanned().take("close", CLOSING)
    assert "papers_served" in refused(error)
    served.serve("revocation")
    served.scanned().take("close", CLOSING)
    assert facts_of(served).stage == "closed"


def test_what_was_paid_is_owed_back(served: Walk) -> None:
    pay(served, 1_000_000)
    served.take("revoke_decision", LAID_DOWN)
    served.serve("revocation")
    assert owed_back(facts_of(served)).fen == 1_000_000
    with pytest.raises(Refused) as error:
        served.scanned().take("close", CLOSING)
    assert "nothing_owed_back" in refused(error)
    back = {
        "refunded_fen": 1_000_000,
        "refunded_on": served.day.isoformat(),
        "payee": "当事人账户",
        "slip": "2",
    }
    served.take("refund", back)
    served.scanned().take("close", CLOSING)


def test_the_public_entry_goes_in_three_days(served: Walk, bureau: Bureau) -> None:
    served.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    served.take("publish", {"note": ""}, "publication-1")
    tick(served.now)
    assert len(entries_on_list(db.session(), bureau.id, served.day)) == 1
    served.at(road.later(served.day, 5)).take("revoke_decision", LAID_DOWN)
    tick(served.now)
    assert entries_on_list(db.session(), bureau.id, served.day) == []
    assert facts_of(served).clock("withdraw_entry").running  # type: ignore[union-attr]
    served.take("withdraw_entry", {"reason": "决定已被撤销"}, "publication-1")
    assert facts_of(served).clock("withdraw_entry").state == "met"  # type: ignore[union-attr]


def test_it_is_decided_anew(served: Walk) -> None:
    served.at(road.later(served.day, 9)).take("revoke_decision", anew(served))
    served.serve("revocation")
    facts = facts_of(served)
    assert (facts.stage, facts.clock("redo").running) == ("investigate", True)  # type: ignore[union-attr]
    decided_anew(served, 1_000_000)
    served.serve("decision")
    assert facts_of(served).fine.fen == 1_000_000
    assert facts_of(served).open_tracks("execution")


def test_dealing_with_it_anew_has_a_last_day(served: Walk) -> None:
    for due, check in (
        ("", "anew_by"),
        (served.day.isoformat(), "anew_by"),
        ("2024-01-02", "day_not_possible"),
    ):
        with pytest.raises(Refused) as error:
            served.propose("revoke_decision", {**anew(served), "due": due})
        assert refused(error) == {check}


def test_an_archived_case_is_opened_for_it(served: Walk) -> None:
    archived(served).take("revoke_decision", anew(served))
    assert (facts_of(served).stage, facts_of(served).main.ended) == ("investigate", False)


def test_a_decision_that_waits_for_service_is_not_revoked_this_way(case_at_decide: Walk) -> None:
    case = case_at_decide
    with pytest.raises(Refused) as error:
        case.propose("revoke_decision", LAID_DOWN)
    assert refused(error) == {"wrong_stage"}


def test_it_falls_once(served: Walk) -> None:
    served.take("remedy_start", {**BEGUN, "kind": "reconsideration"})
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "x",
    }
    served.at(road.later(served.day, 20)).take("remedy_end", end, "remedy-1")
    with pytest.raises(Refused) as error:
        served.propose("revoke_decision", LAID_DOWN)
    assert refused(error) == {"decision_to_revoke"}


def test_a_decision_of_no_penalty_is_revoked_and_dealt_with_anew(
    case_at_conclude: Walk, app: Flask
) -> None:
    """行政处罚法 §75: a mistake in the party's favour is a mistake too; it is told by its right
    name."""
    case = case_at_conclude
    case.take("decide_no_penalty", {**NO_PENALTY, "ground": "not_made_out"})
    case.serve("decision")
    case.take("revoke_decision", {**anew(case), "reason": "补充证据证明违法事实成立。"})
    assert (facts_of(case).stage, facts_of(case).clock("redo").running) == ("investigate", True)  # type: ignore[union-attr]
    text = "".join(
        "".join(
            pages_of(app.extensions["sealed_store"].read(case.paper("revocation").stored))
        ).split()
    )
    assert "撤销不予行政处罚决定书" in text
    assert "加处罚款" not in text
    case.serve("revocation")
    decided_anew(case, 1_000_000)
    case.serve("decision")
    assert facts_of(case).fine.fen == 1_000_000


def test_a_penalty_that_a_court_found_unlawful_and_let_stand_is_revoked(served: Walk) -> None:
    """行政诉讼法 §74: the bureau may still take it away."""
    served.take("remedy_start", {**BEGUN, "kind": "suit"})
    end = {
        "kind": "suit",
        "result": "unlawful",
        "number": "2",
        "fine_fen": None,
        "reason": "程序轻微违法",
    }
    served.at(road.later(served.day, 20)).take("remedy_end", end, "remedy-1")
    served.take("revoke_decision", {**LAID_DOWN, "reason": "判决确认违法，主动撤销。"})
    assert owed(facts_of(served)).fen == 0
    assert facts_of(served).stage == "terminated"


def test_a_remedy_that_runs_ends_with_its_own_result(served: Walk) -> None:
    """行政诉讼法 §62: the bureau changes what it did, the party withdraws or goes on."""
    served.take("remedy_start", {**BEGUN, "kind": "suit"})
    served.at(road.later(served.day, 20)).take("revoke_decision", LAID_DOWN)
    end = {"kind": "suit", "result": "withdrawn", "number": "2", "fine_fen": None, "reason": "撤诉"}
    served.take("remedy_end", end, "remedy-1")
    assert owed(facts_of(served)).fen == 0


def test_another_case_does_not_count_it_as_an_earlier_penalty(
    team: Team, bureau: Bureau, served: Walk
) -> None:
    served.take("revoke_decision", LAID_DOWN)
    other = drive(case_of(team, bureau, FIRM), "conclude")
    assert facts_of(other).history.penalties_before == 0
    assert facts_of(other).history.fined == ()


def test_found_too_early_after_service(case_at_prior_notice: Walk) -> None:
    """What leads here: the day of service of the notice is corrected when the decision was already
    served."""
    from tests.support.acts import MAIL, right

    case = case_at_prior_notice
    case.take("serve", {"paper": case.paper("prior_notice").id, **MAIL})
    act = case.last_seq()
    from tests.acts.roads import END

    stops = {name: (days, stop) for name, days, stop in road.stops(END, FINE)}
    for name in ("defence", "reviewed", "no_review_due", "decide", "served"):
        days, stop = stops[name]
        stop(case.at(road.later(case.day, days)))
    right(case, act, case.day - timedelta(4))
    case.take("revoke_decision", anew(case))
    assert facts_of(case).stage == "investigate"
