"""The same conduct is not fined twice (处罚法 §29). A second case is not barred; a second fine
is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casework.procedure.facts import Asked, Facts, FinedFacts
from casework.text import folded_name


def fined_before(facts: Facts, asked: Asked | None = None) -> list[FinedFacts]:
    """Earlier fines that stand against the same respondent for what is on record here, or asked
    for."""
    rows = (asked or {}).get("violations") or facts.violations
    here = frozenset(folded_name(f.indicator) for f in facts.figures)
    return [x for x in facts.history.fined if _same(rows, here, x)]


def _same(rows: Iterable[Mapping[str, Any]], indicators: frozenset[str], other: FinedFacts) -> bool:
    """The periods of the conduct touch; and the same figures are meant, or, where figures say
    nothing, the same item of the law."""
    theirs = frozenset(folded_name(x) for x in other.indicators)
    both_say = bool(indicators) and bool(theirs)
    for row in rows:
        for old in other.violations:
            alike = bool(indicators & theirs) if both_say else row.get("code") == old.get("code")
            if alike and _touch(row, old):
                return True
    return False


def _touch(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether two periods of conduct have a day in common; a row without a first day is one day."""
    begins = [str(r.get("conduct_start") or r.get("conduct_end") or "") for r in (one, two)]
    ends = [str(r.get("conduct_end") or "") for r in (one, two)]
    return bool(ends[0] and ends[1]) and begins[0] <= ends[1] and begins[1] <= ends[0]
