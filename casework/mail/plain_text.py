"""Words of a mail's texts: lines that were broken for sending, two versions of one letter, files
and invitations in them."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_left

from casework.mail.mail_content import MailFile
from casework.text import folded

# lines of a version that are looked for in the other; all further ones are shown
MOST_LINES = 5_000
# characters of a version that are compared; what is longer is shown without a look
COMPARED = 200_000
FAR_MORE = 2  # so many times the words: then the other version is a stub
_LINK = re.compile(r"<https?://[^<>\s]*>")
_PICTURE = re.compile(r"^\[(图片|圖片|表情|image|cid)[^\]]*\]$", re.IGNORECASE)
_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S.*)$")
_DATA_PICTURE = re.compile(
    r"""data:image/([a-z0-9]{1,10})[^,"'>]{0,100};base64,([A-Za-z0-9+/=\s%]+)""", re.IGNORECASE
)
_TOLD = (
    "SUMMARY",
    "DTSTART",
    "DTEND",
    "LOCATION",
    "ORGANIZER",
    "ATTENDEE",
    "DESCRIPTION",
    "COMMENT",
)


def together(versions: list[str]) -> tuple[str, list[str]]:
    """Of several versions of one text: the one to read, and the lines that only another has.

    The first is read (plain words, as mail programs put them), unless another says far more: then
    the first is a stub («your program does not show HTML»), or nobody can see a sign of it.
    """
    if not versions:
        return "", []
    main = versions[0]
    for other in versions[1:]:
        if _says_more(other, main):
            main = other
    known = _bare(main)
    lines = [line for v in versions if v is not main for line in _lacking(v, known)]
    return main, list(dict.fromkeys(lines))


def _says_more(other: str, main: str) -> bool:
    """Far more; or words of which the first has not a line: then the first only says that there are
    others."""
    known, mine = _bare(other), _bare(main)
    if not known:
        return False
    if len(known) > FAR_MORE * len(mine):
        return True
    first = [_bare(line) for line in main.split("\n")[:MOST_LINES]]
    return not any(line and line in known for line in first)


def _lacking(version: str, known: str) -> list[str]:
    lines = [line.strip() for line in version.split("\n")]
    found = [line for line in lines[:MOST_LINES] if _is_new(line, known)]
    return found + lines[MOST_LINES:]


def _is_new(line: str, known: str) -> bool:
    return len(line) > COMPARED or (_bare(line) not in known and not _PICTURE.match(line))


def _bare(text: str) -> str:
    """Letters and digits alone: how lines are broken, marks of quotation and where links lead do
    not count."""
    return "".join(c for c in folded(_LINK.sub("", text[:COMPARED])) if c.isalnum())


def unflowed(text: str, joined_without_space: bool) -> str:
    """The text with lines put together that a mail program broke and marked so (RFC 3676).
    ``joined_without_space``: whether «DelSp=yes» was said."""
    out: list[str] = []
    before = ""  # the quotation marks of a line that goes on; "-" when none does
    for line in text.split("\n"):
        quoted = line[: len(line) - len(line.lstrip(">"))]
        words = line[len(quoted) :].removeprefix(" ")
        if before == quoted and out:
            out[-1] += words
        else:
            out.append(f"{quoted} {words}" if quoted else words)
        flows = words.endswith(" ") and words != "-- "
        before = quoted if flows else "-"
        if flows and joined_without_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def without_uuencoded(text: str) -> tuple[str, list[MailFile]]:
    """The text, with a name in place of each uuencoded file, and these files; one that is broken
    stays in the text."""
    lines, kept, files, at = text.split("\n"), list[str](), list[MailFile](), 0
    ends = [n for n, line in enumerate(lines) if line.strip() == "end"]
    while at < len(lines):
        begin = _BEGIN.match(lines[at])
        end = bisect_left(ends, at)
        data = _uudecoded(lines[at + 1 : ends[end]]) if begin and end < len(ends) else None
        if begin and data is not None:
            files.append(MailFile(begin[1].strip(), data))
            kept.append(f"[{begin[1].strip()}]")
            at = ends[end] + 1
        else:
            kept.append(lines[at])
            at += 1
    return "\n".join(kept), files


def _uudecoded(lines: list[str]) -> bytes | None:
    parts = []
    for line in lines:
        try:
            raw = line.encode("ascii")
            length = (((raw[0] - 32) & 63) * 4 + 5) // 3 if raw else 0
            parts.append(binascii.a2b_uu(raw[:length]) if raw else b"")
        except (UnicodeEncodeError, binascii.Error):
            return None
    return b"".join(parts)


def pictures_in(html: str) -> list[MailFile]:
    """Pictures that an HTML page holds itself (data:), as files."""
    found = []
    for number, match in enumerate(_DATA_PICTURE.finditer(html), 1):
        kind = match[1].lower().replace("jpeg", "jpg")
        try:
            data = base64.b64decode(re.sub(r"[^A-Za-z0-9+/=]", "", match[2]))
        except (binascii.Error, ValueError):
            data = match[0].encode()
        found.append(MailFile(f"picture{number}.{kind}", data))
    return found


def invitation(calendar: str) -> str:
    """The words of an invitation (RFC 5545): what, when, where, who, one a line."""
    whole = re.sub(r"\r?\n[ \t]", "", calendar)
    lines = []
    for line in whole.splitlines():
        head, _, value = line.partition(":")
        name = head.split(";")[0].upper()
        if name in _TOLD and value:
            clear = re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", "\n", value))
            lines.append(f"{name}: {clear}")
    return "\n".join(lines)
