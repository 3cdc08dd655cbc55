"""Four numbers of a period beside those of a year before, and their course by month: tips, cases,
penalty decisions, fines. Each number is that of the list to which it links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import distinct, func, select

from casework.desk.context import me, my_scope, today
from casework.docket.lists import Filter, narrowed
from casework.docket.models import Docket, Fine
from casework.docket.visible import visible_to
from casework.papers.models import Paper
from casework.procedure.kinds import DocketKind, kinds
from casework.store import db
from casework.web.filters import yuan
from casework.web.language import current

MONTHS = 12
DECISION = "decision"  # the paper that counts as a decided case
Daily = Mapping[date, int]


@dataclass(frozen=True)
class Course:
    """One of the four. ``months``: of the year in which the period ends; ``before``: of the year
    before; those that are still to come are None."""

    name: str
    number: int
    a_year_ago: int
    url: str
    months: Sequence[int | None]
    before: Sequence[int]
    money: bool = False  # whole fen

    @property
    def most(self) -> int:
        """The highest month of both years: the height of the picture."""
        return max([*self.before, *(n for n in self.months if n is not None)], default=0)

    def said(self, number: int) -> str:
        """A number as it is read."""
        return yuan(number) if self.money else f"{number:,}"

    def plain(self, month: int) -> tuple[int, int]:
        """A month and the same a year before, as a file has them: money in yuan; 0 for one that is
        still to come."""
        found = self.months[month] or 0, self.before[month]
        return (found[0] // 100, found[1] // 100) if self.money else found

    def line(self, numbers: Sequence[int | None], width: int, height: int) -> str:
        """Points of a line through the months, for ``<polyline>``."""
        step, most = width / (MONTHS - 1), self.most or 1
        return " ".join(
            f"{i * step:.1f},{height - height * n / most:.1f}"
            for i, n in enumerate(numbers)
            if n is not None
        )


def courses(since: date, until: date) -> list[Course]:
    """The four of a period, one statement each."""
    first = min(date(until.year - 1, 1, 1), _a_year_before(since))
    last = max(date(until.year, 12, 31), until)
    listed = [(kind, _opened(kind, first, last)) for kind in kinds().values()]
    found = [
        _course(kind.many.in_language(current()), daily, since, until, _list(kind, since, until))
        for kind, daily in listed
    ]
    decided, money = _decided(first, last), _levied(first, last)
    cases = next(kind for kind in kinds().values() if kind.respondent)
    made: dict[str, Any] = {
        "made_from": since.isoformat(),
        "made_until": until.isoformat(),
        "paper": DECISION,
    }
    url = url_for("desk.listing", which=cases.list, **made)
    found.append(_course(_("Penalty decisions"), decided, since, until, url))
    url = url_for("fines.page", since=since.isoformat(), until=until.isoformat(), of="levied")
    return [*found, _course(_("Fines"), money, since, until, url, money=True)]


def _list(kind: DocketKind, since: date, until: date) -> str:
    opened: dict[str, Any] = {"opened_from": since.isoformat(), "opened_until": until.isoformat()}
    return url_for("desk.listing", which=kind.list, **opened)


def _course(
    name: str, daily: Daily, since: date, until: date, url: str, money: bool = False
) -> Course:
    ago = _a_year_before(since), _a_year_before(until)
    return Course(
        name,
        _sum(daily, since, until),
        _sum(daily, *ago),
        url,
        [n if date(until.year, m, 1) <= today() else None for m, n in _months(daily, until.year)],
        [n for _m, n in _months(daily, until.year - 1)],
        money,
    )


def _sum(daily: Daily, since: date, until: date) -> int:
    return sum(n for day, n in daily.items() if since <= day <= until)


def _months(daily: Daily, year: int) -> list[tuple[int, int]]:
    sums = dict.fromkeys(range(1, MONTHS + 1), 0)
    for day, n in daily.items():
        if day.year == year:
            sums[day.month] += n
    return list(sums.items())


def _a_year_before(day: date) -> date:
    """The same day a year before; the 28th for a 29th of February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return (day - timedelta(1)).replace(year=day.year - 1)


# -- what happened on each day
def _opened(kind: DocketKind, first: date, last: date) -> Daily:
    f = Filter(kind.id, opened_from=first, opened_until=last)
    return _read(
        select(Docket.opened_on, func.count())
        .where(*narrowed(my_scope(), f, today(), whole=True))
        .group_by(Docket.opened_on)
    )


def _decided(first: date, last: date) -> Daily:
    """A case counts once a day, as the list of its papers has it."""
    return _read(
        select(Paper.on, func.count(distinct(Paper.docket_id)))
        .join(Docket, Docket.id == Paper.docket_id)
        .where(visible_to(my_scope()), Docket.bureau_id == me().bureau_id)
        .where(Paper.kind == DECISION, Paper.state != "withdrawn", Paper.on.between(first, last))
        .group_by(Paper.on)
    )


def _levied(first: date, last: date) -> Daily:
    return _read(
        select(Fine.decided, func.sum(Fine.levied))
        .join(Docket, Docket.id == Fine.docket_id)
        .where(visible_to(my_scope()), Fine.bureau_id == me().bureau_id)
        .where(Fine.decided.between(first, last))
        .group_by(Fine.decided)
    )


def _read(statement: Any) -> Daily:
    return {day: int(n) for day, n in db.session.execute(statement)}
