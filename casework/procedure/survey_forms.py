"""The number of a survey form and the period of a survey, as a tip may hand them to its case: only
where they are written like one. Whatever else somebody wrote there is theirs, and stays in the tip.
"""

from __future__ import annotations

import re

from casework.text import folded_digits

_NUMBER = re.compile(r"([A-Za-z]{1,3}\d{2,4}(-\d{1,2})?|\d{2,4}-\d{1,2})表?")
_MONTH = r"(1[0-2]|0?[1-9])"
_PERIOD = re.compile(
    rf"20\d{{2}}年?(年报|年度|年定报|定报|报|度|第?[一二三四1-4]季度|{_MONTH}([-—至]{_MONTH})?月份?)?"
)


def number_of_form(typed: object) -> str:
    """«B103-2», «201-1表»; "" where it is not written like the number of a form."""
    return _like(_NUMBER, typed)


def named_period(typed: object) -> str:
    """«2024年报», «2025年1-9月», «2025年第三季度»; "" where it is not written like a period."""
    return _like(_PERIOD, typed)


def _like(form: re.Pattern[str], typed: object) -> str:
    text = folded_digits(str(typed or "")).strip()
    return text if form.fullmatch(text) else ""
