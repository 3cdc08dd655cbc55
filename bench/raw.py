"""The bare things for the desk: sqlite3 with Jinja behind the same Flask, the token index alone,
LIKE."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Environment

from casework.procedure.load import procedure
from casework.vault.keys import KeyRing
from casework.vault.tokens import folded, keyed, query_tokens

_COLUMNS = (
    "d.id, d.kind, d.code, d.number, d.title, d.cause, d.stage, "
    "d.handlers, d.next_due, d.updated_at"
)
_ROW = (
    '<tr data-href="{{ r.url }}"><td class="tick"><input type="checkbox" name="docket" '
    'value="{{ r.id }}" aria-label="{{ r.number }} {{ r.title }}"></td>'
    '<th scope="row"><a href="{{ r.url '
    '}}">{{ r.number }}</a></th><td>{{ r.title }}</td>'
    '<td data-name="案由">{{ r.cause }}</td><td class="short" data-name="阶段">{{ r.stage }}</td>'
    '<td class="short" data-name="承办人员">{{ r.handlers }}</td>'
    '<td data-name="期限">{% if r.state %}<span class="tag {{ r.state '
    '}}">{{ r.due }}</span>{% else %}—{% endif %}</td>'
    '<td class="number" data-name="更新">{{ r.updated }}</td></tr>'
)
# what a template draws in loops: pattern of the whole in our page, pattern of one of them, the
# loop's body
_LOOPS = (
    (
        r"(<nav class=\"rail\"[^>]*>)(.*?)(</nav>)",
        r'<a href="([^"]*)"( aria-current="page")?\s*>([^<]*)</a>',
        '<a href="{{ x[0] }}"{% if x[1] %} aria-current="page"{% endif %}>{{ x[2] }}</a>',
    ),
    (
        r"(<select [^>]*>)(.*?)(</select>)",
        r'<option value="([^"]*)"( selected)?\s*>([^<]*)</option>',
        '<option value="{{ x[0] }}"{% if x[1] %} selected{% endif %}>{{ x[2] }}</option>',
    ),
)
_LISTS = {
    "": ("d.bureau_id = 1 AND d.kind = 'case'", "d.updated_at DESC, d.id DESC"),
    "sort=due": ("d.bureau_id = 1 AND d.kind = 'case'", "d.next_due, d.id"),
    "stage=investigate": (
        "d.bureau_id = 1 AND d.kind = 'case' AND d.stage = 'investigate'",
        "d.updated_at DESC, d.id DESC",
    ),
}


def list_page(folder: Path, ours: str, query: str, today: date) -> Callable[[], str]:
    """The same page, tag by tag and word by word, by one statement of sqlite3 and one template of
    Jinja.

    Its menu, choices and rows are loops of the template over plain values; the rest of our page is
    the template's text. There is no session, no person, no permission, no form, no translation and
    no SQLAlchemy.
    """
    where, order = _LISTS[query]
    values: dict[str, Any] = {}
    page = re.sub(
        r"<tbody>.*</tbody>",
        lambda _: "<tbody>{% for r in rows %}" + _ROW + "{% endfor %}</tbody>",
        ours,
        flags=re.S,
    )
    template = Environment(autoescape=True).from_string(_looped(page, values))
    stages = {s.id: s.name.in_language("zh") for s in procedure().tracks["main"].stages.values()}
    sql = f"SELECT {_COLUMNS} FROM docket d WHERE {where} ORDER BY {order} LIMIT 51"  # noqa: S608

    def answer(db: sqlite3.Connection) -> str:
        found = [_cells(r, stages, today) for r in db.execute(sql).fetchall()[:50]]
        return template.render(rows=found, **values)

    bare = _served(folder, answer)
    assert _one_line(bare()) == _one_line(ours), "the bare page is another page"
    return bare


def _cells(r: Sequence[Any], stages: dict[str, str], today: date) -> dict[str, Any]:
    """What a row shows: the stage's name, the deadline in words, the day in Shanghai."""
    left = (date.fromisoformat(r[8]) - today).days
    state = (
        ""
        if r[8] == "9999-12-31"
        else "overdue"
        if left < 0
        else "today"
        if not left
        else "soon"
        if left <= 3
        else "fine"
    )
    word = f"{r[8]} 已逾期" if left < 0 else r[8] if left else "今日到期"
    return {
        "id": r[0],
        "url": f"/desk/dockets/{r[2]}",
        "number": r[3],
        "title": r[4],
        "cause": r[5],
        "stage": stages[r[6]],
        "handlers": r[7] or "—",
        "state": state,
        "due": word,
        "updated": (datetime.fromisoformat(r[9]) + timedelta(hours=8)).date().isoformat(),
    }


