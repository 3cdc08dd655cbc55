"""Anchors: heads that people carry away, as text that can be printed, mailed, scanned and typed in
again.

A whole line bears the signature. Who types a sheet types no signature: bureau, place and the hash
in sixteen groups of four. A wrong key then changes one group, a rewritten chain all of them.
"""

from __future__ import annotations

import email
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy

from sqlalchemy.orm import Session

from casework.people import chain
from casework.people.heads import Signed
from casework.people.models import Bureau

GROUP = 4
_WHOLE = re.compile(
    r"CASEWORK\s+(\S{1,32})\s+([0-9]{1,18})\s+([0-9a-f]{64})\s+([0-9]{1,12})\s+([0-9a-f]{128})",
    re.IGNORECASE,
)
_TYPED = re.compile(
    r"CASEWORK\s+(\S{1,32})\s+([0-9oil]{1,18})\s+((?:[0-9a-foil]\s*){64})(?![0-9a-f])",
    re.IGNORECASE,
)
_SOFT_BREAK = re.compile(r"=\r?\n")  # as mails break a long line
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
# letters that look like a digit and are none of the hash's
_WRONG_KEYS = str.maketrans("oil", "011")


def groups(hash_: str) -> list[str]:
    """The hash in groups of four characters."""
    return [hash_[at : at + GROUP] for at in range(0, len(hash_), GROUP)]


def found_in(words: str) -> Iterator[Signed]:
    """Every anchor in a text, whatever stands around it: a mail, a sheet that was typed in, a file
    of many. One that was typed without its signature has none."""
    words = unicodedata.normalize(
        "NFKC", _QUOTED.sub("", _SOFT_BREAK.sub("", f"{words}\n{_in_mail(words)}"))
    )
    seen = set[tuple[str, int, str]]()
    for code, place, hash_, at, signature in _WHOLE.findall(words):
        seen.add((code, int(place), hash_.lower()))
        yield Signed(code, int(place), hash_.lower(), int(at), signature.lower())
    for code, place, typed in _TYPED.findall(words):
        number, hash_ = int(_digits(place)), _digits("".join(typed.split()))
        if (code, number, hash_) not in seen:
            yield Signed(code, number, hash_, 0, "")


def _digits(typed: str) -> str:
    return typed.lower().translate(_WRONG_KEYS)


def _in_mail(words: str) -> str:
    """The text of a mail that was saved as a file; "" where the words are none."""
    letter = email.message_from_string(words, policy=policy.default)
    parts = [
        part
        for part in letter.walk()
        if part.get_content_type() == "text/plain" and "content-transfer-encoding" in part
    ]
    try:
        return "\n".join(str(part.get_content()) for part in parts)
    except LookupError:  # a character set that nobody knows
        return ""


@dataclass(frozen=True)
class Compared:
    """An anchor compared with the bureau's chain. ``answer``: same · other (it does not hold) ·
    mistyped (``groups``: which of the sixteen, counted from 1) · other place (``place``: where the
    chain has that hash)."""

    answer: str
    groups: tuple[int, ...] = ()
    place: int = 0


def compared(session: Session, bureau: Bureau, anchor: Signed) -> Compared:
    """The link at that place beside the anchor; nothing is said of what the link stands for."""
    here = chain.hash_at(session, bureau.id, anchor.place)
    if here == anchor.hash:
        return Compared("same")
    wrong = tuple(
        n
        for n, (a, b) in enumerate(zip(groups(here), groups(anchor.hash), strict=False), 1)
        if a != b
    )
    if here and len(wrong) <= len(groups(here)) // 2:
        return Compared("mistyped", wrong)
    if place := chain.place_of(session, bureau.id, anchor.hash):
        return Compared("other place", place=place)
    return Compared("other")


def marks_of(heads: Iterable[Signed], bureau: str) -> dict[int, set[str]]:
    """Place → every hash that somebody says was there, of one bureau."""
    marks: dict[int, set[str]] = {}
    for head in heads:
        if head.bureau == bureau:
            marks.setdefault(head.place, set()).add(head.hash)
    return marks
