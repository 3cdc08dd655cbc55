"""Reading one mail: who sent it, what it says, what is attached. Each part is taken as words, kept
as a file, or named in a note."""

from __future__ import annotations

import base64
import mimetypes
import quopri
import re
from collections.abc import Iterator
from email import errors, message_from_bytes, policy
from email.message import Message
from email.parser import BytesParser
from itertools import islice

from casework.intake.charsets import decoded
from casework.mail.html_text import text_of
from casework.mail.mail_content import Mail
from casework.mail.mail_headers import (
    ADDRESS,
    MOST_HEADERS,
    file_name,
    from_a_server,
    header_text,
    headers,
    senders,
)
from casework.mail.plain_text import invitation, pictures_in, together, unflowed, without_uuencoded
from casework.text import as_sent, is_blank

# messages and multiparts inside each other; deeper ones stay in the sealed original only
DEEPEST = 12
# lines that may part a mail; above it is not taken apart: each costs a kilobyte of memory
MOST_PARTS = 10_000
MOST_SEARCHED = 2_000_000  # characters of a bounce in which addresses are looked for
DEEP_LOOK = 10_000  # characters in which a word is looked for before all of them are
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
_DAMAGED = (
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64LengthDefect,
)
_VERSIONS = ("text/plain", "text/html", "text/enriched")
_MESSAGES = ("message/rfc822", "message/global")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
# «This is a multi-part message in MIME format.»
_BESIDE = re.compile(r"multi-?part|MIME", re.IGNORECASE)


def parse_mail(raw: bytes) -> Mail:
    """All that can be read of a mail's bytes; one that breaks the parser has the note «broken». No
    error."""
    mail = Mail()
    try:
        message, whole = _message(raw)
        mail.headers = headers(message)
        mail.senders = senders(message)
        if whole:
            _read_part(mail, message, 0)
        else:
            mail.notes.add("broken")
    except _BROKEN:
        mail.notes.add("broken")
    if not mail.senders and not mail.headers:
        mail.notes.add("broken")
    _know_the_recipients(mail)
    return mail


def _message(raw: bytes) -> tuple[Message, bool]:
    """The mail taken apart; of one of very many parts the headers alone, and False."""
    if raw.count(b"\n--") > MOST_PARTS:
        return BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True), False
    return message_from_bytes(raw, policy=policy.compat32), True


def _know_the_recipients(mail: Mail) -> None:
    """A bounce names whom the bureau has written to, who may be an informant: every address in it
    is hidden."""
    mail.reports = mail.reports or any(from_a_server(a) for _n, a in mail.senders[:1])
    if mail.reports:
        found = ADDRESS.findall("\n".join([mail.subject, *mail.texts, *mail.also])[:MOST_SEARCHED])
        mail.add_senders([("", address) for address in found])


def _read_part(mail: Mail, part: Message, depth: int) -> None:
    kind = part.get_content_type()
    if depth > DEEPEST:
        mail.notes.add("deep")
    elif kind in _MESSAGES and part.is_multipart():
        _read_message(mail, part, depth)
    elif kind.startswith("message/") and part.is_multipart():
        _read_status(mail, part, kind)
    elif part.is_multipart():
        _read_mixed(mail, part, kind, depth)
    else:
        _read_leaf(mail, part, "text/plain" if kind.startswith("multipart/") else kind)


def _read_safely(mail: Mail, part: Message, depth: int) -> None:
    """Each part by itself: one that breaks the parser takes no other with it."""
    try:
        _read_part(mail, part, depth)
    except _BROKEN:
        mail.notes.add("broken")


def _children(part: Message) -> Iterator[Message]:
    for child in part.get_payload() or []:
        if isinstance(child, Message):
            yield child


def _read_mixed(mail: Mail, part: Message, kind: str, depth: int) -> None:
    """Several parts; words before the first and behind the last belong to none and are read too."""
    mail.reports = mail.reports or kind == "multipart/report"
    if kind == "multipart/encrypted":
        mail.notes.add("encrypted")
    before, behind = _loose(part.preamble), _loose(part.epilogue)
    if before and not (before.isascii() and _BESIDE.search(before)):
        mail.texts.append(before)
    if kind == "multipart/alternative":
        _read_alternative(mail, part, depth)
    else:
        for child in _children(part):
            _read_safely(mail, child, depth + 1)
    if behind:
        mail.texts.append(behind)


