"""Whole numbers that people type; what no table can hold is refused."""

from __future__ import annotations

import re

from casework.text import folded_digits

MOST = 2**63 - 1
_WHOLE = re.compile("-?[0-9]{1,19}")


def whole_number(text: str) -> int | None:
    """The number that a text stands for, however its digits are typed; None for anything else."""
    typed = folded_digits(text) if len(text) <= 60 else ""
    number = int(typed) if _WHOLE.fullmatch(typed) else None
    return None if number is None or abs(number) > MOST else number


def number_of(text: str) -> int:
    """The number that a text stands for. Error: ValueError for anything else."""
    number = whole_number(text)
    if number is None:
        raise ValueError("no number of ours")
    return number
