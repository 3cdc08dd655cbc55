"""Mailboxes of 163.com, 126.com, 188.com and QQ, by their rules: read, and answered."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from casework.docket.models import Docket
from casework.docket.work import Notice
from casework.informants.models import Receipt
from casework.intake.models import RepliedTo, ReplyDue
from casework.mail import fetch, replies_due
from casework.mail.account import Account
from casework.mail.mail_tip import keys_of
from casework.mail.parse import parse_mail
from casework.mail.reply_loops import answers_by_itself, own_id
from casework.people.models import Bureau
from casework.public.dialogue import docket_of
from casework.store import db, utcnow
from casework.vault.receipt import normalise
from tests.mail import netease
from tests.mail.letters import NAME, OWN, SENDER, plain
from tests.support.desk import SignIn
from tests.support.mail import facts_of, run, titles
from tests.support.ports import free_port

TO_US = plain().replace(OWN.encode(), netease.USER.encode())


def settings(imap: netease.Imap, **more: str) -> dict[str, str]:
    """The environment that names the server."""
    named = {"HOST": "127.0.0.1", "PORT": str(imap.port), "SECURITY": "none", "USER": netease.USER}
    return {
        f"CASEWORK_MAIL_{k}": v for k, v in {**named, "PASSWORD": netease.PASSWORD, **more}.items()
    }


@pytest.mark.parametrize("offers_id", [True, False])
def test_a_server_that_asks_who_is_there_is_told_and_read(
    bureau: Bureau, instance: Path, offers_id: bool
) -> None:
    with netease.imap([plain()], needs_id=offers_id, offers_id=offers_id) as server:
        done = run(instance, "read", **settings(server))
    assert (done.returncode, done.stdout.strip()) == (0, "taken in: 1"), done.stderr
    assert titles() == ["反映某公司虚报产值"]
    assert server.moved == [1]
    assert ("ID" in server.commands) is offers_id


def test_what_the_server_answers_is_said(bureau: Bureau, instance: Path) -> None:
    """A server that wants ID and does not offer it: the operator reads the server's own
    sentence."""
    with netease.imap([plain()], offers_id=False) as server:
        done = run(instance, "read", **settings(server))
    assert done.returncode == 1
    assert "SELECT Unsafe Login. Please contact kefu@188.com for help" in done.stderr
    assert netease.PASSWORD not in done.stdout + done.stderr


def test_a_refused_password_is_said_in_the_servers_words_without_it(
    bureau: Bureau, instance: Path
) -> None:
    with netease.imap([plain()]) as server:
        done = run(instance, "read", **settings(server, PASSWORD="another-secret-word"))
    assert done.returncode == 1
    assert "use an authorization code" in done.stderr
    assert "another-secret-word" not in done.stderr
    assert netease.USER not in done.stderr


# -- replies
def code_in(letter: bytes) -> str:
    """The receipt code that a reply tells."""
    text = message_from_bytes(letter, policy=policy.default).get_body().get_content()  # type: ignore[union-attr]
    return normalise(next(line for line in text.splitlines() if "查询码：" in line).split("：")[1])


def answering(imap: netease.Imap, port: int, **more: str) -> dict[str, str]:
    """The environment that also names where replies go out."""
    named = {
        "REPLY": "on",
        "ADDRESS": netease.USER,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
    }
    return settings(imap, **{**named, **more})


@pytest.mark.parametrize("rule", ["163", "QQ", "closes", "late"])
def test_from_the_mailbox_to_the_reply(bureau: Bureau, instance: Path, rule: str) -> None:
    """The whole way with one command: read, a tip, and a reply that the server takes because we
    signed in as its sender."""
    with netease.imap([TO_US]) as imap, netease.smtp(rule) as smtp:
        done = run(instance, "read", **answering(imap, smtp.port))
    assert (done.returncode, done.stdout.strip()) == (0, "taken in: 1, replied to: 1"), done.stderr
    [(sender, to, letter)] = smtp.sent
    assert (smtp.refused, sender, to) == ([""], netease.USER, SENDER)
    assert message_from_bytes(letter)["Auto-Submitted"] == "auto-replied"
    assert titles() == ["反映某公司虚报产值"]
    assert docket_of(code_in(letter)) == db.session.scalars(select(Docket.id)).one()
    assert imap.moved == [1]
    assert db.session.scalars(select(ReplyDue)).all() == []


def test_where_an_empty_sender_is_taken_it_is_used(bureau: Bureau, instance: Path) -> None:
    with netease.imap([TO_US]) as imap, netease.smtp("") as smtp:
        run(instance, "read", **answering(imap, smtp.port))
    assert [sender for sender, _to, _letter in smtp.sent] == [""]


def account(port: int, user: str = netease.USER, password: str = netease.PASSWORD) -> Account:
    return Account(
        "127.0.0.1",
        1,
        "none",
        user,
        password,
        "INBOX",
        "Casework",
        1 << 26,
        True,
        "127.0.0.1",
        port,
        netease.USER,
    )


def took(bureau: Bureau, mail: bytes, of: Account) -> str:
    return fetch._registered(bureau.id, mail, of, Counter())


def settle(bureau: Bureau, of: Account, now: datetime) -> str:
    mail = parse_mail(TO_US)
    return replies_due.settle(bureau.id, keys_of(mail, TO_US)[0], mail, of, now)


def test_a_reply_that_fails_for_now_is_tried_again_with_the_same_code(
    bureau: Bureau, instance: Path
) -> None:
    with netease.imap([TO_US]) as imap, netease.smtp() as smtp:
        smtp.answers = ["450 greylisted"]
        done = run(instance, "read", **answering(imap, smtp.port))
        assert done.stdout.strip() == "taken in: 1, reply to be tried again: 1"
        assert imap.left() == [1]  # it stays: its sender's address is kept nowhere else
        assert run(instance, "read", **answering(imap, smtp.port)).stdout.startswith(
            "taken in: 0, reply to be tried again: 1"
        )
        assert smtp.sent == []  # not yet
        db.session.rollback()
        assert settle(bureau, account(smtp.port), utcnow() + timedelta(hours=1)) == "replied"
        assert (
            run(instance, "read", **answering(imap, smtp.port)).stdout.strip()
            == "taken in: 0, there already: 1"
        )
        assert imap.left() == []
    assert len(smtp.sent) == 1
    assert docket_of(code_in(smtp.sent[0][2])) == db.session.scalars(select(Docket.id)).one()
    assert len(titles()) == 1


@pytest.mark.parametrize("what", ["away", "password", "451"])
def test_it_is_tried_for_days_and_then_given_up_and_said(
    team: SimpleNamespace, bureau: Bureau, what: str
) -> None:
    with netease.smtp() as smtp:
        of = account(
            free_port() if what == "away" else smtp.port,
            password="x" if what == "password" else netease.PASSWORD,
        )
        smtp.answers = ["451 try later"] * 20
        assert took(bureau, TO_US, of) == "later"
        now, fates = utcnow(), []
        while db.session.scalars(select(ReplyDue)).all():
            now += timedelta(hours=25)
            fates.append(settle(bureau, of, now))
        assert fates == ["later"] * (len(replies_due.WAITS) - 1) + ["unanswered"]
    [notice] = db.session.scalars(select(Notice).where(Notice.topic == "reply_failed")).all()
    assert notice.docket_id == db.session.scalars(select(Docket.id)).one()
    assert took(bureau, TO_US, of) == "known"  # and its mail may go


def test_a_refusal_for_good_is_shown_to_the_clerk_without_the_address(
    team: SimpleNamespace, bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    with netease.smtp() as smtp:
        smtp.answers = ["550 no such user {to}"] * 3
        assert took(bureau, TO_US, account(smtp.port)) == "taken"
    notices = db.session.scalars(select(Notice).where(Notice.topic == "reply_failed")).all()
    assert [n.data["code"] for n in notices] == [550]
    assert SENDER not in caplog.text + str([n.data for n in notices])


def test_clerk_and_administrator_read_what_they_can_do(
    team: SimpleNamespace, bureau: Bureau, sign_in: SignIn, instance: Path
) -> None:
    with netease.smtp() as smtp:
        took(bureau, plain(), replace(account(smtp.port), user="tips", address=OWN))
        assert smtp.refused == ["", OWN]
    docket = db.session.scalars(select(Docket).order_by(Docket.id.desc())).first()
    assert docket is not None
    number, link = docket.number, docket.code
    page = sign_in("clerk").get("/desk/").text
    assert f"线索 {number} 的自动回执未能发出，来信人没有收到查询码。" in page
    assert "重发也无用（代码 553）" in page
    assert link in page.split("重发也无用")[1]
    office = sign_in("admin").get("/desk/").text
    assert "举报邮箱的发信服务器不接受自动回执" in office
    assert number not in office


def test_a_bounce_of_our_reply_is_no_tip_and_is_said(team: SimpleNamespace, bureau: Bureau) -> None:
    """It names the informant: nobody at the desk may read it, and the clerk must know that no code
    arrived."""
    with netease.smtp() as smtp:
        took(bureau, TO_US, account(smtp.port))
        reply = smtp.sent[0][2]
    bounce = (
        (
            f"From: MAILER-DAEMON@163.example\nTo: {netease.USER}\nSubject: failed\n"
            "Content-Type: multipart/report; boundary=b\n\n"
            f"--b\n\nTo {SENDER}: no such user\n--b\nContent-Type: "
            "message/delivery-status\n\nAction: failed\n\n"
            "--b\nContent-Type: message/rfc822\n\n"
        ).encode()
        + reply
        + b"\n--b--\n"
    )
    for fate in ("returned", "returned"):
        assert took(bureau, bounce, account(free_port())) == fate
    assert len(titles()) == 1
    assert len(db.session.scalars(select(Notice).where(Notice.topic == "reply_failed")).all()) == 1
    forged = bounce.replace(b"<casework.", b"<casework.9")
    assert took(bureau, forged.replace(b"failed\n", b"other\n"), account(free_port())) == "taken"
    facts = facts_of(db.session.scalars(select(Docket.id).order_by(Docket.id.desc())).first() or 0)
    assert SENDER not in str(facts)  # whatever bounce becomes a tip, whom it was for is hidden


# -- loops
@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 来信已收到",
        "自動回覆：來信",
        "Re: 自动回复:来信",
        "回复：[自动回复] 休假",
        "Automatic reply: x",
        "Out of Office: x",
        "AutoReply: x",
        "【自动回复】我在休假",
    ],
)
def test_holiday_replies_are_tips_and_get_no_reply(
    app: Flask, bureau: Bureau, subject: str
) -> None:
    with netease.smtp() as smtp:
        letter = plain(subject, "我正在休假。").replace(OWN.encode(), netease.USER.encode())
        assert took(bureau, letter, account(smtp.port)) == "taken"
    assert smtp.sent == []
    facts = facts_of(db.session.scalars(select(Docket.id)).one())
    assert "自动回复，未向发信人回信" in str(facts["narrative"])
    assert db.session.scalars(select(Receipt)).all() == []


def test_what_qq_writes_in_the_text_alone_is_known_too() -> None:
    assert answers_by_itself(
        parse_mail(plain("Re: 来信", "这是来自QQ邮箱的假期自动回复邮件。您好，我最近正在休假中。"))
    )
    assert not answers_by_itself(
        parse_mail(plain("反映自动回复系统采购虚报", "该单位统计台账造假。"))
    )


def test_a_sender_is_replied_to_some_times_a_day_and_no_more(
    app: Flask, bureau: Bureau, instance: Path
) -> None:
    with netease.smtp() as smtp:
        for n in range(5):
            letter = plain(f"第{n}封", f"内容{n}", f"<{n}@x>").replace(
                OWN.encode(), netease.USER.encode()
            )
            assert took(bureau, letter, account(smtp.port)) == "taken"
    assert len(smtp.sent) == 3
    assert len(titles()) == 5
    last = facts_of(db.session.scalars(select(Docket.id).order_by(Docket.id.desc())).first() or 0)
    assert "已多次向此发信人回信" in str(last["narrative"])
    [row] = db.session.scalars(select(RepliedTo)).all()
    assert row.times == 3
    assert not any(
        SENDER.encode() in p.read_bytes() or NAME.encode() in p.read_bytes()
        for p in instance.rglob("*.db*")
    )


def test_the_count_of_another_day_is_gone(app: Flask, bureau: Bureau) -> None:
    with netease.smtp() as smtp:
        took(bureau, TO_US, account(smtp.port))
        [row] = db.session.scalars(select(RepliedTo)).all()
        first, row.day = row.sender, row.day - timedelta(1)
        db.session.commit()
        other = plain(number="<2@x>", body="y").replace(OWN.encode(), netease.USER.encode())
        took(bureau, other.replace(SENDER.encode(), b"other@139.com"), account(smtp.port))
    [row] = db.session.scalars(select(RepliedTo)).all()
    assert row.sender != first


def test_the_number_of_a_reply_is_signed(app: Flask) -> None:
    assert re.fullmatch(r"<casework\.7\.[0-9a-f]{32}@x\.cn>", own_id(7, "x.cn"))
    assert own_id(7, "x.cn").split(".")[2] != own_id(8, "x.cn").split(".")[2]
