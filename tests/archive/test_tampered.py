"""Whoever changes, adds, swaps or deletes a row or a file beside the program is found by ``journal
verify``."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, Table, delete, func, select, text, update

from casework.acts import replay
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.papers.models import Paper
from casework.store import db, table
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.acts.whole import faults, other
from tests.conftest import need
from tests.support.archive import vault_store
from tests.support.forged import forge


@pytest.fixture
def open_house(decided: Walk) -> Walk:
    """Heads are written; the triggers are out of the way, as for somebody with the database
    itself."""
    tick()
    assert faults() == []
    if db.engine.dialect.name == "sqlite":
        forge("SELECT 1")
    return decided


def _statements(t: Table, key: Column[Any]) -> list[tuple[str, Any]]:
    """Each column of the newest row changed once, and the row deleted."""
    newest = db.session.execute(select(t).order_by(key.desc()).limit(1)).mappings().one()
    left_out = next(cols for model, cols in replay.COMPARED.items() if table(model) is t)
    mine = key == newest[key.name]
    found: list[tuple[str, Any]] = [
        (c.name, update(t).where(mine).values({c.name: other(c, newest[c.name])}))
        for c in t.columns
        if c.name not in left_out
    ]
    return [*found, ("deleted", delete(t).where(mine))]


def _tried(statement: Any) -> list[Any]:
    """What is found after a statement that is taken back again."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    db.session.execute(statement)
    db.session.expire_all()
    try:
        return list(replay.replay_faults(db.session(), vault()))
    finally:
        db.session.rollback()


def test_every_column_that_an_entry_made_is_held_against_it(open_house: Walk) -> None:
    missed = []
    for t in replay.tables():
        key = next(iter(t.primary_key.columns))
        if not db.session.scalar(select(func.count()).select_from(t)):
            missed.append(t.name)
            continue
        missed += [
            f"{t.name} {what}" for what, statement in _statements(t, key) if not _tried(statement)
        ]
    assert missed == ["recusal"]  # empty here


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO recusal (docket_id, person_id, reason) VALUES ({docket}, 1, '')",
        "INSERT INTO assignment (docket_id, person_id, since) VALUES ({docket}, 1, '2026-01-01')",
        'INSERT INTO service (paper_id, act_id, seq, "on", method, failed) '
        "SELECT id, act_id, seq, \"on\", 'direct', "
        "false FROM paper WHERE docket_id = {docket} ORDER BY id LIMIT 1",
    ],
)
def test_a_row_that_no_entry_made_is_named(open_house: Walk, row: str) -> None:
    assert _tried(text(row.format(docket=open_house.docket_id)))


@pytest.mark.parametrize("column", replay.ROW)
def test_what_lists_show_of_a_docket_is_held_against_its_journal(
    open_house: Walk, column: str
) -> None:
    t = table(Docket)
    old = db.session.scalar(select(t.c[column]).where(t.c.id == open_house.docket_id))
    assert _tried(
        update(t).where(t.c.id == open_house.docket_id).values({column: other(t.c[column], old)})
    )


def test_files_that_were_changed_deleted_or_swapped_are_named(open_house: Walk) -> None:
    store = vault_store()
    first, second, third = db.session.scalars(
        select(Paper.stored).order_by(Paper.id).limit(3)
    ).all()
    path = store._path
    path(first).write_bytes(path(first).read_bytes()[:-1] + b"x")
    path(second).unlink()
    path(third).write_bytes(
        path(
            db.session.scalars(select(Paper.stored).order_by(Paper.id.desc()).limit(1)).one()
        ).read_bytes()
    )
    assert {f.detail for f in faults() if f.what == "file"} == {first, second, third}


def test_a_file_of_the_informants_is_held_against_the_entry_that_brought_it(
    open_house: Walk,
) -> None:
    need(
        "a file that came with the tip",
        bool(db.session.scalar(select(func.count()).select_from(Attachment))),
    )
    forge("UPDATE attachment SET sha256 = '0'")
    assert {f.what for f in faults()} >= {"file"}
