"""The host of a hearing reports on it, somebody else only in the host's place (行政处罚法 §64第八
项, §65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.archive.second_reading import reading_of
from casework.docket.models import Docket
from casework.people.models import Person, PersonRole
from casework.reading import rule
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import decision, facts_of, refused, reviewed_by
from tests.support.acts import text_of

ILL = "主持人因病住院，短期内不能制作听证报告。"
REPORT = {"opinion": "事实清楚，维持拟处罚意见。"}
IN_PLACE = {**REPORT, "reason": ILL}
SESSION = {"present": "双方", "record": "质证", "session": "closed"}

Held = Callable[[int], Walk]


def does(case: Walk, person: int, step: str, asked: dict[str, str], verb: str = "take") -> Done:
    """A step by that person, whatever the team does otherwise."""
    return perform(Intent(case.docket_id, step, person, case.day, "main", verb, asked), case.now)


def approves(case: Walk, person: int, step: str) -> Done:
    return does(case, person, step, {"opinion": "同意。"}, "approve")


def no(case: Walk, person: int, step: str, asked: dict[str, str]) -> set[str]:
    """What refuses the step to that person."""
    with pytest.raises(Refused) as error:
        does(case, person, step, asked)
    return refused(error)


def leaves(person: int) -> None:
    with writing() as session:
        session.get_one(Person, person).active = False


def second_leader(person: int) -> None:
    """That person leads the bureau, too."""
    with writing() as session:
        session.add(PersonRole(person_id=person, role="leader", from_day=date(2024, 1, 1)))


@pytest.fixture
def held(large_case_at_notice_served: Walk) -> Held:
    """The case after a hearing that a given person hosted and recorded."""

    def by(host: int) -> Walk:
        case = large_case_at_notice_served
        asked = {"form": "written", "points": "申请听证"}
        case.at(road.later(case.day, 2)).take("hearing_request", asked)
        case.at(road.later(case.day, 15)).take("defence_waived", {"how": "expired", "note": ""})
        case.take("defence_review", {"adopted": "rejected", "reason": "无。"})
        day = road.CALENDAR.add_workdays(case.day, 9)
        told = {"hearing_on": day.isoformat(), "time": "9:00", "place": "本局", "host": host}
        case.take("hearing_notice", {**told, "openness": "public"})
        case.serve("hearing_notice")
        does(case.at(day), host, "hearing_held", SESSION)
        return case

    return by


def test_the_host_reports_and_nobody_else(team: Team, held: Held) -> None:
    case = held(team.legal)
    assert no(case, team.head, "hearing_report", REPORT) == {"host_reports"}
    assert no(case, team.leader, "hearing_report", REPORT) == {"host_reports"}
    does(case, team.legal, "hearing_report", REPORT)
    approves(case, team.leader, "hearing_report")
    assert facts_of(case).stage == "review"


def test_a_leader_who_was_host_reports_to_another_leader(team: Team, held: Held) -> None:
    second_leader(team.publisher)
    case = held(team.leader)
    does(case, team.leader, "hearing_report", REPORT)
    approves(case, team.publisher, "hearing_report")
    assert facts_of(case).stage == "review"


def test_the_only_leader_who_was_host_approves_the_report_of_another(
    team: Team, held: Held
) -> None:
    """Whoever proposes does not approve: the way on is that another one writes it from the
    record."""
    case = held(team.leader)
    assert no(case, team.leader, "hearing_report", REPORT) == {"host_reports"}
    does(case, team.head, "hearing_report", REPORT)
    approves(case, team.leader, "hearing_report")
    assert facts_of(case).stage == "review"


def test_when_the_host_has_left_somebody_else_reports(app: Flask, team: Team, held: Held) -> None:
    case = held(team.head)
    leaves(team.head)
    assert no(case, team.legal, "hearing_report_instead", IN_PLACE) == {"stands_in_for_host"}
    does(case, team.legal, "hearing_report", REPORT)
    approves(case, team.leader, "hearing_report")
    text = text_of(app, case, "hearing_report")
    assert "代为制作" in text
    assert "听证主持人（签名）" not in text


def test_a_host_who_is_ill_is_stood_in_for_with_a_reason(
    app: Flask, team: Team, held: Held
) -> None:
    case = held(team.head)
    assert no(case, team.head, "hearing_report_instead", IN_PLACE) == {"stands_in_for_host"}
    assert no(case, team.legal, "hearing_report_instead", {**REPORT, "reason": "无"}) == {
        "says_something"
    }
    does(case, team.legal, "hearing_report_instead", IN_PLACE)
    approves(case, team.leader, "hearing_report_instead")
    assert facts_of(case).stage == "review"
    assert ILL.rstrip("。") in text_of(app, case, "hearing_report")


def test_the_only_leader_stands_in_for_nobody(team: Team, held: Held) -> None:
    """Nobody could approve it; an officer of the case who became a head never does."""
    case = held(team.head)
    assert no(case, team.leader, "hearing_report_instead", IN_PLACE) == {"stands_in_for_host"}
    with writing() as session:
        session.add(PersonRole(person_id=team.officers[1], role="head", from_day=date(2024, 1, 1)))
    assert no(case, team.officers[1], "hearing_report_instead", IN_PLACE) == {"stands_in_for_host"}


@pytest.mark.parametrize("stood_in", [False, True])
def test_a_reviewer_who_hosted_reviews_and_the_reading_finds_no_fault(
    team: Team, held: Held, stood_in: bool
) -> None:
    """A bureau with one reviewer goes on to its decision (decision 0051)."""
    case = held(team.legal)
    step, person, asked = "hearing_report", team.legal, REPORT
    if stood_in:
        step, person, asked = "hearing_report_instead", team.head, IN_PLACE
    does(case, person, step, asked)
    approves(case, team.leader, step)
    reviewed_by(case, team.legal)
    case.at(case.day + timedelta(1)).take("decide_penalty", decision(case))
    docket = db.session.get_one(Docket, case.docket_id)
    found = rule.reading_faults(reading_of(db.session(), vault(), docket, case.day))
    about_hearing = ("host", "review", "hearing", "heard")
    assert [name for name, _seq in found if any(word in name for word in about_hearing)] == []
