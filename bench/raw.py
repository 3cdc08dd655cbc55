"""The bare things for the desk: sqlite3 with Jinja behind the same Flask, the token index alone, LIKE."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from casework.vault.keys import KeyRing
from casework.vault.tokens import folded, keyed, query_tokens

_COLUMNS = "d.id, d.kind, d.code, d.number, d.title, d.cause, d.stage, d.handlers, d.next_due, d.updated_at"
_ROW = (
    '<tr data-href="/desk/dockets/{{ r[2] }}"><th scope="row"><a href="/desk/dockets/{{ r[2] }}">{{ r[3] }}</a></th>'
    "<td>{{ r[4] }}</td><td>{{ r[5] }}</td><td>{{ r[6] }}</td><td>{{ r[7] }}</td><td>{{ r[8] }}</td>"
    '<td class="number">{{ r[9] }}</td></tr>'
)
_LISTS = {
    "": ("d.bureau_id = 1 AND d.kind = 'case'", "d.updated_at DESC, d.id DESC"),
    "sort=due": ("d.bureau_id = 1 AND d.kind = 'case'", "d.next_due, d.id"),
    "stage=investigate": ("d.bureau_id = 1 AND d.kind = 'case' AND d.stage = 'investigate'", "d.updated_at DESC, d.id DESC"),
}


def list_page(folder: Path, ours: str, query: str) -> Callable[[], str]:
    """The same list with everything else of our page as fixed text: one statement, one Jinja loop, no person."""
    where, order = _LISTS[query]
    head, tail = re.split(r"<tbody>.*</tbody>", ours, maxsplit=1, flags=re.S)
    page = "{{ head }}<tbody>{% for r in rows %}" + _ROW + "{% endfor %}</tbody>{{ tail }}"
    template = Environment(autoescape=True).from_string(page)
    sql = f"SELECT {_COLUMNS} FROM docket d WHERE {where} ORDER BY {order} LIMIT 51"  # noqa: S608
    fixed = {"head": Markup(head), "tail": Markup(tail)}  # noqa: S704
    return _served(folder, lambda db: template.render(rows=db.execute(sql).fetchall()[:50], **fixed))


def replay(folder: Path, statements: Sequence[tuple[str, Any]], ours: str) -> Callable[[], str]:
    """The same statements by sqlite3 alone, and the finished page as fixed text: the bare SQL of a page."""

    def answer(db: sqlite3.Connection) -> str:
        for sql, parameters in statements:
            if not sql.startswith("BEGIN"):
                db.execute(sql, parameters).fetchall()
        return ours

    return _served(folder, answer)


def _served(folder: Path, answer: Callable[[sqlite3.Connection], str]) -> Callable[[], str]:
    app, connection = Flask("bare"), sqlite3.connect(folder / "casework.sqlite", isolation_level=None)
    app.add_url_rule("/", "page", lambda: answer(connection))
    app.testing = True  # a fault stops the measurement
    client = app.test_client()
    return lambda: client.get("/").text


# -- search
def index(db: sqlite3.Connection, ring: KeyRing, bureau: int, term: str) -> Callable[[], list[str]]:
    """Hand-written SQL over the token table, the quicker of: from the tokens to the rows, from the list to the tokens."""
    marks = keyed(ring, bureau, query_tokens(term))
    from_tokens = " ".join("AND d.id IN (SELECT docket_id FROM search_token WHERE token = ?)" for _ in marks)
    from_list = " ".join("AND EXISTS (SELECT 1 FROM search_token t WHERE t.token = ? AND t.docket_id = d.id)" for _ in marks)
    ways = [_found(db, bureau, condition, marks) for condition in (from_tokens, from_list)]
    return min(ways, key=_seconds)


def like(db: sqlite3.Connection, bureau: int, term: str) -> Callable[[], list[str]]:
    """What a list without an index does."""
    condition = "AND d.number || ' ' || d.code || ' ' || d.title || ' ' || d.cause LIKE ?"
    return _found(db, bureau, condition, [f"%{folded(term)}%"])


def _found(db: sqlite3.Connection, bureau: int, condition: str, values: Sequence[Any]) -> Callable[[], list[str]]:
    sql = (
        f"SELECT {_COLUMNS} FROM docket d WHERE d.bureau_id = ? AND d.kind = 'case' {condition} "  # noqa: S608
        "ORDER BY d.updated_at DESC, d.id DESC LIMIT 51"
    )
    return lambda: [r[2] for r in db.execute(sql, [bureau, *values]).fetchall()][:50]


def _seconds(way: Callable[[], Any]) -> float:
    from time import perf_counter

    way()
    began = perf_counter()
    way()
    return perf_counter() - began
