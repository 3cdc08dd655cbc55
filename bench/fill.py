"""Fills an instance with many cases by plain bulk inserts: rows as acts leave them, without their
sealed bodies."""

from __future__ import annotations

import random
from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, literal, select, text

from casework.docket.models import Act, Assignment, Clock, Docket, Track
from casework.people.cli import TOWNSHIPS
from casework.people.models import Bureau, Person
from casework.procedure.written_numbers import padded_number
from casework.store import db
from casework.vault.keys import KeyRing
from casework.vault.tokens import keyed, tokens

CHUNK = 20_000
STAGES = (
    "verify",
    "filing",
    "investigate",
    "conclude",
    "notice",
    "decide",
    "serve",
    "effective",
    "closed",
    "archived",
)
CAUSES = (
    "提供不真实统计资料",
    "拒绝提供统计资料",
    "迟报统计资料",
    "未按照规定设置原始记录、统计台账",
)
SYLLABLES = (
    "汇锦渝丰川东长江名山龙河平都雪玉南天双桂包鸾栗香仙女三合池高镇兴隆"
    "社坛虎威树人十直华裕保青暨太坪安宁洪福祥瑞泰"
)
TRADES = (
    "机械制造有限公司",
    "粮油有限公司",
    "水泥有限公司",
    "建材有限责任公司",
    "食品有限公司",
    "物流有限公司",
)
RARE = "鑫鑘"  # stands in every hundred-thousandth name: a search that finds a few of many
_JAN = datetime(2026, 1, 1, tzinfo=UTC)


def fill(app: Flask, cases: int, first: int = 1_000_000) -> None:
    """Add so many cases, numbered from ``first`` on, to an instance that has its people. SQLite
    only."""
    with app.app_context(), db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA journal_mode=OFF")  # a scratch database: what breaks is filled anew
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA foreign_keys=OFF")
        bureau, officers = _people(connection)
        found = _dockets(connection, bureau, officers, range(first, first + cases))
        _beside(connection, bureau, officers, first)
        _tokens(connection, app.extensions["vault"].keyring, bureau, found)
        connection.execute(text("ANALYZE"))
        connection.commit()
        raw.execute("PRAGMA journal_mode=WAL")
        connection.invalidate()


def _dockets(
    connection: Connection, bureau: int, officers: list[tuple[int, str]], numbers: range
) -> dict[str, array[int]]:
    """The cases themselves; which words stand in which of them."""
    found: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for begin in range(0, len(numbers), CHUNK):
        rows = [_docket(i, bureau, officers) for i in numbers[begin : begin + CHUNK]]
        connection.execute(insert(Docket), rows)
        for row in rows:
            for word in tokens(f"{row['number']} {row['title']} {row['cause']}"):
                found[word].append(row["id"])
    return found


def _people(connection: Connection) -> tuple[int, list[tuple[int, str]]]:
    bureau = connection.execute(select(Bureau.id).order_by(Bureau.id).limit(1)).scalar_one()
    rows = connection.execute(select(Person.id, Person.name).where(Person.login.like("officer%")))
    return bureau, [(i, name) for i, name in rows]


def _docket(i: int, bureau: int, officers: list[tuple[int, str]]) -> dict[str, Any]:
    dice = random.Random(i)
    stage, at = dice.choice(STAGES), _JAN + timedelta(seconds=dice.randrange(300 * 86400))
    name = (
        "重庆"
        + "".join(dice.choices(SYLLABLES, k=3))
        + (RARE if i % 100_000 == 7 else "")
        + dice.choice(TRADES)
    )
    return {
        "id": i,
        "bureau_id": bureau,
        "kind": "case",
        "code": f"C2026-{i}",
        "number": f"丰统案〔2026〕{i}号",
        "sorted_number": padded_number(f"丰统案〔2026〕{i}号"),
        "opened_on": at.date(),
        "data_key": b"",
        "last_seq": 2,
        "stage": stage,
        "tracks": "",
        "title": name,
        "cause": dice.choice(CAUSES),
        "township": dice.choice(list(TOWNSHIPS)),
        "channel": "web",
        "handlers": "、".join(n for _, n in officers[:2]),
        "next_due": date(2026, 1, 1) + timedelta(dice.randrange(700)),
        "next_clock": "case_90",
        "waits_for": "leader" if i % 20_000 == 0 else "",
        "group_label": "",
        "updated_at": at.replace(microsecond=0),
    }


def _beside(
    connection: Connection, bureau: int, officers: list[tuple[int, str]], first: int
) -> None:
    """A track, a clock, two officers and two entries for each of them."""
    d = Docket.__table__.c
    of = select(d.id).where(d.id >= first).order_by(d.id)

    def put(table: type[Any], **values: Any) -> None:
        columns = {
            k: v if hasattr(v, "type") else literal(v, table.__table__.c[k].type)
            for k, v in values.items()
        }
        rows = of.add_columns(*columns.values())
        connection.execute(
            insert(table).from_select(["docket_id", *columns], rows, include_defaults=False)
        )

    put(Track, label="main", kind="main", stage=d.stage, about="", opened_by=1, ended=False)
    put(
        Clock,
        bureau_id=bureau,
        track="main",
        rule="case_90",
        basis="",
        amount=90,
        unit="day",
        seq=1,
        start=d.opened_on,
        original_due=d.next_due,
        due=d.next_due,
        provisional=False,
        calendar="",
        state="open",
        pauses=[],
        extensions=[],
    )
    for officer, _ in officers[:2]:
        put(Assignment, person_id=officer, since=d.opened_on)
    for seq in (1, 2):
        put(
            Act,
            seq=seq,
            track="main",
            step="open_case",
            verb="take",
            version="bench",
            actor_id=officers[0][0],
            on=d.opened_on,
            at=d.updated_at,
            effects=[],
            digest="0" * 64,
            prev="0" * 64,
            hash="0" * 64,
        )


# -- the search index: written in its own order, as a fresh one lies on disk
def _tokens(
    connection: Connection, ring: KeyRing, bureau: int, found: dict[str, array[int]]
) -> None:
    indexes = (
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'search_token' AND sql LIKE '%INDEX%'"
    )
    again = [(name, sql) for name, sql in connection.execute(text(indexes))]
    for name, _ in again:
        connection.execute(text(f"DROP INDEX {name}"))
    by_token = {keyed(ring, bureau, {word})[0]: ids for word, ids in found.items()}
    pairs = _pairs(by_token)
    while batch := list(islice(pairs, 500_000)):
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO search_token (token, docket_id) VALUES (?, ?)", batch
        )
    for _, sql in again:
        connection.execute(text(sql))


def _pairs(by_token: dict[bytes, array[int]]) -> Iterator[tuple[bytes, int]]:
    for token in sorted(by_token):
        for docket in by_token[token]:
            yield token, docket


def size_of(folder: Path) -> int:
    """MB of the database file."""
    return (folder / "casework.sqlite").stat().st_size // 1024 // 1024