def _loose(words: str | None) -> str:
    return as_sent(decoded((words or "").encode("ascii", "surrogateescape"))).strip()


def _read_message(mail: Mail, part: Message, depth: int) -> None:
    """Messages inside the mail: subject, day and words; their senders are people too, so they are
    known to be hidden."""
    coding = str(part.get("content-transfer-encoding", "")).strip().lower()
    for child in _children(part):
        inner = _uncoded(child, coding)
        mail.add_senders(senders(inner))
        known = dict(reversed(headers(inner)))
        mail.texts.append(
            f"—— {' · '.join(w for w in (known.get('subject', '…'), known.get('date')) if w)} ——"
        )
        _read_safely(mail, inner, depth + 1)


def _uncoded(inner: Message, coding: str) -> Message:
    """A message that was coded like a file, against RFC 2046: taken out of its coding; as it stands
    where that fails."""
    if coding not in ("base64", "quoted-printable"):
        return inner
    raw = inner.as_bytes(policy=policy.compat32)
    clear = base64.b64decode(raw) if coding == "base64" else quopri.decodestring(raw)
    found, _whole = _message(clear.lstrip())
    return found if found.keys() else inner


def _read_status(mail: Mail, part: Message, kind: str) -> None:
    """What a mail server says of a delivery, or one of the rarer messages: its lines as words."""
    mail.reports = mail.reports or kind in (
        "message/delivery-status",
        "message/disposition-notification",
    )
    for child in _children(part):
        lines = [f"{k}: {header_text(v)}" for k, v in islice(child.raw_items(), MOST_HEADERS)]
        words = _text(child).strip() if not child.is_multipart() else ""
        mail.texts.append("\n".join([*lines, words]).strip())


def _read_alternative(mail: Mail, part: Message, depth: int) -> None:
    """Versions of one text: that which says more, and what only the others say. Beside them may
    stand an invitation."""
    versions, beside = [], list[Message]()
    for child in _children(part):
        if child.get_content_type() not in _VERSIONS and not child.is_multipart():
            beside.append(child)
            continue
        side = Mail()
        _read_safely(side, child, depth + 1)
        mail.take_over(side)
        if not (is_blank(side.text[:DEEP_LOOK]) and is_blank(side.text)):
            versions.append(side.text)
    main, also = together(versions)
    mail.texts.append(main)
    mail.also += also
    for child in beside:
        _read_safely(mail, child, depth + 1)


def _read_leaf(mail: Mail, part: Message, kind: str) -> None:
    name = file_name(part)
    if kind == "text/calendar":
        mail.notes.add("calendar")
        mail.texts.append(invitation(_text(part)))
        mail.add_file(name or "invitation.ics", _bytes(mail, part))
    elif kind.startswith("text/") and not name and part.get_content_disposition() != "attachment":
        mail.texts.append(_words(mail, part, kind))
    else:
        mail.add_file(name or _plain_name(kind), _bytes(mail, part))
        _say_what_cannot_be_opened(mail, kind, name.lower())


def _words(mail: Mail, part: Message, kind: str) -> str:
    text = _text(part)
    if kind == "text/html":
        for file in pictures_in(text):
            mail.add_file(file.name, file.data)
        return as_sent(text_of(text))
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    text, files = without_uuencoded(text)
    for file in files:
        mail.add_file(file.name, file.data)
    return text.strip()


def _plain_name(kind: str) -> str:
    return "smime.p7m" if kind in _SEALED else "file" + (mimetypes.guess_extension(kind) or "")


def _say_what_cannot_be_opened(mail: Mail, kind: str, name: str) -> None:
    if kind == "application/ms-tnef" or name == "winmail.dat":
        mail.notes.add("winmail")
    if kind in _SEALED or name.endswith(".p7m"):
        mail.notes.add("smime")


def _bytes(mail: Mail, part: Message) -> bytes:
    """What the part holds; a note where its coding is damaged."""
    data = part.get_payload(decode=True)
    if any(isinstance(defect, _DAMAGED) for defect in part.defects):
        mail.notes.add("damaged")
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    charset = part.get_content_charset() if not part.is_multipart() else None
    data = part.get_payload(decode=True)
    return as_sent(decoded(data if isinstance(data, bytes) else b"", charset))
