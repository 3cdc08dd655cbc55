"""Rows that no act makes: what is added, changed or deleted beside the program is found, column by
column."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from casework.people import row_journal
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry, Person, PersonRole, Township
from casework.people.office import change_person, end_role
from casework.store import Model, db, writing
from casework.upkeep.walk import Team
from tests.acts.roads import tip
from tests.acts.whole import all_hold, other
from tests.support.forged import forge

# why no entry is made of the others
LEFT_OUT = {
    "act": "a journal",
    "act_body": "a journal",
    "office_entry": "a journal",
    "chain_link": "the chain itself",
    **dict.fromkeys(
        (
            "docket",
            "track",
            "clock",
            "paper",
            "service",
            "assignment",
            "recusal",
            "proposal",
            "approval",
        ),
        "made by acts, and played again (casework.acts.replay)",
    ),
    **dict.fromkeys(
        ("fine", "series"), "reckoned from the journals again (casework.upkeep.recalculated)"
    ),
    **dict.fromkeys(
        ("keeping", "search_token", "notice", "outbox", "refusal_mark", "code_renewal", "turn"),
        "from acts",
    ),
    "key_check": "made from the keys alone",
    "last_round": "sealed by itself, and written every hour",
    **dict.fromkeys(
        (
            "draft",
            "step_draft",
            "job",
            "scan_stack",
            "stray_page",
            "print_mark",
            "saved_view",
            "identity_box",
            "identity_half",
            "sign_in",
            "guess",
            "tip_mail",
            "reply_due",
            "replied_to",
            "arrival",
        ),
        "work in hand, and gone after days",
    ),
    "turn": "made anew every day, and nothing is decided by it",
    "phrase_list": "texts that people choose, read and sign themselves",
    "old_receipt": "says no more than that a code was exchanged",
    "unit": "a register of others, imported anew; nothing is decided by it",
}


def value(column: Column[Any]) -> Any:
    """Some value, for a row of a table that is empty here."""
    if column.foreign_keys:
        (over,) = column.foreign_keys
        return None if column.nullable else db.session.scalar(select(func.min(over.column)))
    return "proposed" if column.name == "state" else other(column, None)


@pytest.fixture
def guarded(team: Team, bureau: Bureau, app: Flask) -> None:
    """A row in every guarded table, entered, and the triggers out of the way."""
    tip(team, bureau)
    forge("SELECT 1")
    for t in Model.metadata.sorted_tables:
        if t.name in row_journal.GUARDED and not db.session.scalar(
            select(func.count()).select_from(t)
        ):
            db.session.execute(
                insert(t).values({c.name: value(c) for c in t.columns if c.name != "id"})
            )
            db.session.commit()
    assert all_hold_rows()


def all_hold_rows() -> bool:
    db.session.rollback()
    row_journal.begin_all()
    return list(row_journal.row_faults(db.session())) == []


def _off() -> None:
    """For this transaction neither triggers nor references stand in the way."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))


def tried(statement: Any) -> list[Any]:
    _off()
    try:
        db.session.execute(statement)
        return list(row_journal.row_faults(db.session()))
    except IntegrityError:
        return ["refused by the database itself"]
    finally:
        db.session.rollback()


def test_every_table_is_guarded_or_left_out_with_a_reason(app: Flask) -> None:
    assert set(Model.metadata.tables) == set(row_journal.GUARDED) | set(LEFT_OUT)
    assert not set(row_journal.GUARDED) & set(LEFT_OUT)


@pytest.mark.parametrize("name", sorted(row_journal.GUARDED))
def test_every_column_and_every_row_is_missed(guarded: None, name: str) -> None:
    t = Model.metadata.tables[name]
    row = db.session.execute(select(t).limit(1)).mappings().one()
    mine = [c == row[c.name] for c in t.primary_key.columns]
    left_out = row_journal.GUARDED[name]
    columns = [c for c in t.columns if c.name not in left_out]
    unseen = [
        c.name
        for c in columns
        if not tried(update(t).where(*mine).values({c.name: other(c, row[c.name])}))
    ]
    assert unseen == []
    assert {what for *_row, what in tried(delete(t).where(*mine))} == {"gone"}


def test_a_person_put_in_beside_the_program_is_named(guarded: None, bureau: Bureau) -> None:
    columns = (
        "bureau_id",
        "name",
        "password_hash",
        "must_change",
        "session_no",
        "active",
        "qualified",
    )
    t = Model.metadata.tables["person"]
    copy = select(
        *(t.c[c] for c in columns), t.c.login + "x", t.c.totp, t.c.totp_step, t.c.language
    ).limit(1)
    added = insert(t).from_select([*columns, "login", "totp", "totp_step", "language"], copy)
    assert {(name, what) for name, _key, what in tried(added)} == {("person", "put in")}


