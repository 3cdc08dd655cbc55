"""A mail to the bureau's people that tips have come in: one for a batch, not in the minute of an
arrival, no word of a tip."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask

from casework.intake.receive import receive
from casework.mail import staff_notice
from casework.mail.account import MailNotSetUp
from casework.people.models import Bureau, BureauSetting
from casework.store import utcnow, writing
from tests.mail.letters import OWN
from tests.support.mail import Keeps, account
from tests.support.ports import free_port

TIP = {
    "channel": "web",
    "subject": "某某公司",
    "narrative": "少报产值四百万元",
    "subject_kind": "enterprise",
}


@pytest.fixture
def told(bureau: Bureau) -> Bureau:
    to = "a@tj.example， b@tj.example"
    with writing() as session:
        session.add(
            BureauSetting(
                bureau_id=bureau.id, key="mail.staff", value=to, from_day=date(2020, 1, 1)
            )
        )
    return bureau


def tips(bureau: Bureau, number: int, at: datetime) -> None:
    for _ in range(number):
        receive(bureau, TIP, now=at)


def test_one_mail_for_a_batch_with_a_number_and_nothing_else(
    app: Flask,
    told: Bureau,
    keeps: tuple[Keeps, int],
) -> None:
    handler, port = keeps
    # far from the end of the hour to which times are rounded
    now, server = utcnow().replace(minute=10), account(port)
    tips(told, 2, now - timedelta(days=3))
    # what was there before the mail was switched on
    assert not staff_notice.tell(told, server, now)
    tips(told, 3, now)
    # it would tell the minute
    assert not staff_notice.tell(told, server, now + timedelta(minutes=1))
    later = now + timedelta(hours=3)
    assert staff_notice.tell(told, server, later)
    assert not staff_notice.tell(told, server, later)
    [(sender, to, content)] = handler.sent
    assert (sender, to) == (OWN, ["a@tj.example", "b@tj.example"])
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["Subject"] == "新线索 3 件"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "3 件" in text
    assert "某某公司" not in text
    assert "〔" not in text
    tips(told, 1, later)
    assert not staff_notice.tell(told, server, later + timedelta(hours=5))  # the same batch
    assert staff_notice.tell(told, server, later + timedelta(hours=25))
    assert len(handler.sent) == 2


def test_a_server_that_fails_is_tried_again(
    app: Flask,
    told: Bureau,
    keeps: tuple[Keeps, int],
) -> None:
    handler, port = keeps
    now = utcnow()
    staff_notice.tell(told, account(port), now)
    tips(told, 1, now)
    later = now + timedelta(hours=3)
    with pytest.raises(OSError, match="refused"):
        staff_notice.tell(told, account(free_port()), later)
    assert staff_notice.tell(told, account(port), later)
    assert len(handler.sent) == 1


def test_nobody_is_told_where_no_address_is_named(
    app: Flask,
    bureau: Bureau,
    keeps: tuple[Keeps, int],
) -> None:
    handler, port = keeps
    tips(bureau, 2, utcnow() - timedelta(days=1))
    assert not staff_notice.tell(bureau, account(port))
    assert handler.sent == []


def test_without_an_address_of_its_own_the_bureau_is_told_what_to_do(
    app: Flask, told: Bureau
) -> None:
    with pytest.raises(MailNotSetUp, match=r"mail\.address"):
        staff_notice.tell(told, replace(account(1), address=""))
