"""What staff and informant write to each other: two fields, a preview, read-marks, time limits, and
the guard."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Clock, Docket
from casework.evidence.models import Attachment
from casework.informants.models import Message
from casework.intake.receive import Received, receive
from casework.people.facts import calendar_of
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.clock_rules import due
from casework.procedure.load import procedure
from casework.procedure.terms import Period, Unit
from casework.public import dialogue
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground, named_informant
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from forms.base import seen_by
from forms.registry import form_class
from tests.acts.roads import FIRM
from tests.support.public import hidden, picture

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def report(team: Team, bureau: Bureau) -> Received:
    payload = {
        "channel": "web",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报产值",
    }
    return receive(db.session.get_one(Bureau, bureau.id), payload)


def test_a_message_is_seen_as_the_informant_will_see_it_before_it_goes(
    report: Received, sign_in: SignIn
) -> None:
    path = f"/desk/dockets/{db.session.get_one(Docket, report.docket_id).code}/messages"
    clerk = sign_in("clerk")
    typed = {"text": "请补充报表期别。", "internal": "现有材料不足以立案"}
    page = clerk.post(path, data={**typed, "action": "preview"}).text
    preview = page[page.index('id="preview"') : page.index("</ol>", page.index('id="preview"'))]
    assert typed["text"] in preview
    assert typed["internal"] not in preview
    assert dialogue.thread(report.docket_id) == []
    assert clerk.post(path, data={"text": " ", "action": "send"}).status_code == 422
    for seen in ("", "请补充报表期别和证人姓名。"):  # never looked at, or changed since
        again = clerk.post(path, data={**typed, "action": "send", "seen": seen})
        assert again.status_code == 200
        assert "发送前请再看一遍" in again.text
    assert dialogue.thread(report.docket_id) == []
    assert f'name="seen" value="{typed["text"]}"' in page
    assert (
        clerk.post(path, data={**typed, "action": "send", "seen": typed["text"]}).status_code == 302
    )
    assert typed["internal"] in clerk.get(path).text
    shown = dialogue.shown_thread(report.docket_id)
    assert [m.text for m in shown.thread] == [typed["text"]]
    assert typed["internal"] not in repr(shown)


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        ("decline", {"ground": "no_lead", "destination": "", "opinion": "内部意见：线索太空泛"}),
        (
            "transfer_report",
            {"body": "丰都县市场监督管理局", "reason": "内部理由", "material": "线索摘要"},
        ),
        ("report_up_tip", {"reason": "内部理由：涉及县级党政机关"}),
        (
            "accept",
            {
                "respondents": [FIRM],
                "cause": "涉嫌提供不真实统计资料",
                "opinion": "内部意见：可以受理",
            },
        ),
    ],
)
def test_each_step_tells_the_informant_in_words_of_their_own(
    team: Team, report: Received, sign_in: SignIn, step: str, asked: dict[str, Any]
) -> None:
    """Seen before it is proposed, seen again by whoever approves, and read by the informant word
    for word."""
    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议办理。"})
    path = f"/desk/dockets/{db.session.get_one(Docket, report.docket_id).code}/report/{step}"
    data = {**asked, "reply": "感谢反映，您可以补充材料后再次提交。"}
    clerk = sign_in("head" if step == "report_up_tip" else "clerk")
    typed = {k: v for k, v in data.items() if isinstance(v, str)}
    for page in (
        clerk.post(path, data={**typed, "action": "reply"}).text,
        proposal_of(walk, step, data, sign_in),
    ):
        preview = page[page.index('id="preview"') : page.index("</ol>", page.index('id="preview"'))]
        assert data["reply"] in preview
        assert "内部" not in preview
    leader = team.head if step == "accept" else team.leader
    perform(
        Intent(report.docket_id, step, leader, today(), "report", "approve", {"opinion": "同意。"})
    )
    tick()
    assert [m.text for m in dialogue.thread(report.docket_id)] == [data["reply"]]
    assert "内部" in dialogue.staff_thread(report.docket_id)[0].internal


def proposal_of(walk: Walk, step: str, asked: dict[str, Any], sign_in: SignIn) -> str:
    """The page of whoever approves it."""
    walk.propose(step, asked, "report")
    docket = db.session.get_one(Docket, walk.docket_id)
    who = "head" if step == "accept" else "leader"
    return sign_in(who).get(f"/desk/dockets/{docket.code}/proposals/{docket.last_seq}").text


def test_every_step_that_tells_the_informant_has_two_fields_and_a_preview() -> None:
    telling = [s for s in procedure().steps.values() if "tell_informant" in s.does]
    assert {s.id for s in telling} == {
        "accept",
        "decline",
        "transfer_report",
        "report_up_tip",
        "answer_informant",
    }
    for step in telling:
        form = form_class(step.asks)
        assert form.informant_reads, step.id
        assert seen_by(getattr(form, form.informant_reads)) == "message.see", step.id
        assert form.internal_reason not in ("", form.informant_reads), step.id
        assert {form.informant_reads, form.internal_reason} <= {n for n in dir(form)}, step.id
    others = [s for s in procedure().steps.values() if s.asks and s not in telling]
    assert [s.id for s in others if form_class(s.asks).informant_reads] == []


def test_many_tips_declined_at_once_show_the_message_first(
    team: Team, report: Received, sign_in: SignIn
) -> None:
    Walk(team, report.docket_id, today()).take("register", {"proposal": "建议办理。"})
    clerk = sign_in("clerk")
    typed = {"step": "decline", "tip": report.docket_id, "go": "1", "ground": "no_lead"}
    typed |= {"opinion": "内部意见", "reply": "感谢反映。"}
    page = clerk.post("/desk/reports/burst", data={**typed, "action": "reply"})
    assert page.status_code == 200
    preview = page.text[
        page.text.index('id="preview"') : page.text.index("</ol>", page.text.index('id="preview"'))
    ]
    assert "感谢反映。" in preview
    assert "内部意见" not in preview
    assert clerk.post("/desk/reports/burst", data=typed).status_code == 302


def test_without_words_for_the_informant_no_message_is_made(team: Team, report: Received) -> None:
    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议办理。"})
    walk.take("decline", {"ground": "no_lead", "destination": "", "opinion": "内部意见"})
    tick()
    assert dialogue.thread(report.docket_id) == []


def test_both_sides_see_what_was_read_and_not_when_the_informant_looked(report: Received) -> None:
    dialogue.from_bureau(report.docket_id, "请补充")
    dialogue.from_informant(report.docket_id, "已补充", [])
    assert [m.read for m in dialogue.staff_thread(report.docket_id)] == [False, False]
    dialogue.shown_thread(report.docket_id)
    dialogue.read_by_bureau(report.docket_id, dialogue.staff_thread(report.docket_id))
    assert [m.read for m in dialogue.thread(report.docket_id)] == [True, True]
    looked = db.session.scalars(
        select(Message.read_at).where(Message.from_informant.is_(False))
    ).one()
    assert looked is not None
    assert (looked.minute, looked.second) == (0, 0)


def test_an_answer_sent_again_brings_nothing_twice(report: Received, client: FlaskClient) -> None:
    """The connection broke and the browser loads the page that it sent; a word said anew later is a
    word of its own."""
    token = hidden(client.get("/progress").text, "token")

    def answer(text: str, *files: bytes) -> None:
        data: dict[str, Any] = {
            "token": token,
            "code": report.code,
            "action": "answer",
            "text": text,
        }
        data["files"] = [(io.BytesIO(content), "证据.jpg") for content in files]
        page = client.post("/progress", data=data, content_type="multipart/form-data")
        assert (page.status_code, "您的补充已收到" in page.text) == (200, True)

    for _ in range(2):
        answer("三月，见附件", picture())
    assert [m.text for m in dialogue.thread(report.docket_id)] == ["三月，见附件"]
    assert db.session.query(Attachment).count() == 1
    answer("三月，见附件", picture() + b"\0")  # another file
    answer("请尽快")
    assert len(dialogue.thread(report.docket_id)) == 3
    dialogue.read_by_bureau(report.docket_id, dialogue.staff_thread(report.docket_id))
    answer("请尽快")  # a week later
    assert [m.text for m in dialogue.thread(report.docket_id)][-2:] == ["请尽快", "请尽快"]
    assert dialogue.unread(report.docket_id) == 1
    dialogue.from_bureau(report.docket_id, "收到")
    answer("请尽快")
    assert len(dialogue.thread(report.docket_id)) == 6


def behind(client: FlaskClient, report: Received, **more: Any) -> Any:
    token = hidden(client.get("/progress").text, "token")
    data = {"token": token, "code": report.code, **more}
    return client.post("/progress", data=data, content_type="multipart/form-data")


def test_a_message_nobody_has_read_can_be_taken_back(
    report: Received, client: FlaskClient, app: Flask
) -> None:
    """Gone for good: neither the row nor the sealed words are left."""
    behind(client, report, action="answer", text="第一条")
    page = behind(client, report, action="answer", text="第二条，写错了").text
    second = re.findall(r'name="message" value="(\w+)"', page)[1]
    sealed = db.session.scalars(select(Message.body).where(Message.ref == second)).one()
    answer = behind(client, report, action="withdraw", message=second)
    assert answer.status_code == 200
    assert "没有人看过" in answer.text
    assert "第二条" not in answer.text
    assert [m.text for m in dialogue.staff_thread(report.docket_id)] == ["第一条"]
    if db.engine.dialect.name == "sqlite":
        db.session.commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert sealed not in b"".join(
            f.read_bytes() for f in Path(app.instance_path).glob("*.sqlite*")
        )


def test_what_was_read_is_not_taken_back(report: Received, client: FlaskClient) -> None:
    page = behind(client, report, action="answer", text="第一条").text
    ref = hidden(page, "message")
    dialogue.read_by_bureau(report.docket_id, dialogue.staff_thread(report.docket_id))
    answer = behind(client, report, action="withdraw", message=ref)
    assert answer.status_code == 422
    assert "不能收回" in answer.text
    assert 'name="message"' not in answer.text
    assert len(dialogue.thread(report.docket_id)) == 1


def test_nobody_takes_back_what_is_not_theirs(
    report: Received, bureau: Bureau, client: FlaskClient
) -> None:
    payload = {
        "channel": "web",
        "subject": "另一公司",
        "subject_kind": "enterprise",
        "narrative": "少报",
    }
    other = receive(db.session.get_one(Bureau, bureau.id), payload)
    dialogue.from_informant(other.docket_id, "别人的话", [])
    dialogue.from_bureau(report.docket_id, "请补充")
    for ref in [*db.session.scalars(select(Message.ref)), "", "x"]:
        assert behind(client, report, action="withdraw", message=ref).status_code == 422
    assert db.session.query(Message).count() == 2


def test_files_are_listed_by_name_and_size_and_a_second_one_is_said(
    report: Received, client: FlaskClient
) -> None:
    def send(*files: tuple[bytes, str], text: str = "") -> str:
        return str(
            behind(
                client,
                report,
                action="answer",
                text=text,
                files=[(io.BytesIO(c), n) for c, n in files],
            ).text
        )

    page = send(
        (picture(), "账簿 三月.jpg"), (b"MZ\x90\x00" + bytes(100), "工具.exe"), text="见附件"
    )
    files = page[page.index("您发来的附件") : page.index("给我们留言")]
    assert re.findall(r"<li>(.*?) <span class=\"meta\">[\d.]+ (?:B|KB)</span>", files) == [
        "账簿 三月.jpg"
    ]
    assert "工具.exe" in page.replace(files, "")  # refused by its name
    again = send((picture(), "账簿 三月.jpg"))
    assert "“账簿 三月.jpg”以前已经收到过" in again
    assert db.session.query(Attachment).count() == 1
    # a file that was here brings no empty message
    assert len(dialogue.thread(report.docket_id)) == 1


def test_what_comes_while_the_page_is_drawn_is_still_to_be_read(
    report: Received, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On either side: a message is not read because another one was."""
    dialogue.from_informant(report.docket_id, "第一条", [])
    dialogue.from_bureau(report.docket_id, "请补充")
    path = f"/desk/dockets/{db.session.get_one(Docket, report.docket_id).code}/messages"
    clerk, real = sign_in("clerk"), dialogue._messages

    def then(text: str, mine: bool) -> Callable[[int], Any]:
        def found(docket_id: int) -> Any:
            rows = list(real(docket_id))
            monkeypatch.setattr(dialogue, "_messages", real)
            dialogue.from_informant(docket_id, text, []) if mine else dialogue.from_bureau(
                docket_id, text
            )
            return rows

        return found

    monkeypatch.setattr(dialogue, "_messages", then("第二条", True))
    assert "第二条" not in clerk.get(path).text
    assert dialogue.unread(report.docket_id) == 1
    assert "第二条" in clerk.get(path).text
    assert dialogue.unread(report.docket_id) == 0
    monkeypatch.setattr(dialogue, "_messages", then("再问一句", False))
    assert "再问一句" not in [m.text for m in dialogue.shown_thread(report.docket_id).thread]
    assert [m.read for m in dialogue.staff_thread(report.docket_id) if not m.mine] == [True, False]


