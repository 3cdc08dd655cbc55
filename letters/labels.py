"""Names of payload keys and coded values, as papers and pages print them (``labels.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from casework.toml_file import Row, read_toml

FILE = Path(__file__).with_name("labels.toml")
HIDDEN = frozenset(
    {
        "officers",
        "by",
        "cards_shown",
        "internal",
        "party",
        "case",
        "confirmed",
        "told",
        "rights_told",
        "signed",
    }
)


class _Tables(Row, frozen=True):
    label: dict[str, str]
    missing: dict[str, str]
    value: dict[str, dict[str, str]]
    value_en: dict[str, dict[str, str]]


@cache
def _tables() -> _Tables:
    return read_toml(FILE, _Tables)


def label(key: str) -> str:
    """The name of a payload key; the key itself when it has none."""
    return _tables().label.get(key, key)


def missing_label(key: str) -> str:
    """What a paper still lacks, for the person who reads it; the key itself without any name."""
    return _tables().missing.get(key) or label(key)


def has_label(key: str) -> bool:
    """Whether a payload key has a name on papers."""
    return key in _tables().label


def coded_names(key: str, language: str = "zh") -> Mapping[str, str]:
    """The names of a key's coded values; in English those that pages show, else Chinese."""
    tables = _tables()
    found = tables.value.get(key, {})
    return tables.value_en.get(key, found) if language.startswith("en") else found


def value_text(key: str, value: object, people: Mapping[int, str]) -> str:
    """A payload value as text: names for codes and persons (`people` by id), yuan for keys that end
    in `_fen`, a line for each row of a table."""
    if key in ("person", "host", "officers", "assigned") and value:
        ids = value if isinstance(value, list) else [value]
        return "、".join(_person(i, people) for i in ids)
    if key.endswith("_fen"):
        return f"{int(str(value)) / 100:,.2f} 元"
    if value is True:
        return "是"
    if isinstance(value, list):
        return "\n".join(_one(key, one, people) for one in value)
    return _one(key, value, people)


def _one(key: str, value: object, people: Mapping[int, str]) -> str:
    """One row of a table, or the name of a code; what has no name stays as it is."""
    if isinstance(value, dict):
        return _row(value, people)
    return str(coded_names(key).get(str(value), value))


def _person(number: object, people: Mapping[int, str]) -> str:
    """A person's name; what is no known number stays as it is."""
    return people.get(int(str(number)), str(number)) if str(number).isdigit() else str(number)


def _row(row: Mapping[str, object], people: Mapping[int, str]) -> str:
    parts = (
        f"{label(k)}：{value_text(k, v, people)}"
        for k, v in row.items()
        if v not in (None, "", False)
    )
    return "；".join(parts)
