"""Names of people as they stand beside offices and firms: «张三(财务部)» signs «张三». Pure."""

from __future__ import annotations

import re
from pathlib import Path

from casework.toml_file import Row, read_toml

SHORTEST = 2  # characters; one proves nothing


class _Words(Row, frozen=True):
    general: frozenset[str]
    offices: tuple[str, ...]


_WORDS = read_toml(Path(__file__).with_name("names.toml"), _Words)
GENERAL, _OFFICES = _WORDS.general, _WORDS.offices
_BETWEEN = re.compile(r"[^\w]+|_+")  # what parts a name from an office, a place or a second name
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[A-Za-z]{3,}")


def names_in(text: str) -> set[str]:
    """The name as it stands, without what parts it, and each part that may be a person's; words
    that are nobody's name (``names.toml``) are left out."""
    parts = [p for p in _BETWEEN.split(text) if p]
    persons = {p for p in parts if _PERSON.fullmatch(p) and not p.endswith(_OFFICES)}
    found = {text.strip(), "".join(parts), *persons}
    return {n for n in found if len(n) >= SHORTEST and n.lower() not in GENERAL}
