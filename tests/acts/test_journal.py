"""The journal: not to be edited, deleted or replaced; a forged entry and a cut-off tail are
named."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from casework.docket import journal
from casework.store import db, writing
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.support.forged import forge


def test_the_journal_cannot_be_edited_or_deleted(case_opened: Walk) -> None:
    for statement in (
        "UPDATE act SET verb = 'x'",
        "DELETE FROM act",
        "UPDATE act_body SET salt = x'00'"
        if db.engine.dialect.name == "sqlite"
        else "UPDATE act_body SET salt = '\\x00'",
        "DELETE FROM act_body",
        "DELETE FROM approval",
        "UPDATE paper SET sha256 = 'x'",
        "DELETE FROM paper",
    ):
        with (
            pytest.raises(
                (IntegrityError, OperationalError, ProgrammingError, Exception), match="append-only"
            ),
            writing() as s,
        ):
            s.execute(text(statement))
    assert not list(journal.verify_chains(db.session(), vault()))


@pytest.mark.sqlite
def test_replacing_an_entry_is_refused_too(case_opened: Walk) -> None:
    """INSERT OR REPLACE is SQLite's own; tests/postgres tries ON CONFLICT."""
    columns = (
        "id, docket_id, seq, track, step, verb, version, actor_id, "
        '"on", at, effects, digest, prev, hash'
    )
    with pytest.raises(IntegrityError, match="append-only"), writing() as s:
        s.execute(text(f"INSERT OR REPLACE INTO act ({columns}) SELECT {columns} FROM act LIMIT 1"))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE act SET step = 'decline' WHERE seq = 2 AND docket_id = 1", "broken"),
        ("UPDATE act SET \"on\" = '2020-01-01' WHERE seq = 2 AND docket_id = 1", "broken"),
        (
            "UPDATE act_body SET body = (SELECT body FROM act_body "
            "WHERE act_id = 1) WHERE act_id = 2",
            "payload",
        ),
        ("DELETE FROM act WHERE seq = 2 AND docket_id = 1", "missing"),
    ],
)
def test_a_forged_entry_is_named(case_opened: Walk, statement: str, what: str) -> None:
    forge(statement)
    fault = next(iter(journal.verify_chains(db.session(), vault())))
    assert (fault.seq, fault.what) == (2, what)
