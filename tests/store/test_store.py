"""One writer at a time, times in UTC, and migrations that lead from anywhere to what the models
say."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, select, text

from casework.people.models import Bureau, Township
from casework.store import Model, db, writing
from casework.store.write import NestedWrite
from tests.conftest import ROOT


def test_migrations_lead_to_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_up_from_nothing_and_from_every_revision_with_rows_in(app: Flask) -> None:
    """Down to the first tables, a bureau in them, and up again: nothing is lost, the triggers
    stand."""
    downgrade(revision="0001")
    with writing() as session:
        session.execute(
            text(
                "INSERT INTO bureau (code, name, prefix, area, superior, "
                "government, court, address, phone, email, hours,"
                " credit_code, bank) VALUES ('b', '某统计局', '某统', '', "
                "'', '', '', '', '', '', '', '', '')"
            )
        )
    upgrade()
    assert db.session.scalars(select(Bureau)).one().calendar == ""
    with writing() as session:
        bureau = session.scalars(select(Bureau)).one().id
        values = f"(1, {bureau}, NULL, '2026-01-01 00:00:00', 'x', 'y', '{{}}', '', '')"
        session.execute(text(f"INSERT INTO office_entry VALUES {values}"))
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text("DELETE FROM office_entry"))
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()


def test_every_revision_has_a_way_down_and_one_head() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "db", "heads"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert listed.count("(head)") == 1
    for file in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "def downgrade" in file.read_text("utf-8"), file.name


def test_a_writer_inside_a_writer_is_refused(app: Flask) -> None:
    with pytest.raises(NestedWrite), writing(), writing():
        pass


def test_changes_outside_a_writer_are_refused(app: Flask) -> None:
    db.session.add(Bureau(code="x", name="x", prefix="x"))
    with pytest.raises(NestedWrite), writing():
        pass
    db.session.rollback()


def test_an_error_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.add(Bureau(code="x", name="x", prefix="x"))
        session.flush()
        _ = 1 / 0
    assert db.session.scalars(select(Bureau)).all() == []


def test_sixteen_writers_lose_nothing(app: Flask) -> None:
    with writing() as session:
        session.add(Bureau(id=1, code="x", name="x", prefix="x"))
    faults: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with app.app_context(), writing() as session:
                session.add(Township(code=f"{number}", bureau_id=1, name="某镇"))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert faults == []
    db.session.rollback()
    assert len(db.session.scalars(select(Township.code)).all()) == 16


@pytest.mark.sqlite
def test_sqlite_is_set_up_to_lose_nothing(app: Flask) -> None:
    """Its PRAGMAs; PostgreSQL is set up by whoever runs it."""
    with db.engine.connect() as connection:

        def pragma(name: str) -> object:
            return connection.execute(text(f"PRAGMA {name}")).scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert int(str(pragma("busy_timeout"))) >= 1000


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    from casework.people.models import OfficeEntry

    with writing() as session:
        session.add(Bureau(id=1, code="x", name="x", prefix="x"))
    with pytest.raises(Exception, match="zone"), writing() as session:
        session.add(
            OfficeEntry(
                bureau_id=1, at=datetime(2026, 1, 1), what="x", about="x", salt=b"", digest=""
            )
        )
        session.flush()
    with writing() as session:
        session.add(
            OfficeEntry(
                bureau_id=1,
                at=datetime(2026, 1, 1, tzinfo=UTC),
                what="x",
                about="x",
                salt=b"",
                digest="",
            )
        )
    assert db.session.scalars(
        select(OfficeEntry.at).where(OfficeEntry.what == "x")
    ).one() == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.sqlite
def test_the_database_file_is_where_the_instance_is(app: Flask, instance: Path) -> None:
    """SQLite's file: with PostgreSQL there is none."""
    assert (instance / "casework.sqlite").exists()
    assert (
        create_engine(f"sqlite:///{instance / 'casework.sqlite'}")
        .connect()
        .execute(text("SELECT 1"))
        .scalar()
        == 1
    )
