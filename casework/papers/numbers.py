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
    """A number that comes next, or was taken."""

    series: str
    year: int
    no: int
    prefix: str

    @property
    def text(self) -> str:
        """As printed."""
        return f"{self.prefix}{self.series}〔{self.year}〕{self.no}号"


class NumbersMoved(Exception):
    """Somebody took the number in between; nothing was written."""


def hold(session: Session, bureau_id: int) -> None:
    """Until the transaction ends nobody else takes a number of this bureau: on PostgreSQL two who
    peek at once would both see the same. Asked for before any docket is locked, so that nobody
    waits in a circle. On SQLite writers wait anyway."""
    hold_bureau(session, _ROOM, bureau_id)


def peek(
    session: Session, bureau_id: int, prefix: str, series: str, year: int, ahead: int = 0
) -> SeriesNumber:
    """The number that comes next (``ahead`` more when one act takes several of a series)."""
    last = session.connection().scalar(_LAST, _key(bureau_id, series, year))
    return SeriesNumber(series, year, (last or 0) + 1 + ahead, prefix)


def take_number(session: Session, bureau_id: int, number: SeriesNumber) -> None:
    """Take exactly this number; NumbersMoved when it is not the next any more."""
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
