"""Lists of dockets: plain rows, keyset pages, one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from casework.docket.models import Assignment, Docket, SearchToken
from casework.docket.orders import sort_of
from casework.docket.visible import visible_to
from casework.people.may import Scope
from casework.procedure.roles import NUMBER
from casework.vault.tokens import matches, stands_for

PAGE = 50
LOOK = 400  # rows looked at in one go for those that bear the words of a search
COMMON = 2000  # dockets that bear a token which is no help any more
SAMPLE = 50  # dockets that bear one token and are asked whether they bear the others
ENOUGH = 3  # of them that do, for a page to be filled along the list before long
BASE = (  # of every row: where it leads, where it stands, what a search reads, keys of pages
    Docket.id,
    Docket.kind,
    Docket.code,
    Docket.number,
    Docket.sorted_number,
    Docket.title,
    Docket.cause,
    Docket.stage,
    Docket.channel,
    Docket.next_due,
    Docket.updated_at,
)


@dataclass(frozen=True, eq=False)
class Shown:
    """What a list shows of each docket beside ``BASE``. One object for each list: statements are
    kept by it."""

    columns: tuple[Any, ...] = ()


NOTHING_MORE = Shown()
_BY_NUMBER = {"id", "kind", "code", "number", "stage", "next_due"}


def _blank(column: Any) -> Any:
    """The column, empty where it is none of those that are seen by number alone."""
    return column if column.key in _BY_NUMBER else literal("").label(column.key)


def sorted_as(scope: Scope, f: Filter) -> Filter:
    """The filter as that person's list is sorted: what is seen by number alone, by deadline."""
    return replace(f, sort="due") if scope.level(f.kind) == NUMBER else f


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Empty = everything the person may see."""

    kind: str
    stage: str = ""
    township: str = ""
    channel: str = ""
    mine: bool = False
    officer: int = 0  # who handles it
    unassigned: bool = False
    due: str = ""  # overdue · today · soon · week
    waits_for: frozenset[str] = frozenset()
    # of a search: values of its statement, not its shape
    tokens: tuple[bytes, ...] = field(default=(), compare=False)
    # what was searched: tokens propose, the last look at a page's rows decides
    words: str = field(default="", compare=False)
    # the words are a short name of whom it is about (``vault.tokens.stands_for``)
    short: bool = field(default=False, compare=False)
    sort: str = "updated"  # see ``orders.sort_of``
    opened_from: date | None = None
    opened_until: date | None = None
    # further conditions on ``Docket``, e.g. those of a statistics number
    also: tuple[ColumnElement[bool], ...] = ()

    @property
    def by_number(self) -> bool:
        """Whether it asks no more of a docket than its number, days, stage and deadline."""
        more = (self.township, self.channel, self.mine, self.officer, self.unassigned)
        return not any((*more, self.waits_for, self.tokens, self.also))


@dataclass(frozen=True)
class Page:
    """One page of rows, and the keys of the pages before and after (None: there is none)."""

    rows: Sequence[Row[Any]]
    after: str | None


def _holding(rows: Sequence[Row[Any]], f: Filter) -> Sequence[Row[Any]]:
    """Those of the rows that hold the words asked for, where any are."""
    return [r for r in rows if _holds(r, f)] if f.words else rows


def dockets_page(
    session: Session,
    scope: Scope,
    f: Filter,
    today: date,
    after: str = "",
    shown: Shown = NOTHING_MORE,
) -> Page:
    """The page that follows the key ``after``; 50 rows with ``BASE`` and what the list shows, by
    name. ValueError for a key that is not of ours, KeyError for an unknown order."""
    connection = session.connection()  # plain: a session looks for objects
    marks, way = _way(connection, f.tokens)
    if way == "nowhere":
        return Page([], None)
    # conditions are no key to find a statement by
    listed = _listed.__wrapped__ if f.also else _listed
    f = sorted_as(scope, f)
    wanted, sort = listed(scope, f, today, len(marks), way, shown), sort_of(f.sort)
    found: list[Row[Any]] = []
    more, size, look = True, PAGE + 1, LOOK
    if way == "meet":  # finding where is dear, reading what was found is cheap
        size = look = COMMON
    # tokens alone may say yes in vain: as many looks as a page needs
    while more and len(found) <= PAGE:
        asked = wanted.where(sort.after(after)) if after else wanted
        rows = connection.execute(asked, {**marks, "size": size}).all()
        more = len(rows) == size
        after, size = sort.key(rows[-1]) if rows else "", look
        found += _holding(rows, f)
    return Page(found[:PAGE], sort.key(found[PAGE - 1]) if len(found) > PAGE else None)


def _way(connection: Connection, tokens: tuple[bytes, ...]) -> tuple[dict[str, bytes], str]:
    """Tokens of a search as values «token0» …, the one that fewest dockets bear first, and from
    where to look for them:

    «nowhere», when one of them is on no docket; from the rarest «token», when few bear it; «along»
    the list, when they stand together; else where all tokens «meet». No statement without a search,
    one or two with it.
    """
    if not tokens:
        return {}, "along"
    named = {f"token{i}": token for i, token in enumerate(tokens)}
    first = sorted(zip(connection.execute(_counted(len(named)), named).one(), tokens, strict=True))
    named = {f"token{i}": token for i, (_times, token) in enumerate(first)}
    if first[0][0] < COMMON:
        return named, "token" if first[0][0] else "nowhere"
    if len(named) == 1 or connection.execute(_together(len(named)), named).scalar_one() >= ENOUGH:
        return named, "along"
    return named, "meet"


@cache
def _counted(tokens: int) -> Any:
    """How many dockets bear each token, counted up to ``COMMON``."""
    some = [_bearers(i).limit(COMMON).subquery() for i in range(tokens)]
    return select(*(select(func.count()).select_from(s).scalar_subquery() for s in some))


@cache
def _together(tokens: int) -> Any:
    """How many of some dockets that bear the first token bear all of them."""
    some = _bearers(0).order_by(SearchToken.docket_id.desc()).limit(SAMPLE).subquery()
    others = (
        _bearers(i).where(SearchToken.docket_id == some.c.docket_id).exists()
        for i in range(1, tokens)
    )
    return select(func.count()).select_from(some).where(*others)


def _bearers(number: int) -> Select[Any]:
    return select(SearchToken.docket_id).where(SearchToken.token == bindparam(f"token{number}"))


def _bearing(tokens: int, way: str) -> list[ColumnElement[bool]]:
    """Conditions on ``Docket``, written so that the database goes the way that was chosen."""
    start = {"token": 1, "along": 0, "meet": tokens}[way]
    from_token = [Docket.id.in_(_bearers(i)) for i in range(start)]
    return [
        *from_token,
        *(
            _bearers(i).where(SearchToken.docket_id == Docket.id).exists()
            for i in range(start, tokens)
        ),
    ]


def _holds(row: Row[Any], f: Filter) -> bool:
    """Whether the row bears the words searched for, in what the index covers: pairs of signs alone
    may say yes in vain."""
    if f.short:
        return stands_for(row.title, f.words)
    return matches(searched_text(row), f.words)


def searched_text(row: Any) -> str:
    """What the index covers of a docket, or of its row in a list. Its code is none of it: that is
    hidden, and looks like the number of another docket."""
    return f"{row.number} {row.title} {row.cause}"


@lru_cache(maxsize=256)
def _listed(scope: Scope, f: Filter, today: date, tokens: int, way: str, shown: Shown) -> Any:
    """The statement of a list's first page; the same person asks for the same few lists all day."""
    columns = (*BASE, *shown.columns)
    if scope.level(f.kind) == NUMBER:
        columns = tuple(map(_blank, columns))
    wanted = select(*columns).where(
        *narrowed(scope, _bare(f), today, whole=bool(tokens)), *_bearing(tokens, way)
    )
    return wanted.order_by(*sort_of(f.sort).order()).limit(bindparam("size"))


