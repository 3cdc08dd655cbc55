"""Official numbers «丰统罚告〔2026〕12号»: per bureau, series and year, without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, insert, select, update
from sqlalchemy.orm import Session

from casework.papers.models import Series
from casework.store import hold_bureau, table

_table = table(Series)  # plain statements, built once: every act that takes a number runs them
_KEY = (
    _table.c.bureau_id == bindparam("bureau"),
    _table.c.name == bindparam("series"),
    _table.c.year == bindparam("of_year"),
)
_LAST = select(_table.c.last).where(*_KEY)
_ROOM = 0x6E756D  # ours among advisory locks
_TAKE = (
    update(_table).where(*_KEY, _table.c.last == bindparam("before")).values(last=bindparam("no"))
)


@dataclass(frozen=True)
class SeriesNumber:
    """A number of a series: the next one, or one that was taken."""

    series: str
    year: int
    no: int
    prefix: str

    @property
    def text(self) -> str:
        """The number as printed: 丰统罚告〔2026〕12号."""
        return f"{self.prefix}{self.series}〔{self.year}〕{self.no}号"


class NumbersMoved(Exception):
    """Another transaction took the number in between; nothing was written."""


def hold(session: Session, bureau_id: int) -> None:
    """Keep others from taking a number of the bureau until the transaction ends: on PostgreSQL two
    who peek at once would both see the same; on SQLite writers wait anyway. To be called before any
    docket is locked, so that nobody waits in a circle."""
    hold_bureau(session, _ROOM, bureau_id)


def peek(
    session: Session, bureau_id: int, prefix: str, series: str, year: int, ahead: int = 0
) -> SeriesNumber:
    """The number that comes next in a series of that year, without taking it. ``ahead``: how many
    more of the series the same act takes before it."""
    last = session.connection().scalar(_LAST, _key(bureau_id, series, year))
    return SeriesNumber(series, year, (last or 0) + 1 + ahead, prefix)


def take_number(session: Session, bureau_id: int, number: SeriesNumber) -> None:
    """Take exactly this number. Error: NumbersMoved when it is not the next any more."""
    connection, key = session.connection(), _key(bureau_id, number.series, number.year)
    if number.no == 1 and connection.scalar(_LAST, key) is None:
        connection.execute(
            insert(_table).values(bureau_id=bureau_id, name=number.series, year=number.year, last=1)
        )
        return
    moved = connection.execute(_TAKE, {**key, "before": number.no - 1, "no": number.no})
    if cast(CursorResult[Any], moved).rowcount != 1:
        raise NumbersMoved(number.text)


def _key(bureau_id: int, series: str, year: int) -> dict[str, Any]:
    return {"bureau": bureau_id, "series": series, "of_year": year}
