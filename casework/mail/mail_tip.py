"""A mail becomes a tip in one transaction: sender sealed to the custodians, original kept whole,
attachments taken in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from io import BytesIO

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from casework.evidence.uploads import Upload, take_in, title_of
from casework.identity import custody, originals
from casework.intake import arrivals
from casework.intake.receive import AlreadyReceived, Received, receive
from casework.mail import parse as mails
from casework.mail import redact_sender, replies_due, reply_loops
from casework.mail.auto_reply import recipient
from casework.mail.mail_content import Mail, MailFile
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import Bureau
from casework.text import as_sent, is_blank
from casework.web.filters import SHANGHAI

LONGEST = 20_000  # characters of a narrative; a longer one is a file beside it
ORIGINAL = "original.eml"
# Lines of headers as mails have them. What does not look so counts as body: broken mails have no
# blank line between.
_HEADERS = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*")


@dataclass(frozen=True)
class Taken:
    """What became of a mail that was made a tip."""

    received: Received
    mail: Mail
    content: bytes  # its fingerprint


def register_mail(bureau: Bureau, raw: bytes, max_bytes: int, reply_from: str = "") -> Taken | None:
    """Make a tip of one mail; None when it is one already. ``max_bytes``: the most that one
    attachment may hold; ``reply_from``: the address from which a reply with a receipt code may go,
    where the sender is one to whom it may.

    Files are sealed before the transaction; where it fails they belong to no docket and are deleted
    by ``tick``.
    """
    mail = mails.parse_mail(raw)
    content, message = keys_of(mail, raw)
    if arrivals.is_known_arrival(bureau.id, content):
        return None
    bureau_id, who, original = bureau.id, *_apart(bureau.id, mail, raw)
    reply_to = _reply_to(bureau_id, mail, reply_from)
    payload, files = _payload(mail), _files(mail, max_bytes)
    number, code = replies_due.new_reply_code()

    def then(session: Session, docket_id: int) -> None:
        arrivals.became(session, bureau_id, content, docket_id)
        if reply_to:
            reply_loops.count_reply(session, bureau_id, reply_to, today())
            replies_due.promise(session, bureau_id, docket_id, content, number)

    try:
        received = receive(
            bureau,
            payload,
            files=[original, *files, *_whole_text(mail, payload)],
            who=who,
            with_code=bool(reply_to),
            code=code,
            then=then,
            first=lambda session: arrivals.note_arrival(session, bureau_id, content, message),
        )
    except AlreadyReceived:
        return None
    return Taken(received, mail, content)


def _reply_to(bureau_id: int, mail: Mail, reply_from: str) -> str:
    """To whom a reply will go, "" for nobody; why it will not is noted for the clerk where it is no
    matter of course."""
    if reply_loops.answers_by_itself(mail):
        mail.notes.add("automatic")
    to = recipient(mail, reply_from) if reply_from else ""
    most = int(settings_of(bureau_id, today()).number("mail.replies"))
    if to and not reply_loops.may_reply(bureau_id, to, today(), most):
        mail.notes.add("often")
        return ""
    return to


def read_again(raw: bytes) -> tuple[Mail, bytes]:
    """A mail that is a tip already, parsed, and its fingerprint."""
    mail = mails.parse_mail(raw)
    return mail, keys_of(mail, raw)[0]


def is_own_bounce(bureau_id: int, raw: bytes) -> bool:
    """Whether a mail is a bounce of one of our own replies. Staff are told of it then, and it makes
    no tip."""
    mail, content = read_again(raw)
    return replies_due.note_bounce(bureau_id, mail, raw, content)


def keys_of(mail: Mail, raw: bytes) -> tuple[bytes, bytes | None]:
    """Fingerprints of the mail and of its Message-ID (None without one).

    The first leaves out the headers that each delivery adds, so that a mail delivered twice is one;
    the Message-ID alone decides nothing, or whoever copies another's could make that one disappear.
    """
    number = mail.header("message-id")
    lines = raw.replace(b"\r\n", b"\n")
    head = _HEADERS.match(lines)
    body = lines[head.end() if head else 0 :].removeprefix(b"\n")
    counts = [number, mail.header("from"), mail.header("date"), mail.header("subject")]
    content = arrivals.arrival_fingerprint("mail", json.dumps(counts).encode() + b"\0" + body)
    return content, arrivals.arrival_fingerprint(
        "message", number.encode("utf-8", "surrogatepass")
    ) if number else None


# -- the sender and the original
def _apart(bureau_id: int, mail: Mail, raw: bytes) -> tuple[bytes | None, Upload]:
    """Identity and original. With custodians the original's key lies in the identity and nowhere
    else: the server itself cannot open it again. Without, the original is sealed like any file and
    no sender is written anywhere."""
    if not custody.may_name(bureau_id):
        stored = current_app.extensions["sealed_store"].put(raw)
        return None, Upload(
            ORIGINAL, originals.MAIL, stored.size, stored.sha256, stored.sm3, stored.name
        )
    key = originals.new_tip_key()
    kept, upload = originals.seal_original(key, ORIGINAL, originals.MAIL, raw, ORIGINAL)
    name, address = mail.senders[0] if mail.senders else ("", "")
    others = [a for _n, a in mail.senders[1:] if a != address]
    identity = {
        "name": name,
        "contact": address,
        "others": others,
        **originals.part_of_identity(key, [kept]),
    }
    return json.dumps(identity, ensure_ascii=False).encode(), upload


# -- what staff read
def _payload(mail: Mail) -> dict[str, object]:
    subject = _hidden(mail, mail.subject)
    text = _words(mail)
    body = _("(The mail holds no words that can be read.)") if is_blank(text) else text[:LONGEST]
    notes = [_note(n) for n in sorted(mail.notes | ({"long"} if len(text) > LONGEST else set()))]
    notes += [
        _("(Note: the file «%(name)s» of this mail is empty.)", name=_hidden(mail, n))
        for n in mail.empty
    ]
    title = subject[:200] or _("E-mail without a subject")
    return {
        "channel": "email",
        "subject": title,
        "subject_kind": "unknown",
        "credit_code": "",
        "township": "",
        "kinds": [],
        "form": "",
        "period": "",
        "survey_by": "bureau",
        "source_day": _day(mail),
        "narrative": "\n\n".join([subject or title, body, *notes]),
    }


def _words(mail: Mail) -> str:
    """All that was written, without its sender; at the end what only the other version of a text
    says."""
    parts = [mail.text]
    if mail.also:
        parts.append(
            _("(Only in the other version of this mail's text:)") + "\n" + "\n".join(mail.also)
        )
    return as_sent(_hidden(mail, "\n\n".join(p for p in parts if p)))


def _day(mail: Mail) -> str | None:
    """The day on which it was sent, in Shanghai; None where the mail does not say, or says a day to
    come."""
    try:
        day = parsedate_to_datetime(mail.header("date")).astimezone(SHANGHAI).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day.isoformat() if day <= today() else None


def _hidden(mail: Mail, text: str) -> str:
    return redact_sender.without(text, mail.senders, _("[sender]"))


def _note(what: str) -> str:
    """What the clerk must know about this mail."""
    return {
        "automatic": _(
            "(Note: this mail seems to be an automatic answer of a "
            "mail program; no reply was sent.)"
        ),
        "often": _(
            "(Note: this sender was replied to several times today "
            "already; no further reply was sent.)"
        ),
        "broken": _(
            "(Note: parts of this mail are broken and could not be "
            "read; the original is sealed whole.)"
        ),
        "calendar": _(
            "(Note: this mail holds an invitation to a meeting; it is among the files too.)"
        ),
        "damaged": _("(Note: a file of this mail was damaged on its way; it is kept as it came.)"),
        "deep": _(
            "(Note: messages inside messages, too many to read; the original is sealed whole.)"
        ),
        "encrypted": _(
            "(Note: the sender's mail program has encrypted this mail; it "
            "is kept whole and cannot be read here.)"
        ),
        "many": _("(Note: more attachments than are taken out; the original is sealed whole.)"),
        "smime": _(
            "(Note: the sender's mail program has packed words of this mail "
            "into the file smime.p7m (signed or encrypted); "
            "it is kept whole and cannot be read here. Ask the sender to write again without it.)"
        ),
        "winmail": _("(Note: winmail.dat from Outlook is kept whole and not taken apart.)"),
        "long": _("(Note: the text is cut here; all of it is among the files.)"),
    }[what]


def _whole_text(mail: Mail, payload: dict[str, object]) -> list[Upload]:
    text = _words(mail)
    if len(text) <= LONGEST:
        return []
    data = text.encode()
    return [_sealed(MailFile(_("text of the mail.txt"), data), "text/plain", readable=True)]


def _files(mail: Mail, max_bytes: int) -> list[Upload]:
    """Each attachment: as an upload of the web form where its kind is allowed, else kept sealed
    without a working copy."""
    taken = []
    for file in mail.files:
        name = _hidden(mail, file.name)
        try:
            taken.append(take_in(FileStorage(BytesIO(file.data), filename=name), max_bytes))
        except Exception:  # refused, or it breaks its reader: neither may hold up the mail
            taken.append(_sealed(replace(file, name=name), "application/octet-stream"))
    return taken


def _sealed(file: MailFile, kind: str, readable: bool = False) -> Upload:
    store = current_app.extensions["sealed_store"]
    stored = store.put(file.data)
    copy = store.put(file.data).name if readable else ""
    return Upload(
        title_of(file.name), kind, stored.size, stored.sha256, stored.sm3, stored.name, copy
    )
