"""Which law applies, what it allows at most, and how an article is cited (统计法 2009 §§37–44, 2024
§§40–47)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import field
from msgspec.structs import replace

from casework.procedure.terms import Money, SubjectKind
from casework.toml_file import Row, read_toml, with_ids

FILE = Path(__file__).with_name("penalties.toml")


class Reworded(Row, frozen=True):
    """Item and words of an older law, where they differ; "" where they do not."""

    item: str = ""
    zh: str = ""


class Violation(Row, frozen=True):
    """An item of the law. ``norm``: main (§44), late or records (both §45), person (§47); leaders
    (§40), bodies (§41) and data (§42) are no offences of a survey subject
    (:mod:`casework.procedure.interference`). ``since``: the law that first knew it."""

    zh: str
    en: str
    norm: str
    item: str
    in_2009: Reworded = Reworded()
    since: str = "2009"
    duty: str = "supply"  # the duty it breaks: supply · records · inspect
    id: str = ""

    def under(self, law: str) -> Violation:
        """The same in the words of «2009» or «2024»."""
        old = self.in_2009 if law == "2009" else Reworded()
        return replace(self, item=old.item or self.item, zh=old.zh or self.zh)


class Duty(Row, frozen=True):
    """A duty as it is cited, and its text in full."""

    article: str
    text: str


# sums in yuan by norm and kind of party; the last of two is the upper tier
Fines = dict[str, dict[str, tuple[int, ...]]]


class Law(Row, frozen=True):
    """One version of the Statistics Law: ``name`` as cited, articles by norm."""

    name: str
    articles: dict[str, str]
    circulate_late: bool
    duty: dict[str, Duty]
    fines: Fines
    id: str = ""


class Census(Row, frozen=True):
    """The census regulation."""

    name: str
    fines: Fines


class Paragraph(Row, frozen=True):
    """The paragraph by which a unit is fined, and a sole trader."""

    fine: str
    sole_trader: str


class Cited(Row, frozen=True):
    """A regulation and its article."""

    name: str


class Serious(Row, frozen=True):
    """A ground of the upper tier, and the violations that it speaks of."""

    zh: str
    en: str
    item: str
    of: frozenset[str]


class Dishonesty(Row, frozen=True):
    """Violations of which a decision must have found one (none: any), and whether as serious."""

    of: frozenset[str]
    serious: bool


class Staff(Row, frozen=True):
    """The paragraph for staff: items that reach them, and what it gives."""

    item: str
    of: frozenset[str]
    gives: tuple[str, ...]


class Norm(Row, frozen=True):
    """An article of interference: whom it reaches, and what it gives."""

    zh: str
    en: str
    who: frozenset[str]
    gives: tuple[str, ...]
    township: str = ""
    staff: Staff | None = None


class Interference(Row, frozen=True):
    """Articles; what each gives in the words of each law; grounds by what a tip says."""

    norm: dict[str, Norm]
    says: dict[str, dict[str, str]]
    tip: dict[str, dict[str, str]]


class Penalties(Row, frozen=True):
    """The tables of ``penalties.toml``."""

    changed_on: date
    laws: dict[str, Law] = field(name="law")
    census: Census
    paragraph: Paragraph
    violations: dict[str, Violation] = field(name="violation")
    interference: Interference
    serious_in: Cited
    serious: dict[str, Serious]
    dishonesty: dict[str, Dishonesty]

    def law(self, conduct_end: date) -> Law:
        """The version for conduct that ended on that day (从旧兼从轻: the 2024 fines are heavier,
        处罚法 §37)."""
        key = "2009" if conduct_end < self.changed_on else "2024"
        return self.laws[key]

    def article(self, violation: str, conduct_end: date) -> str:
        """«《中华人民共和国统计法》（2024年修正）第四十四条第一款第二项»."""
        law = self.law(conduct_end)
        v = self.violations[violation].under(law.id)
        return f"{law.name}{law.articles[v.norm]}{v.item}"

    def number(self, violation: str, conduct_end: date) -> str:
        """The article alone: «第四十四条»."""
        return self.law(conduct_end).articles[self.violations[violation].norm]

    def is_offence(self, violation: str) -> bool:
        """Whether it is an offence of a survey subject, which alone is penalised; False for
        interference."""
        return (
            violation in self.violations
            and self.violations[violation].norm not in self.interference.norm
        )

    def duty(self, violation: str, conduct_end: date) -> Duty:
        """The duty broken, under the law of that day: to report truthfully (§7 of 2009, §8 of
        2024), to keep ledgers (§21, §24), not to hinder an inspection (§36, §39)."""
        law = self.law(conduct_end)
        found = law.duty[self.violations[violation].duty]
        return Duty(f"{law.name}{found.article}", found.text)

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
        own = self._tiers(self.law(conduct_end).fines, norm, kind, serious)
        if own is None or not census:
            return own
        other = self._tiers(self.census.fines, norm, kind, serious)
        return own if other is None else min(own, other, key=lambda m: m.fen)

    @staticmethod
    def _tiers(table: Fines, norm: str, kind: SubjectKind, serious: bool) -> Money | None:
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
        return v.norm == "main" or (v.norm in ("late", "records") and law.circulate_late)

    def reaches(self, kind: SubjectKind, violation: str) -> bool:
        """Whether the law threatens that kind of party with a penalty for it: a sole trader without
        ledgers, and a person in a census, are not threatened with any."""
        norm = self.violations[violation].norm
        nobody = norm == "person" or norm in self.interference.norm
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
        cited = [f"{law.name}{law.articles[v.norm]}{'、'.join(self._items(kind, v, fined))}"]
        if fined and ground and code in self.serious[ground].of:
            cited.append(f"{self.serious_in.name}{self.serious[ground].item}")
        if fined and census_regulation and self.census_conflict(code, end, bool(row.get("census"))):
            cited.append(self.census.name)
        return "、".join(cited)

    def _items(self, kind: SubjectKind, v: Violation, fined: bool) -> list[str]:
        """The item of the violation, and the paragraph of sole traders or of the fine; a sole
        trader that is late is named by the paragraph alone."""
        if kind is SubjectKind.SOLE_TRADER:
            return [*([] if v.norm == "late" else [v.item]), self.paragraph.sole_trader]
        return [v.item, self.paragraph.fine] if fined else [v.item]

    def ceiling_of(
        self, kind: SubjectKind, rows: Iterable[Mapping[str, Any]], ground: str = ""
    ) -> Money | None:
        """The highest fine for several violations together: one act breaching several norms pays
        the higher (§29). A ground of 条例 §50 opens the upper tier for the violations it speaks of,
        and no other."""
        serious = self.serious[ground].of if ground else frozenset()
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
    found = read_toml(FILE, Penalties)
    return replace(found, laws=with_ids(found.laws), violations=with_ids(found.violations))
