"""A mail becomes a tip: sender sealed to the custodians, original kept whole, attachments taken in; all of it or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from io import BytesIO

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from casework.evidence.uploads import Upload, take_in, title_of
from casework.intake import arrivals, custody, hidden, originals
from casework.intake import mail as mails
from casework.intake.mail import File, Mail
from casework.intake.mail_reply import recipient
from casework.intake.receive import AlreadyReceived, Received, receive
from casework.people.may import today
from casework.people.models import Bureau
from casework.web.shown import SHANGHAI

LONGEST = 20_000  # characters of a narrative; a longer one is a file beside it
ORIGINAL = "original.eml"


@dataclass(frozen=True)
class Taken:
    """A mail that is a tip now."""

    received: Received
    mail: Mail


def take(bureau: Bureau, raw: bytes, max_bytes: int, reply_from: str = "") -> Taken | None:
    """Make a tip of one mail; None when it is one already. ``max_bytes`` is what one attachment may hold; ``reply_from``
    the address from which a reply with a receipt code may go, where the sender is one to whom it may.

    Files are sealed before the transaction; where it does not come about they belong to nobody and are swept.
    """
    mail = mails.read(raw)
    content, message = keys_of(mail, raw)
    if arrivals.known(bureau.id, content):
        return None
    bureau_id, who, original = bureau.id, *_apart(bureau.id, mail, raw)
    payload, files = _payload(mail), _files(mail, max_bytes)
    try:
        received = receive(
            bureau, payload, files=[original, *files, *_whole_text(mail, payload)], who=who,
            with_code=bool(reply_from and recipient(mail, reply_from)),
            first=lambda session: arrivals.note(session, bureau_id, content, message),
            then=lambda session, docket_id: arrivals.became(session, bureau_id, content, docket_id),
        )  # fmt: skip
    except AlreadyReceived:
        return None
    return Taken(received, mail)


def keys_of(mail: Mail, raw: bytes) -> tuple[bytes, bytes | None]:
    """Fingerprints of the mail and of its Message-ID.

    The first leaves out the headers that each delivery adds, so that a mail delivered twice is one; the Message-ID alone
    decides nothing, or whoever copies another's could make that one disappear.
    """
    number = mail.header("message-id")
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    counts = [number, mail.header("from"), mail.header("date"), mail.header("subject")]
    content = arrivals.fingerprint("mail", json.dumps(counts).encode() + b"\0" + body)
    return content, arrivals.fingerprint("message", number.encode("utf-8", "surrogatepass")) if number else None


# -- the sender and the original
def _apart(bureau_id: int, mail: Mail, raw: bytes) -> tuple[bytes | None, Upload]:
    """Identity and original. With custodians the original's key lies in the identity and nowhere else: the server
    itself cannot open it again. Without, the original is sealed like any file and no sender is written anywhere."""
    if not custody.may_name(bureau_id):
        stored = current_app.extensions["sealed_store"].put(raw)
        return None, Upload(ORIGINAL, originals.MAIL, stored.size, stored.sha256, stored.sm3, stored.name)
    key = originals.new_key()
    kept, upload = originals.seal(key, ORIGINAL, originals.MAIL, raw, ORIGINAL)
    name, address = mail.senders[0] if mail.senders else ("", "")
    others = [a for _n, a in mail.senders[1:] if a != address]
    identity = {"name": name, "contact": address, "others": others, **originals.part_of_identity(key, [kept])}
    return json.dumps(identity, ensure_ascii=False).encode(), upload


# -- what staff read
def _payload(mail: Mail) -> dict[str, object]:
    subject = _hidden(mail, mail.subject)[:200] or _("E-mail without a subject")
    text = _hidden(mail, mail.text)
    body = text[:LONGEST] if text else _("(The mail holds no words that can be read.)")
    notes = [_note(n) for n in sorted(mail.notes | ({"long"} if len(text) > LONGEST else set()))]
    return {
        "channel": "email", "subject": subject, "subject_kind": "unknown", "credit_code": "", "township": "", "kinds": [],
        "form": "", "period": "", "survey_by": "bureau", "source_day": _day(mail),
        "narrative": "\n\n".join([subject, body, *notes]),
    }  # fmt: skip


def _day(mail: Mail) -> str | None:
    """The day on which it was sent, in Shanghai; None where the mail does not say, or says a day to come."""
    try:
        day = parsedate_to_datetime(mail.header("date")).astimezone(SHANGHAI).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day.isoformat() if day <= today() else None


def _hidden(mail: Mail, text: str) -> str:
    return hidden.without(text, mail.senders, _("[sender]"))


def _note(what: str) -> str:
    """What the clerk must know about this mail."""
    return {
        "broken": _("(Note: parts of this mail are broken and could not be read; the original is sealed whole.)"),
        "deep": _("(Note: messages inside messages, too many to read; the original is sealed whole.)"),
        "many": _("(Note: more attachments than are taken out; the original is sealed whole.)"),
        "winmail": _("(Note: winmail.dat from Outlook is kept whole and not taken apart.)"),
        "long": _("(Note: the text is cut here; all of it is among the files.)"),
    }[what]


def _whole_text(mail: Mail, payload: dict[str, object]) -> list[Upload]:
    text = _hidden(mail, mail.text)
    if len(text) <= LONGEST:
        return []
    data = text.encode()
    return [_sealed(File(_("text of the mail.txt"), data), "text/plain", readable=True)]


def _files(mail: Mail, max_bytes: int) -> list[Upload]:
    """Each attachment: as an upload of the web form where its kind is allowed, else kept sealed without a working copy."""
    taken = []
    for file in mail.files:
        name = _hidden(mail, file.name)
        try:
            taken.append(take_in(FileStorage(BytesIO(file.data), filename=name), max_bytes))
        except Exception:  # refused, or it breaks its reader: neither may hold up the mail
            taken.append(_sealed(replace(file, name=name), "application/octet-stream"))
    return taken


def _sealed(file: File, kind: str, readable: bool = False) -> Upload:
    store = current_app.extensions["sealed_store"]
    stored = store.put(file.data)
    copy = store.put(file.data).name if readable else ""
    return Upload(title_of(file.name), kind, stored.size, stored.sha256, stored.sm3, stored.name, copy)
