"""Replies that are still to be sent: tried again while the reason may pass, given up, and staff
told, when it does not.

The letter stays in its folder of the mailbox meanwhile. So nothing of its sender has to be kept
here: the address is read from the letter at each attempt, and the receipt code is made from a
number in the row that goes with it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.docket import notices
from casework.docket.models import Docket
from casework.intake import arrivals
from casework.intake.models import ReplyDue
from casework.mail import reply_loops
from casework.mail.account import Account, MailNotSetUp
from casework.mail.auto_reply import NotSent, deliver, letter, recipient
from casework.mail.mail_content import Mail
from casework.store import db, utcnow, writing
from casework.vault import receipt

log = logging.getLogger("casework")
# after the first attempt, the second …
WAITS = tuple(timedelta(hours=h) for h in (0.2, 1, 4, 12, 24, 24))
FORGOTTEN = timedelta(days=3)  # after its time: the letter was taken out of the mailbox
_OF_THE_SET_UP = ("login", "sender")  # refusals that an administrator can mend


def new_reply_code() -> tuple[bytes, str]:
    """A random number, and the receipt code that is made of it, again at each attempt."""
    number = secrets.token_bytes(32)
    return number, _code(number)


def _code(number: bytes) -> str:
    key = current_app.extensions["vault"].keyring.derive("mail.reply.code")
    return receipt.code_from(hashlib.blake2b(number, key=key, digest_size=32).digest())


def promise(
    session: Session, bureau_id: int, docket_id: int, content: bytes, number: bytes
) -> None:
    """Note that a reply is due to a letter (``content``: its fingerprint), in the tip's
    transaction, so that a crash loses none. ``number``: that of ``new_reply_code``."""
    row = ReplyDue(
        docket_id=docket_id,
        bureau_id=bureau_id,
        content=content,
        number=number,
        tries=0,
        next_at=utcnow(),
    )
    session.add(row)


def any_due(bureau_id: int) -> bool:
    """Whether the bureau owes a reply to any letter."""
    return (
        db.session.scalar(
            select(ReplyDue.docket_id).where(ReplyDue.bureau_id == bureau_id).limit(1)
        )
        is not None
    )


def settle(
    bureau_id: int, content: bytes, mail: Mail, account: Account, now: datetime | None = None
) -> str:
    """Try the reply to one letter. Answers «replied», «later» or «unanswered» (given up, staff are
    told); "" where none is due.

    The attempt is counted before it is made: even if the program is killed, nobody gets more
    replies than there are waits.
    """
    now = now or utcnow()
    mine = select(ReplyDue).where(ReplyDue.bureau_id == bureau_id, ReplyDue.content == content)
    row = db.session.scalars(mine).one_or_none()
    if row is None:
        return ""
    if row.next_at > now:
        return "later"
    docket_id, number, tries = row.docket_id, row.number, row.tries + 1
    _count_attempt(docket_id, tries, now)
    try:
        _send(docket_id, number, mail, account)
    except NotSent as error:
        log.error("a reply could not be sent: %s", error)
        if error.passing and tries <= len(WAITS):
            return "later"
        _give_up(bureau_id, docket_id, error.why, error.code, now)
        return "unanswered"
    with writing() as session:
        session.execute(delete(ReplyDue).where(ReplyDue.docket_id == docket_id))
    return "replied"


def _count_attempt(docket_id: int, tries: int, now: datetime) -> None:
    with writing() as session:
        row = session.get_one(ReplyDue, docket_id)
        row.tries, row.next_at = tries, now + WAITS[min(tries, len(WAITS)) - 1]


def _send(docket_id: int, number: bytes, mail: Mail, account: Account) -> None:
    to = recipient(mail, account.address)
    if not to:  # the bureau's own address was changed meanwhile
        raise NotSent("sender", 0, passing=False)
    docket = db.session.get_one(Docket, docket_id)
    try:
        deliver(letter(mail, docket_id, docket.number, _code(number), account, to), account, to)
    except MailNotSetUp:
        raise NotSent("login", 0, passing=True) from None
    except ValueError:  # an address that cannot be written to
        raise NotSent("recipient", 0, passing=False) from None


def forget_old(bureau_id: int, now: datetime | None = None) -> None:
    """Give up replies to letters that were not found in the mailbox for long, and tell staff."""
    now = now or utcnow()
    old = select(ReplyDue.docket_id).where(
        ReplyDue.bureau_id == bureau_id, ReplyDue.next_at < now - FORGOTTEN
    )
    for docket_id in list(db.session.scalars(old)):
        _give_up(bureau_id, docket_id, "late", 0, now)


def note_bounce(bureau_id: int, mail: Mail, raw: bytes, content: bytes) -> bool:
    """Whether a mail is a bounce of one of our replies. Staff are told then; no tip is made of it,
    since it names the informant."""
    docket_id = reply_loops.replied_docket(raw) if mail.reports else None
    docket = db.session.get(Docket, docket_id) if docket_id else None
    if docket is None or docket.bureau_id != bureau_id:
        return False
    number = docket.id
    with writing() as session:
        if arrivals.note_arrival(session, bureau_id, content):
            arrivals.became(session, bureau_id, content, number)
            if reply_loops.failed(raw):
                _tell(session, bureau_id, number, "back", 0, utcnow())
    return True


def _give_up(bureau_id: int, docket_id: int, why: str, code: int, now: datetime) -> None:
    with writing() as session:
        session.execute(delete(ReplyDue).where(ReplyDue.docket_id == docket_id))
        _tell(session, bureau_id, docket_id, why, code, now)


def _tell(
    session: Session, bureau_id: int, docket_id: int, why: str, code: int, now: datetime
) -> None:
    """Clerks read which tip it is; an administrator that the mailbox must be mended, and nothing of
    a tip."""
    number = session.get_one(Docket, docket_id).number
    about = {"report": number, "why": why, "code": code}
    notices.tell(
        session, notices.holders(bureau_id, "report.triage"), "reply_failed", docket_id, about, now
    )
    if why in _OF_THE_SET_UP:
        notices.tell_of_batch(
            session, notices.holders(bureau_id, "mail.mend"), "reply_refused", 24, now
        )
