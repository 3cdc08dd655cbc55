"""Rows of lists, ready to print: a page has fifty of them, so whatever repeats is worked out
once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

from flask import url_for
from markupsafe import Markup

from casework.desk.columns import Look, Table, due_cell
from casework.web import fragment_cache
from casework.web.language import current
from letters.labels import coded_names


def docket_urls() -> Callable[[str], str]:
    """Addresses of dockets; the pattern is built once a page."""
    pattern = cache(lambda: url_for("dockets.docket", code="~").partition("~"))
    return lambda code: f"{pattern()[0]}{code}{pattern()[2]}"


def table_rows(table: Table, rows: Sequence[Any], today: date, kind: str) -> Markup:
    """Rows of ``docket.lists``, which were asked for what the table needs, as rows of HTML."""
    return fragment_cache.cached_rows(
        "desk/list_row.html",
        ("url", *(c.key for c in table.columns)),
        list(map(tuple, rows)),
        lambda new: _lines(table, new, today),
        columns=table.heads(kind),
        today=today,
    )


def _lines(table: Table, rows: Sequence[Any], today: date) -> list[fragment_cache.Line]:
    """Kind (state of the deadline, as casework.css names it) and cells of each row."""
    url, look = docket_urls(), Look(current(), today, coded_names("channel", current()))
    lines: list[fragment_cache.Line] = []
    for values in rows:
        row = table.row(values)
        state, _word = due_cell(look.language, row.next_due, today)
        lines.append((state, (url(row.code), *(c.cell(row, look) for c in table.columns))))
    return lines
