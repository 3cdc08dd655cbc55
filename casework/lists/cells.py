"""What stands in a cell, and whether a spreadsheet has damaged it. Nothing is mended here: a
damaged cell says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from casework.text import as_sent, folded, is_blank

FIRST_LOST = (
    10**15
)  # a spreadsheet keeps 15 digits of a number; of a longer one it changes the last
_POWER = re.compile(r"[+-]?\d+(\.\d+)?e\+?\d+")  # 9.15E+17
_NOT_A_HEAD = re.compile(r"[\s*:]|\(.*?\)")
_LITERAL = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")  # of a number format: what it prints as it is
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes signs that XML has not
_MONTHS_ONLY = frozenset({27, 36, 50, 52, 57})  # Chinese built-in formats that show 2026年11月


@dataclass(frozen=True)
class Cell:
    """One cell.

    `text` is what a person reads there, `day` the day that the file keeps under it. `fault` says
    why the text
    is not what was typed: digits (a number of more than 15) · power (9.15E+17) · formula (in a
    CSV) ·
    no_value (a formula whose result is not in the file) · error (#REF! and its like).
    """

    text: str = ""
    day: date | None = None
    fault: str = ""


BLANK = Cell()


def of_text(words: str, *, typed: bool = False) -> Cell:
    """A cell that is text; `typed`: known to be text, so that a sign of equality begins no
    formula."""
    text = as_sent(words)
    if is_blank(text):
        return BLANK
    if text.startswith("=") and not typed:
        return Cell(text, fault="formula")
    return Cell(text, fault="power" if _POWER.fullmatch(folded(text)) else "")


def of_value(value: Any, *, formula: bool, error: bool, shows: str) -> Cell:
    """A cell of a workbook: its kept value, whether a formula made it, whether it is an error, its
    number format."""
    if value is None:
        return Cell(fault="no_value") if formula else BLANK
    if error:
        return Cell(str(value), fault="error")
    if isinstance(value, (datetime, date)):
        return _day(value, shows)
    if isinstance(value, (bool, time, timedelta)):
        return Cell(str(value))
    if isinstance(value, (int, float)):
        return _number(value)
    return of_text(_unescaped(str(value)), typed=True)


def plain_head(text: str) -> str:
    """A head for comparing: without blanks, stars, colons and what stands in brackets, whatever
    its width."""
    return _NOT_A_HEAD.sub("", folded(text))


def _number(value: float) -> Cell:
    if abs(value) >= FIRST_LOST:
        return Cell(f"{value:.14E}", fault="digits")
    return Cell(f"{value:.15g}" if isinstance(value, float) else str(value))


def _day(value: date, shows: str) -> Cell:
    """As ISO; with the hour where there is one; year and month alone where the cell shows no
    more."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if _only_month(shows):
        return Cell(f"{moment.year}年{moment.month}月", moment.date())
    midnight = moment.time() == time()
    return Cell(
        moment.date().isoformat() if midnight else moment.isoformat(" ", "seconds"), moment.date()
    )


def _only_month(shows: str) -> bool:
    if shows.isdecimal():
        return int(shows) in _MONTHS_ONLY
    signs = _LITERAL.sub("", shows).lower()
    return "y" in signs and "d" not in signs


def _unescaped(text: str) -> str:
    """Excel keeps the CR of a line end within a cell as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
