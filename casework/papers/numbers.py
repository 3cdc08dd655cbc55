"""Official numbers «丰统罚告〔2026〕12号»: per bureau, series and year, without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from casework.papers.models import Series


@dataclass(frozen=True)
class Number:
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


def peek(session: Session, bureau_id: int, prefix: str, series: str, year: int, ahead: int = 0) -> Number:
    """The number that comes next (``ahead`` more when one act takes several of a series)."""
    last = session.scalar(select(Series.last).where(Series.bureau_id == bureau_id, Series.name == series, Series.year == year))
    return Number(series, year, (last or 0) + 1 + ahead, prefix)


def take(session: Session, bureau_id: int, number: Number) -> None:
    """Take exactly this number; NumbersMoved when it is not the next any more."""
    key = (Series.bureau_id == bureau_id, Series.name == number.series, Series.year == number.year)
    if number.no == 1 and session.scalar(select(Series.last).where(*key)) is None:
        session.add(Series(bureau_id=bureau_id, name=number.series, year=number.year, last=1))
        session.flush()
        return
    moved = session.execute(update(Series).where(*key, Series.last == number.no - 1).values(last=number.no))
    if cast(CursorResult[Any], moved).rowcount != 1:
        raise NumbersMoved(number.text)
