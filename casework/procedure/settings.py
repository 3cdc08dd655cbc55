"""The numbers of the procedure, each with its source and whether it has been confirmed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from casework.procedure.terms import Money, Period, Unit

FILE = Path(__file__).with_name("settings.toml")
KINDS = ("period", "yuan", "number", "text")
_PERIOD = re.compile(r"(\d{1,3}) (workday|day|month)")


class SettingError(ValueError):
    """A setting is unknown or its value has the wrong shape; the message names the key."""


@dataclass(frozen=True)
class Choice:
    """One of the values that a setting may have, with its names."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Setting:
    """One number with its names and where it comes from."""

    key: str
    zh: str
    en: str
    kind: str  # period · yuan · number · text
    value: str
    source: str
    verified: bool
    unit: str = ""
    choices: tuple[Choice, ...] = ()  # of a text that is one of a few


def checked(key: str, kind: str, value: str) -> str:
    """The value in its one form, or SettingError."""
    value = value.strip()
    if kind == "period" and (not _PERIOD.fullmatch(value) or value.startswith("0")):
        raise SettingError(f"{key}: a period is written like «15 day», «7 workday» or «3 month»")
    if kind in ("yuan", "number") and not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", value):
        raise SettingError(f"{key}: a number is expected")
    return value


class Settings:
    """All settings of one bureau on one day."""

    def __init__(self, rows: Mapping[str, Setting]) -> None:
        self._rows = dict(rows)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Setting]:
        return iter(self._rows.values())

    def setting(self, key: str) -> Setting:
        """The setting itself; SettingError for an unknown key."""
        try:
            return self._rows[key]
        except KeyError:
            raise SettingError(f"{key}: no such setting") from None

    def _of(self, key: str, kind: str) -> str:
        row = self.setting(key)
        if row.kind != kind:
            raise SettingError(f"{key}: is a {row.kind}, not a {kind}")
        return row.value

    def period(self, key: str) -> Period:
        """A length of time."""
        amount, unit = self._of(key, "period").split()
        return Period(int(amount), Unit(unit))

    def money(self, key: str) -> Money:
        """A sum."""
        return Money.of_yuan(self._of(key, "yuan"))

    def number(self, key: str) -> float:
        """A plain number."""
        return float(self._of(key, "number"))

    def text(self, key: str) -> str:
        """A text; empty when the bureau has not filled it in."""
        return self._of(key, "text")

    def unverified(self) -> list[Setting]:
        """Those a bureau must still confirm."""
        return [s for s in self._rows.values() if not s.verified]

    def with_values(self, values: Mapping[str, str]) -> Settings:
        """The same with a bureau's own, confirmed values; SettingError for a key or value that does not fit."""
        rows = dict(self._rows)
        for key, value in values.items():
            row = self.setting(key)
            rows[key] = replace(row, value=checked(key, row.kind, value), verified=True)
        return Settings(rows)


@cache
def shipped() -> Settings:
    """What this release ships."""
    rows: dict[str, Setting] = {}
    for group, members in tomllib.loads(FILE.read_text("utf-8")).items():
        for name, raw in members.items():
            rows[f"{group}.{name}"] = _row(f"{group}.{name}", raw)
    return Settings(rows)


def _row(key: str, raw: Mapping[str, Any]) -> Setting:
    kind = next(k for k in KINDS if k in raw)
    return Setting(
        key,
        raw["zh"],
        raw["en"],
        kind,
        checked(key, kind, str(raw[kind])),
        raw["source"],
        raw["verified"],
        raw.get("unit", ""),
        tuple(Choice(**c) for c in raw.get("choices", ())),
    )
