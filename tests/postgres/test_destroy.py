"""Destruction on a real PostgreSQL: the same rows go, the same triggers stand, and nothing is in
its files after a vacuum."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework.archive import destroy, emptying, retention_rows
from casework.archive.records import Destruction
from casework.docket import journal
from casework.docket.jobs import Job
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.archive import ripe
from tests.archive.destroyed import (
    ALWAYS,
    LATER,
    STATEMENTS,
    confirmed,
    person,
    propose,
    rows_of,
    why,
)

pytestmark = pytest.mark.postgres


def refused(statement: str) -> None:
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text(statement))


def in_files(marks: list[str]) -> set[str]:
    """Which of the marks stand in the tables' own files (the write-ahead log keeps what it has
    until it is used again)."""
    with db.engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        root = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
        own = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar()
    data = b"".join(f.read_bytes() for f in (root / "base" / str(own)).rglob("*") if f.is_file())
    return {m for m in marks if m.encode() in data}


def test_the_same_on_postgresql(team: Team, bureau: Bureau, app: Flask) -> None:
    both = ripe.make(team, bureau)
    retention_rows.note_retention(today())
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        # as the server does by itself now and then: it keeps samples of columns
        connection.exec_driver_sql("ANALYZE")
    assert in_files(ripe.MARKS)
    head = propose(person(team, "head"), both[1].docket_id)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                "UPDATE destruction SET confirmer_id = proposer_id, "
                f"state = 'confirmed' WHERE id = {head}"
            )
        )
    for statement in STATEMENTS:
        refused(statement)
    destroy.withdraw(person(team, "head"), head)
    number = confirmed(team, both)
    for statement in (
        *ALWAYS,
        "DELETE FROM destruction",
        "UPDATE destruction_item SET number = 'x'",
    ):
        refused(statement)
    refused("TRUNCATE act_body CASCADE")
    assert destroy.work(day=LATER) == 2
    db.session.expire_all()
    assert (
        db.session.scalars(select(Destruction.state).where(Destruction.id == number)).one()
        == "done"
    )
    for name in set(emptying.GONE) - {"job"}:
        assert rows_of(name) == 0, name
    assert set(db.session.scalars(select(Job.kind))) <= {"destroy", "outbox"}
    assert list(journal.verify_chains(db.session(), vault())) == []
    assert why(both[1].docket_id) == ["gone"]
    db.session.remove()
    answer = app.test_cli_runner().invoke(args=["archive", "compact"])
    assert answer.exit_code == 0, answer.output
    assert in_files(ripe.MARKS) == set()
