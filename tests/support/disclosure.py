"""Firms on the public lists, and how everybody reads them."""

import csv
import io
import json
import re
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.disclosure import queries
from casework.disclosure.gate import PublicEntry
from casework.disclosure.models import DisclosureEntry
from casework.disclosure.outputs import FILES
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.codes import credit_check
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.conftest import need


def entries_on_list(
    session: Session, bureau_id: int, today: date, query: str = "", kind: str = ""
) -> list[PublicEntry]:
    """Entries on the public list today: shown, begun, not past their end."""
    return queries.all_of(session, bureau_id, today, queries.Wanted(query, kind))


def shown(bureau: Bureau, case: Walk) -> dict[str, str]:
    """What the public sees of it today: the facts of each list."""
    tick(case.now)
    db.session.expire_all()
    return {e.kind: e.fields["facts"] for e in entries_on_list(db.session(), bureau.id, case.day)}


def published(team: Team, bureau: Bureau, name: str, fine_fen: int = 0) -> Walk:
    """A case decided, served and shown, by its steps."""
    start = road.later(today() - timedelta(days=120), 0)
    case = Ground(bureau, team, {**FIRM, "name": name}, start).case("served", fine_fen)
    case.at(road.later(case.day, 2)).take(
        "approve_publication", {"influence": "有", "summary": "提供不真实统计资料。"}
    )
    case.take("publish", {"note": ""}, "publication-1")
    tick()
    return case


def good_code(n: int) -> str:
    """A credit code of the right check digit."""
    first = f"91500230MA{n:07d}"
    return first + credit_check(first)


def entry(bureau: Bureau, n: int, **more: object) -> DisclosureEntry:
    """An entry as a case leaves it, for lists of many."""
    fields = {
        "facts": f"第{n}条事实",
        "handling": "",
        "kinds": ["warning", "fine"],
        "fine_fen": 1_000_000,
        "basis": "统计法",
        "decision": f"丰统罚〔2026〕{n}号",
        "decided_on": "2026-01-05",
        "address": "丰都县",
        "representative": "李某",
        "bureau": bureau.name,
    }
    made = {
        "kind": "penalty",
        "name": f"第{n}号企业",
        "credit_code": good_code(n),
        "township": "500230001",
        "state": "shown",
        "shown_from": today() - timedelta(n),
        "shown_until": today() + timedelta(30),
        **more,
    }
    return DisclosureEntry(
        bureau_id=bureau.id, docket_id=1, track=f"publication-{n}", fields=fields, **made
    )


@pytest.fixture
def listed(bureau: Bureau) -> Callable[..., None]:
    """Puts entries on the list, all of one docket."""
    with writing() as session:
        session.add(
            Docket(
                id=1,
                bureau_id=bureau.id,
                kind="case",
                code="C1",
                number="x",
                opened_on=today(),
                data_key=b"",
            )
        )

    def put(*entries: DisclosureEntry) -> None:
        with writing() as session:
            session.add_all(entries)

    return put


def names(page: str) -> list[str]:
    return [unescape(x) for x in re.findall(r'<a href="/list/\d+[^"]*">([^<]+)</a>', page)]


# -- what each file says
def in_csv(data: bytes) -> list[str]:
    return [r["单位名称"] for r in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]


def in_xlsx(data: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert all(
        cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None
    )  # type: ignore[union-attr]
    return [str(row[1]) for row in sheet.iter_rows(min_row=2, values_only=True)]  # type: ignore[union-attr]


def in_json(data: bytes) -> list[str]:
    return [e["name"] for e in json.loads(data)["entries"]]


def in_sqlite(data: bytes) -> list[str]:
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    return [name for (name,) in base.execute("SELECT name FROM entry ORDER BY rowid")]


def in_atom(data: bytes) -> list[str]:
    atom = {"a": "http://www.w3.org/2005/Atom"}
    # ours
    titles = (
        x.findtext("a:title", "", atom)
        for x in Xml.fromstring(data).findall("a:entry", atom)  # noqa: S314
    )
    return [t.rsplit("（", 1)[0] for t in titles]


READ = {"csv": in_csv, "xlsx": in_xlsx, "json": in_json, "sqlite": in_sqlite, "atom": in_atom}


def pdf_text(data: bytes, folder: Path) -> str:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    (folder / "list.pdf").write_bytes(data)
    shown = subprocess.run(
        ["pdftotext", "-raw", folder / "list.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    return "".join(shown.split())


def everything_public(client: FlaskClient, folder: Path, numbers: list[int]) -> dict[str, str]:
    """Every public page and file of the list, as text without blanks."""
    said = {
        "/list": client.get("/list").text,
        **{f"/list/{n}": client.get(f"/list/{n}").text for n in numbers},
    }
    for ending in FILES:
        data = client.get(f"/list.{ending}").data
        if ending == "pdf":
            said[ending] = pdf_text(data, folder)
        elif ending == "xlsx":
            rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
            said[ending] = "\n".join(str(cell) for row in rows for cell in row)
        elif ending == "sqlite":
            base = sqlite3.connect(":memory:")
            base.deserialize(data)
            said[ending] = "\n".join(base.iterdump())
        else:
            said[ending] = data.decode("utf-8-sig")
    return {where: "".join(text.split()) for where, text in said.items()}


def served(team: Team, bureau: Bureau, party: dict[str, str]) -> Walk:
    start = road.later(today() - timedelta(days=120), 0)
    return Ground(bureau, team, party, start).case("served", 0)
