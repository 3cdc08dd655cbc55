"""The numbers of the procedure, each with its source and whether it has been confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec.structs import replace

from casework.procedure.terms import Money, Period, Unit
from casework.text import folded, folded_digits
from casework.toml_file import Row, read_toml, typed

FILE = Path(__file__).with_name("settings.toml")
KINDS = ("period", "yuan", "number", "switch", "text")
FORMER = frozenset({"review.period", "sdx.repair_review"})  # nothing ever read them
_PERIOD = re.compile(r"([1-9][0-9]{0,2}) (workday|day|month)")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
SAID = {  # how people say on and off
    "on": ("on", "yes", "true", "1", "开", "开启", "打开", "是", "启用"),
    "off": ("off", "no", "false", "0", "关", "关闭", "否", "停用"),
}


class SettingError(ValueError):
    """A setting is unknown or its value has the wrong shape; the message names the key. ``wants``:
    what would have been understood: switch, choice, period, number, whole (a number without
    decimals), range; "" for an unknown key."""

    def __init__(self, message: str, wants: str = "") -> None:
        self.wants = wants
        super().__init__(message)


class Choice(Row, frozen=True):
    """One of the values that a setting may have, with its names."""

    value: str
    zh: str
    en: str


class Setting(Row, frozen=True):
    """One number with its names and where it comes from."""

    key: str
    zh: str
    en: str
    kind: Literal["period", "yuan", "number", "switch", "text"]
    value: str
    source: str
    verified: bool
    unit: str = ""
    choices: tuple[Choice, ...] = ()  # of a text that is one of a few, and of a switch
    among: str = ""  # of a number of people: their permission; a bureau sets no more than it has
    parts: bool = False  # of a number: whether it may have decimals
    least: float = 0  # of a number
    most: int | float | None = None
    # it protects somebody: one person proposes another value, a second confirms it
    two_persons: bool = False


ON_OFF = (Choice("on", "开启", "on"), Choice("off", "关闭", "off"))


def checked(setting: Setting, value: str) -> str:
    """The value in its one form, however it was typed. SettingError for what the setting does not
    understand."""
    if setting.kind == "switch":
        return _switch(setting, value)
    if setting.kind == "text":
        return _choice(setting, value) if setting.choices else value.strip()
    plain = _plain_digits(value)
    if setting.kind == "period":
        if not _PERIOD.fullmatch(plain):
            raise SettingError(
                f"{setting.key}: a period is written like «15 day», «7 workday» or «3 month»",
                "period",
            )
        return plain
    return _number(setting, plain)


def _switch(setting: Setting, value: str) -> str:
    said = folded(value).strip()
    for state, words in SAID.items():
        if said in words:
            return state
    raise SettingError(f"{setting.key}: on or off is expected", "switch")


def _choice(setting: Setting, value: str) -> str:
    named = {c.value.casefold(): c.value for c in setting.choices}
    if (said := folded(value).strip()) in named:
        return named[said]
    raise SettingError(f"{setting.key}: one of {', '.join(named.values())} is expected", "choice")


def _number(setting: Setting, value: str) -> str:
    if setting.kind == "number" and not setting.parts and not (value.isascii() and value.isdigit()):
        raise SettingError(f"{setting.key}: a whole number is expected", "whole")
    if not _NUMBER.fullmatch(value):
        raise SettingError(f"{setting.key}: a number is expected", "number")
    if float(value) < setting.least or (setting.most is not None and float(value) > setting.most):
        raise SettingError(
            f"{setting.key}: a number between {setting.least:g} and {setting.most} is expected",
            "range",
        )
    return value


def _plain_digits(value: str) -> str:
    """Digits as 0 to 9, word for word; a period keeps its blank."""
    return (
        value.strip()
        if value.isascii()
        else " ".join(folded_digits(word) for word in value.split())
    )


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

    def on(self, key: str) -> bool:
        """Whether a switch is on."""
        return self._of(key, "switch") == "on"

    def unverified(self) -> list[Setting]:
        """Those a bureau must still confirm."""
        return [s for s in self._rows.values() if not s.verified]

    def with_values(self, values: Mapping[str, str]) -> Settings:
        """The same with a bureau's own, confirmed values; SettingError for a key or value that does
        not fit."""
        rows = dict(self._rows)
        for key, value in values.items():
            row = self.setting(key)
            rows[key] = replace(row, value=checked(row, value), verified=True)
        return Settings(rows)

    def with_kept(self, values: Mapping[str, str]) -> Settings:
        """The same with what a bureau has kept. A value of former days that is not understood, and
        a setting that there is no more, count as never set: rows of settings are not changed any
        more, and one of them must not stop a bureau. SettingError for an unknown key."""
        return self.with_values(
            {k: v for k, v in values.items() if k not in FORMER and self._understood(k, v)}
        )

    def _understood(self, key: str, value: str) -> bool:
        try:
            checked(self.setting(key), value)
        except SettingError as error:
            if not error.wants:
                raise
            return False
        return True


@cache
def shipped() -> Settings:
    """What this release ships."""
    rows = {
        f"{group}.{name}": _with_kind(f"{group}.{name}", raw)
        for group, members in read_toml(FILE, dict[str, dict[str, dict[str, Any]]]).items()
        for name, raw in members.items()
    }
    return Settings({key: _checked(row) for key, row in typed(rows, dict[str, Setting]).items()})


def _with_kind(key: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file, in which its value stands under the name of its kind."""
    kind = next((k for k in KINDS if k in raw), "")
    others = {k: v for k, v in raw.items() if k != kind}
    return {**others, "key": key, "kind": kind, "value": str(raw.get(kind, ""))}


def _checked(row: Setting) -> Setting:
    choices = row.choices or (ON_OFF if row.kind == "switch" else ())
    return replace(row, choices=choices, value=checked(row, row.value))
