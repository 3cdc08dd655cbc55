"""Dockets and papers by a number or code that somebody typed, in any way of writing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select

from casework.desk.context import my_scope, today
from casework.docket.lists import BASE, bears
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.papers.models import Paper
from casework.people.may import Scope
from casework.procedure.load import procedure
from casework.procedure.written_numbers import WrittenNumber, written_code, written_number
from casework.store import db
from casework.text import folded_number

MOST = 50  # found by one number
YEARS = 10  # that a number without a year can be of
_SEEN_BY_NUMBER = {"id", "kind", "code", "number", "stage", "next_due"}


@cache
def _series() -> frozenset[str]:
    """Every series that a docket or a paper takes its number from."""
    p = procedure()
    found = {*(s.numbers for s in p.steps.values()), *(r.series for r in p.papers.values())}
    return frozenset(found - {""})


def as_number(query: str) -> WrittenNumber | None:
    """The official number of this bureau that was typed, or None."""
    return written_number(query, g.bureau.prefix, _series())


def _years(number: WrittenNumber) -> tuple[int, ...]:
    last = today().year
    return (number.year,) if number.year else tuple(range(last, last - YEARS, -1))


def _texts(number: WrittenNumber) -> list[str]:
    """The number as it may be printed on a docket."""
    return [
        f"{g.bureau.prefix}{series}〔{year}〕{number.place}号"
        for series in number.series
        for year in _years(number)
    ]


def _dockets_named(query: str) -> ColumnElement[bool]:
    """A condition on ``Docket``: it has this number or code. A code is known by its letter alone,
    so that no visible number ever means the hidden code of another docket."""
    number, code = as_number(query), written_code(query)
    names = [query, *(_texts(number) if number else ())]
    return bears(g.bureau.id, names, code)


def _papers_named(query: str) -> ColumnElement[bool]:
    """A condition on ``Paper``: it has this number, or this code of verification."""
    number, code = as_number(query), folded_number(query)
    found: list[ColumnElement[bool]] = [Paper.short_code == code] if code else []
    if number:
        found.append(
            and_(
                Paper.bureau_id == g.bureau.id,
                Paper.series.in_(number.series),
                Paper.year.in_(_years(number)),
                Paper.no == number.place,
            )
        )
    return or_(false(), *found)


def dockets_numbered(query: str) -> Sequence[Any]:
    """Rows of ``docket.lists.BASE`` of the dockets that have the number or code; one statement. Of
    what the person sees by number alone the other columns are empty."""
    scope = my_scope()
    found = select(*(_as_seen(scope, column) for column in BASE)).where(
        Docket.bureau_id == scope.bureau_id,
        _dockets_named(query),
        visible_to(scope, by_number=True),
    )
    return db.session().connection().execute(found.order_by(Docket.id.desc()).limit(MOST)).all()


def _as_seen(scope: Scope, column: Any) -> Any:
    if column.key in _SEEN_BY_NUMBER or column.key == "updated_at":
        return column
    return case((visible_to(scope), column), else_="").label(column.key)


def papers_numbered(query: str) -> Sequence[Any]:
    """Rows of ``docket.lists.BASE`` with ``paper``, ``paper_kind`` and ``paper_number`` of the
    papers that have the number or code of verification; one statement."""
    wanted = (
        Paper.id.label("paper"),
        Paper.kind.label("paper_kind"),
        Paper.number.label("paper_number"),
    )
    found = (
        select(*BASE, *wanted)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(_papers_named(query), visible_to(my_scope()))
    )
    return db.session().connection().execute(found.order_by(Paper.id.desc()).limit(MOST)).all()


def is_named(query: str) -> bool:
    """Whether what was typed is a number of this bureau or the code of a docket."""
    return bool(as_number(query) or written_code(query))


def _ids_named(query: str) -> Select[Any]:
    return select(Docket.id).where(Docket.bureau_id == g.bureau.id, _dockets_named(query))


def has_number(query: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that a docket, or a paper of it, has the number or code that was typed; none
    for any other words."""
    if not is_named(query):
        return ()
    of_papers = select(Paper.docket_id).where(_papers_named(query))
    return (Docket.id.in_(_ids_named(query).union(of_papers)),)


def of_paper_or_docket(query: str) -> ColumnElement[bool]:
    """The condition on ``Paper`` that it, or its docket, has the number or code that was typed."""
    own = select(Paper.id).where(_papers_named(query))
    of_docket = select(Paper.id).where(Paper.docket_id.in_(_ids_named(query)))
    return Paper.id.in_(own.union(of_docket))
