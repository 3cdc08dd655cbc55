"""Whether two tips may be about the same matter: unit, period, text. Pure arithmetic; people
decide.

The figures of recall and precision in ``docs/duplicates.md`` are those of this module on the tips
of ``tests/intake``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from casework.procedure.codes import CodeState, unit_code
from casework.text import folded_name

TEXT_WITH_UNIT = 0.05  # share of common character pairs that is enough when unit and period agree
TEXT_ALONE = 0.5  # … when the unit is called something else: the same text sent twice
NAME_ALIKE = 0.75

_PLACE = re.compile(
    r"^(?:重庆市?|丰都县?|[\u4e00-\u9fff]{2}(?:省|市|县|区)(?=[\u4e00-\u9fff]{3}))+"
)
_FORM = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|集团|总公司|分公司|公司|人民政"
    r"府|政府|办事处|经营部|营业部|门市部|合作社|厂)+$"
)
_YEAR = r"(20\d\d)\s*[年.\-/]?"
_SPANS = (  # first that is found; groups: year, then what ``_months`` makes of the rest
    (re.compile(_YEAR + r"\s*(\d{1,2})\s*月?\s*[-—~至到]\s*(\d{1,2})\s*月"), "range"),
    (re.compile(_YEAR + r"\s*第?([1-4])季"), "quarter"),
    (re.compile(_YEAR + r"\s*([上下])半年"), "half"),
    (re.compile(_YEAR + r"\s*(1[0-2]|0?[1-9])(?!\d)"), "month"),
    (re.compile(r"(20\d\d)"), "year"),
)
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class Told:
    """What of a tip is compared."""

    subject: str
    credit_code: str = ""
    period: str = ""
    narrative: str = ""


@dataclass(frozen=True)
class Likeness:
    """unit: code · name · alike · "" (another); period: same · touches · unknown · other; text:
    0–1."""

    unit: str
    period: str
    text: float

    @property
    def likely(self) -> bool:
        """Worth a look by the clerk."""
        if self.unit and self.period != "other":
            return self.text >= TEXT_WITH_UNIT
        return self.text >= TEXT_ALONE


def compare(a: Told, b: Told) -> Likeness:
    """How alike two tips are."""
    first, second = (span(t.period) or span(t.narrative) for t in (a, b))
    names = {core(a.subject), core(b.subject)}
    return Likeness(
        _unit(a, b), _period(first, second), text_likeness(_without(a, names), _without(b, names))
    )


def _unit(a: Told, b: Told) -> str:
    codes = unit_code(a.credit_code), unit_code(b.credit_code)
    if codes[0].text and codes[0].text == codes[1].text:
        return "code"
    if all(c.state is CodeState.GOOD for c in codes):
        # two units for certain; a code with a slip in it says nothing, and the names decide
        return ""
    return _name(core(a.subject), core(b.subject))


def _name(one: str, other: str) -> str:
    """How alike the names of two units are, less what many bear."""
    if one and one == other:
        return "name"
    short, long = sorted((one, other), key=len)
    alike = len(short) >= 2 and short in long and len(short) * 3 >= len(long)
    return "alike" if alike or pair_share(one, other) >= NAME_ALIKE else ""


def _period(a: tuple[int, int] | None, b: tuple[int, int] | None) -> str:
    if a is None or b is None:
        return "unknown"
    if a == b:
        return "same"
    return "touches" if a[0] <= b[1] and b[0] <= a[1] else "other"


# -- names
def core(name: str) -> str:
    """A unit's name without place, legal form, brackets and spaces: what people call it."""
    clear = re.sub(r"\(.*?\)|[·,，。]", "", folded_name(name))
    bare = _FORM.sub("", _PLACE.sub("", clear))
    return bare or clear


# -- periods
def span(text: str) -> tuple[int, int] | None:
    """First and last month (year × 12 + month) of the first period a text names; None without a
    year."""
    clear = _plain(text)
    for pattern, kind in _SPANS:
        found = pattern.search(clear)
        if found:
            first, last = _months(kind, *found.groups()[1:])
            year = int(found[1]) * 12
            return (year + first, year + last) if 1 <= first <= last <= 12 else None
    return None


def _plain(text: str) -> str:
    """Arabic figures throughout: 十二月 → 12月, 二〇二五年 → 2025年, 一季度 → 1季度."""
    clear = unicodedata.normalize("NFKC", text)
    clear = re.sub(r"十([一二])(?=月)", r"1\1", clear)
    return re.sub(r"十(?=月)", "10", clear).translate(_DIGITS)


def _months(kind: str, a: str = "1", b: str = "12") -> tuple[int, int]:
    if kind == "quarter":
        return int(a) * 3 - 2, int(a) * 3
    if kind == "half":
        return (1, 6) if a == "上" else (7, 12)
    return (int(a), int(a)) if kind == "month" else (int(a), int(b))


# -- texts
def text_likeness(a: str, b: str) -> float:
    """The larger share of common pairs, seen from the shorter text: a short call repeats a part of
    a long letter."""
    one, other = pairs(a), pairs(b)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def pair_share(a: str, b: str) -> float:
    """Common pairs of neighbours, twice over all (Dice)."""
    one, other = pairs(a), pairs(b)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def pairs(text: str) -> frozenset[str]:
    """Overlapping character pairs within runs of letters and figures."""
    runs = re.findall(r"[\w&]+", _plain(text).casefold())
    return frozenset(r[i : i + 2] for r in runs for i in range(len(r) - 1))


def _without(t: Told, names: set[str]) -> str:
    """The narrative without the units' names and without years: those agree for other reasons."""
    text = t.narrative.casefold()
    for name in names | {t.subject.casefold()}:
        text = text.replace(name, " ") if name else text
    return re.sub(r"20\d\d年?", " ", text)
