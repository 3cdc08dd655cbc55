"""Anchors by mail, through a real SMTP server: the head alone, once a week; an address that is left
is told so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.mail import cli, weekly_anchor
from casework.mail.account import MailNotSetUp
from casework.people import anchors, chain, heads
from casework.people.models import Bureau, BureauSetting, OfficeEntry, Person
from casework.store import db, utcnow, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.acts.roads import tip
from tests.acts.whole import all_hold
from tests.mail.letters import OWN
from tests.support.desk import SignIn
from tests.support.forged import drop_last_act, forge, rechain
from tests.support.mail import Keeps, account
from tests.support.ports import free_port
from tests.support.settings import confirm_setting

Sent = tuple[Keeps, int]
NOW = datetime.fromisoformat("2026-11-02T04:00:00+00:00")


@pytest.fixture
def home(team: Team, bureau: Bureau) -> Bureau:
    tip(team, bureau)
    named(bureau, "audit@shitongji.example")
    return bureau


def named(bureau: Bureau, address: str) -> None:
    with writing() as session:
        session.add(
            BureauSetting(
                bureau_id=bureau.id, key="mail.anchor", value=address, from_day=date(2020, 1, 1)
            )
        )


def mails(keeps: Sent) -> list[tuple[str, Any]]:
    """(to, mail) of everything that was sent."""
    return [
        (to[0], message_from_bytes(content, policy=policy.default))
        for _from, to, content in keeps[0].sent
    ]


def test_one_mail_a_week_with_the_head_and_nothing_else(
    home: Bureau,
    team: Team,
    keeps: Sent,
) -> None:
    server = account(keeps[1])
    place = chain.head(db.session(), home.id).place
    assert weekly_anchor.send(home, server, NOW) == 1
    assert weekly_anchor.send(home, server, NOW + timedelta(days=6)) == 0
    [(to, mail)] = mails(keeps)
    assert to == "audit@shitongji.example"
    assert mail["Subject"] == f"记录锚定 fengdu 第 {place} 条"
    assert (mail["Auto-Submitted"], keeps[0].sent[0][0]) == ("auto-generated", OWN)
    text = mail.get_content()
    (anchor,) = anchors.found_in(text)
    assert (anchor.place, anchor.hash) == (place, chain.hash_at(db.session(), home.id, place))
    names = db.session.scalars(select(Person.name)).all()
    assert [n for n in names if n in text] == []
    assert "公司" not in text
    assert weekly_anchor.send(home, server, NOW + timedelta(days=7)) == 1
    entered = db.session.scalars(
        select(OfficeEntry).where(OfficeEntry.what == weekly_anchor.MAILED)
    ).all()
    assert entered[0].details["place"] == place
    assert all_hold()


def test_a_saved_mail_is_an_anchor_for_the_command(
    home: Bureau,
    team: Team,
    app: Flask,
    keeps: Sent,
    tmp_path: Path,
) -> None:
    tick()
    weekly_anchor.send(home, account(keeps[1]))
    tick()
    (tmp_path / "anchor.eml").write_bytes(keeps[0].sent[0][2])
    run = app.test_cli_runner().invoke
    told = run(args=["journal", "verify", "--anchor", str(tmp_path / "anchor.eml")])
    assert told.output.strip() == "all journals hold, and so do 1 anchors"
    drop_last_act()
    rechain(home.id)
    heads.heads_path().unlink()
    heads.sign_heads(db.session(), utcnow())
    told = run(args=["journal", "verify", "--anchor", str(tmp_path / "anchor.eml")])
    assert "and what follows it are gone" in told.output


def test_a_changed_address_is_entered_and_told_to_the_old_one(
    home: Bureau,
    team: Team,
    keeps: Sent,
    sign_in: SignIn,
) -> None:
    server = account(keeps[1])
    weekly_anchor.send(home, server, NOW)
    admin = db.session.get_one(Person, team.others["admin"])
    confirm_setting(admin, "mail.anchor", "new@example.cn", date(2020, 1, 1))
    assert db.session.scalar(select(OfficeEntry.id).where(OfficeEntry.what == "setting"))
    assert weekly_anchor.send(home, server, NOW + timedelta(hours=1)) == 2
    (_first, (old, farewell), (new, mail)) = mails(keeps)
    assert (old, new) == ("audit@shitongji.example", "new@example.cn")
    assert "不再寄往" in farewell.get_content()
    assert "不再寄往" not in mail.get_content()
    assert "new@example.cn" not in farewell.get_content()
    assert len(list(anchors.found_in(farewell.get_content()))) == 1
    assert weekly_anchor.send(home, server, NOW + timedelta(hours=2)) == 0
    shown = sign_in("auditor").get("/desk/office/audit").text
    assert "锚定邮件已寄出" in shown
    assert "audit@shitongji.example" in shown


def test_who_takes_the_address_away_is_told_on_too(home: Bureau, keeps: Sent) -> None:
    server = account(keeps[1])
    weekly_anchor.send(home, server, NOW)
    named(home, "")
    assert weekly_anchor.is_wanted(home)
    assert weekly_anchor.send(home, server, NOW + timedelta(hours=1)) == 1
    assert "不再寄往" in mails(keeps)[1][1].get_content()
    assert not weekly_anchor.is_wanted(home)
    assert weekly_anchor.send(home, server, NOW + timedelta(days=30)) == 0
    named(home, "audit@shitongji.example")
    assert weekly_anchor.send(home, server, NOW + timedelta(days=30)) == 1


def test_an_address_that_was_changed_beside_the_program_is_told_as_well(
    home: Bureau,
    keeps: Sent,
) -> None:
    """The last address stands in the journal, whatever the settings say."""
    server = account(keeps[1])
    weekly_anchor.send(home, server, NOW)
    forge("UPDATE bureau_setting SET value = 'x@y.example' WHERE key = 'mail.anchor'")
    # as a program that was started since sees it
    forge("UPDATE bureau SET revision = revision + 1")
    assert weekly_anchor.send(home, server, NOW + timedelta(hours=1)) == 2
    assert mails(keeps)[1][0] == "audit@shitongji.example"


def test_mail_that_does_not_go_out_is_told_on_the_first_page(
    home: Bureau,
    keeps: Sent,
    sign_in: SignIn,
) -> None:
    for login in ("admin", "auditor"):
        assert "锚定邮件没有寄出" in sign_in(login).get("/desk/").text
    weekly_anchor.send(home, account(keeps[1]), utcnow() - timedelta(days=9))
    assert "锚定邮件没有寄出" in sign_in("auditor").get("/desk/").text
    weekly_anchor.send(home, account(keeps[1]))
    assert "锚定邮件没有寄出" not in sign_in("auditor").get("/desk/").text
    named(home, "")
    assert "锚定邮件没有寄出" not in sign_in("auditor").get("/desk/").text


def test_a_server_that_is_away_is_tried_again(home: Bureau, keeps: Sent) -> None:
    with pytest.raises(OSError, match="refused"):
        weekly_anchor.send(home, account(free_port()), NOW)
    assert weekly_anchor.send(home, account(keeps[1]), NOW) == 1


class Refuses(Keeps):
    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("audit@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def test_an_old_address_that_is_gone_does_not_keep_the_new_one_waiting(
    home: Bureau,
    keeps: Sent,
) -> None:
    from aiosmtpd.controller import Controller

    weekly_anchor.send(home, account(keeps[1]), NOW)
    named(home, "new@example.cn")
    handler, port = Refuses(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert weekly_anchor.send(home, account(port), NOW + timedelta(hours=1)) == 1
    finally:
        server.stop()
    assert [to for _f, to, _c in handler.sent] == [["new@example.cn"]]
    last = db.session.scalars(
        select(OfficeEntry).where(OfficeEntry.what == weekly_anchor.MAILED)
    ).all()
    assert [e.details.get("refused") for e in last] == [None, True, None]


def test_what_is_no_address_is_said(home: Bureau, keeps: Sent) -> None:
    named(home, "no address\r\nBcc: x@y.example")
    with pytest.raises(MailNotSetUp, match=r"mail\.anchor"):
        weekly_anchor.send(home, account(keeps[1]), NOW)
    assert keeps[0].sent == []


def test_it_goes_by_itself_and_by_the_command(
    home: Bureau,
    app: Flask,
    keeps: Sent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no mailbox is read by itself, too."""
    monkeypatch.setattr(cli, "account_of", lambda _bureau: account(keeps[1]))
    due: dict[int, float] = {}
    cli.anchors_due(due, 100.0)
    cli.anchors_due(due, 101.0)
    assert (len(keeps[0].sent), due) == (1, {home.id: 3700.0})
    assert app.test_cli_runner().invoke(args=["mail", "anchor"]).output.strip() == "mailed: 0"
    named(home, "new@example.cn")
    assert app.test_cli_runner().invoke(args=["mail", "anchor"]).output.strip() == "mailed: 2"
