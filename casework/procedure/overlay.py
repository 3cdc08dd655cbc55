"""A correction laid over the entry that it names: whether it fits there, and what the entry says
with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.procedure.facts import Asked

RESPONDENT = "party"


def correction_applies(asked: Asked, fields: Mapping[str, Any]) -> bool:
    """Whether each correction is a text for a text that the entry has, and a day where a day stood:
    a table, a choice of the program's own or a respondent is not overwritten by words."""
    return all(_fits(asked, key, right) for key, right in fields.items())


def _fits(asked: Asked, key: str, right: Any) -> bool:
    was = asked.get(key)
    if not isinstance(was, str) or not isinstance(right, str):
        return False
    if key == "kind" and RESPONDENT in asked:
        return False
    return is_day(right) or not is_day(was)


def is_day(text: Any) -> bool:
    """Whether it is a day as payloads write it: 2026-11-23."""
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def laid_over(asked: Asked, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The right texts in place of the wrong ones; what an entry also says of its party is right
    there too."""
    right = {**asked, **fields}
    if party := right.get(RESPONDENT):
        right[RESPONDENT] = {**party, **{k: v for k, v in fields.items() if k in party}}
    return right