def _looped(page: str, values: dict[str, Any]) -> str:
    """Our page with its menu and choices as loops over plain lists, which are put into
    ``values``."""
    for whole, one, body in _LOOPS:

        def loop(found: re.Match[str], one: str = one, body: str = body) -> str:
            key = f"list{len(values)}"
            values[key] = [(unescape(a), b, unescape(c)) for a, b, c in re.findall(one, found[2])]
            return f"{found[1]}{{% for x in {key} %}}{body}{{% endfor %}}{found[3]}"

        page = re.sub(whole, loop, page, flags=re.S)
    return page


def _one_line(page: str) -> str:
    """The page without the white space between its tags and at their ends."""
    return re.sub(r"\s+(?=[^<>]*>)", " ", re.sub(r">\s+<", "><", page)).replace(" >", ">")


def replay(folder: Path, statements: Sequence[tuple[str, Any]], ours: str) -> Callable[[], str]:
    """The same statements by sqlite3 alone, and the finished page as fixed text: the bare SQL of a
    page."""

    def answer(db: sqlite3.Connection) -> str:
        for sql, parameters in statements:
            if not sql.startswith("BEGIN"):
                db.execute(sql, parameters).fetchall()
        return ours

    return _served(folder, answer)


def _served(folder: Path, answer: Callable[[sqlite3.Connection], str]) -> Callable[[], str]:
    app, connection = (
        Flask("bare"),
        sqlite3.connect(folder / "casework.sqlite", isolation_level=None),
    )
    app.add_url_rule("/", "page", lambda: answer(connection))
    app.testing = True  # a fault stops the measurement
    client = app.test_client()
    return lambda: client.get("/").text


# -- search
def index(db: sqlite3.Connection, ring: KeyRing, bureau: int, term: str) -> Callable[[], list[str]]:
    """Hand-written SQL over the token table, the quicker of: from the tokens to the rows, from the
    list to the tokens."""
    marks = keyed(ring, bureau, query_tokens(term))
    from_tokens = " ".join(
        "AND d.id IN (SELECT docket_id FROM search_token WHERE token = ?)" for _ in marks
    )
    from_list = " ".join(
        "AND EXISTS (SELECT 1 FROM search_token t WHERE t.token = ? AND t.docket_id = d.id)"
        for _ in marks
    )
    ways = [_found(db, bureau, condition, marks) for condition in (from_tokens, from_list)]
    return min(ways, key=_seconds)


def like(db: sqlite3.Connection, bureau: int, term: str) -> Callable[[], list[str]]:
    """What a list without an index does."""
    condition = "AND d.number || ' ' || d.title || ' ' || d.cause LIKE ?"
    return _found(db, bureau, condition, [f"%{folded(term)}%"])


def _found(
    db: sqlite3.Connection, bureau: int, condition: str, values: Sequence[Any]
) -> Callable[[], list[str]]:
    sql = (
        f"SELECT {_COLUMNS} FROM docket d WHERE d.bureau_id = ? "  # noqa: S608
        f"AND d.kind = 'case' {condition} "
        "ORDER BY d.updated_at DESC, d.id DESC LIMIT 51"
    )
    return lambda: [r[2] for r in db.execute(sql, [bureau, *values]).fetchall()][:50]


def _seconds(way: Callable[[], Any]) -> float:
    from time import perf_counter

    way()
    began = perf_counter()
    way()
    return perf_counter() - began
