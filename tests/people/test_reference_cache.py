"""What is kept in memory of a bureau is never older than the database, whoever changed it and
however."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.informants.models import CustodianKey
from casework.people.models import Bureau, EnforcementCard, Person
from casework.people.reference_cache import reference, reference_by_code
from casework.store import db, writing
from casework.store.triggers import BUREAU, REVISING
from casework.upkeep.walk import Team
from tests.support.counted import counted

DAY = date(2026, 3, 2)
SignIn = Callable[[str], FlaskClient]
CHANGES = {
    "bureau_setting": "INSERT INTO bureau_setting (bureau_id, key, value, from_day, at) "
    "VALUES ({b}, 'tip.rounding', '7', '2026-01-01', '2026-01-01 00:00:00.000000')",
    "calendar_day": "INSERT INTO calendar_day (bureau_id, day, workday, note) "
    "VALUES ({b}, '2026-03-02', false, '')",
    "township": "INSERT INTO township (code, bureau_id, name) VALUES ('999', {b}, '新镇')",
}


def rename(session: Session, _bureau: int, person: int) -> None:
    session.get_one(Person, person).name = "改名"


def end_roles(session: Session, _bureau: int, person: int) -> None:
    known = session.get_one(Person, person)
    known.roles.clear()


def add_card(session: Session, _bureau: int, person: int) -> None:
    session.add(EnforcementCard(person_id=person, number="X1", valid_from=DAY, valid_until=DAY))


def add_key(session: Session, bureau: int, person: int) -> None:
    session.add(CustodianKey(person_id=person, bureau_id=bureau, record=b"{}"))


# what is sealed with a person (people.seals) counts only where the program itself changes it
OF_A_PERSON = {
    "person": rename,
    "person_role": end_roles,
    "enforcement_card": add_card,
    "custodian_key": add_key,
}


def change(session: Session, table: str, bureau: int, person: int) -> None:
    if table in CHANGES:
        session.execute(text(CHANGES[table].format(b=bureau)))
    else:
        OF_A_PERSON[table](session, bureau, person)
        session.flush()


def seen(bureau_id: int) -> dict[str, Any]:
    """What a page would be told."""
    known = reference(bureau_id)
    return {
        "bureau_setting": known.settings(DAY).number("tip.rounding"),
        "calendar_day": known.calendar.overrides,
        "township": dict(known.townships),
        "person": {i: p.name for i, p in known.staff(DAY).items()},
        "person_role": {i: p.roles for i, p in known.staff(DAY).items()},
        "enforcement_card": {i: p.cards for i, p in known.staff(DAY).items()},
        "custodian_key": known.revision,
    }


def undone(bureau_id: int, table: str, person: int) -> dict[str, Any]:
    """What is seen inside a transaction that makes the change and is rolled back."""
    inside: dict[str, Any] = {}
    try:
        with writing() as session:
            change(session, table, bureau_id, person)
            inside |= seen(bureau_id)
            raise InterruptedError
    except InterruptedError:
        return inside


@pytest.mark.parametrize("table", sorted(REVISING))
def test_a_change_of_each_table_is_seen_and_an_undone_one_is_not(
    bureau: Bureau, team: Team, table: str
) -> None:
    person = team.officers[0]
    before = seen(bureau.id)

    inside = undone(bureau.id, table, person)
    assert inside[table] != before[table]
    assert seen(bureau.id) == before
    with writing() as session:
        change(session, table, bureau.id, person)
    assert seen(bureau.id)[table] not in (before[table], None)
    assert {k: v for k, v in seen(bureau.id).items() if k not in (table, "custodian_key")} == {
        k: v for k, v in before.items() if k not in (table, "custodian_key")
    }


@pytest.mark.parametrize("column", BUREAU)
def test_every_word_about_the_bureau_revises(bureau: Bureau, column: str) -> None:
    number, before = bureau.id, reference(bureau.id).revision
    with writing() as session:
        session.execute(text(f"UPDATE bureau SET {column} = 'neu' WHERE id = {number}"))
    assert reference(number).revision != before
    assert getattr(reference(number).bureau, column) == "neu"


def test_no_column_of_the_bureau_is_forgotten() -> None:
    assert {c.key for c in Bureau.__table__.c} == {*BUREAU, "id", "revision"}


def test_a_sign_in_leaves_it_as_it_was(bureau: Bureau, team: Team) -> None:
    before = reference(bureau.id).revision
    with writing() as session:
        session.execute(text(f"UPDATE person SET totp_step = 9 WHERE id = {team.clerk}"))
    assert reference(bureau.id).revision == before


def test_within_one_reading_transaction_it_is_asked_once(bureau: Bureau) -> None:
    number = bureau.id
    db.session.rollback()
    with counted() as asked:
        for _ in range(3):
            reference(number).settings(DAY)
    assert len([s for s in asked if s.startswith("SELECT bureau.id, bureau.revision")]) == 1


def test_unknown_bureaus_are_errors(bureau: Bureau) -> None:
    assert reference_by_code(bureau.code).bureau.id == reference_by_code("").bureau.id == bureau.id
    with pytest.raises(LookupError):
        reference(bureau.id + 99)
    with pytest.raises(LookupError):
        reference_by_code("nobody")


def test_the_session_it_came_from_may_end(bureau: Bureau) -> None:
    kept = reference(bureau.id).bureau
    db.session.remove()
    assert kept.name
    assert Session.object_session(kept) is None


def _telephone(number: str) -> None:
    """Another process changes the bureau's."""
    with db.engine.connect() as other:
        other.execute(text("UPDATE bureau SET phone = :number"), {"number": number})
        other.commit()


def test_pages_of_the_public_ask_once_a_second(app: Flask, client: FlaskClient, team: Team) -> None:
    """In between they ask the database for nothing, and are as much behind a change; then they show
    it."""
    app.config["PUBLIC_LAG"] = 3600
    client.get("/report")
    with counted() as asked:
        client.get("/report")
    assert asked == []
    _telephone("023-7000 0001")
    assert "023-7000 0001" not in client.get("/report").text
    app.config["PUBLIC_LAG"] = -1  # it has passed
    assert "023-7000 0001" in client.get("/report").text


def test_who_has_met_a_change_shows_it_to_the_public_too(
    app: Flask, client: FlaskClient, team: Team, sign_in: SignIn
) -> None:
    app.config["PUBLIC_LAG"] = 3600
    client.get("/report")
    _telephone("023-7000 0002")
    staff = sign_in("clerk")
    assert "023-7000 0002" in staff.get("/report").text
    staff.post("/signout")
    assert "023-7000 0002" in client.get("/report").text


def test_who_writes_always_asks(app: Flask, client: FlaskClient, bureau: Bureau) -> None:
    app.config["PUBLIC_LAG"] = 3600
    with app.test_request_context("/report"):
        app.preprocess_request()
        before = reference(bureau.id).bureau.phone
        _telephone("023-7000 0003")
        assert reference(bureau.id).bureau.phone == before
        with writing():
            assert reference(bureau.id).bureau.phone == "023-7000 0003"
