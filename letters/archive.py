"""Lists of the archive room: files handed over, files destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from letters.base import NEVER_PRINTED, Letter
from letters.format import Lists, Values, flatten, numbered


@dataclass(frozen=True, kw_only=True)
class _Listing(Letter):
    """A numbered list of files; each entry is a row of words."""

    entries: tuple[Mapping[str, str], ...]

    def placeholders(self) -> tuple[Values, Lists]:
        """Entries as a list, numbered from one, and how many there are."""
        values, lists = flatten(self, NEVER_PRINTED | {"entries"})
        entries = numbered(self.entries)
        return {**values, "entries_count": str(len(entries))}, {**lists, "entries": entries}


@dataclass(frozen=True, kw_only=True)
class DestructionList(_Listing):
    """档案销毁清册: numbers alone. ``entries``: entry_number, entry_kind, year, term, due,
    remark."""

    kind = "destruction_list"

    report: str
    proposer: str
    proposed: str
    confirmer: str = ""
    confirmed: str = ""


@dataclass(frozen=True, kw_only=True)
class DestructionCertificate(DestructionList):
    """档案销毁证明, once nothing is left. ``left``: how many stay after all, as text; empty for
    none."""

    kind = "destruction_certificate"
    needs: ClassVar[tuple[str, ...]] = ("confirmer", "confirmed")

    done: str
    destroyed: str
    left: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoverList(_Listing):
    """档案移交清单. ``entries``: archive_number, entry_number, title, day, term, documents, pages,
    remark."""

    kind = "handover_list"

    body: str
    giver: str
    taker: str = ""
    taken: str = ""
