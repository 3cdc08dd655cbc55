"""Numbers by which a person is found: telephone, identity card, e-mail. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

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
    spaced = unicodedata.normalize("NFKC", text)
    found: set[str] = set()
    for clear in (spaced, plain(text)):  # blanks may part two numbers, or stand inside one
        found |= {m.lower() for m in _MAIL.findall(clear)}
        found |= {_digits(m) for m in _MOBILE.findall(clear)} | {a + b for a, b in _FIXED.findall(clear)}
        found |= {m.upper() for m in _CARD.findall(clear) if _identity_number(m.upper())}
    return frozenset(found)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _identity_number(number: str) -> bool:
    """Check digit and day of birth; the library's whole check refuses real numbers of districts that were renamed."""
    try:
        born = ric.get_birth_date(number)
    except ValueError:
        return False
    return bool(ric.calc_check_digit(number[:17]) == number[17] and born.year >= 1900)


def on_paper(strings: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """What stands on a paper and belongs to nobody whom the paper may name."""
    found: set[str] = set()
    for text in strings:
        found |= personal(text)
    return frozenset(found - {mine for text in allowed for mine in personal(text)})


def texts(value: Any) -> Iterable[str]:
    """Every text inside plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
