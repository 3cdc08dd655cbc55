"""The words of an identity while it is open, looked for on papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from casework.papers.one_reader import open_pdf
from casework.procedure.names import names_in
from casework.procedure.personal import personal, plain


def identity_words(who: Mapping[str, Any]) -> frozenset[str]:
    """What of an identity is looked for, in small letters: the name and each part of it, every
    number and address, and other contacts as they stand."""
    words: set[str] = set()
    for key, value in who.items():
        text = str(value or "")
        if key == "name":
            words |= {plain(n) for n in names_in(text)} | _numbers(text)
        else:
            words |= _numbers(text) | set(re.findall(r"\d{6,}", plain(text))) or {plain(text)}
    return frozenset(w.lower() for w in words if len(w) > 1)


def stands_in(words: Iterable[str], text: str) -> bool:
    """Whether one of the words stands in a text, in whatever letter case."""
    clear = plain(text).lower()
    numbers = re.sub(r"(?<=\d)[-–—](?=\d)", "", clear)
    written = "\n".join(personal(text)).lower()
    return any(w in clear or w in numbers or w in written for w in words)


def _numbers(text: str) -> set[str]:
    """Numbers and addresses in one form, and the name within WeChat alone: it may stand without the
    word."""
    found = personal(text)
    return {*found, *(n.partition(":")[2] for n in found if ":" in n)}


def text_of(pdf: bytes) -> str:
    """All text of a PDF, page after page."""
    with open_pdf(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
