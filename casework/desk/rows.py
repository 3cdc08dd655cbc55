"""Rows of lists, ready to print: a page has fifty of them, so whatever repeats is worked out
once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

from flask import url_for
from markupsafe import Markup

from casework.desk import clock_rows, naming
from casework.web import fragment_cache
from casework.web.filters import SHANGHAI, shown_signs
from casework.web.language import current
from letters.labels import coded_names

FOUND = ("url", "url", "number", "about", "cause", "stage")  # cells of what a search found
LISTED = (*FOUND, "officers", "due", "updated")  # and of a list


def docket_urls() -> Callable[[str], str]:
    """Addresses of dockets; the pattern is built once a page."""
    pattern = cache(lambda: url_for("dockets.docket", code="~").partition("~"))
    return lambda code: f"{pattern()[0]}{code}{pattern()[2]}"


def table_rows(rows: Sequence[Any], today: date, which: str) -> Markup:
    """Rows of ``docket.lists`` as rows of a list's table; ``which``: reports or cases."""
    return fragment_cache.cached_rows(
        "desk/list_row.html",
        LISTED,
        list(map(tuple, rows)),
        lambda new: _lines(new, today),
        today=today,
        which=which,
    )


def found(rows: Sequence[Any], today: date, which: str) -> Markup:
    """The same for what a search found, with fewer cells."""

    def lines(new: Sequence[Any]) -> list[fragment_cache.Line]:
        return [("", cells[: len(FOUND)]) for _state, cells in _lines(new, today)]

    return fragment_cache.cached_rows(
        "desk/search_row.html", FOUND, list(map(tuple, rows)), lines, which=which
    )


def _lines(rows: Iterable[Any], today: date) -> list[fragment_cache.Line]:
    """Kind (state of the deadline, as casework.css names it) and cells; rows have the columns of
    ``docket.lists.COLUMNS``."""
    url, language, places = docket_urls(), current(), coded_names("channel", current())
    lines: list[fragment_cache.Line] = []
    for _id, kind, code, number, title, cause, stage, channel, handlers, due, updated in rows:
        address, (state, word) = url(code), _due(language, due, today)
        cells = (
            address,
            address,
            number,
            shown_signs(title),
            shown_signs(cause) or places.get(channel, channel),
            _stage(language, kind, stage),
            handlers or "—",
            word or "—",
            updated.astimezone(SHANGHAI).date().isoformat(),
        )
        lines.append((state, cells))
    return lines


@lru_cache(maxsize=500)
def _stage(_language: str, kind: str, stage: str) -> str:
    """A stage's name in the language of this page."""
    return naming.stage_name(kind, stage)


@lru_cache(maxsize=5000)
def _due(_language: str, due: date, today: date) -> tuple[str, str]:
    """State and word of a deadline, the word in the language of this page."""
    found = clock_rows.due_word(due, today)
    return found["state"], found["word"]
