"""Keeping two mail programs from answering each other for ever: automatic answers are known, and
replies to one sender are counted."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework.intake.models import RepliedTo
from casework.mail.mail_content import Mail
from casework.store import db
from casework.text import folded
from casework.web.signed_token import is_same, keyed_digest

BEGINNING = 200  # characters of a text in which a mail program says that it answers by itself
_ANSWERED_BY_ITSELF = ("x-autoreply", "x-autorespond")
# as QQ, 163, Foxmail, Outlook and others write them; what a person answered stands before
_SUBJECTS = re.compile(
    r"^(?:(?:re|回复|回覆|答复)\s*:\s*)*[\[(【〔]?\s*"
    r"(?:自动回复|自動回覆|自动回覆|自動回復|自动答复|自动应答|系统自动回"
    r"复|假期自动回复|休假自动回复|外出自动回复|不在办公室"
    r"|automatic reply|auto[ -]?reply|auto(?:matic)? "
    r"response|auto:|out of (?:the )?office|vacation reply)"
)
_TEXTS = re.compile(
    r"自动回复(?:邮件|信件)|自動回覆(?:郵件|信件)|本邮件(?:由系统自动|为自动)(?:回复|发送)"
    r"|this is an auto(?:matic|mated)?[ -]?reply"
)
_OWN = re.compile(rb"<casework\.(\d{1,18})\.([0-9a-f]{32})@")
_DELAYED = re.compile(
    rb"^action:[ \t]*(?:delayed|delivered|relayed|expanded)", re.IGNORECASE | re.MULTILINE
)


def answers_by_itself(mail: Mail) -> bool:
    """Whether a mail is an automatic answer (its owner is away); QQ's say so in words alone."""
    said = mail.header("auto-submitted").split(";")[0].strip().lower()
    if said == "auto-replied" or any(mail.header(h) for h in _ANSWERED_BY_ITSELF):
        return True
    text = folded(mail.text[:BEGINNING])
    return bool(_SUBJECTS.match(folded(mail.subject)) or _TEXTS.search(text))


# -- how often
def may_reply(bureau_id: int, address: str, day: date, most: int) -> bool:
    """Whether a sender was replied to fewer than ``most`` times on that day."""
    row = db.session.get(RepliedTo, (bureau_id, _mark(address, day)))
    return row is None or row.times < most


def count_reply(session: Session, bureau_id: int, address: str, day: date) -> None:
    """Count a reply in the tip's transaction, and delete the counts of other days."""
    session.execute(delete(RepliedTo).where(RepliedTo.bureau_id == bureau_id, RepliedTo.day != day))
    row = session.get(RepliedTo, (bureau_id, _mark(address, day)))
    if row is None:
        session.add(RepliedTo(bureau_id=bureau_id, sender=_mark(address, day), day=day, times=1))
    else:
        row.times += 1


def _mark(address: str, day: date) -> bytes:
    """The address under a key of that day alone: of yesterday's senders nothing can be asked."""
    key = current_app.extensions["vault"].keyring.derive(f"mail.replied.{day.isoformat()}")
    return hashlib.blake2b(
        address.strip().lower().encode("utf-8", "replace"), key=key, digest_size=32
    ).digest()


# -- our own replies, coming back
def own_id(docket_id: int, domain: str) -> str:
    """The Message-ID of the reply to a tip; a bounce of it is known by it."""
    return f"<casework.{docket_id}.{_signed(docket_id)}@{domain}>"


def replied_docket(raw: bytes) -> int | None:
    """Id of the tip whose reply a mail speaks of; None where it names none of ours."""
    for number, signature in _OWN.findall(raw):
        if is_same(signature.decode(), _signed(int(number))):
            return int(number)
    return None


def failed(raw: bytes) -> bool:
    """Whether a bounce says that the reply did not arrive; a delay alone is no failure."""
    return not _DELAYED.search(raw)


def _signed(docket_id: int) -> str:
    return keyed_digest("mail.reply", str(docket_id), 16)
