"""The day each public stage was reached, as an informant reads it: no inner step, no day before the
tip came to the case."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.public import stages
from casework.public.stages import PUBLIC_STAGES, days_of, stage_of
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from casework.web.filters import long_day
from tests.acts.roads import END, FIRM, START, case_of, drive, facts_of, tip
from tests.support.public import Person, code_of, hidden

ACCEPTED = {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}


def days(walk: Walk) -> dict[str, Any]:
    db.session.rollback()
    docket = db.session.get_one(Docket, walk.docket_id)
    found = days_of(docket)
    if docket.stage not in ("declined", "transferred"):
        assert list(found)[-1] == stage_of(docket)  # both say the same of where it stands
    return found


def test_each_stage_has_the_day_on_which_it_was_reached(team: Team, bureau: Bureau) -> None:
    report = tip(team, bureau)
    assert days(report) == {"received": START, "registered": START}
    report.at(START + timedelta(2)).take("accept", ACCEPTED)
    case = report.case()
    road.PARTY[case.docket_id] = FIRM
    known = {
        "received": START,
        "registered": START,
        "accepted": START + timedelta(2),
        "verifying": START + timedelta(2),
    }
    assert days(report) == known
    drive(case, "report")
    assert days(report) == known  # five weeks of steps of the verification have left no day
    drive_on(case, "report", "file")
    known["investigating"] = case.day
    assert days(report) == known
    drive_on(case, "file", "decide")
    known["decided"] = case.day
    assert days(report) == known


def test_nothing_is_called_registered_before_the_desk_has_registered_it(
    team: Team, bureau: Bureau
) -> None:
    """On a Sunday too: receiving and registering are two acts, each with its own day."""
    sunday = date(2026, 11, 22)
    report = unregistered(team, bureau, sunday)
    assert days(report) == {"received": sunday}
    report.at(sunday + timedelta(1)).take("register", {"proposal": "线索清楚，建议受理核查。"})
    assert days(report) == {"received": sunday, "registered": sunday + timedelta(1)}
    report.take(
        "annul_step",
        {"act": max(a.seq for a in facts_of(report).done()), "reason": "误录"},
        "report",
    )
    assert days(report) == {"received": sunday}
    report.at(sunday + timedelta(2)).take("register", {"proposal": "线索清楚，建议受理核查。"})
    assert days(report) == {"received": sunday, "registered": sunday + timedelta(2)}


def unregistered(team: Team, bureau: Bureau, day: date) -> Walk:
    walk = Walk(team, 0, day)
    payload = {
        "channel": "web",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "少报",
    }
    walk.docket_id = receive(bureau, payload, on=day, now=walk.now).docket_id
    return walk


def drive_on(case: Walk, after: str, until: str) -> None:
    """The stops behind one, up to another."""
    names = [name for name, _days, _stop in road.stops(END, 3_000_000)]
    for name, wait, stop in road.stops(END, 3_000_000)[
        names.index(after) + 1 : names.index(until) + 1
    ]:
        case.at(road.later(case.day, wait))
        stop(case)
        assert name


def test_a_tip_linked_later_does_not_learn_that_somebody_reported_before(
    team: Team, bureau: Bureau
) -> None:
    case = drive(case_of(team, bureau), "file")
    second = Walk(team, 0, case.day + timedelta(20))
    second.docket_id = tip_on(team, bureau, second)
    second.at(second.day + timedelta(3)).take(
        "link_report", {"case": case.docket_id, "reason": "同一单位。"}
    )
    arrived, linked = second.day - timedelta(3), second.day
    known = {"received": arrived, "registered": arrived}
    assert days(second) == known | {
        "accepted": linked,
        "verifying": linked,
        "investigating": linked,
    }
    second.at(second.day + timedelta(1)).take(
        "unlink_report", {"case": case.docket_id, "reason": "误关联。"}
    )
    assert days(second) == known  # what was reached and lost again is not told


def tip_on(team: Team, bureau: Bureau, walk: Walk) -> int:
    payload = {
        "channel": "phone",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "又一封",
    }
    walk.docket_id = receive(
        bureau, payload, actor_id=team.clerk, on=walk.day, now=walk.now
    ).docket_id
    road.register(walk)
    return walk.docket_id


def test_of_two_cases_the_one_that_is_behind_counts(team: Team, bureau: Bureau) -> None:
    report = tip(team, bureau)
    other = {**FIRM, "name": "重庆汇锦运输有限公司"}
    report.at(START + timedelta(2)).take("accept", {**ACCEPTED, "respondents": [FIRM, other]})
    first, second = (Walk(team, number, report.day) for number in report.cases())
    road.PARTY |= {first.docket_id: FIRM, second.docket_id: other}
    drive(first, "file")
    assert list(days(report))[-1] == "verifying"
    second.at(first.day + timedelta(7))
    drive(second, "file")
    assert days(report)["investigating"] == second.day


def test_every_stage_of_a_case_has_a_public_one() -> None:
    assert set(procedure().tracks["main"].stages) == set(stages._OF_CASE)
    assert set(stages._OF_CASE.values()) <= set(PUBLIC_STAGES)


def test_the_page_shows_days_and_no_hours(team: Team, client: FlaskClient) -> None:
    person = Person(client)
    person.post("preview")
    receipt = code_of(person.send()[1])
    page = client.get("/progress").text
    shown = client.post("/progress", data={"token": hidden(page, "token"), "code": receipt}).text
    docket = db.session.query(Docket).one()
    items = re.findall(r"<li class=\"(\w+)\".*?</li>", shown[shown.index('class="steps line"') :])
    assert items[:7] == ["current", *["later"] * 6]
    line = shown[
        shown.index('class="steps line"') : shown.index("</ol>", shown.index('class="steps line"'))
    ]
    assert line.count(long_day(docket.opened_on)) == 1
    assert "已收到，等待登记" in shown
    assert "已登记" not in shown
    assert "来件编号" in shown
    assert "受理编号" not in shown
    assert re.search(r"\d{1,2}:\d\d", line) is None
