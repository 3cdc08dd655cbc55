"""Replies to mail, through a real SMTP server: only where switched on, only to a person, never to
lists or programs."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from casework.docket.models import Docket
from casework.informants.models import Receipt
from casework.mail import fetch
from casework.mail.account import Account
from casework.mail.auto_reply import recipient
from casework.mail.parse import parse_mail
from casework.people.models import Bureau
from casework.public.dialogue import docket_of
from casework.store import db
from casework.vault.receipt import normalise
from tests.mail.letters import NAME, OWN, SENDER, plain
from tests.support.mail import Keeps, account
from tests.support.ports import free_port


def took(bureau: Bureau, mail: bytes, of: Account) -> str:
    from collections import Counter

    return fetch._registered(bureau.id, mail, of, Counter())


def test_a_reply_with_number_and_code_and_nothing_of_the_letter(
    bureau: Bureau, keeps: tuple[Keeps, int]
) -> None:
    handler, port = keeps
    assert took(bureau, plain(), account(port)) == "taken"
    sender, to, content = handler.sent[0]
    assert (sender, to) == ("<>", [SENDER])  # an empty envelope: nothing ever comes back
    reply = message_from_bytes(content, policy=policy.default)
    assert reply["Auto-Submitted"] == "auto-replied"
    assert reply["In-Reply-To"] == "<1@139.com>"
    text = reply.get_body().get_content()  # type: ignore[union-attr]
    code = next(line for line in text.splitlines() if "查询码：" in line).split("：")[1]
    assert docket_of(normalise(code)) is not None
    assert "虚报" not in text + str(reply["Subject"])
    assert NAME not in text


def test_off_means_no_reply_and_no_code(bureau: Bureau, keeps: tuple[Keeps, int]) -> None:
    took(bureau, plain(), account(keeps[1], reply=False))
    assert keeps[0].sent == []
    assert db.session.scalars(select(Receipt)).all() == []


def test_a_mail_that_comes_again_is_not_replied_to_again(
    bureau: Bureau, keeps: tuple[Keeps, int]
) -> None:
    assert [took(bureau, plain(), account(keeps[1])) for _ in range(2)] == ["taken", "known"]
    assert len(keeps[0].sent) == 1


def test_a_server_that_is_away_costs_no_tip(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    # a tip; its mail stays until it is replied to
    assert took(bureau, plain(), account(free_port())) == "later"
    assert db.session.query(Docket).count() == 1
    assert SENDER not in caplog.text


def with_headers(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode() + plain()


SILENT = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; x=y",
    "Precedence: bulk",
    "Precedence: list",
    "Precedence: junk",
    "List-Id: <x.example>",
    "List-Unsubscribe: <mailto:x@y>",
    "List-Post: <mailto:x@y>",
    "X-Auto-Response-Suppress: All",
    "Return-Path: <>",
    "Return-Path: <list-bounces@x.cn>",
    "X-Autoreply: yes",
]


@pytest.mark.parametrize("line", SILENT)
def test_programs_lists_and_bounces_get_no_reply(
    bureau: Bureau, keeps: tuple[Keeps, int], line: str
) -> None:
    assert took(bureau, with_headers(line), account(keeps[1])) == "taken"
    assert keeps[0].sent == []


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@x.cn",
        "postmaster@x.cn",
        "no-reply@x.cn",
        "news-request@x.cn",
        "owner-list@x.cn",
        OWN,
        "a@x.cn, b@x.cn",
        "",
    ],
)
def test_these_senders_get_no_reply(sender: str) -> None:
    assert recipient(parse_mail(f"From: {sender}\nTo: {OWN}\n\nx".encode()), OWN) == ""


def test_a_delivery_report_gets_no_reply() -> None:
    report = (
        b"From: a@x.cn\nTo: %b\nContent-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n"
        % OWN.encode()
    )
    assert recipient(parse_mail(report), OWN) == ""


def test_a_mail_not_written_to_the_bureau_gets_no_reply() -> None:
    assert recipient(parse_mail(b"From: a@x.cn\nTo: other@x.cn\n\nx"), OWN) == ""


@pytest.mark.parametrize(
    "line", ["Auto-Submitted: no", f"Return-Path: <{SENDER}>", "Precedence: first-class"]
)
def test_a_person_gets_one(line: str) -> None:
    assert recipient(parse_mail(with_headers(line)), OWN) == SENDER


def test_the_account_does_not_say_its_password() -> None:
    assert "geheim" not in repr(replace(account(1), password="geheim"))
