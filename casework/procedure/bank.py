"""The account into which a fine is paid, as one text: bank, holder, number (行政处罚法 §67).
Pure."""

from __future__ import annotations

import re

from casework.text import folded_digits, is_blank

_BETWEEN = re.compile(r"[，,\n]+")


def bank_account(text: str) -> tuple[str, str, str] | None:
    """Bank, name of the holder and number of «农业银行丰都支行，丰都县财政局，31-…»; None unless
    all three are there."""
    parts = [part.strip() for part in _BETWEEN.split(text) if not is_blank(part)]
    if len(parts) != 3 or not any(c.isdigit() for c in folded_digits(parts[2])):
        return None
    return parts[0], parts[1], parts[2]
