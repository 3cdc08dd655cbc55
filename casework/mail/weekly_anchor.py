"""Mailing the newest head of a bureau's journals once a week to a mailbox out of reach of whoever
runs this machine.

What was sent is entered in the office's journal, which is in the chain itself: whoever changes the
address beside the program, or the entries, still has the old one told. Nothing but the head is in
the mail.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from smtplib import SMTPRecipientsRefused
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from casework.mail.account import Account, MailNotSetUp
from casework.mail.auto_reply import connected
from casework.people import heads
from casework.people.facts import settings_of
from casework.people.heads import Signed
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry
from casework.people.office_journal import enter
from casework.store import db, utcnow, writing

log = logging.getLogger("casework")
# the office's entry: to whom, up to which place, and whether it was the last to that address
MAILED = "anchor.mail"
EVERY = timedelta(days=7)


def address_of(bureau: Bureau) -> str:
    """The address for anchors by today's settings (``mail.anchor``); "" for none."""
    return settings_of(bureau.id, today()).text("mail.anchor").strip()


def is_late(bureau: Bureau, now: datetime) -> bool:
    """Whether the address of the settings got no anchor for more than a week."""
    to, last = address_of(bureau), _last(bureau.id)
    return bool(to) and (
        last is None or last.details["to"] != to or now - last.at > EVERY + timedelta(days=1)
    )


def is_wanted(bureau: Bureau) -> bool:
    """Whether an anchor or a last word is to be mailed: there is an address, or an earlier one that
    must be told that it gets no more."""
    last = _last(bureau.id)
    return bool(address_of(bureau) or (last and not last.details.get("ended")))


def send(bureau: Bureau, account: Account, now: datetime | None = None) -> int:
    """Send what is due, enter it, and answer how many mails went out. Errors: MailNotSetUp where an
    address is none; OSError and smtplib's where the mail server cannot be used, to be tried again.

    An address that is not the one of the settings any more is told so before the new one gets
    anything; where it is refused for good that is entered, and the new one is written to.
    """
    now, to, last = now or utcnow(), address_of(bureau), _last(bureau.id)
    before = _address_before(last)
    if not (to or before):
        return 0
    if not account.address:
        raise MailNotSetUp(
            "name the bureau's own address (mail.address): anchors are sent from there"
        )
    sent = 0
    if before and before != to:
        sent += _part_from(bureau, account, before, now)
    if to and (before != to or _week_over(last, now)):
        _deliver(bureau, account, to, now)
        sent += 1
    return sent


def _week_over(last: OfficeEntry | None, now: datetime) -> bool:
    return last is not None and now - last.at >= EVERY


def _address_before(last: OfficeEntry | None) -> str:
    """The address that got the last anchor and was not told that it gets no more; "" for none."""
    return str(last.details["to"]) if last and not last.details.get("ended") else ""


def _last(bureau_id: int) -> OfficeEntry | None:
    mine = (OfficeEntry.bureau_id == bureau_id, OfficeEntry.what == MAILED)
    return db.session.scalars(
        select(OfficeEntry).where(*mine).order_by(OfficeEntry.id.desc()).limit(1)
    ).first()


def _part_from(bureau: Bureau, account: Account, to: str, now: datetime) -> int:
    try:
        _deliver(bureau, account, to, now, ended=True)
    except SMTPRecipientsRefused as error:
        if any(code < 500 for code, _said in error.recipients.values()):
            raise
        log.error("the mailbox that anchors went to takes no mail any more")
        _enter(bureau.id, now, {"to": to, "ended": True, "refused": True})
        return 0
    return 1


def _deliver(bureau: Bureau, account: Account, to: str, now: datetime, ended: bool = False) -> None:
    head = heads.sign_newest(db.session(), bureau, now)
    bureau_id, letter = bureau.id, _letter(account, to, head, ended)
    db.session.rollback()  # a slow mail server holds no snapshot of the database
    with connected(account) as server:
        server.send_message(letter, from_addr=account.address, to_addrs=[to])
    _enter(bureau_id, now, {"to": to, "place": head.place, **({"ended": True} if ended else {})})


def _enter(bureau_id: int, now: datetime, details: dict[str, Any]) -> None:
    with writing() as session:
        enter(session, bureau_id, None, MAILED, "", details, at=now)


def _letter(account: Account, to: str, head: Signed, ended: bool) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = _(
        "Anchor of the records %(code)s, number %(n)s", code=head.bureau, n=head.place
    )
    letter["From"] = Address(addr_spec=account.address)
    try:
        letter["To"] = Address(addr_spec=to)
    except ValueError:
        raise MailNotSetUp("mail.anchor is no e-mail address") from None
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = make_msgid(domain=account.address.split("@")[-1])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(render_template("mail/anchor.txt", head=head, ended=ended))
    return letter
