"""What may be taken back, corrected, and entered late; what must not be told to the world."""

from datetime import date

import pytest
from flask import Flask

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people.models import Bureau, PersonRole
from casework.procedure.checks.service import partys_paper
from casework.procedure.clock_rules import add_months
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused, tip
from tests.support.acts import WHY, called
from tests.support.disclosure import entries_on_list


def annul(case: Walk) -> None:
    case.take("annul_step", {"act": max(a.seq for a in facts_of(case).done()), **WHY})


def test_what_has_no_opposite_is_not_taken_back(case_at_assign: Walk, team: Team) -> None:
    """A granted recusal would lock out all the same, an absorbed case's tips would stay with the
    other."""
    case = case_at_assign
    case.take("recuse", {"person": team.officers[1], "reason": "近亲属", "result": "granted"})
    with pytest.raises(Refused) as error:
        annul(case)
    assert refused(error) == {"last_step_annullable"}


def test_only_the_last_step_itself_is_taken_back(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    first = next(facts_of(case).done("verification_report")).seq
    with pytest.raises(Refused) as error:
        case.take("annul_step", {"act": first, **WHY})
    assert refused(error) == {"annuls_the_last"}
    annul(case)
    assert facts_of(case).stage == "investigate"


def test_a_corrected_day_is_the_day_of_the_entry(case_at_served: Walk) -> None:
    """The surcharge stands still from the day the reconsideration really began (处罚法 §73)."""
    case = case_at_served
    right = case.day
    asked = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    case.at(road.later(case.day, 30)).take("remedy_start", asked)
    act = facts_of(case).last("remedy_start")
    assert act
    shown = {"proof": "受理通知书", **WHY}
    done = case.take(
        "correct_act", {"act": act.seq, "corrected_on": right.isoformat(), "fields": {}, **shown}
    )
    facts = facts_of(case)
    assert next(a.on for a in facts.acts if a.seq == act.seq) == right
    assert next(a.on for a in facts.acts if a.seq == done.seq) == case.day


def test_a_service_is_entered_with_its_own_day_after_the_case_went_on(
    case_at_interview: Walk,
) -> None:
    """The slip of a letter comes back when the case is in another stage already; its day starts the
    party's days."""
    case = case_at_interview
    asked = {
        "act": "x",
        "articles": "y",
        "demand": "补报",
        "due": road.later(case.day, 90).isoformat(),
        "facts": "z",
    }
    case.take("order_correction", asked)
    arrived = road.later(case.day, 1)
    for name, _, stop in road.stops(date(2025, 3, 10), 0):
        if name == "conclude":
            stop(case.at(road.later(arrived, 3)))
    case.serve("correction", on=arrived)
    assert facts_of(case).clock("correction").start == arrived  # type: ignore[union-attr]


def test_no_notice_to_an_informant_is_made_public(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    walk.take(
        "decline",
        {
            "ground": "other",
            "opinion": "不属统计违法",
            "destination": "市场监管局",
            "reply": "不属本局职责。",
        },
    )
    paper = walk.paper("acceptance_notice").id
    walk.take("serve_failed", {"paper": paper, "method": "mail", "reason": "退回"}, "report")
    with writing() as session:  # an officer who is no clerk does not even see it
        session.add(PersonRole(person_id=team.officers[0], role="clerk", from_day=walk.day))
    with pytest.raises(Refused) as error:
        walk.take(
            "serve_public", {"paper": paper, "where": "县政府网站", "reason": "下落不明"}, "report"
        )
    assert refused(error) == {"service_tried"}
    assert partys_paper(facts_of(walk), {"paper": paper}, walk.day) is not None


def test_the_notice_of_a_hearing_arrives_seven_working_days_before(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    """行政处罚法 §64: the party is told seven days before; that the paper was made by then is not
    enough."""
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.at(road.CALENDAR.add_workdays(case.day, 5)).serve("hearing_notice")
    with pytest.raises(Refused) as error:
        case.at(day).take("hearing_held", {"present": "双方", "record": "质证"})
    assert refused(error) == {"told_in_time"}


def test_no_hearing_before_the_day_its_notice_names(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    """行政处罚法 §64: the party prepares for that day."""
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    with pytest.raises(Refused) as error:
        case.take("hearing_held", {"present": "双方", "record": "质证"})
    assert refused(error) == {"hearing_day_come"}
    case.at(day).take("hearing_held", {"present": "双方", "record": "质证"})


def test_nobody_decides_on_a_recusal_of_their_own(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    case.propose("recuse", {"person": team.leader, "reason": "近亲属", "result": "rejected"})
    with pytest.raises(NotAllowed, match="yourself"):
        perform(
            Intent(case.docket_id, "recuse", team.leader, case.day, "main", "approve", {}), case.now
        )


@pytest.mark.parametrize(("shift", "check"), [(-40, "payment_day"), (1, "day_not_possible")])
def test_a_payment_was_made_after_the_decision_and_before_tomorrow(
    case_at_served: Walk, shift: int, check: str
) -> None:
    case = case_at_served
    paid = {
        "paid_fen": 3_000_000,
        "paid_on": date.fromordinal(case.day.toordinal() + shift).isoformat(),
        "slip": "1",
    }
    with pytest.raises(Refused) as error:
        case.take("pay", paid, "execution-1")
    assert refused(error) == {check}


def test_a_penalty_is_shown_a_year_from_its_decision(case_at_served: Walk, bureau: Bureau) -> None:
    """国统字〔2023〕49号 §5: whoever publishes late shames nobody longer."""
    case = case_at_served
    decided = facts_of(case).last("decide_penalty").on  # type: ignore[union-attr]
    case.at(road.later(case.day, 60)).take(
        "approve_publication", {"influence": "有", "summary": "x"}
    )
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    (entry,) = entries_on_list(db.session(), bureau.id, case.day)
    assert entry.shown_until == road.CALENDAR.next_workday(add_months(decided, 12))


def listed(case: Walk) -> Walk:
    law = {"facts": "虚报", "articles": "令第35号"}
    case.at(road.later(case.day, 1)).take(
        "assess_dishonesty", {"ground": "fabricated", "facts": "虚报"}
    )
    case.take("dishonesty_notice", law, "dishonesty-1")
    case.serve("dishonesty_notice")
    case.take("dishonesty_defence", {"opinion": "请求从轻", "adopted": "不采纳"}, "dishonesty-1")
    case.at(road.later(case.day, 200)).take("determine", law, "dishonesty-1")
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": "x"}, "dishonesty-1")
    return case


@pytest.mark.parametrize("days", [200, 740])
def test_a_listing_is_made_longer_within_two_years_and_never_shorter(
    case_at_served: Walk, days: int
) -> None:
    case = listed(case_at_served)
    until = road.later(case.day, days).isoformat()
    with pytest.raises(Refused) as error:
        case.take(
            "extension_notice",
            {"until": until, "reason": "未改正", "articles": "x"},
            "dishonesty-1",
        )
    assert refused(error) == {"listing_longer"}


def test_only_orders_that_arrived_count_as_orders(case_at_assign: Walk, app: Flask) -> None:
    """统计法实施条例 §50: ordered to correct three times within a year."""
    case = case_at_assign
    for _ in range(3):
        asked = {
            "act": "x",
            "articles": "y",
            "demand": "补报",
            "due": road.later(case.day, 30).isoformat(),
            "facts": "z",
        }
        case.take("order_correction", asked)
    assert facts_of(case).history.corrections_within_year == 0
    case.serve("correction")
    assert facts_of(case).history.corrections_within_year == 1
