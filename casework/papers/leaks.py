"""Finding an informant's name, numbers and addresses on papers while the identity is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from casework.papers.one_reader import open_pdf
from casework.procedure.names import names_in
from casework.procedure.personal import personal, plain


def identity_words(who: Mapping[str, Any]) -> frozenset[str]:
    """The words to look for, in small letters, from an opened identity: the name and each part of
    it, every number and address, and other contacts as they stand."""
    words: set[str] = set()
    for key, value in who.items():
        text = str(value or "")
        if key == "name":
            words |= {plain(n) for n in names_in(text)} | _numbers(text)
        else:
            words |= _numbers(text) | set(re.findall(r"\d{6,}", plain(text))) or {plain(text)}
    return frozenset(w.lower() for w in words if len(w) > 1)


def stands_in(words: Iterable[str], text: str) -> bool:
    """Whether one of ``identity_words`` stands in a text, in whatever letter case and with dashes
    in numbers."""
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
    """All text of a PDF, page after page. Error: PdfiumError for what cannot be opened."""
    with open_pdf(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