def _bare(f: Filter) -> Filter:
    return replace(f, tokens=(), words="", short=False)


def narrowed(
    scope: Scope, f: Filter, today: date, whole: bool = False
) -> list[ColumnElement[bool]]:
    """Conditions on ``Docket``: what the person may see of the filter. Dockets they see by number
    alone are left out when the filter, or the caller (``whole``), asks more than number, days,
    stage and deadline."""
    found = [_seen(scope, f, whole), Docket.kind == f.kind]
    if f.stage:
        found.append(Docket.stage == f.stage)
    if f.township:
        found.append(Docket.township == f.township.removeprefix("-"))  # «-»: none is known
    if f.channel:
        found.append(Docket.channel == f.channel)
    if f.waits_for:
        found.append(Docket.waits_for.in_(f.waits_for))
    found += _in_hands(scope, f)
    if f.due:
        found.append(due_when(f.due, today))
    if f.opened_from:
        found.append(Docket.opened_on >= f.opened_from)
    if f.opened_until:
        found.append(Docket.opened_on <= f.opened_until)
    found += f.also
    found += [
        Docket.id.in_(select(SearchToken.docket_id).where(SearchToken.token == t)) for t in f.tokens
    ]
    return found


def _seen(scope: Scope, f: Filter, whole: bool) -> ColumnElement[bool]:
    return visible_to(scope, by_number=f.by_number and not whole)


