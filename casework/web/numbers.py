"""Whole numbers from addresses and forms; what no table can hold is refused."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

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


class NumberConverter(IntegerConverter):
    """``<int:…>`` of addresses; 404 for what is no number of ours."""

    def to_python(self, value: str) -> int:
        """The number of a part of an address. Error: ValidationError."""
        number = whole_number(value)
        if number is None:
            raise ValidationError
        return number


def init_app(app: Flask) -> None:
    """Set the converter; to be called before any address is known."""
    app.url_map.converters["int"] = NumberConverter
