"""Taking a sender's name and addresses out of the words of their own mail, which staff read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from casework.procedure.names import GENERAL, names_in

# «wang» would be found in half of all words; a QQ or telephone number before the @ is longer
SHORTEST_BOX = 5


def without(text: str, senders: Iterable[tuple[str, str]], mark: str) -> str:
    """The text with each (name, address) replaced by ``mark``, whatever its letter case."""
    known = sorted(_tokens(senders), key=len, reverse=True)
    if not known:
        return text
    return re.compile("|".join(_pattern(t) for t in known), re.IGNORECASE).sub(
        lambda _found: mark, text
    )


def _tokens(senders: Iterable[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    for name, address in senders:
        box = address.split("@")[0]
        found |= {address, *names_in(name)}
        if len(box) >= SHORTEST_BOX and box.lower() not in GENERAL:
            found.add(box)
    return found


def _pattern(token: str) -> str:
    """As a word of its own where it is made of letters and digits; anywhere where it is Chinese."""
    word = re.escape(token)
    return (
        rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])"
        if token[0].isascii() and token[-1].isascii()
        else word
    )
