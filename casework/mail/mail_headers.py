"""Headers of a mail as people read them: subject, senders, names of files. Whatever is broken,
something is always read."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import islice
from urllib.parse import unquote_to_bytes

from casework.intake.charsets import decoded
from casework.mail.mail_content import MOST_SENDERS
from casework.text import as_sent

# characters; what lies beyond stays in the sealed original only
MOST_HEADERS, LONGEST_HEADER = 300, 4000
_SENDERS = (
    "from",
    "sender",
    "reply-to",
    "return-path",
    "resent-from",
    "disposition-notification-to",
    "x-original-from",
)
ADDRESS = re.compile(r"[^\s<>\"'(),:;@]{1,64}@[^\s<>\"'(),:;@]{1,255}")
_NAMED_IN = (("content-disposition", "filename"), ("content-type", "name"))
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")
_MACHINES = ("mailer-daemon", "postmaster")  # of mail servers, who write bounces


def headers(message: Message) -> list[tuple[str, str]]:
    """Names (in small letters) and values (on one line) of all headers."""
    return [(k.lower(), header_text(v)) for k, v in islice(message.raw_items(), MOST_HEADERS)]


def header_text(value: object) -> str:
    """A header as people read it, on one line: encoded words and raw 8-bit decoded, broken ones as
    they stand."""
    raw = (
        str(value).encode("ascii", "surrogateescape") if not isinstance(value, bytes) else value
    )[:LONGEST_HEADER]
    text = decoded(raw)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        parts = [(text, None)]
    words = [
        p if isinstance(p, str) else p.decode("raw-unicode-escape") if c is None else decoded(p, c)
        for p, c in parts
    ]
    return as_sent(re.sub(r"[\x00-\x1f\x7f\s]+", " ", "".join(words)).strip())


def senders(message: Message) -> list[tuple[str, str]]:
    """All people whom the headers name as its author: (name, address)."""
    known = list(islice(message.raw_items(), MOST_HEADERS))
    values = [v for wanted in _SENDERS for k, v in known if k.lower() == wanted]
    found = [(n.strip(), a.strip()) for v in values for n, a in _addresses(v)]
    return list(dict.fromkeys((n, a) for n, a in found if a))[:MOST_SENDERS]


def from_a_server(sender: str) -> bool:
    """Whether an address is that of a mail server, which sends bounces."""
    return sender.lower().split("@")[0].startswith(_MACHINES)


def _addresses(value: object) -> list[tuple[str, str]]:
    """Names and addresses of a header, taken apart before they are decoded: a comma or bracket
    within an encoded name parts nothing. Where the header is broken, at least the addresses in
    it."""
    parsed = [(header_text(n), header_text(a)) for n, a in _parted(str(value)[:LONGEST_HEADER])]
    clear = header_text(value)
    if not parsed:  # all of it encoded, the address too
        parsed = _parted(clear)
    missed = [
        a
        for a in ADDRESS.findall(clear)
        if all(a not in n and a not in known for n, known in parsed)
    ]
    return [*parsed, *(("", a) for a in missed)]


def _parted(value: str) -> list[tuple[str, str]]:
    try:
        return [(n, a) for n, a in getaddresses([value]) if "@" in a]
    except (ValueError, IndexError, TypeError):
        return []


# -- names of files
def file_name(part: Message) -> str:
    """The name of a part's file (RFC 2231, encoded words, raw bytes or %E5…); "" when it has none,
    "file" when its name is broken."""
    try:
        return next((n for header, key in _NAMED_IN if (n := _named(part, header, key))), "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "file"


def _named(part: Message, header: str, key: str) -> str:
    """One parameter. The bytes become characters before they are taken apart: in GBK a half of one
    may be a backslash."""
    raw = next((str(v) for k, v in part.raw_items() if k.lower() == header), "")
    probe = Message()
    probe[header] = decoded(raw[:LONGEST_HEADER].encode("ascii", "surrogateescape"))
    found = probe.get_param(key, "", header)
    if isinstance(found, tuple):
        return _of_charset(found[2], found[0])
    return (
        _percent_decoded(header_text(str(found).encode("utf-8", "surrogateescape")))
        if found
        else ""
    )


def _of_charset(text: str, charset: str | None) -> str:
    """RFC 2231: each character stands for one byte of the charset, which may name itself
    wrongly."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:  # characters already
        return as_sent(text)
    return as_sent(decoded(raw, charset))


def _percent_decoded(name: str) -> str:
    """The name without %E5…, where it is Chinese written so; else as it stands."""
    if not _PERCENT.search(name):
        return name
    raw = unquote_to_bytes(name)
    for codec in ("utf-8", "gb18030"):
        try:
            clear = raw.decode(codec)
        except UnicodeError:
            continue
        if re.search(r"[\u4e00-\u9fff]", clear):
            return clear
    return name
