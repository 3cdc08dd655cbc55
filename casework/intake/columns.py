"""Heads and words of a list of tips (``columns.toml``): from what another bureau writes to fields of the form «receive»."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("columns.toml")
LISTS = ("kinds",)  # several values in one cell


@dataclass(frozen=True)
class Column:
    """One field: the heads under which it is known, and words for its values."""

    name: str
    heads: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


class BadHeads(ValueError):
    """The first row does not name the columns: unknown heads, or heads that stand twice or are missing."""

    def __init__(self, why: str, heads: list[str]) -> None:
        super().__init__(f"{why}: {', '.join(heads)}")
        self.why, self.heads = why, heads  # why: unknown · twice · missing


@cache
def columns() -> dict[str, Column]:
    """Every column by its field, in the order of the file."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {k: Column(k, tuple(r["heads"]), r.get("values", {})) for k, r in rows.items()}


def fields_of(heads: list[str]) -> list[str]:
    """The field of each head ("" for an empty one at the end); BadHeads otherwise."""
    known = {_plain(h): c.name for c in columns().values() for h in c.heads}
    found = [known.get(_plain(h), "?") if h.strip() else "" for h in heads]
    if unknown := [h for h, f in zip(heads, found, strict=True) if f == "?"]:
        raise BadHeads("unknown", unknown)
    if twice := [h for h, f in zip(heads, found, strict=True) if f and found.count(f) > 1]:
        raise BadHeads("twice", twice)
    if missing := [columns()[f].heads[0] for f in ("subject", "narrative") if f not in found]:
        raise BadHeads("missing", missing)
    return found


def typed(name: str, cell: str, townships: Mapping[str, str]) -> list[str]:
    """A cell as the form would be given it: words become codes, an unknown word stays and is refused by the form."""
    if name == "township":
        codes = {town: code for code, town in townships.items()}
        return [codes.get(cell, cell)]
    values = columns()[name].values
    if name in LISTS:
        return [values.get(part, part) for part in re.split(r"[、,，;；/\s]+", cell) if part]
    return [values.get(cell.lower(), values.get(cell, cell))] if values else [cell]


def _plain(head: str) -> str:
    """Without spaces, stars and brackets, whatever the width of its letters."""
    text = unicodedata.normalize("NFKC", head).lower()
    return re.sub(r"[\s*:]|\(.*?\)", "", text)
