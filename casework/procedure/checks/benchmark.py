"""The discretion benchmark (行政处罚法 §34)."""

from __future__ import annotations

from datetime import date

from casework.procedure import benchmark
from casework.procedure.checks.registry import Refusal, check
from casework.procedure.facts import Asked, Facts
from casework.text import is_blank


@check
def departure_explained(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Once the bureau has confirmed its benchmark, a sum outside the proposed range says why."""
    departs = benchmark.confirmed(facts.settings) and benchmark.departs(facts, asked)
    found = benchmark.proposed(facts, asked) if departs else None
    explained = not is_blank(str(asked.get("departure_reason") or ""))
    if found is None or explained:
        return None
    return {
        "tier": found.tier.zh,
        "tier_en": found.tier.en,
        "low": f"{found.low.yuan:,.0f}",
        "high": f"{found.high.yuan:,.0f}",
    }
