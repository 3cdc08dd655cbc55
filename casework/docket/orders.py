"""Orders of lists of dockets, and the keys by which a list goes on after a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, String, literal, tuple_

from casework.docket.models import Docket
from casework.store import UtcDateTime
from casework.web.numbers import number_of

# types of columns → how the text of a key becomes a value of them
_READ: Mapping[type, Callable[[str], Any]] = {
    Date: date.fromisoformat,
    UtcDateTime: datetime.fromisoformat,
    String: str,
}


@dataclass(frozen=True, eq=False)
class Sort:
    """An order of lists: by columns, and by the dockets' ids where these are the same. The database
    has an index for each. All of them rise, or all of them fall; ``turns``: whether people may turn
    it round."""

    columns: tuple[Any, ...]
    falls: bool = False
    turns: bool = True

    @property
    def turned(self) -> Sort:
        """The other way round."""
        return replace(self, falls=not self.falls)

    def order(self) -> list[Any]:
        """What a statement is ordered by."""
        return [c.desc() if self.falls else c for c in (*self.columns, Docket.id)]

    def after(self, key: str) -> ColumnElement[bool]:
        """The condition on rows behind a key; ValueError for one that is not of ours."""
        parts = key.rsplit("_", len(self.columns))
        if len(parts) <= len(self.columns):
            raise ValueError("no key of ours")
        *texts, number = parts
        reads = [next(r for t, r in _READ.items() if isinstance(c.type, t)) for c in self.columns]
        values = [read(text) for read, text in zip(reads, texts, strict=True)]
        at = tuple_(
            *(literal(v, c.type) for v, c in zip(values, self.columns, strict=True)),
            literal(number_of(number), Docket.id.type),
        )
        here = tuple_(*self.columns, Docket.id)
        return here < at if self.falls else here > at

    def key(self, row: Row[Any]) -> str:
        """The key of a row."""
        values = (getattr(row, c.key) for c in self.columns)
        return "_".join(
            [*(v if isinstance(v, str) else v.isoformat() for v in values), str(row.id)]
        )


SORTS = {
    "updated": Sort((Docket.updated_at,), falls=True),
    "due": Sort((Docket.next_due,), turns=False),  # else «none» came first
    "number": Sort((Docket.sorted_number,), falls=True),
    "title": Sort((Docket.title,)),
    "stage": Sort((Docket.stage, Docket.updated_at), falls=True),
}


def sort_of(name: str) -> Sort:
    """The order of that name, turned round after «-». KeyError for an unknown one, and for one that
    nobody may turn."""
    if not name.startswith("-"):
        return SORTS[name]
    sort = SORTS[name[1:]]
    if not sort.turns:
        raise KeyError(name)
    return sort.turned
