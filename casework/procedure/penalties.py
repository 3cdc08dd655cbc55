"""Which law applies, what it allows at most, and how an article is cited (统计法 2009 §§37–44, 2024
§§40–47)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casework.procedure.clock_rules import add_months
from casework.procedure.terms import Money, SubjectKind

FILE = Path(__file__).with_name("penalties.toml")
TIME_BAR_MONTHS = 24  # 行政处罚法 §36: two years; five only for life, health and financial safety


@dataclass(frozen=True)
class Violation:
    """An item of the law. ``norm``: main (§44), late or records (both §45), person (§47); leaders
    (§40), bodies (§41) and data (§42) are no offences of a survey subject
    (:mod:`casework.procedure.interference`). ``in_2009``: item and words of the older law, where
    they differ; ``since``: the law that first knew it."""

    code: str
    zh: str
    en: str
    norm: str
    item: str
    in_2009: Mapping[str, str] = field(default_factory=dict)
    since: str = "2009"
    duty: str = "supply"  # the duty it breaks: supply · records · inspect

    def under(self, law: str) -> Violation:
        """The same in the words of «2009» or «2024»."""
        old = self.in_2009 if law == "2009" else {}
        return replace(self, item=old.get("item", self.item), zh=old.get("zh", self.zh))


@dataclass(frozen=True)
class Duty:
    """A duty as it is cited, and its text in full."""

    article: str
    text: str


@dataclass(frozen=True)
class Law:
    """One version of the Statistics Law."""

    key: str
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As cited."""
        return str(self.raw["name"])


