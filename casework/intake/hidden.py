"""Takes a sender out of the words of their own mail: what staff read must not say who wrote it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

SHORTEST_NAME = 2
SHORTEST_BOX = 5  # «wang» would be found in half of all words; a QQ or telephone number before the @ is longer
_WORDS = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
_GENERAL, _OFFICES = frozenset(_WORDS["general"]), tuple(_WORDS["offices"])
_BETWEEN = re.compile(r"[^\w]+|_+")  # what parts a name from an office, a place or a second name
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[A-Za-z]{3,}")


def without(text: str, senders: Iterable[tuple[str, str]], mark: str) -> str:
    """The text with each (name, address) replaced by ``mark``, whatever its letter case."""
    known = sorted(_tokens(senders), key=len, reverse=True)
    if not known:
        return text
    return re.compile("|".join(_pattern(t) for t in known), re.IGNORECASE).sub(lambda _found: mark, text)


def _tokens(senders: Iterable[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    for name, address in senders:
        box = address.split("@")[0]
        found |= {address, *_names(name)}
        if len(box) >= SHORTEST_BOX and box.lower() not in _GENERAL:
            found.add(box)
    return found


def _names(name: str) -> set[str]:
    """The name as it stands, without what parts it, and each part that may be a person's: «张三(财务部)» is signed «张三»."""
    parts = [p for p in _BETWEEN.split(name) if p]
    persons = {p for p in parts if _PERSON.fullmatch(p) and not p.endswith(_OFFICES)}
    found = {name.strip(), "".join(parts), *persons}
    return {n for n in found if len(n) >= SHORTEST_NAME and n.lower() not in _GENERAL}


def _pattern(token: str) -> str:
    """As a word of its own where it is made of letters and digits; anywhere where it is Chinese."""
    word = re.escape(token)
    return rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])" if token[0].isascii() and token[-1].isascii() else word
