"""A mail to the bureau's own people that tips have come in: one for a batch, with their number and
nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from smtplib import SMTPException

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from casework.docket.models import Act, Docket, is_kind
from casework.intake.models import TipMail
from casework.mail.account import Account, MailNotSetUp
from casework.mail.auto_reply import connected
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, utcnow, writing


def tell(bureau: Bureau, account: Account, now: datetime | None = None) -> bool:
    """Send the notice where tips have come in and the last one was sent a batch ago
    (``burst.hours``); answers whether one was sent. Errors: MailNotSetUp without the bureau's own
    address; OSError and smtplib's when the mail server fails.

    A tip counts once its rounded time is over: a mail in the minute of its arrival would undo the
    rounding. Whoever sends notes it first, so that of several servers one does; where the mail
    server fails it is noted back and tried again.
    """
    now = now or utcnow()
    settings = settings_of(bureau.id, today())
    to = _addresses(settings.text("mail.staff"))
    if not to:
        return False
    if not account.address:
        raise MailNotSetUp(
            "name the bureau's own address (mail.address): mails to its people come from there"
        )
    told = db.session.get(TipMail, bureau.id) or _begun(bureau.id)
    if told.at is not None and now - told.at < timedelta(hours=settings.number("burst.hours")):
        return False
    number, last = _new(
        bureau.id, told.upto, now - timedelta(minutes=settings.number("tip.rounding"))
    )
    before = (told.upto, told.at)
    if not number or not _noted(bureau.id, before[0], (last, now)):
        return False
    try:
        with connected(account) as server:
            server.send_message(
                _letter(account, number, to), from_addr=account.address, to_addrs=to
            )
    except (OSError, SMTPException):
        _noted(bureau.id, last, before)
        raise
    return True


def _addresses(text: str) -> list[str]:
    """Addresses that were typed one after the other, with commas between."""
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def _begun(bureau_id: int) -> TipMail:
    """Nothing of what came in before the mail was switched on is told of."""
    last = db.session.scalar(select(func.max(Docket.id)).where(Docket.bureau_id == bureau_id)) or 0
    with writing() as session:
        session.add(TipMail(bureau_id=bureau_id, upto=last))
    return db.session.get_one(TipMail, bureau_id)


def _new(bureau_id: int, upto: int, until: datetime) -> tuple[int, int]:
    """How many tips have come in after a docket, and the last of them."""
    query = (
        select(func.count(), func.max(Docket.id))
        .join(Act, (Act.docket_id == Docket.id) & (Act.seq == 1))
        .where(
            Docket.bureau_id == bureau_id,
            is_kind("informant"),
            Docket.id > upto,
            Act.at <= until,
        )
    )
    number, last = db.session.execute(query).one()
    return number, last or upto


def _noted(bureau_id: int, was: int, told: tuple[int, datetime | None]) -> bool:
    """False when another server was quicker."""
    with writing() as session:
        mine = update(TipMail).where(TipMail.bureau_id == bureau_id, TipMail.upto == was)
        return session.connection().execute(mine.values(upto=told[0], at=told[1])).rowcount == 1


def _letter(account: Account, number: int, to: list[str]) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = _("New tips: %(n)s", n=number)
    letter["From"] = Address(addr_spec=account.address)
    letter["To"] = [Address(addr_spec=a) for a in to]
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = make_msgid(domain=account.address.split("@")[-1])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(render_template("mail/staff.txt", number=number))
    return letter