def _in_hands(scope: Scope, f: Filter) -> list[ColumnElement[bool]]:
    """Conditions on who handles it: I, a certain officer, nobody."""
    people = [p for p in (f.mine and scope.person_id, f.officer) if p]
    handled = [Docket.id.in_(in_hands_of(p)) for p in people]
    return [*handled, Docket.handlers == ""] if f.unassigned else [*handled]


def in_hands_of(person_id: int) -> Select[Any]:
    """The ids of the dockets that the person handles now."""
    return select(Assignment.docket_id).where(
        Assignment.person_id == person_id, Assignment.until.is_(None)
    )


def due_when(which: str, today: date) -> ColumnElement[bool]:
    """A condition on the next deadline: overdue · today · soon (today and the three days after) ·
    week (seven days)."""
    if which == "overdue":
        return Docket.next_due < today
    if which == "today":
        return Docket.next_due == today
    days = 3 if which == "soon" else 7
    return and_(
        Docket.next_due >= today, Docket.next_due <= date.fromordinal(today.toordinal() + days)
    )


def bears(bureau_id: int, numbers: Sequence[str], code: str) -> ColumnElement[bool]:
    """The condition that a docket of the bureau bears one of the numbers, or the code. Each is
    looked up along its own index: an «or» of the two makes SQLite go through the whole bureau."""
    mine = select(Docket.id).where(Docket.bureau_id == bureau_id)
    found = union_all(mine.where(Docket.number.in_(numbers)), mine.where(Docket.code == code))
    return Docket.id.in_(found)


def docket_by_code(session: Session, scope: Scope, code: str) -> Docket | None:
    """The docket of that code, if the person may see it: unknown and hidden give the same
    answer."""
    return session.scalars(_by_code(scope), {"code": code}).one_or_none()


@lru_cache(maxsize=256)
def _by_code(scope: Scope) -> Any:
    return select(Docket).where(Docket.code == bindparam("code"), visible_to(scope))


def seen_by_number(session: Session, scope: Scope, code: str) -> Any:
    """Number, kind, stage and next deadline of the docket of that code, if that is all that the
    person may see of it; else None."""
    wanted = select(Docket.number, Docket.kind, Docket.stage, Docket.next_due)
    wanted = wanted.where(Docket.code == code, visible_to(scope, by_number=True))
    return session.connection().execute(wanted.where(~visible_to(scope))).one_or_none()
