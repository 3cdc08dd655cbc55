"""Lists, case pages and search at two sizes, against sqlite3 with Jinja, the bare index, and
LIKE."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from app import create_app
from bench import raw
from bench.common import instance, interleaved, median, p, scratch, table
from bench.fill import RARE, fill, size_of
from casework.people.may import today
from casework.store import db
from casework.upkeep.demo import PASSWORD

TERMS = {  # name → what is searched for
    "1 character, rare": RARE[1],
    "1 character, common": "公",
    "2 characters, rare": RARE,
    "2 characters, common": "公司",
    "3+ characters, some": "汇锦渝",
    "3+ characters, common": "有限公司",
    "a number": "〔2026〕1000007号",
    "nothing has it": "龘",
}


class Statements:
    """Counts what the program sends to its database."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        self.seen.append((statement, parameters))

    def of(self, call: Callable[[], Any]) -> list[tuple[str, Any]]:
        """Statements of one call."""
        self.seen.clear()
        call()
        return list(self.seen)


class Desk:
    """The head of enforcement at work in one instance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app: Flask = create_app(str(folder), WTF_CSRF_ENABLED=False)
        self.client: FlaskClient = self.app.test_client()
        assert (
            self.client.post("/signin", data={"login": "head", "password": PASSWORD}).status_code
            == 302
        )
        self.sqlite = sqlite3.connect(folder / "casework.sqlite", isolation_level=None)

    def get(self, url: str) -> str:
        """A page, read to its end."""
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.text

    def case(self) -> str:
        """The code of the case with the longest journal."""
        row = self.sqlite.execute(
            "SELECT code FROM docket WHERE kind = 'case' ORDER BY last_seq DESC, id LIMIT 1"
        ).fetchone()
        return str(row[0])


def pages(desk: Desk, rounds: int) -> list[list[Any]]:
    """List and case page beside the bare ones."""
    counted = Statements()
    lists = {
        "list, newest first": "",
        "list, by deadline": "sort=due",
        "list, one stage": "stage=investigate",
    }
    rows = []
    for name, query in lists.items():
        url = f"/desk/cases?{query}"
        bare = raw.list_page(desk.folder, desk.get(url), query, today())
        rows.append(_page_row(name, lambda url=url: desk.get(url), bare, counted, rounds))
    url = f"/desk/dockets/{desk.case()}"
    bare = raw.replay(desk.folder, counted.of(lambda: desk.get(url)), desk.get(url))
    rows.append(_page_row("case page", lambda: desk.get(url), bare, counted, rounds))
    return rows


def _page_row(
    name: str, ours: Callable[[], Any], bare: Callable[[], Any], counted: Statements, rounds: int
) -> list[Any]:
    count = sum(not sql.startswith("BEGIN") for sql, _ in counted.of(ours))
    times = interleaved({"ours": ours, "bare": bare}, rounds)
    mine, theirs = times["ours"], times["bare"]
    return [
        name,
        count,
        median(theirs) / median(mine),
        median(mine) * 1000,
        p(mine, 0.95) * 1000,
        median(theirs) * 1000,
    ]


def searches(desk: Desk, rounds: int) -> list[list[Any]]:
    """Search pages beside the bare index and LIKE."""
    from casework.docket import lists
    from casework.people.may import scope
    from casework.people.models import Person

    rows = []
    with desk.app.test_request_context():
        head = db.session.query(Person).filter_by(login="head").one()
        mine, day = scope(head, today()), today()
        ring, bureau = desk.app.extensions["vault"].keyring, head.bureau_id
        for name, term in TERMS.items():
            ours, found = _ours(lists, mine, day, ring, bureau, term)
            index, like = (
                raw.index(desk.sqlite, ring, bureau, term),
                raw.like(desk.sqlite, bureau, term),
            )
            same = "yes" if found() == like() else "no"
            times = interleaved({"ours": ours, "index": index}, rounds)
            slow = interleaved({"like": like}, max(rounds // 20, 3), warm=1)["like"]
            took = median(times["ours"])
            rows.append(
                [
                    name,
                    len(found()),
                    same,
                    took / median(times["index"]),
                    median(slow) / took,
                    took * 1000,
                ]
            )
    return rows


def _ours(
    lists: Any, scope: Any, day: Any, ring: Any, bureau: int, term: str
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    from casework.docket.lists import Filter
    from casework.vault.tokens import keyed, query_tokens

    def rows() -> Any:
        f = Filter("case", tokens=tuple(keyed(ring, bureau, query_tokens(term))), words=term)
        return lists.dockets_page(db.session(), scope, f, day).rows

    return rows, lambda: [r.code for r in rows()][:50]


@contextmanager
def filled(cases: int, kept: Path | None) -> Iterator[Path]:
    """An instance with so many cases; in ``kept`` it stays for the next time."""
    with scratch() as folder:
        base = kept or folder
        made = base / str(cases)
        if not made.exists():
            mould = base / "mould"
            if not mould.exists():
                instance(mould, ("demo", "load", "--dockets", "5"))
            shutil.copytree(mould, made)
            (made / "keys.json").chmod(0o600)
            fill(create_app(str(made)), cases)
        yield made


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    words.add_argument("--rounds", type=int, default=200)
    words.add_argument(
        "--keep", type=Path, help="keep the filled instances here, and use them next time"
    )
    asked = words.parse_args()
    p50: dict[str, list[float]] = {}
    for size in asked.sizes:
        with filled(size, asked.keep) as folder:
            desk = Desk(folder)
            shown = pages(desk, asked.rounds)
            head = ("page", "statements", "speed ÷ bare", "p50 ms", "p95 ms", "bare p50 ms")
            table(f"Pages, {size:,} cases ({size_of(folder)} MB)", head, shown)
            head = (
                "search",
                "found (≤ 50)",
                "same rows as LIKE",
                "time ÷ bare index",
                "× faster than LIKE",
                "p50 ms",
            )
            table(f"Search, {size:,} cases", head, searches(desk, asked.rounds))
            for row in shown:
                p50.setdefault(row[0], []).append(row[3])
            with desk.app.app_context():
                db.session.execute(text("SELECT 1"))
    if len(asked.sizes) > 1:
        growth = [[name, times[-1] / times[0]] for name, times in p50.items()]
        table(f"p50 at {asked.sizes[-1]:,} ÷ p50 at {asked.sizes[0]:,}", ("page", "ratio"), growth)


if __name__ == "__main__":
    main()
