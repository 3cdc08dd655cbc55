"""文书: the list of papers, narrowed by number, name, kind and days, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import ColumnElement, select

from casework.archive.printing import made_by_or_for
from casework.desk.context import me, my_scope
from casework.desk.filters import day, tokens
from casework.desk.numbered import is_named, of_paper_or_docket
from casework.docket.lists import searched_text
from casework.docket.models import Docket, SearchToken
from casework.docket.visible import visible_to
from casework.papers.models import Paper
from casework.procedure.load import procedure
from casework.store import db
from casework.vault.tokens import matches
from casework.web.numbers import number_of

PAGE = 50
LOOK = 200  # rows read in one go for those that bear the words of a search


@dataclass(frozen=True)
class WantedPapers:
    """What the list is narrowed to; empty: every paper that the person may open."""

    query: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False


class PaperRows(NamedTuple):
    """A page of rows, and the key of the next (0: there is none)."""

    rows: Sequence[Any]
    after: int


def wanted_of(args: Mapping[str, str]) -> WantedPapers:
    """What an address narrows the list to; 400 for a day or a kind of paper that there is not."""
    kind = args.get("kind", "")
    if kind and kind not in procedure().papers:
        abort(400)
    return WantedPapers(
        query=args.get("q", "").strip(),
        kind=kind,
        since=day(args, "since"),
        until=day(args, "until"),
        mine=bool(args.get("mine")),
    )


def page_after(args: Mapping[str, str]) -> int:
    """The key of the page that an address asks for; 400 for what is none."""
    try:
        return number_of(args["after"]) if args.get("after") else 0
    except ValueError:
        abort(400)


def papers_page(w: WantedPapers, after: int = 0) -> PaperRows:
    """The newest papers behind a key (0: from the newest), in as many looks as a page needs."""
    named = is_named(w.query)
    found: list[Any] = []
    more, size = True, PAGE + 1
    while more and len(found) <= PAGE:
        rows = _rows(_conditions(w, named), after, size)
        more, size = len(rows) == size, LOOK
        after = rows[-1].id if rows else 0
        found += [r for r in rows if named or not w.query or _bears(r, w.query)]
    return PaperRows(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0)


def _rows(conditions: list[ColumnElement[bool]], after: int, size: int) -> Sequence[Any]:
    wanted = (
        select(
            Paper.id,
            Paper.kind,
            Paper.number,
            Paper.on,
            Paper.state,
            Docket.code,
            Docket.number.label("of_docket"),
            Docket.title,
            Docket.cause,
        )
        .join(Docket, Docket.id == Paper.docket_id)
        .where(visible_to(my_scope()), *conditions)
    )
    if after:
        wanted = wanted.where(Paper.id < after)
    found = wanted.order_by(Paper.id.desc()).limit(size)
    return db.session().connection().execute(found).all()


def _conditions(w: WantedPapers, named: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if named:
        found.append(of_paper_or_docket(w.query))
    elif w.query:
        found += [_bearing(token) for token in tokens(w.query)]
    if w.kind:
        found.append(Paper.kind == w.kind)
    if w.since:
        found.append(Paper.on >= w.since)
    if w.until:
        found.append(Paper.on <= w.until)
    if w.mine:
        found.append(made_by_or_for(me().id))
    return found


def _bearing(token: bytes) -> ColumnElement[bool]:
    return Docket.id.in_(select(SearchToken.docket_id).where(SearchToken.token == token))


def _bears(row: Any, query: str) -> bool:
    """Whether the docket bears the words: tokens alone may say yes in vain."""
    return matches(searched_text(_Searched(row.of_docket, row.title, row.cause)), query)


class _Searched(NamedTuple):
    number: str
    title: str
    cause: str
