"""Days as lists have them: cells kept as days, and the ways in which people and programs write
one."""

from __future__ import annotations

import re
from datetime import date

from casework.lists.cells import Cell
from casework.text import folded

_PARTED = re.compile(r"(\d{4})\s*[-/.年、]\s*(\d{1,2})\s*[-/.月、]\s*(\d{1,2})\s*日?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HOUR = re.compile(r"[\st]+\d{1,2}[:时]\d{1,2}([:分]\d{1,2}(\.\d+)?秒?|分)?z?$")
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_SHORT_YEAR = re.compile(r"\d{2}\s*[-/.年、]\s*\d{1,2}\s*[-/.月、]\s*\d{1,2}\s*日?")


class NoDay(ValueError):
    """A cell is not read as a day; `why`: number · no_year · short_year · no_such · unknown."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def day_of(cell: Cell) -> date:
    """The day of a cell that is not blank: 2026-11-20, 2026.11.20, 2026年11月20日, 20261120, with
    or without an hour.

    NoDay where it would be a guess: a bare number, two digits of a year, no year, words.
    """
    if cell.day:
        return cell.day
    text = _HOUR.sub("", folded(cell.text)).strip()
    found = _PARTED.fullmatch(text) or _TOGETHER.fullmatch(text)
    if found is None:
        raise NoDay(_why(text))
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise NoDay("no_such") from None


def _why(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "short_year"
    if _NO_YEAR.fullmatch(text):
        return "no_year"
    return "number" if text.replace(".", "", 1).isdecimal() else "unknown"
