"""Papers without a class of their own: a letter driven by its wording file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from casework.procedure.terms import Money
from letters import words
from letters.base import NEVER_PRINTED, Letter, MissingField, WrongOrder
from letters.format import Lists, Values, flatten, numbered, printed_date, sum_words


@dataclass(frozen=True, kw_only=True)
class Notice(Letter):
    """A paper whose whole content is its wording file; `values` fill the placeholders.

    `lists` fill its tables and @each sections; `dates` and `sums` are typed values: a date is
    printed in words and stands in the `sequence` of its kind, a sum gives ``fine``,
    ``fine_figures`` and ``fine_capitals``, so that these cannot differ. A placeholder that is
    conditional in the wording may be left out, one `by_hand` is left to the pen; any other must
    have a value: `MissingField("<name>")`. One that nobody fills is a `WordingError`.
    """

    # names of dates: the first may not lie after the second
    sequence: ClassVar[tuple[tuple[str, str], ...]] = ()

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    sums: Mapping[str, Money] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()

    def placeholders(self) -> tuple[Values, Lists]:
        """The common fields, then `values` under their own names, empty where the wording allows
        it."""
        values, lists = flatten(self, NEVER_PRINTED | OWN)
        wording = self.load_wording()
        left_out = dict.fromkeys((*_optional(wording), "blank"), "")
        values = {**left_out, **values, **self.values}
        values |= {name: printed_date(day) for name, day in self.dates.items()}
        for name, sum_ in self.sums.items():
            values |= sum_words(name, sum_)
        lists |= {name: [] for name in _list_names(wording)}
        for name, items in self.lists.items():
            lists[name] = numbered({"blank": "", **item} for item in items)
            values[name] = "1" if items else ""
        return values, lists

    def _check_fields(self, draft: bool) -> None:
        super()._check_fields(draft)
        given = {**self.placeholders()[0]}
        for section, line in self.load_wording().lines():
            if section.partition(" ")[2] or section == "foot" or not line.holds(given):
                continue
            for name in words.PLACEHOLDER.findall(line.text):
                if name in self.values and name not in self.by_hand:
                    _demand(given, name)

    def _check_order(self) -> None:
        super()._check_order()
        days = {**self.dates, "on": self.on}
        for earlier, later in self.sequence:
            if earlier in days and later in days and days[earlier] > days[later]:
                raise WrongOrder(earlier, later)


OWN = frozenset({"values", "lists", "dates", "sums", "by_hand"})


def _demand(given: Values, name: str) -> None:
    if not given.get(name, "").strip():
        raise MissingField(name)


def _optional(wording: words.Wording) -> set[str]:
    """Names that stand in a condition: whoever leaves them out leaves out the line."""
    return {name for _, line in wording.lines() for name, _ in line.conditions}


def _list_names(wording: words.Wording) -> set[str]:
    return {name.partition(" ")[2] for name in wording.sections if " " in name}


def notice_kind(name: str, sequence: tuple[tuple[str, str], ...] = ()) -> type[Notice]:
    """A kind of notice from its wording file ``wording/<name>.txt``; `sequence` orders its
    dates."""
    doc = f"{words.wording_of(name).title} — {words.wording_of(name).head('basis')}."
    members: dict[str, object] = {
        "kind": name,
        "sequence": sequence,
        "__doc__": doc,
        "__module__": __name__,
    }
    return type(name.title().replace("_", ""), (Notice,), members)
