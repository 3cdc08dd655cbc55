"""Which of the steps that can be taken stands first on a docket's page, as the blue button."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.docket.models import Docket, Track
from casework.intake.receive import receive
from casework.people import clock
from casework.people.models import Bureau
from casework.store import db, utcnow, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import START, case_of, drive, facts_of
from tests.upkeep.on_pages import sheet

SignIn = Callable[[str], FlaskClient]
START_OF_DAY = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)
FIRST = re.compile(r'<ul class="next"><li><a class="button" href="[^"]*/([a-z_]+)"')


def first_of(page: str) -> str:
    found = FIRST.search(page)
    return found[1] if found else ""


def test_a_tip_is_registered_before_it_is_linked(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """An open case of the bureau is no reason to link the next tip to it; accepting and refusing
    wait for the registration."""
    case_of(team, bureau)
    payload = {
        "channel": "phone",
        "subject": "同一企业",
        "subject_kind": "enterprise",
        "narrative": "少报",
        "survey_by": "bureau",
    }
    second = receive(bureau, payload, actor_id=team.clerk, on=START)
    code = db.session.scalars(select(Docket.code).where(Docket.id == second.docket_id)).one()
    clerk = sign_in("clerk")
    assert first_of(clerk.get(f"/desk/dockets/{code}").text) == "register"


# -- what waits for somebody else is no blue button
def next_of(client: FlaskClient, walk: Walk) -> str:
    """What the docket's page says comes next."""
    db.session.rollback()
    code = db.session.scalars(select(Docket.code).where(Docket.id == walk.docket_id)).one()
    page = client.get(f"/desk/dockets/{code}").text
    return page.split('id="next"', 1)[1].split("</section>", 1)[0]


def blue(client: FlaskClient, walk: Walk) -> str:
    return first_of(next_of(client, walk))


def waited(page: str) -> list[str]:
    """The lines under «what is waited for», without marks."""
    part = page.split("正在等待：", 1)[1].split("</ul>", 1)[0] if "正在等待：" in page else ""
    return [
        " ".join(re.sub("<[^>]+>", " ", line).split())
        for line in re.findall(r"<li>(.*?)</li>", part)
    ]


def others(page: str) -> list[str]:
    """The steps that wait for others, each with who takes it."""
    part = (
        page.split("等待他人办理：", 1)[1].split("</ul>", 1)[0] if "等待他人办理：" in page else ""
    )
    return [
        " ".join(re.sub("<[^>]+>", " ", line).split())
        for line in re.findall(r"<li>(.*?)</li>", part)
    ]


@pytest.fixture
def at(clock_at: Callable[[Walk], None]) -> Callable[[Walk], Walk]:
    """The case on the day on which it stands."""

    def move(walk: Walk) -> Walk:
        clock_at(walk)
        return walk

    return move


@pytest.fixture
def clock_at() -> Iterator[Callable[[Walk], None]]:
    with time_machine.travel(START_OF_DAY, tick=False) as traveller:

        def move(walk: Walk) -> None:
            traveller.move_to(walk.now)
            clock.note_round(utcnow())  # rounds went on meanwhile

        yield move


At = Callable[[Walk], Walk]


