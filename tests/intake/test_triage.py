"""Registration under load: twins beside a tip, one-click links, notices, bursts and bulk triage,
townships to be mobilised."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.acts import batches
from casework.acts.facts import gather
from casework.docket import notices
from casework.docket.jobs import Job
from casework.docket.models import Act, Docket, Link
from casework.docket.work import Mobilisation, Notice, RefusalMark
from casework.informants.models import Message
from casework.intake.receive import receive
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry, Person, Township
from casework.procedure.facts import Facts
from casework.public.dialogue import message
from casework.store import db, utcnow, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.support.forged import forge

SignIn = Callable[[str], FlaskClient]
TEXT = "该公司2025年年报把应收账款报成646千元，实际账上是5087千元，账本在财务室。"


def tip(
    bureau: Bureau,
    team: Team,
    subject: str = FIRM["name"],
    narrative: str = TEXT,
    day: date | None = None,
    **more: Any,
) -> Walk:
    payload = {
        "channel": "web",
        "subject": subject,
        "subject_kind": "enterprise",
        "survey_by": "bureau",
        "period": "2025年报",
        "narrative": narrative,
        "township": "",
        **more,
    }
    walk = Walk(team, 0, day or today())
    came = {"on": day, "now": walk.now} if day else {}
    walk.docket_id = receive(bureau, payload, with_code=False, **came).docket_id  # type: ignore[arg-type]
    return walk


def code(walk: Walk) -> str:
    return db.session.get_one(Docket, walk.docket_id).code


def facts(walk: Walk) -> Facts:
    return gather(db.session(), vault(), db.session.get_one(Docket, walk.docket_id))


@pytest.fixture
def case(bureau: Bureau, team: Team) -> Walk:
    """An open case with officers, from an accepted tip."""
    first = tip(bureau, team)
    road.register(first)
    first.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = first.case()
    case.take("assign", {"assigned": list(team.officers)})
    tick()
    return case


# -- beside a tip
def test_a_twin_is_shown_with_the_reason_linked_with_one_click_and_undone(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    second = tip(
        bureau,
        team,
        "汇锦机械制造",
        "汇锦把应收账款报成646千元，账上明明是5087千元。",
        period="2025年",
    )
    tick()
    client = sign_in("clerk")
    page = client.get(f"/desk/dockets/{code(second)}/report/register").text
    assert "同一单位、同一期别" in page
    assert f'name="case" value="{case.docket_id}"' in page
    linked = client.post(
        f"/desk/dockets/{code(second)}/link", data={"case": case.docket_id}, follow_redirects=True
    )
    assert "已呈报" in linked.text or "等待" in linked.text
    assert len(facts(second).proposals) == 1
    client.post(f"/desk/dockets/{code(second)}/unlink")
    assert facts(second).proposals == ()
    client.post(f"/desk/dockets/{code(second)}/link", data={"case": case.docket_id})
    approve(second, team)
    assert [x.id for x in facts(second).links] == [case.docket_id]
    assert facts(second).stage == "accepted"
    client.post(f"/desk/dockets/{code(second)}/unlink", data={"case": case.docket_id})
    approve(second, team)
    assert facts(second).links == ()
    assert facts(second).stage == "lead"
    assert db.session.query(Link).filter(Link.until.is_not(None)).count() == 1


def test_a_case_that_several_tips_lead_to_is_offered_once(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    again = tip(bureau, team)
    again.take("link_report", {"case": case.docket_id, "reason": "同一事项"})
    third = tip(bureau, team)
    tick()
    page = sign_in("clerk").get(f"/desk/dockets/{code(third)}/report/register").text
    assert page.count(f'name="case" value="{case.docket_id}"') == 1
    assert page.count("同一单位、同一期别") == 2


def approve(walk: Walk, team: Team) -> None:
    from casework.acts.intent import Intent
    from casework.acts.perform import perform

    step = facts(walk).proposals[0].step
    perform(Intent(walk.docket_id, step, team.head, today(), "report", "approve", {}))


def test_only_what_the_panel_shows_can_be_linked_and_only_by_the_clerk(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    other = tip(bureau, team, "完全无关商店", "卖假酒。", period="")
    tick()
    client = sign_in("clerk")
    assert (
        client.post(f"/desk/dockets/{code(other)}/link", data={"case": case.docket_id}).status_code
        == 404
    )
    assert (
        client.post(
            f"/desk/dockets/{code(other)}/unlink", data={"case": case.docket_id}
        ).status_code
        == 404
    )
    twin = tip(bureau, team)
    tick()
    sign_in("head").post(f"/desk/dockets/{code(twin)}/link", data={"case": case.docket_id})
    assert facts(twin).proposals == ()


def test_a_second_tip_tells_the_officers_until_they_have_seen_it(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    second = tip(bureau, team)
    second.take("link_report", {"case": case.docket_id, "reason": "同一事项"})
    tick()
    told = set(
        db.session.scalars(select(Notice.person_id).where(Notice.topic == "new_report_on_case"))
    )
    assert told == set(team.officers)
    client = sign_in("officer1")
    home = client.get("/desk/").text
    assert "新关联到本案" in home
    number = re.search(r"/desk/notices/(\d+)", home)
    assert number
    sign_in("officer2").post(number[0])
    assert "新关联到本案" in sign_in("officer1").get("/desk/").text
    sign_in("officer1").post(number[0])
    assert "新关联到本案" not in sign_in("officer1").get("/desk/").text


def test_jurisdiction_time_bar_and_repeats_are_said(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    old = tip(
        bureau,
        team,
        period="2020年报",
        narrative="很久以前的事。",
        earlier=db.session.get_one(Docket, 1).number,
    )
    with writing() as session:
        session.add(message(old.docket_id, "补充一句", mine=True))
    tick()
    page = sign_in("clerk").get(f"/desk/dockets/{code(old)}/report/register").text
    for words in (
        "属本局管辖",
        "追责时效",
        "2022-12-31",
        "该单位此前有 1 件案件",
        "举报人自述",
        "补充了 1 次",
        "不同查询码",
    ):
        assert words in page, words
    assert db.session.query(Message).count() == 1
    mine = tip(bureau, team, bureau.name, "统计局自己造假", survey_by="bureau")
    tick()
    assert (
        "应报上一级统计机构办理"
        in sign_in("clerk").get(f"/desk/dockets/{code(mine)}/report/register").text
    )


def test_a_bounded_number_is_opened(bureau: Bureau, team: Team) -> None:
    from casework.docket.visible import visible_to
    from casework.intake import duplicates
    from casework.people.may import scope

    for n in range(duplicates.RECENT + 6):
        tip(bureau, team, f"第{n}号商店", f"第{n}件事")
    last = tip(bureau, team, "另一家饭店", "别的事")
    tick()
    visible = visible_to(scope(db.session.get_one(Person, team.clerk), today()))
    docket = db.session.get_one(Docket, last.docket_id)
    found = duplicates.beside(db.session(), visible, docket, facts(last).acts[0].asked)
    assert found.opened <= duplicates.NAMED + duplicates.RECENT
    assert found.twins == ()


# -- notices of new tips
def test_one_notice_for_a_batch_not_one_for_each_tip(
    bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    for n in range(12):
        tip(bureau, team, f"第{n}号商店", f"第{n}件事")
    tick()
    [notice] = db.session.scalars(select(Notice).where(Notice.topic == "new_tips")).all()
    assert (notice.person_id, notice.data["count"]) == (team.clerk, 12)
    client = sign_in("clerk")
    assert "12 件新线索" in client.get("/desk/").text
    client.post(f"/desk/notices/{notice.id}")
    tip(bureau, team)
    tick()
    counts = [n.data["count"] for n in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert counts == [12, 1]


def test_after_a_holiday_all_new_tips_are_one_notice_and_seen_at_once(
    bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    with writing() as session:
        for days in range(30):
            notices.tell_of_batch(
                session,
                [team.clerk, team.head],
                "new_tips",
                2,
                utcnow() - timedelta(days=30 - days),
            )
        notices.tell(
            session,
            [team.clerk],
            "mobilisation",
            data={"task": 1, "count": 3, "township": "500230101"},
        )
    client = sign_in("clerk")
    page = client.get("/desk/").text
    assert "30 件新线索" in page
    assert page.count("件新线索") == 1
    assert "虎威镇" in page
    number = re.search(
        r'action="/desk/notices/(\d+)".{0,200}$',
        page.split("30 件新线索")[1].split("</form>")[0],
        re.S,
    )
    assert number
    client.post(f"/desk/notices/{number[1]}")
    assert "件新线索" not in client.get("/desk/").text
    assert "虎威镇" in client.get("/desk/").text
    assert len(notices.unseen(db.session(), team.head)) == 1


# -- bursts
def test_a_burst_is_grouped_by_unit_text_and_hour(
    bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    for n in range(3):
        tip(bureau, team, FIRM["name"], f"第{n}种说法完全不同{'甲乙丙'[n] * 9}")
    for n in range(3):
        tip(
            bureau,
            team,
            f"{'天地人'[n]}字号商店",
            "群发的同一段文字，说的是普查员态度不好，请查处。",
        )
    page = sign_in("clerk").get("/desk/reports/burst").text
    assert "同一单位：汇锦机械制造" in page
    assert "同一内容：群发的同一段文字" in page
    groups = re.findall(r'name="group" value="([\d,]+)"', page)
    assert [len(g.split(",")) for g in groups] == [3, 3]
    for n in range(3):
        tip(bureau, team, f"{'春夏秋'[n]}字号饭店", f"{'子丑寅'[n] * 8}")
    assert "同一时段" in sign_in("clerk").get("/desk/reports/burst").text


def ordered(client: FlaskClient, data: dict[str, Any]) -> Job:
    answer = client.post("/desk/reports/burst", data={**data, "go": "1", "on": today().isoformat()})
    assert answer.status_code == 302, re.findall(r'class="error">.*?</p>', answer.text)
    while tick()["batches"]:
        pass
    return db.session.scalars(
        select(Job).where(Job.kind == "many").order_by(Job.id.desc()).limit(1)
    ).one()


def test_many_are_registered_in_one_go_and_the_result_is_a_table(
    bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    # a walk acts in the afternoon, and the order may come in the morning
    yesterday = today() - timedelta(1)
    walks = [tip(bureau, team, f"第{n}号商店", f"第{n}件事", yesterday) for n in range(5)]
    road.register(walks[2])
    client = sign_in("clerk")
    tips = [w.docket_id for w in walks]
    form = client.post(
        "/desk/reports/burst",
        data={"step": "register", "group": ",".join(map(str, tips[:4])), "tip": tips[4]},
    )
    assert form.text.count('name="tip"') == 5
    assert (
        client.post(
            "/desk/reports/burst", data={"step": "register", "tip": tips, "go": "1", "proposal": ""}
        ).status_code
        == 422
    )
    before = db.session.scalar(select(func.count()).select_from(Act))
    batch = ordered(client, {"step": "register", "tip": tips, "proposal": "批量登记：建议核查。"})
    assert [r["state"] for r in batch.result["results"]] == [
        "done",
        "done",
        "refused",
        "done",
        "done",
    ]
    assert db.session.scalar(select(func.count()).select_from(Act)) == (before or 0) + 4
    page = client.get(f"/desk/many/{batch.id}").text
    assert "这一步骤只能办理一次" in page
    assert page.count("已办理") >= 4
    assert 'http-equiv="refresh"' not in page
    assert "批量登记" not in str(batch.body)


def test_many_are_linked_and_many_declined_and_no_number_is_skipped(
    case: Walk, bureau: Bureau, team: Team, sign_in: SignIn
) -> None:
    walks = [tip(bureau, team, f"第{n}号商店", f"第{n}件事") for n in range(8)]
    client = sign_in("clerk")
    ids = [w.docket_id for w in walks]
    linked = ordered(
        client,
        {"step": "link_report", "tip": ids[:2], "case": case.docket_id, "reason": "同一事项"},
    )
    assert {r["state"] for r in linked.result["results"]} == {"proposed"}
    early = ordered(
        client,
        {
            "step": "decline",
            "tip": ids[2:],
            "ground": "no_lead",
            "opinion": "无线索",
            "destination": "",
        },
    )
    assert {r["state"] for r in early.result["results"]} == {"refused"}
    ordered(client, {"step": "register", "tip": ids[2:], "proposal": "建议不予受理。"})
    declined = ordered(
        client,
        {
            "step": "decline",
            "tip": ids[2:],
            "ground": "no_lead",
            "opinion": "无线索",
            "destination": "",
        },
    )
    assert {r["state"] for r in declined.result["results"]} == {"proposed"}
    for walk in walks[2:]:
        from casework.acts.intent import Intent
        from casework.acts.perform import perform

        perform(Intent(walk.docket_id, "decline", team.leader, today(), "report", "approve", {}))
    numbers = [
        int(n.split("〕")[1][:-1])
        for n in db.session.scalars(select(Docket.number).where(Docket.kind == "report"))
    ]
    assert sorted(numbers) == list(range(1, 10))
    papers = db.session.scalars(
        select(Paper.no).where(Paper.kind == "acceptance_notice", Paper.no.is_not(None))
    ).all()
    assert sorted(papers) == list(range(1, len(papers) + 1))  # type: ignore[type-var]
    assert len(papers) >= 6


def test_a_batch_goes_on_where_it_was_cut_off(
    bureau: Bureau, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after an act and before its note: that act is only noted the second time, the others
    are done once."""
    walks = [tip(bureau, team, f"第{n}号商店", f"第{n}件事") for n in range(4)]
    clerk = db.session.get_one(Person, team.clerk)
    order = batches.Order("register", today(), {"proposal": "核查"}, [w.docket_id for w in walks])
    number = batches.order(clerk, order)
    real = batches._take
    calls: list[int] = []

    def cut(intent: Any) -> dict[str, Any]:
        result = real(intent)
        calls.append(intent.docket_id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(batches, "_take", cut)
    with pytest.raises(KeyboardInterrupt):
        batches.work()
    monkeypatch.setattr(batches, "_take", real)
    batches.work()
    batch = db.session.get_one(Job, number)
    assert [r["state"] for r in batch.result["results"]] == ["done", "done", "done", "done"]
    assert (
        db.session.scalar(select(func.count()).select_from(Act).where(Act.step == "register")) == 4
    )


def test_an_order_that_somebody_opens_again_takes_no_step_twice(case: Walk, team: Team) -> None:
    """Officers who were relieved since do not come back because a finished order was opened beside
    the program."""
    head = db.session.get_one(Person, team.head)
    first = batches.Order("assign", today(), {"assigned": list(team.officers)}, [case.docket_id])
    number = batches.order(head, first)
    batches.work()
    case.take("assign", {"assigned": [team.officers[0], team.others["officer3"]]})
    acts = db.session.scalar(select(func.count()).select_from(Act))
    again = json.dumps({"dockets": [case.docket_id], "results": []})
    forge(f"UPDATE job SET state = 'waiting', result = '{again}' WHERE id = {number}")
    batches.work()
    assert db.session.scalar(select(func.count()).select_from(Act)) == acts
    assert db.session.get_one(Job, number).state == "done"


@pytest.mark.parametrize(
    "changed",
    [
        "by_id = {head}",
        "what = 'decline'",
        """result = '{{"dockets": [{other}], "results": []}}'""",
    ],
)
def test_an_order_that_was_changed_beside_the_program_is_not_carried_out(
    bureau: Bureau, team: Team, changed: str
) -> None:
    """Whoever has the database alone lets the program take no step in the name of somebody else."""
    first, other = (tip(bureau, team, f"第{n}号商店", f"第{n}件事") for n in range(2))
    clerk = db.session.get_one(Person, team.clerk)
    number = batches.order(
        clerk, batches.Order("register", today(), {"proposal": "核查"}, [first.docket_id])
    )
    acts = db.session.scalar(select(func.count()).select_from(Act))
    forge(f"UPDATE job SET {changed.format(head=team.head, other=other.docket_id)}")
    batches.work()
    assert db.session.scalar(select(func.count()).select_from(Act)) == acts
    batch = db.session.get_one(Job, number)
    assert (batch.result["results"], batch.state) == ([], "done")


def test_a_batch_takes_no_other_step_and_nothing_of_another_bureau(
    bureau: Bureau, team: Team
) -> None:
    clerk = db.session.get_one(Person, team.clerk)
    with pytest.raises(ValueError, match="accept"):
        batches.order(clerk, batches.Order("accept", today(), {}, [1]))
    with writing() as session:
        other = Bureau(code="z", name="另一统计局", prefix="另统")
        session.add(other)
        session.flush()
        foreign = other.id
    theirs = tip(db.session.get_one(Bureau, foreign), team)
    number = batches.order(
        clerk, batches.Order("register", today(), {"proposal": "x"}, [theirs.docket_id])
    )
    assert db.session.get_one(Job, number).total == 0
    batches.work()
    assert db.session.get_one(Job, number).state == "done"


# -- townships
@pytest.fixture
def town(team: Team) -> str:
    return db.session.scalars(
        select(Township.code).where(Township.bureau_id == team.bureau_id).limit(1)
    ).one()  # type: ignore[attr-defined]


def refuse(bureau: Bureau, team: Team, town: str, times: int, **more: Any) -> list[Walk]:
    kinds = more.pop("kinds", ["refusal"])
    return [
        tip(bureau, team, f"拒报商店{n}", f"第{n}家不让进门", township=town, kinds=kinds)
        for n in range(times)
    ]


def test_many_refusals_from_one_township_open_one_task(
    bureau: Bureau, team: Team, town: str, sign_in: SignIn
) -> None:
    refuse(bureau, team, town, 4)
    refuse(bureau, team, town, 3, kinds=["false_data"])
    refuse(bureau, team, "", 3)
    tick()
    assert db.session.query(RefusalMark).count() == 4
    assert db.session.query(Mobilisation).count() == 0
    refuse(bureau, team, town, 2, kinds=["obstruction", "other"])
    tick()
    [task] = db.session.scalars(select(Mobilisation)).all()
    assert (task.township, task.refusals, task.opened_on) == (town, 5, today())
    told = set(db.session.scalars(select(Notice.person_id).where(Notice.topic == "mobilisation")))
    assert told == {team.head, team.leader}
    for login in ("head", "leader"):
        assert "需动员的乡镇街道" in sign_in(login).get("/desk/").text
    assert "需动员的乡镇街道" not in sign_in("officer1").get("/desk/").text


def test_refusals_before_the_window_do_not_count(bureau: Bureau, team: Team, town: str) -> None:
    for walk in refuse(bureau, team, town, 4):
        with writing() as session:
            session.get_one(Docket, walk.docket_id).opened_on = today() - timedelta(40)
    tick()
    refuse(bureau, team, town, 1)
    tick()
    assert db.session.query(Mobilisation).count() == 0


def test_the_task_has_a_handler_a_deadline_and_a_result(
    bureau: Bureau, team: Team, town: str, sign_in: SignIn
) -> None:
    refuse(bureau, team, town, 5)
    tick()
    client, page = sign_in("head"), "/desk/mobilisation/1"
    until = (today() + timedelta(3)).isoformat()
    unfinished = {"handler": team.officers[0], "due": until, "result": "", "done": "y"}
    assert client.post(page, data=unfinished).status_code == 422
    assert client.post(page, data={**unfinished, "done": ""}).status_code == 302
    task = db.session.get_one(Mobilisation, 1)
    assert (task.handler_id, task.due, task.closed_on) == (
        team.officers[0],
        date.fromisoformat(until),
        None,
    )
    closing = {
        "handler": team.officers[0],
        "due": until,
        "result": "乡镇已逐户动员，全部登记。",
        "done": "y",
    }
    assert client.post(page, data=closing).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Mobilisation, 1).closed_on == today()
    assert "需动员的乡镇街道" not in client.get("/desk/").text
    assert "乡镇已逐户动员" in client.get(page).text
    entries = db.session.scalars(
        select(OfficeEntry).where(OfficeEntry.what == "mobilise.change")
    ).all()
    assert len(entries) == 2
    assert sign_in("auditor").get("/desk/office/audit").status_code == 200
    refuse(bureau, team, town, 1)
    tick()
    assert db.session.query(Mobilisation).count() == 2
