"""Reads one mail: who sent it, what it says, what hangs on it. Whatever is broken in it, something is always read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice

from casework.intake.charsets import decoded
from casework.intake.html_text import text_of

DEEPEST = 12  # messages and multiparts inside each other; deeper ones stay in the sealed original only
MOST_FILES = 200
MOST_PARTS = 10_000  # lines that may part a mail; above it is not taken apart: each costs a kilobyte of memory
MOST_HEADERS, LONGEST_HEADER, MOST_SENDERS = 300, 4000, 100  # characters; what lies beyond stays in the sealed original only
_SENDERS = ("from", "sender", "reply-to", "return-path", "resent-from", "disposition-notification-to", "x-original-from")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


@dataclass(frozen=True)
class File:
    """One attachment."""

    name: str
    data: bytes


@dataclass
class Mail:
    """What a mail says. ``notes`` names what could not be read: deep · many · winmail · broken."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    senders: list[tuple[str, str]] = field(default_factory=list)  # (name, address), those of messages inside it too
    notes: set[str] = field(default_factory=set)
    reports: bool = False  # a delivery report

    def header(self, name: str) -> str:
        """The first header of that name, decoded, on one line; "" when there is none."""
        return next((v for k, v in self.headers if k == name), "")

    @property
    def subject(self) -> str:
        """The subject line."""
        return self.header("subject")

    @property
    def text(self) -> str:
        """The words of the mail and of messages inside it."""
        return "\n\n".join(t for t in self.texts if t).strip()


def read(raw: bytes) -> Mail:
    """Everything that can be read; a mail that breaks the parser has the note «broken» and is kept whole elsewhere."""
    mail = Mail()
    try:
        message, whole = _message(raw)
        mail.headers = _headers(message)
        mail.senders = _senders(message)
        if whole:
            _read_part(mail, message, 0)
        else:
            mail.notes.add("broken")
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        mail.notes.add("broken")
    if not mail.senders and not mail.headers:
        mail.notes.add("broken")
    return mail


def _message(raw: bytes) -> tuple[Message, bool]:
    """The mail taken apart; of one of very many parts the headers alone, and False."""
    if raw.count(b"\n--") > MOST_PARTS:
        return BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True), False
    return message_from_bytes(raw, policy=policy.compat32), True


def _headers(message: Message) -> list[tuple[str, str]]:
    return [(k.lower(), header_text(v)) for k, v in islice(message.raw_items(), MOST_HEADERS)]


def header_text(value: object) -> str:
    """A header as people read it: encoded words, raw 8-bit, broken ones as they stand; never more than one line."""
    raw = (str(value).encode("ascii", "surrogateescape") if not isinstance(value, bytes) else value)[:LONGEST_HEADER]
    text = decoded(raw)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        parts = [(text, None)]
    words = [p if isinstance(p, str) else p.decode("raw-unicode-escape") if c is None else decoded(p, c) for p, c in parts]
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", "".join(words)).strip()


def _senders(message: Message) -> list[tuple[str, str]]:
    headers = list(islice(message.raw_items(), MOST_HEADERS))
    values = [v for wanted in _SENDERS for k, v in headers if k.lower() == wanted]
    found = [(n.strip(), a.strip()) for v in values for n, a in _addresses(v)]
    return list(dict.fromkeys((n, a) for n, a in found if a))[:MOST_SENDERS]


def _addresses(value: object) -> list[tuple[str, str]]:
    """Names and addresses of a header, taken apart before they are decoded: a comma or bracket within an encoded name parts
    nothing. Where the header is broken, at least the addresses in it."""
    parsed = [(header_text(n), header_text(a)) for n, a in _parted(str(value)[:LONGEST_HEADER])]
    clear = header_text(value)
    if not parsed:  # all of it encoded, the address too
        parsed = _parted(clear)
    missed = [a for a in _ADDRESS.findall(clear) if all(a not in n and a not in known for n, known in parsed)]
    return [*parsed, *(("", a) for a in missed)]


def _parted(value: str) -> list[tuple[str, str]]:
    try:
        return [(n, a) for n, a in getaddresses([value]) if "@" in a]
    except (ValueError, IndexError, TypeError):
        return []


def _read_part(mail: Mail, part: Message, depth: int) -> None:
    kind = part.get_content_type()
    if depth > DEEPEST:
        mail.notes.add("deep")
    elif kind == "message/rfc822" and part.is_multipart():
        for inner in _children(part):
            _read_inner(mail, inner, depth)
    elif kind == "multipart/alternative" and part.is_multipart():
        _read_alternative(mail, list(_children(part)), depth)
    elif part.is_multipart():
        mail.reports = mail.reports or kind == "multipart/report"
        for child in _children(part):
            _read_part(mail, child, depth + 1)
    else:
        _read_leaf(mail, part, kind)


def _children(part: Message) -> Iterator[Message]:
    for child in part.get_payload() or []:
        if isinstance(child, Message):
            yield child


def _read_inner(mail: Mail, inner: Message, depth: int) -> None:
    """A message inside the mail: its subject and words; its senders are people too, so they are known to be hidden."""
    known = len(mail.senders)
    mail.senders += [s for s in _senders(inner) if s not in mail.senders][: max(0, MOST_SENDERS - known)]
    subject = next((v for k, v in _headers(inner) if k == "subject"), "")
    mail.texts.append(f"—— {subject or '…'} ——")
    _read_part(mail, inner, depth + 1)


def _read_alternative(mail: Mail, choices: list[Message], depth: int) -> None:
    """The plain words where there are any, else the HTML's; pictures and calendars beside them are files."""
    plain = [c for c in choices if c.get_content_type() == "text/plain" and _text(c).strip()]
    words = [c for c in choices if c.get_content_type().startswith("text/") or c.is_multipart()]
    chosen = plain[0] if plain else (words[-1] if words else None)
    if chosen is not None:
        _read_part(mail, chosen, depth + 1)
    for other in choices:
        if other is chosen:
            continue
        if other.is_multipart():  # multipart/related: its pictures, not its words
            _files_of(mail, other, depth + 1)
        elif not other.get_content_type().startswith("text/"):
            _read_leaf(mail, other, other.get_content_type())


def _files_of(mail: Mail, part: Message, depth: int) -> None:
    for child in _children(part):
        if child.is_multipart() and depth <= DEEPEST:
            _files_of(mail, child, depth + 1)
        elif not child.is_multipart() and not child.get_content_type().startswith("text/"):
            _read_leaf(mail, child, child.get_content_type())


def _read_leaf(mail: Mail, part: Message, kind: str) -> None:
    name = _name(part)
    if kind.startswith("text/") and not name and part.get_content_disposition() != "attachment":
        text = _text(part)
        mail.texts.append(text_of(text) if kind == "text/html" else text.replace("\r\n", "\n").strip())
    elif kind == "message/delivery-status":
        mail.reports = True
    elif len(mail.files) >= MOST_FILES:
        mail.notes.add("many")
    elif data := _bytes(part):
        mail.files.append(File(name or "file", data))
        if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
            mail.notes.add("winmail")


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    charset = part.get_content_charset() if not part.is_multipart() else None
    return decoded(_bytes(part), charset)


def _name(part: Message) -> str:
    """The file's name, RFC 2231 or encoded words or raw bytes; "" when it has none."""
    try:
        found = part.get_filename("")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "file"
    return header_text(found.encode("utf-8", "surrogateescape")) if found else ""
