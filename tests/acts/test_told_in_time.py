"""When the informant counts as told, and what the party said counts as heard: with the deed, not
with the paper."""

from datetime import timedelta

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.intake.receive import receive
from casework.people.models import Bureau, Person
from casework.procedure.facts import ClockFacts
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, START, drive, facts_of, refused, tip
from tests.informants.sealed import make_key, somebody
from tests.support.acts import text_of

OUT = {"body": "县市场监管局", "reason": "不属本局", "material": "摘要"}
ENDS = [
    ("decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"}),
    ("transfer_report", OUT),
    ("report_up_tip", {"reason": "案情重大"}),
]


@pytest.fixture
def custodian(team: Team) -> Person:
    """Somebody holds the key under which names are sealed."""
    make_key(somebody(team, "custodian"))
    return somebody(team, "custodian")


def signed(team: Team, bureau: Bureau) -> Walk:
    """A tip with a name behind it, registered."""
    walk = Walk(team, 0, START)
    payload = {
        "channel": "phone",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "应收账款少报",
        "survey_by": "bureau",
        "township": "500230109",
    }
    got = receive(
        bureau, payload, actor_id=team.clerk, on=START, now=walk.now, who="某举报人".encode()
    )
    walk.docket_id = got.docket_id
    road.register(walk)
    return walk


def told(walk: Walk) -> ClockFacts:
    found = facts_of(walk).clock("tell_informant")
    assert found
    return found


@pytest.mark.parametrize(("step", "asked"), ENDS)
def test_a_named_informant_is_told_when_the_notice_arrives(
    team: Team, bureau: Bureau, custodian: Person, step: str, asked: dict[str, str]
) -> None:
    """信访工作条例 §23: told in writing within fifteen days; a notice in a drawer tells nobody."""
    walk = signed(team, bureau)
    walk.at(walk.day + timedelta(1)).take(step, asked)
    assert told(walk).state == "open"
    if step != "decline":
        walk.serve("transfer")  # to the other body: that tells the informant nothing
        assert told(walk).state == "open"
    walk.at(road.later(walk.day, 3)).serve("acceptance_notice")
    assert (told(walk).state, told(walk).met_on) == ("met", walk.day)


def test_what_is_promised_on_the_notice_runs_from_the_result(
    team: Team, bureau: Bureau, custodian: Person, app: Flask
) -> None:
    """Ten days from the result, not from the acceptance: a verification alone may take sixty."""
    walk = signed(team, bureau)
    walk.take("accept", {"respondents": [FIRM], "cause": "案由", "opinion": "受理"})
    text = text_of(app, walk, "acceptance_notice")
    assert "自有结果之日起十日内答复你" in text
    assert "自受理之日起" not in text


@pytest.mark.parametrize(("step", "asked"), ENDS)
def test_an_anonymous_one_reads_it_under_the_receipt_code(
    team: Team, bureau: Bureau, step: str, asked: dict[str, str]
) -> None:
    walk = tip(team, bureau)
    walk.take(step, asked)
    assert told(walk).state == "met"


def test_the_final_answer_leaves_no_deadline_of_the_informant(
    team: Team, bureau: Bureau, custodian: Person
) -> None:
    """Whoever is told the result in time need not be told of the filing any more."""
    report = signed(team, bureau)
    report.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = report.case()
    road.PARTY[case.docket_id] = FIRM
    drive(case, "report")
    case.take("file", road.filing(END))
    case.take("withdraw_filing", {"reason": "事实不成立"})
    running = {c.rule for c in facts_of(report).clocks if c.running}
    assert {"tell_filing", "tell_result"} <= running
    report.at(case.day).take(
        "answer_informant", {"text": "已核查完毕。", "final": "yes", "internal": ""}
    )
    assert not [
        c.rule
        for c in facts_of(report).clocks
        if c.running and c.rule in ("tell_filing", "tell_result")
    ]


def test_what_was_said_is_reviewed_before_the_hearing_is_called(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    """行政处罚法 §45: and were the hearing given up, nobody would have looked at it."""
    case = large_case_at_notice_served
    case.at(road.later(case.day, 2)).take("hearing_request", {"form": "oral", "points": "不服"})
    case.take("defence_heard", {"opinion": "系估计填报", "evidence": ""})
    notice = {
        "time": "9:00",
        "place": "会议室",
        "openness": "public",
        "host": team.head,
        "hearing_on": road.later(case.day, 20).isoformat(),
    }
    with pytest.raises(Refused) as error:
        case.take("hearing_notice", notice)
    assert refused(error) == {"defence_answered"}
    case.take("defence_review", {"adopted": "rejected", "reason": "不影响认定"})
    case.take("hearing_notice", notice)