class Penalties:
    """The tables of ``penalties.toml``."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self.changed_on: date = raw["changed_on"]
        self.violations = {k: Violation(k, **v) for k, v in raw["violation"].items()}
        self.serious: Mapping[str, Mapping[str, Any]] = raw["serious"]
        self.interference: Mapping[str, Any] = raw["interference"]
        self.dishonesty: Mapping[str, Mapping[str, Any]] = raw["dishonesty"]

    def law(self, conduct_end: date) -> Law:
        """The version for conduct that ended on that day (从旧兼从轻: the 2024 fines are heavier,
        处罚法 §37)."""
        key = "2009" if conduct_end < self.changed_on else "2024"
        return Law(key, self._raw["law"][key])

    def article(self, violation: str, conduct_end: date) -> str:
        """«《中华人民共和国统计法》（2024年修正）第四十四条第一款第二项»."""
        law = self.law(conduct_end)
        v = self.violations[violation].under(law.key)
        return f"{law.name}{law.raw[v.norm]}{v.item}"

    def number(self, violation: str, conduct_end: date) -> str:
        """The article alone: «第四十四条»."""
        return str(self.law(conduct_end).raw[self.violations[violation].norm])

    def is_offence(self, violation: str) -> bool:
        """Whether it is an offence of a survey subject, which alone is penalised; False for
        interference."""
        return (
            violation in self.violations
            and self.violations[violation].norm not in self.interference
        )

    def duty(self, violation: str, conduct_end: date) -> Duty:
        """The duty broken, under the law of that day: to report truthfully (§7 of 2009, §8 of
        2024), to keep ledgers (§21, §24), not to hinder an inspection (§36, §39)."""
        law = self.law(conduct_end)
        found = law.raw["duty"][self.violations[violation].duty]
        return Duty(f"{law.name}{found['article']}", found["text"])

    def ceiling(
        self,
        kind: SubjectKind,
        violation: str,
        conduct_end: date,
        serious: bool = False,
        census: bool = False,
    ) -> Money | None:
        """The highest fine, or None where the law knows none (state organs; persons in a census).

        ``census``: the lower of 统计法 and 经普条例 §36, until the legal reviewer decides
        otherwise.
        """
        norm = self.violations[violation].norm
        own = self._tiers(self.law(conduct_end).raw["fines"], norm, kind, serious)
        if own is None or not census:
            return own
        other = self._tiers(self._raw["census"], norm, kind, serious)
        return own if other is None else min(own, other, key=lambda m: m.fen)

    @staticmethod
    def _tiers(
        table: Mapping[str, Any], norm: str, kind: SubjectKind, serious: bool
    ) -> Money | None:
        tiers = table.get(norm, {}).get(kind.value)
        return Money.of_yuan(tiers[-1] if serious else tiers[0]) if tiers else None

    def census_conflict(self, violation: str, conduct_end: date, census: bool) -> bool:
        """Whether 统计法 2024 and 经普条例 give different amounts, so that the legal reviewer must
        decide."""
        return (
            census and conduct_end >= self.changed_on and self.violations[violation].norm == "main"
        )

    def may_circulate(self, violation: str, conduct_end: date) -> bool:
        """Whether 通报 is allowed: for late filing only under the 2024 law."""
        v, law = self.violations[violation], self.law(conduct_end)
        return v.norm == "main" or (
            v.norm in ("late", "records") and bool(law.raw["circulate_late"])
        )

    def reaches(self, kind: SubjectKind, violation: str) -> bool:
        """Whether the law threatens that kind of party with a penalty for it: a sole trader without
        ledgers, and a person in a census, are not threatened with any."""
        norm = self.violations[violation].norm
        nobody = norm == "person" or norm in self.interference
        return (
            kind is not SubjectKind.PERSON
            and not nobody
            and not (norm == "records" and kind is SubjectKind.SOLE_TRADER)
        )

    def basis(
        self,
        kind: SubjectKind,
        row: Mapping[str, Any],
        asked: Mapping[str, Any],
        census_regulation: bool = False,
    ) -> str:
        """What a penalty rests on (处罚法 §59): the item, the paragraph of the fine, the ground of
        the upper tier, and the census regulation where its amounts were applied. ``asked``: the
        kinds, and the ground, of the penalty."""
        code, end = row["code"], date.fromisoformat(row["conduct_end"])
        v, law = self.violations[code], self.law(end)
        fined, ground = "fine" in (asked.get("kinds") or []), str(asked.get("serious_ground") or "")
        cited = [f"{law.name}{law.raw[v.norm]}{'、'.join(self._items(kind, v, fined))}"]
        if fined and ground and code in self.serious[ground]["of"]:
            cited.append(f"{self._raw['serious_in']['name']}{self.serious[ground]['item']}")
        if fined and census_regulation and self.census_conflict(code, end, bool(row.get("census"))):
            cited.append(str(self._raw["census"]["name"]))
        return "、".join(cited)

    def _items(self, kind: SubjectKind, v: Violation, fined: bool) -> list[str]:
        """The item of the violation, and the paragraph of sole traders or of the fine; a sole
        trader that is late is named by the paragraph alone."""
        paragraph = self._raw["paragraph"]
        if kind is SubjectKind.SOLE_TRADER:
            return [*([] if v.norm == "late" else [v.item]), paragraph["sole_trader"]]
        return [v.item, paragraph["fine"]] if fined else [v.item]

    def ceiling_of(
        self, kind: SubjectKind, rows: Iterable[Mapping[str, Any]], ground: str = ""
    ) -> Money | None:
        """The highest fine for several violations together: one act breaching several norms pays
        the higher (§29). A ground of 条例 §50 opens the upper tier for the violations it speaks of,
        and no other."""
        serious = self.serious[ground]["of"] if ground else ()
        found = [
            self.ceiling(
                kind,
                r["code"],
                date.fromisoformat(r["conduct_end"]),
                r["code"] in serious,
                bool(r.get("census")),
            )
            for r in rows
            if r.get("code") in self.violations and r.get("conduct_end")
        ]
        sums = [m for m in found if m is not None]
        return max(sums, key=lambda m: m.fen) if sums else None


@cache
def penalties() -> Penalties:
    """The tables this release ships."""
    return Penalties(tomllib.loads(FILE.read_text("utf-8")))


def time_bar_on(conduct_end: date) -> date:
    """The last day on which the act may still be discovered (处罚法 §36)."""
    return add_months(conduct_end, TIME_BAR_MONTHS)


def time_barred(conduct_end: date, found_on: date) -> bool:
    """Discovered too late to be punished. «Discovered» = the day the tip came in (a reading of
    ours)."""
    return found_on > time_bar_on(conduct_end)