def test_nothing_may_be_deleted_while_something_of_the_informant_is_unread(
    report: Received,
) -> None:
    assert dialogue.may_be_deleted(report.docket_id)
    dialogue.from_informant(report.docket_id, "还有补充", [])
    assert not dialogue.may_be_deleted(report.docket_id)
    dialogue.read_by_bureau(report.docket_id, dialogue.staff_thread(report.docket_id))
    assert dialogue.may_be_deleted(report.docket_id)


def test_a_named_informant_is_told_within_fifteen_and_ten_days(team: Team, bureau: Bureau) -> None:
    """The clocks run from receipt and from the end of the case, moved over days off; the letters
    stop them in time."""
    start = road.later(today() - timedelta(150), 0)
    named_informant(Ground(bureau, team, FIRM, start))
    clocks = {
        c.rule: c
        for c in db.session.scalars(
            select(Clock).where(Clock.rule.in_(("tell_informant", "tell_result")))
        )
    }
    expected = {"tell_informant": 15, "tell_result": 10}
    assert {rule: c.original_due for rule, c in clocks.items()} == {
        rule: due(clocks[rule].start, Period(days, Unit.DAY), calendar_of(bureau.id)).on
        for rule, days in expected.items()
    }
    assert clocks["tell_informant"].start == start
    assert all(c.state == "met" and c.met_on and c.met_on <= c.due for c in clocks.values())
