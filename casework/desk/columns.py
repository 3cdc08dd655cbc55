"""Columns of the lists of dockets. A column is one object here: what it needs of a docket, what
stands in its cell and above it, how it is shaped, how a list is sorted by it. Rows, heads, the menu
of orders and the statement of a list are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import literal

from casework.desk import clock_rows, naming
from casework.docket.lists import BASE, Shown
from casework.docket.models import Docket
from casework.docket.orders import SORTS
from casework.people.may import Scope
from casework.procedure import roles
from casework.procedure.kinds import kinds
from casework.web.filters import SHANGHAI, shown_signs

Row = Any  # of ``docket.lists``: ``BASE`` and what the column asks for, by name
SHAPES = ("", "head", "title", "number", "tag", "short")


@dataclass(frozen=True)
class Look:
    """What a cell may depend on beside its row: language and day, since cells are cached by these.
    What may change besides, such as a township's name, belongs in the row."""

    language: str
    today: date
    channels: Mapping[str, str]  # their names; data of the release


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a list.

    ``sql``: what it needs beside ``docket.lists.BASE``; a name of its own for what is no column of
    a docket (``.label("…")``). ``shape``: "head" leads to the docket · "title" needs no heading on
    a telephone · "number" stands right · "tag" has the colour of the deadline · "short" is broken
    between words alone, not within a name. ``sort``: one of ``docket.orders.SORTS``, with
    ``sort_word`` in the menu.
    """

    key: str
    heading: Callable[[str], str]  # of a kind of docket
    cell: Callable[[Row, Look], str]
    sql: tuple[Any, ...] = ()
    shape: str = ""
    sort: str = ""
    sort_word: Callable[[], str] = str


class Head(NamedTuple):
    """A column as its template sees it."""

    key: str
    heading: str
    shape: str


class Table:
    """The columns of a list, in order. ValueError for two of one key, an unknown shape or sort."""

    def __init__(self, *columns: Column) -> None:
        keys = ["url", *(c.key for c in columns)]
        if len(set(keys)) < len(keys):
            raise ValueError(f"columns of one key: {keys}")
        for c in columns:
            if c.shape not in SHAPES or c.sort not in ("", *SORTS):
                raise ValueError(f"column {c.key}: {c.shape!r}, {c.sort!r}")
        wanted: dict[str, Any] = {s.key: s for c in columns for s in c.sql}
        self.columns = columns
        self.shown = Shown(tuple(wanted.values()))  # for the statement of the list
        self._names = [*(c.key for c in BASE), *wanted]

    def row(self, values: Sequence[Any]) -> Row:
        """A row of the statement, its values by name."""
        return SimpleNamespace(**dict(zip(self._names, values, strict=True)))

    def heads(self, kind: str) -> tuple[Head, ...]:
        """The columns for a kind of docket, in the reader's language."""
        return tuple(Head(c.key, c.heading(kind), c.shape) for c in self.columns)

    def orders(self) -> tuple[tuple[str, str], ...]:
        """The keys of the columns by which a list can be sorted, each with its order."""
        return tuple((c.key, c.sort) for c in self.columns if c.sort)

    def sorts(self) -> tuple[tuple[str, str], ...]:
        """The orders that its columns have, with their words."""
        found = [(c.sort, c.sort_word()) for c in self.columns if c.sort]
        return tuple(sorted(found, key=lambda pair: list(SORTS).index(pair[0])))


@lru_cache(maxsize=500)
def _stage(_language: str, kind: str, stage: str) -> str:
    """A stage's name in the language of this page."""
    return naming.stage_name(kind, stage)


@lru_cache(maxsize=5000)
def due_cell(_language: str, day: date, today: date) -> tuple[str, str]:
    """State and word of a deadline, the word in the language of this page."""
    found = clock_rows.due_word(day, today)
    return found["state"], found["word"]


def _cause(row: Row, look: Look) -> str:
    return shown_signs(row.cause) or look.channels.get(row.channel, row.channel)


NUMBER = Column(
    "number",
    lambda _k: _("Number"),
    lambda row, _l: row.number,
    shape="head",
    sort="number",
    sort_word=lambda: _("by number"),
)
ABOUT = Column(
    "about",
    lambda _k: _("About"),
    lambda row, _l: shown_signs(row.title),
    shape="title",
    sort="title",
    sort_word=lambda: _("by name"),
)
CAUSE = Column(
    "cause", lambda kind: _("Cause or channel") if kinds()[kind].informant else _("Cause"), _cause
)
STAGE = Column(
    "stage",
    lambda _k: _("Stage"),
    lambda row, look: _stage(look.language, row.kind, row.stage),
    shape="short",
    sort="stage",
    sort_word=lambda: _("by stage"),
)
OFFICERS = Column(
    "officers",
    lambda _k: _("Officers"),
    lambda row, _l: row.handlers or "—",
    sql=(Docket.handlers,),
    shape="short",
)
DUE = Column(
    "due",
    lambda _k: _("Deadline"),
    lambda row, look: due_cell(look.language, row.next_due, look.today)[1] or "—",
    shape="tag",
    sort="due",
    sort_word=lambda: _("by deadline"),
)
UPDATED = Column(
    "updated",
    lambda _k: _("Updated"),
    lambda row, _l: row.updated_at.astimezone(SHANGHAI).date().isoformat(),
    shape="number",
    sort="updated",
    sort_word=lambda: _("newest first"),
)

WHY = Column(  # of a search: filled in by who found it
    "why",
    lambda _k: _("Why found"),
    lambda row, _l: row.why,
    sql=(literal("").label("why"),),
)

LISTED = Table(NUMBER, ABOUT, CAUSE, STAGE, OFFICERS, DUE, UPDATED)
FOUND = Table(NUMBER, ABOUT, CAUSE, STAGE, WHY)  # by the search of every page
BY_NUMBER = Table(NUMBER, STAGE, DUE)  # for whom sees no more of them


def listed(scope: Scope, kind: str) -> Table:
    """The columns of a kind's list for that person."""
    return BY_NUMBER if scope.level(kind) == roles.NUMBER else LISTED
