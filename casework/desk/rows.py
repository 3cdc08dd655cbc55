"""Rows of lists of dockets, their cells in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask import get_template_attribute, url_for
from markupsafe import Markup

from casework.desk.columns import Look, Table, due_cell
from casework.web.language import current
from letters.labels import coded_names


class ListRow(NamedTuple):
    """One docket of a list: its id, where it leads, the state of its deadline as casework.css names
    it, and its cells by the keys of the columns."""

    id: int
    url: str
    state: str
    cells: Mapping[str, str]


def docket_urls() -> Callable[[str], str]:
    """Addresses of dockets; the pattern is built once a page."""
    pattern = cache(lambda: url_for("dockets.docket", code="~").partition("~"))
    return lambda code: f"{pattern()[0]}{code}{pattern()[2]}"


def table_rows(
    table: Table, rows: Sequence[Any], today: date, kind: str, ticks: bool = False
) -> Markup:
    """Rows of ``docket.lists``, which were asked for what the table needs, as rows of HTML; with
    ``ticks`` each has a box, by which it is chosen, in front."""
    macro = get_template_attribute("parts/docket_rows.html", "docket_rows")
    drawn: Markup = macro(_list_rows(table, rows, today), table.heads(kind), ticks)
    return drawn


def _list_rows(table: Table, rows: Sequence[Any], today: date) -> list[ListRow]:
    url, look = docket_urls(), Look(current(), today, coded_names("channel", current()))
    found = []
    for row in map(table.row, rows):
        state, _word = due_cell(look.language, row.next_due, today)
        cells = {c.key: c.cell(row, look) for c in table.columns}
        found.append(ListRow(row.id, url(row.code), state, cells))
    return found
