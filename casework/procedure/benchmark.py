"""The discretion benchmark (裁量基准, 行政处罚法 §34): the tier and range that the figures of a
case propose. Pure.

Until the bureau has confirmed its numbers and named it, it is a help for staff: it binds nobody and
no paper cites it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from casework.procedure.facts import Asked, Facts
from casework.procedure.interference import rows_of
from casework.procedure.model import Label, Named
from casework.procedure.penalties import penalties
from casework.procedure.settings import Settings
from casework.procedure.terms import Figure, Money
from casework.toml_file import Row, read_toml

FILE = Path(__file__).with_name("benchmark.toml")
PREFIX = "benchmark."


@dataclass(frozen=True)
class Proposed:
    """A tier, and the fine it goes with: from ``low`` to ``high``, both zero for a warning
    alone."""

    tier: Label
    low: Money
    high: Money

    def holds(self, fine: Money) -> bool:
        """Whether a sum lies in the range."""
        return self.low.fen <= fine.fen <= self.high.fen


class _Tier(Named, frozen=True):
    from_rate: str = ""  # settings
    upto: str = ""


class _Group(Row, frozen=True):
    of: frozenset[str] = frozenset()
    by_rate: bool = False
    start: int = 1


class _Tables(Row, frozen=True):
    tier: tuple[_Tier, ...]
    group: dict[str, _Group]
    units: dict[str, int]


@cache
def _tables() -> _Tables:
    return read_toml(FILE, _Tables)


def confirmed(settings: Settings) -> bool:
    """Whether the bureau has named its benchmark and confirmed every number of it."""
    named = bool(
        settings.text(f"{PREFIX}name").strip() and settings.text(f"{PREFIX}number").strip()
    )
    return named and not any(s.key.startswith(PREFIX) for s in settings.unverified())


def proposed(facts: Facts, asked: Asked) -> Proposed | None:
    """What the figures, the kind of violation and earlier penalties propose; None where the law
    knows no fine."""
    rows = rows_of(facts, asked)
    if facts.party is None or not rows:
        return None
    ground, kind = str(asked.get("serious_ground") or ""), facts.party.kind
    ceiling, lower = penalties().ceiling_of(kind, rows, ground), penalties().ceiling_of(kind, rows)
    if ceiling is None or lower is None:
        return None
    # 情节严重: the range begins where the lower one ends (统计法 §44)
    floor = lower if ceiling.fen > lower.fen else Money(0)
    tiers, raised = _tables().tier, facts.history.penalties_before + _large(facts)
    place = min(max(_start(facts, r["code"]) for r in rows) + raised, len(tiers) - 1)
    return _of_tier(facts.settings, place, floor, ceiling)


def _of_tier(settings: Settings, place: int, floor: Money, ceiling: Money) -> Proposed:
    """A tier by its place, with its part of the range between two sums; the first is a warning
    alone."""
    tiers = _tables().tier
    name = tiers[place].name
    if not place:
        return Proposed(name, Money(0), Money(0))
    span = ceiling.fen - floor.fen
    low, high = (
        Money(floor.fen + int(span * _share(settings, tier) / 100))
        for tier in tiers[place - 1 : place + 1]
    )
    return Proposed(name, low, high)


def _share(settings: Settings, tier: _Tier) -> Decimal:
    """Where the tier's fine ends, in hundredths of the range: the first has none, the last all of
    it."""
    if tier.upto:
        return Decimal(str(settings.number(tier.upto)))
    return Decimal(100) if tier.from_rate else Decimal(0)


def _start(facts: Facts, code: str) -> int:
    """The tier of one violation by itself."""
    group = next((g for g in _tables().group.values() if code in g.of), _Group())
    if not group.by_rate or not facts.figures:
        return group.start
    return max(_by_rate(facts.settings, f) for f in facts.figures)


def _by_rate(settings: Settings, figure: Figure) -> int:
    """The highest tier whose rate of error is reached; where nothing was to be reported, the
    last."""
    tiers, rate = _tables().tier, figure.error_rate
    if rate is None:
        return len(tiers) - 1 if figure.difference else 0
    begins = {
        n: Decimal(str(settings.number(t.from_rate))) for n, t in enumerate(tiers) if t.from_rate
    }
    return max((n for n, first in begins.items() if rate * 100 >= first), default=0)


def _large(facts: Facts) -> bool:
    """A difference in money reaches the bureau's amount; an amount of zero is none."""
    amount, units = facts.settings.money("benchmark.amount").yuan, _tables().units
    return amount > 0 and any(
        abs(f.difference) * units[f.unit] >= amount for f in facts.figures if f.unit in units
    )


def departs(facts: Facts, asked: Asked) -> bool:
    """Whether the sum lies outside the range that is proposed."""
    found = proposed(facts, asked)
    return found is not None and not found.holds(Money(int(asked.get("fine_fen") or 0)))
