"""Answers as papers print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from letters.format import printed_date
from letters.labels import value_text

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d$")


def answer_text(key: str, value: object, people: Mapping[int, str]) -> str:
    """An answer in words: days as dates, codes and people (`people`: names by id) by their names,
    sums in yuan."""
    if isinstance(value, str) and ISO_DAY.match(value):
        return printed_date(date.fromisoformat(value))
    return value_text(key, value, people)