def test_while_the_party_has_days_to_speak_nobody_is_urged(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """The written waiver, a defence and a request are the party's own; their days are said as
    waited for."""
    case = at(drive(case_of(team, bureau), "notice_served", 6_000_000))
    for login in ("officer1", "clerk", "head", "leader", "legal"):
        page = next_of(sign_in(login), case)
        assert first_of(page) == "", login
        assert [line.split(" — ")[0] for line in waited(page)] == ["陈述申辩", "听证申请"], login
        assert all("当事人" in line for line in waited(page))
        assert others(page) == [], login
    assert "/rights_waived" in next_of(sign_in("officer1"), case)  # it can be taken all the same


def test_when_the_days_are_over_the_officer_goes_on(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = drive(case_of(team, bureau), "notice_served", 6_000_000)
    at(case.at(road.later(case.day, 16)))
    page = next_of(sign_in("officer1"), case)
    assert first_of(page) == "defence_waived"
    assert waited(page) == []
    assert others(next_of(sign_in("head"), case)) == ["逾期未陈述申辩 — 秦岚、邓一川 2025-10-14起"]


def test_officers_are_assigned_before_they_verify(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """The verification waits for the head; everybody else reads whom it waits for."""
    case = at(case_of(team, bureau))
    assert blue(sign_in("head"), case) == "assign"
    assert others(next_of(sign_in("clerk"), case)) == ["指派承办人员 — 向东平 2025-09-03起"]
    at(drive(case, "assign"))
    assert blue(sign_in("head"), case) == ""
    assert blue(sign_in("officer1"), case) == "verify_figures"


def test_the_tip_leads_to_its_case(team: Team, bureau: Bureau, sign_in: SignIn, at: At) -> None:
    """An accepted tip names its case where one looks for the next thing; the answer is urged when
    the case has a result."""
    case = at(case_of(team, bureau))
    number = facts_of(case).number
    first = Walk(team, facts_of(case).links[0].id, case.day)
    page = next_of(sign_in("clerk"), first)
    assert f">{number}</a>" in page
    assert first_of(page) == ""
    at(drive(case, "served"))
    assert blue(sign_in("clerk"), first) == "answer_informant"


def test_a_decision_that_was_served_is_not_to_be_revoked(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """What is possible and leaves the ordinary course is never the next thing to do."""
    case = at(drive(case_of(team, bureau), "served"))
    assert [blue(sign_in(x), case) for x in ("head", "legal", "leader", "clerk")] == [
        "",
        "",
        "",
        "",
    ]
    assert blue(sign_in("publisher"), case) == "approve_publication"
    assert "缴纳罚款 — 当事人" in waited(next_of(sign_in("clerk"), case))[0]


def test_a_finished_investigation_is_not_to_be_sent_back(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = at(drive(case_of(team, bureau), "conclude"))
    assert [blue(sign_in(x), case) for x in ("head", "leader", "legal")] == ["", "", ""]
    waits_for = others(next_of(sign_in("head"), case))
    assert waits_for == ["制发处罚事先告知书 — 秦岚、邓一川 2025-10-09起"]


def test_only_the_host_holds_the_hearing_and_on_its_day(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = at(called(team, bureau))
    before = next_of(sign_in("head"), case)
    assert first_of(before) == ""
    assert "/hearing_held" not in before
    assert [line.startswith("听证日 — 向东平") for line in waited(before)] == [True]
    at(case.at(date.fromisoformat(str(facts_of(case).last("hearing_notice").asked["hearing_on"]))))  # type: ignore[union-attr]
    assert blue(sign_in("head"), case) == "hearing_held"
    for login in ("legal", "leader"):
        page = next_of(sign_in(login), case)
        assert "/hearing_held" not in page, login
        assert "举行听证 — 向东平" in others(page)[0], login
    assert "举行听证 — 向东平" in others(next_of(sign_in("officer1"), case))[0]


def test_the_report_waits_for_the_host(team: Team, bureau: Bureau, sign_in: SignIn, at: At) -> None:
    """The host's blue button; whoever could stand in finds how, below it, and everybody reads that
    it is waited for."""
    case = called(team, bureau)
    day = date.fromisoformat(str(facts_of(case).last("hearing_notice").asked["hearing_on"]))  # type: ignore[union-attr]
    at(case.at(day)).take(
        "hearing_held", {"present": "双方", "record": "质证", "session": "closed"}
    )
    assert blue(sign_in("head"), case) == "hearing_report"
    assert "/hearing_report_instead" not in next_of(sign_in("head"), case)
    for login in ("legal", "leader", "officer1"):
        page = next_of(sign_in(login), case)
        assert first_of(page) == "", login
        assert '/hearing_report"' not in page, login
        assert others(page)[0].startswith("听证报告 — 向东平"), login
        assert ("/hearing_report_instead" in page) == (login == "legal"), login


def called(team: Team, bureau: Bureau) -> Walk:
    """A hearing that the head hosts was asked for and notified."""
    case = to_be_called(team, bureau)
    hearing = road.CALENDAR.add_workdays(case.day, 9).isoformat()
    asked = {
        "hearing_on": hearing,
        "time": "09:00",
        "host": team.head,
        "place": "二楼会议室",
        "openness": "public",
    }
    case.take("hearing_notice", asked)
    case.serve("hearing_notice")
    return case


def to_be_called(team: Team, bureau: Bureau) -> Walk:
    """A hearing was asked for, and the days are over."""
    case = drive(case_of(team, bureau), "notice_served", 6_000_000)
    case.at(road.later(case.day, 2)).take(
        "hearing_request", {"form": "written", "points": "罚款过高。"}
    )
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": road.NOTHING_SAID})
    return case


def test_nobody_is_host_who_could_not_record_the_hearing(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """Offered are heads, legal reviewers and leaders; none of them is chosen before somebody
    chooses."""
    case = at(to_be_called(team, bureau))
    code = db.session.scalars(select(Docket.code).where(Docket.id == case.docket_id)).one()
    form = sheet(sign_in("head").get(f"/desk/dockets/{code}/main/hearing_notice").text)
    assert form.options["host"] == {"", *(str(x) for x in (team.head, team.legal, team.leader))}
    assert form.standing["host"] in ("", [""])
    asked = {
        **form.standing,
        "hearing_on": "2026-06-01",
        "time": "09:00",
        "place": "二楼会议室",
        "openness": "public",
    }
    answer = sign_in("head").post(f"/desk/dockets/{code}/main/hearing_notice", data=asked)
    assert answer.status_code == 422
    assert "主持人：请填写" in answer.text


def test_what_is_done_on_another_page_is_led_to(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """A case that waits for its signed sheets leads to the printing; one that waits for its file to
    be bound, to the file."""
    case = at(drive(case_of(team, bureau), "served", 0))
    page = next_of(sign_in("officer1"), case)
    door = re.search(r'<a class="button" href="([^"]+)">打印与回收</a>\s*<p>(.*?)</p>', page)
    assert door, page
    assert door[1].startswith("/desk/print/?docket=")
    assert door[2].startswith("“结案”之前：还没有签署后扫描回来的文书")
    clerk = next_of(sign_in("clerk"), case)
    assert "打印与回收</a>\n<p>" not in clerk  # it is the officer's step
    case.take("not_public", {"reason": "违法数额较小，未造成社会影响，不属于应当公示的情形。"})
    assert others(next_of(sign_in("clerk"), case)) == [
        "回收签署件（“结案”之前） — 秦岚、邓一川 2025-11-07起"
    ]


REVIEWS = [
    ("effective", "案卷评查：为什么不能结案</a>"),
    ("closed", ">案卷评查</a>"),
    ("archived", ">案卷评查</a>"),
]


@pytest.mark.parametrize(("stage", "said"), REVIEWS)
def test_a_closed_case_is_not_asked_why_it_cannot_be_closed(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At, stage: str, said: str
) -> None:
    case = at(drive(case_of(team, bureau), "assign"))
    with writing() as session:
        session.execute(update(Docket).where(Docket.id == case.docket_id).values(stage=stage))
        session.execute(
            update(Track)
            .where(Track.docket_id == case.docket_id, Track.label == "main")
            .values(stage=stage)
        )
    assert said in next_of(sign_in("head"), case)


def test_what_waits_beside_the_case_is_said_with_its_track(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """The demand is of the execution, which goes on beside the case."""
    case = drive(case_of(team, bureau), "served")
    at(case.at(road.later(case.day, 30)))
    said = others(next_of(sign_in("head"), case))
    assert any(line.startswith("执行：催告履行 — 秦岚、邓一川") for line in said), said
    case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")
    page = next_of(sign_in("head"), case)
    assert any(line.startswith("执行：催告期 — 当事人") for line in waited(page))
