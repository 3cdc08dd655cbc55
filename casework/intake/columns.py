"""Heads and words of a list of tips (``columns.toml``): from what another bureau writes to fields
of the form «receive»."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import field

from casework.lists.cells import plain_head
from casework.text import folded, folded_name
from casework.toml_file import Row, read_toml, with_ids

FILE = Path(__file__).with_name("columns.toml")
LISTS = ("kinds",)  # several values in one cell
_PARTS = re.compile(r"[、,，;；/\s]+")


class Column(Row, frozen=True):
    """One field: the heads under which it is known, and words for its values."""

    heads: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)
    id: str = ""


class BadHeads(ValueError):
    """The heads are not understood: `why` = unknown · twice · missing; `heads` names them, `sheet`
    says where."""

    def __init__(self, why: str, heads: list[str], sheet: str = "") -> None:
        super().__init__(f"{why}: {', '.join(heads)}")
        self.why, self.heads, self.sheet = why, heads, sheet


@cache
def columns() -> dict[str, Column]:
    """Every column by its field, in the order of the file."""
    return with_ids(read_toml(FILE, dict[str, Column]))


@cache
def _fields() -> dict[str, str]:
    """The field of every head, as heads are compared."""
    fields = {}
    for column in columns().values():
        for head in column.heads:
            fields[plain_head(head)] = column.id
    return fields


def is_head(words: str) -> bool:
    """Whether words are the head of a column that is known."""
    return plain_head(words) in _fields()


def column_fields(heads: list[str], sheet: str = "") -> list[str]:
    """The field of each head ("" for an empty one); BadHeads otherwise."""
    found = [_field(head) for head in heads]
    if unknown := [h for h, f in zip(heads, found, strict=True) if f == "?"]:
        raise BadHeads("unknown", unknown, sheet)
    if twice := [h for h, f in zip(heads, found, strict=True) if f and found.count(f) > 1]:
        raise BadHeads("twice", twice, sheet)
    if missing := _missing(found):
        raise BadHeads("missing", missing, sheet)
    return found


def _field(head: str) -> str:
    """The field of a head; "" for an empty one, "?" for one that nobody knows."""
    return _fields().get(plain_head(head), "?") if head.strip() else ""


def _missing(found: list[str]) -> list[str]:
    """The heads of what every table has and this one lacks."""
    return [columns()[field].heads[0] for field in ("subject", "narrative") if field not in found]


def typed(name: str, cell: str, townships: Mapping[str, str]) -> list[str]:
    """A cell as the form would be given it: words become codes, an unknown word stays and is
    refused by the form."""
    if name == "township":
        codes = {folded_name(town): code for code, town in townships.items()}
        return [codes.get(folded_name(cell), cell)]
    values = columns()[name].values
    if not values:
        return [cell]
    parts = _PARTS.split(cell) if name in LISTS else [cell]
    if name in LISTS:
        parts = [part for part in parts if part]
    return [values.get(folded(part), part) for part in parts]