def test_a_row_forged_beside_the_program_is_named_also_after_the_program_changed_it(
    team: Team, bureau: Bureau
) -> None:
    """Nobody makes a forged row good by changing something else of it on a page."""
    assert all_hold()
    forge(f"UPDATE person SET password_hash = 'of somebody else' WHERE id = {team.clerk}")
    for name in ("改过的名字", "又改过的名字"):
        with writing() as session:
            session.get_one(Person, team.clerk).name = name
        assert [(table, what) for table, _key, what in row_journal.row_faults(db.session())] == [
            ("person", "overwritten")
        ]


def test_a_row_put_in_beside_the_program_is_named_also_after_the_program_deleted_it(
    team: Team, bureau: Bureau
) -> None:
    assert all_hold()
    forge(
        "INSERT INTO person_role (person_id, role, from_day, lent_from) "
        f"VALUES ({team.clerk}, 'leader', '2020-01-01', '')"
    )
    admin, clerk = (
        db.session.get_one(Person, team.others["admin"]),
        db.session.get_one(Person, team.clerk),
    )
    forged = next(r for r in clerk.roles if r.role == "leader")
    end_role(admin, team.clerk, forged.id, today())
    assert [(name, what) for name, _key, what in row_journal.row_faults(db.session())] == [
        ("person_role", "overwritten")
    ]


def test_a_row_deleted_beside_the_program_is_named_also_where_another_takes_its_number(
    team: Team, bureau: Bureau
) -> None:
    assert all_hold()
    number = db.session.scalar(select(func.max(PersonRole.id)))
    role = db.session.get_one(PersonRole, number)
    columns = {
        "person_id": role.person_id,
        "role": role.role,
        "from_day": role.from_day,
        "lent_from": role.lent_from,
    }
    forge(f"DELETE FROM person_role WHERE id = {number}")
    with writing() as session:
        session.add(PersonRole(id=number, **columns))
    assert [(name, what) for name, _key, what in row_journal.row_faults(db.session())] == [
        ("person_role", "overwritten")
    ]


def test_several_changes_of_a_row_in_one_write_are_no_fault(team: Team, bureau: Bureau) -> None:
    assert all_hold()
    with writing() as session:
        mine = Township.bureau_id == bureau.id
        row_journal.note_where(session, Model.metadata.tables["township"], mine)
        session.execute(update(Township).where(mine).values(name="改过的名字"))
        township = session.scalars(
            select(Township).where(mine).execution_options(populate_existing=True)
        ).first()
        township.name = "又改过的名字"
        session.flush()
        township.name = "第三个名字"
    assert all_hold()


def test_what_the_program_changes_is_entered_without_a_word_of_it(
    team: Team, bureau: Bureau
) -> None:
    assert all_hold()
    admin = db.session.get_one(Person, team.others["admin"])
    change_person(admin, team.clerk, {"name": "改过的名字", "login": "changed", "qualified": True})
    entry = db.session.scalars(
        select(OfficeEntry)
        .where(OfficeEntry.what == row_journal.WHAT)
        .order_by(OfficeEntry.id.desc())
    ).first()
    assert entry
    assert [row[:2] for row in entry.details["rows"]] == [["person", [team.clerk]]]
    assert "改过" not in str(entry.details)
    assert all_hold()


def test_a_change_of_what_changes_all_day_enters_nothing(team: Team, bureau: Bureau) -> None:
    assert all_hold()
    before = db.session.scalar(select(func.count()).select_from(OfficeEntry))
    with writing() as session:
        session.get_one(Person, team.clerk).language = "en"
    assert db.session.scalar(select(func.count()).select_from(OfficeEntry)) == before
    assert all_hold()


def test_the_time_of_a_tip_is_not_told_by_the_entry_of_its_receipt(
    team: Team, bureau: Bureau
) -> None:
    tip(team, bureau)
    times = db.session.scalars(
        select(OfficeEntry.at).where(OfficeEntry.what == row_journal.WHAT)
    ).all()
    assert times
    assert {(t.hour, t.minute, t.second) for t in times} == {(16, 0, 0)}  # midnight in Shanghai


def test_the_auditors_list_shows_none_of_it(team: Team, bureau: Bureau) -> None:
    from casework.desk.audit import changes

    tip(team, bureau)
    assert all_hold()
    assert [e.what for e, _name in changes(bureau.id, {})] == []
