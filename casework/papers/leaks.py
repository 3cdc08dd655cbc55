"""What must not stand on a paper: numbers by which a person is found, and the words of an identity while it is open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import pypdfium2 as pdfium
from stdnum.cn import ric

_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_MOBILE = re.compile(r"(?<![\dA-Za-z])(?:\+?86[-–—]?)?(1[3-9]\d[-–—]?\d{4}[-–—]?\d{4})(?![\dA-Za-z])")
_FIXED = re.compile(r"(?<![\dA-Za-z\-–—])\(?(0\d{2,3})\)?[-–—]?(\d{7,8})(?![\dA-Za-z])")
_CARD = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx])(?![\dA-Za-z])")


def plain(text: str) -> str:
    """One form: full width and half width alike, without white space (lines break inside numbers)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def personal(text: str) -> frozenset[str]:
    """Telephone numbers, identity numbers and e-mail addresses in a text; digits only, addresses in small letters."""
    clear = plain(text)
    found = {m.lower() for m in _MAIL.findall(clear)}
    found |= {_digits(m) for m in _MOBILE.findall(clear)} | {a + b for a, b in _FIXED.findall(clear)}
    return frozenset(found | {m.upper() for m in _CARD.findall(clear) if _identity_number(m.upper())})


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _identity_number(number: str) -> bool:
    """Check digit and day of birth; the library's whole check refuses real numbers of districts that were renamed."""
    try:
        born = ric.get_birth_date(number)
    except ValueError:
        return False
    return ric.calc_check_digit(number[:17]) == number[17] and born.year >= 1900


def on_paper(strings: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """What stands on a paper and belongs to nobody whom the paper may name."""
    found: set[str] = set()
    for text in strings:
        found |= personal(text)
    return frozenset(found - {mine for text in allowed for mine in personal(text)})


# -- an identity while it is open
def words_of(who: Mapping[str, Any]) -> frozenset[str]:
    """What of an identity is looked for: the name, every number and address, and other contacts as they stand."""
    words: set[str] = set()
    for value in who.values():
        clear = plain(str(value or ""))
        parts = personal(str(value or "")) | set(re.findall(r"\d{6,}", clear))
        words |= parts or {clear}
    return frozenset(w for w in words if len(w) > 1)


def stands_in(words: Iterable[str], text: str) -> bool:
    """Whether one of the words stands in a text."""
    clear = plain(text)
    numbers = re.sub(r"(?<=\d)[-–—](?=\d)", "", clear)
    return any(w in clear or w in numbers or w in clear.lower() for w in words)


def text_of(pdf: bytes) -> str:
    """All text of a PDF, page after page."""
    document = pdfium.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
