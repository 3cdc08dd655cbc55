"""Rows of lists, ready to print: a page has fifty of them, so whatever repeats is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask import url_for

from casework.desk import clock_rows, naming
from casework.web.shown import SHANGHAI


class Line(NamedTuple):
    """One docket in a list, in the person's language."""

    url: str
    number: str
    about: str
    cause: str
    stage: str
    officers: str
    state: str  # of the deadline, as casework.css names it
    due: str
    updated: str


def docket_urls() -> Callable[[str], str]:
    """Addresses of dockets; the pattern is built once a page."""
    pattern = cache(lambda: url_for("dockets.docket", code="~").partition("~"))
    return lambda code: f"{pattern()[0]}{code}{pattern()[2]}"


def lines(rows: Iterable[Any], today: date) -> list[Line]:
    """Rows of ``docket.lists`` as they are shown."""
    url, stage, due = docket_urls(), cache(naming.stage_name), cache(lambda day: clock_rows.due_word(day, today))
    return [
        Line(
            url(r.code), r.number, r.title, r.cause or naming.value_name("channel", r.channel), stage(r.kind, r.stage),
            r.handlers or "—", due(r.next_due)["state"], due(r.next_due)["word"],
            r.updated_at.astimezone(SHANGHAI).date().isoformat(),
        )
        for r in rows
    ]  # fmt: skip
