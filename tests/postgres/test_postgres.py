"""What PostgreSQL does in its own way: triggers, TRUNCATE, migrations there and back. The same
tests of everything else run over it with ``pytest --database postgresql`` (./check runs them)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework.docket import journal
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.acts import roads
from tests.conftest import ROOT

pytestmark = pytest.mark.postgres
TRIGGERS = """
    SELECT event_object_table AS name, event_manipulation AS event, action_orientation AS each
    FROM information_schema.triggers WHERE action_statement NOT LIKE '%revis%'
"""
JOURNALS = {"act", "act_body", "approval", "paper"}


@pytest.fixture
def worked(team: Team, bureau: Bureau) -> None:
    """A case up to its publication, so that the guarded tables hold rows."""
    case = roads.drive(roads.case_of(team, bureau), "served")
    case.take("approve_publication", {"influence": "有", "summary": "虚报"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)


def guarded(event: str) -> set[str]:
    """Tables whose triggers stand against an event."""
    with db.engine.connect() as connection:
        return {r.name for r in connection.execute(text(TRIGGERS)) if r.event == event}


def rows(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)


def frozen_columns(table: str) -> list[str]:
    """Columns that a trigger names, or all of them."""
    query = """SELECT event_object_column FROM information_schema.triggered_update_columns WHERE event_object_table = :t"""  # noqa: E501
    with db.engine.connect() as connection:
        named = list(connection.scalars(text(query), {"t": table}))
        every = "SELECT column_name FROM information_schema.columns WHERE table_name = :t"
        return sorted(set(named)) or list(connection.scalars(text(every), {"t": table}))


def test_no_entry_is_changed(worked: None) -> None:
    """Each frozen column of each guarded table that holds rows, set to what it is: refused, and the
    chain still holds."""
    tables = {t for t in guarded("UPDATE") if rows(t)}
    assert tables >= JOURNALS
    for table in tables & JOURNALS:
        for column in frozen_columns(table):
            with pytest.raises(DBAPIError, match="append-only"), writing() as session:
                session.execute(text(f'UPDATE "{table}" SET "{column}" = "{column}"'))
    assert not list(journal.verify_chains(db.session(), vault()))


def test_no_entry_is_deleted(worked: None) -> None:
    tables = {t for t in guarded("DELETE") if rows(t)}
    assert tables >= JOURNALS
    for table in tables:
        before = rows(table)
        with pytest.raises(DBAPIError, match="append-only"), writing() as session:
            session.execute(text(f'DELETE FROM "{table}"'))
        assert rows(table) == before > 0


@pytest.mark.parametrize("table", sorted(JOURNALS))
def test_truncate_is_refused_too(worked: None, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_an_insert_over_an_entry_is_refused(worked: None) -> None:
    """INSERT … ON CONFLICT DO UPDATE is PostgreSQL's way of replacing."""
    columns = (
        "id, docket_id, seq, track, step, verb, version, actor_id, "
        '"on", at, effects, digest, prev, hash'
    )
    statement = (
        f"INSERT INTO act ({columns}) SELECT {columns} FROM act LIMIT 1 "
        "ON CONFLICT (id) DO UPDATE SET verb = 'x'"
    )
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(statement))


def test_a_copy_is_the_business_of_pg_dump(app: Flask, tmp_path: Path) -> None:
    answer = app.test_cli_runner().invoke(args=["backup", "make", str(tmp_path / "copy.tar")])
    assert answer.exit_code == 1
    assert "pg_dump" in answer.output
    assert list(tmp_path.glob("copy.tar*")) == []


def test_migrations_go_there_and_back(app: Flask, database: str) -> None:
    """From the newest revision to nothing, and up again, with nothing left over between."""
    env = {**os.environ, "DATABASE_URL": database, "CASEWORK_INSTANCE": app.instance_path}
    for way in (("downgrade", "base"), ("upgrade",)):
        command = [sys.executable, "-m", "flask", "--app", "app", "db", *way]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
        with db.engine.connect() as connection:
            there = connection.scalar(
                text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
            )
        assert there == 1 if way[0] == "downgrade" else (there or 0) > 40
    assert guarded("DELETE") >= JOURNALS
