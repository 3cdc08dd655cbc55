"""Whoever has the database alone: no password, no role and no card that he puts there for an hour
serves him."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from casework.identity import custody
from casework.informants.models import CustodianKey
from casework.people import office, passwords, two_persons
from casework.people.facts import staff_facts
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole
from casework.store import db, writing
from casework.upkeep.demo import PASSWORD
from casework.upkeep.walk import Team
from tests.acts.whole import all_hold, faults
from tests.informants.sealed import make_key
from tests.support.forged import forge

SignIn = Callable[[str], FlaskClient]
MINE = "a-word-of-the-attacker-1"
ROLE = (
    "INSERT INTO person_role (person_id, role, from_day, "
    "lent_from) VALUES ({}, '{}', '2020-01-01', '')"
)


def put(statement: str) -> None:
    """Beside the program, and so that it reads its staff again."""
    forge(statement)
    forge("UPDATE bureau SET revision = revision + 1")


def person(login: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.login == login)).one()


def enter(client: FlaskClient, login: str, password: str) -> int:
    client.post("/signout")
    return client.post("/signin", data={"login": login, "password": password}).status_code


# -- signing in
def test_a_password_put_in_for_an_hour_opens_nothing(team: Team, client: FlaskClient) -> None:
    before = person("leader").password_hash
    put(f"UPDATE person SET password_hash = '{passwords.hashed(MINE)}' WHERE login = 'leader'")
    assert enter(client, "leader", MINE) == 422
    put(f"UPDATE person SET password_hash = '{before}' WHERE login = 'leader'")
    assert enter(client, "leader", PASSWORD) == 302


def test_ones_own_password_copied_to_another_row_opens_nothing(
    team: Team, client: FlaskClient
) -> None:
    with writing() as session:
        session.get_one(Person, team.clerk).password_hash = passwords.hashed(MINE)
    put(
        "UPDATE person SET password_hash = (SELECT password_hash FROM person "
        "WHERE login = 'clerk') WHERE login = 'leader'"
    )
    assert enter(client, "leader", MINE) == 422
    assert enter(client, "clerk", MINE) == 302


def test_a_whole_row_copied_over_another_opens_nothing(team: Team, client: FlaskClient) -> None:
    columns = "password_hash, totp, must_change, active, seal"
    with writing() as session:
        session.get_one(Person, team.clerk).password_hash = passwords.hashed(MINE)
    put(
        f"UPDATE person SET ({columns}) = (SELECT {columns} FROM person "
        "WHERE login = 'clerk') WHERE login = 'leader'"
    )
    assert enter(client, "leader", MINE) == 422


def test_a_second_factor_taken_away_opens_nothing(team: Team, client: FlaskClient) -> None:
    with writing() as session:
        passwords.set_totp(session.get_one(Person, team.leader), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    put("UPDATE person SET totp = NULL WHERE login = 'leader'")
    assert enter(client, "leader", PASSWORD) == 422


def test_a_closed_account_opened_beside_the_program_stays_closed(
    team: Team, client: FlaskClient
) -> None:
    with writing() as session:
        session.get_one(Person, team.leader).active = False
    put("UPDATE person SET active = true WHERE login = 'leader'")
    assert enter(client, "leader", PASSWORD) == 422


def test_a_session_ends_with_a_row_that_is_not_what_was_sealed(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert client.get("/desk/").status_code == 200
    put("UPDATE person SET name = '周明' WHERE login = 'clerk'")
    assert client.get("/desk/").status_code == 302


def test_a_row_without_a_seal_opens_nothing(team: Team, client: FlaskClient) -> None:
    """It is nobody's of an earlier version: those were sealed when the column was made."""
    put("UPDATE person SET seal = '' WHERE login = 'leader'")
    assert enter(client, "leader", PASSWORD) == 422


# -- roles, cards and keys of custodians
@pytest.mark.parametrize(
    "statement",
    [
        ROLE.format("{clerk}", "leader"),
        "UPDATE person_role SET role = 'leader' WHERE person_id = {clerk}",
        "UPDATE person_role SET person_id = {clerk} WHERE role = 'leader'",
    ],
)
def test_a_role_put_in_for_a_day_gives_nothing(team: Team, sign_in: SignIn, statement: str) -> None:
    client = sign_in("clerk")
    assert client.get("/desk/office/proposals/").status_code == 403
    put(statement.format(clerk=team.clerk))
    assert "leader" not in person("clerk").role_names(today())
    assert "leader" not in staff_facts(person("clerk").bureau_id, today())[team.clerk].roles
    assert client.get("/desk/office/proposals/").status_code == 302  # signed out
    assert enter(client, "clerk", PASSWORD) == 422


def test_a_role_that_ended_and_is_made_longer_again_gives_nothing(
    team: Team, client: FlaskClient
) -> None:
    role = person("leader").roles[0].id
    office.end_role(person("admin"), team.leader, role, today())
    put(f"UPDATE person_role SET until_day = NULL WHERE id = {role}")
    assert person("leader").role_names(today()) == frozenset()
    assert enter(client, "leader", PASSWORD) == 422


def test_a_card_put_in_for_a_day_is_none(team: Team) -> None:
    before = staff_facts(person("clerk").bureau_id, today())[team.clerk].cards
    put(
        "INSERT INTO enforcement_card (person_id, number, valid_from, valid_until) "
        f"VALUES ({team.clerk}, '渝统执 0001', '2020-01-01', '2036-01-01')"
    )
    assert staff_facts(person("clerk").bureau_id, today())[team.clerk].cards == before == ()


def test_nothing_is_sealed_to_a_custodians_key_that_was_put_in(team: Team, bureau: Bureau) -> None:
    """Also where what was put in bears no trigger, so that nothing is read again."""
    make_key(person("custodian"))
    assert len(custody.present_keys(bureau.id)) == 1
    record = db.session.scalars(select(CustodianKey.record)).one()
    forge(f"UPDATE custodian_key SET record = {literal(record[:-1] + bytes([record[-1] ^ 1]))}")
    assert custody.present_keys(bureau.id) == []
    forge(f"UPDATE custodian_key SET record = {literal(record)}")
    assert len(custody.present_keys(bureau.id)) == 1


def literal(value: bytes) -> str:
    return f"'\\x{value.hex()}'" if db.engine.dialect.name == "postgresql" else f"x'{value.hex()}'"


def test_a_leaders_role_that_is_gone_for_a_moment_lets_no_one_replace_the_password_alone(
    team: Team, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    put(f"DELETE FROM person_role WHERE person_id = {team.leader}")
    page = client.post(f"/desk/office/people/{team.leader}/password", data={"why": "忘记口令"}).text
    assert 'id="half"' in page
    assert 'id="password"' not in page


def test_two_persons_are_asked_also_while_all_who_confirm_are_gone_for_a_moment(
    team: Team, bureau: Bureau
) -> None:
    put("DELETE FROM person_role WHERE role IN ('leader', 'head', 'legal')")
    assert two_persons.begun(db.session(), bureau.id)


# -- what the program changes itself
def test_a_forged_row_is_not_sealed_with_its_next_change(team: Team, client: FlaskClient) -> None:
    put(f"UPDATE person SET password_hash = '{passwords.hashed(MINE)}' WHERE login = 'clerk'")
    office.change_person(person("admin"), team.clerk, {"name": "改过的名字"}, "改名")
    with writing() as session:
        session.get_one(Person, team.clerk).qualified = True
    assert enter(client, "clerk", MINE) == 422


def test_a_role_given_beside_a_forged_one_seals_neither(team: Team) -> None:
    put(ROLE.format(team.clerk, "leader"))
    with writing() as session:
        session.add(PersonRole(person_id=team.clerk, role="publisher", from_day=today()))
    assert person("clerk").role_names(today()) == frozenset()


def test_a_new_password_makes_a_forged_row_good_again(team: Team, sign_in: SignIn) -> None:
    """What was put in to sign in with is gone then; who has a role that was put in bears it from
    two persons on, or not."""
    put(f"UPDATE person SET password_hash = '{passwords.hashed(MINE)}' WHERE login = 'clerk'")
    with writing() as session:
        office.set_password(session, session.get_one(Person, team.clerk), "one-time-1234", None)
    client = sign_in("admin")
    assert enter(client, "clerk", MINE) == 422
    assert enter(client, "clerk", "one-time-1234") == 302


def test_everything_that_the_program_changes_of_a_person_is_sealed(
    team: Team, client: FlaskClient
) -> None:
    admin = person("admin")
    office.change_person(admin, team.clerk, {"name": "改过的名字", "login": "changed"})
    office.add_role(
        admin,
        team.clerk,
        {"role": "publisher", "from_day": today(), "until_day": None, "lent_from": ""},
    )
    dates = {"valid_from": today(), "valid_until": today()}
    office.add_card(admin, team.clerk, {"number": "渝统执 0009", **dates})
    assert person("changed").role_names(today()) == {"clerk", "publisher"}
    publisher = next(r for r in person("changed").roles if r.role == "publisher")
    office.end_role(admin, team.clerk, publisher.id, today())
    assert person("changed").role_names(today()) == {"clerk"}
    office.set_active(admin, team.clerk, False)
    office.set_active(admin, team.clerk, True)
    assert enter(client, "changed", PASSWORD) == 302
    number, password = office.add_person(admin, {"login": "new", "name": "新人"})
    assert number
    assert enter(client, "new", password) == 302


def test_the_try_is_said_in_the_log_without_a_name(
    team: Team, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    put(f"UPDATE person SET password_hash = '{passwords.hashed(MINE)}' WHERE login = 'leader'")
    assert enter(client, "leader", MINE) == 422
    assert f"person {team.leader}" in caplog.text
    assert "leader" not in caplog.text


def test_a_new_password_seals_no_role_that_was_put_in(
    team: Team, app: Flask, sign_in: SignIn
) -> None:
    """An administrator who replaces a clerk's password does not confirm a leader by that."""
    put(ROLE.format(team.clerk, "leader"))
    answer = app.test_cli_runner().invoke(args=["people", "reset", "clerk", "--why", "忘记口令"])
    assert answer.exit_code == 0  # three days, as for everybody who bears a role that takes two
    with writing() as session, pytest.raises(two_persons.NotPossible, match="not what was entered"):
        office.set_password(session, session.get_one(Person, team.clerk), "one-time-1234", None)
    forged = next(r for r in person("clerk").roles if r.role == "leader")
    office.end_role(person("admin"), team.clerk, forged.id, today())
    with writing() as session:
        office.set_password(session, session.get_one(Person, team.clerk), "one-time-1234", None)
    put("SELECT 1")
    assert person("clerk").role_names(today()) == {"clerk"}
    assert enter(sign_in("admin"), "clerk", "one-time-1234") == 302


def test_an_instance_of_an_earlier_version_is_sealed_once(team: Team, client: FlaskClient) -> None:
    make_key(person("custodian"))
    downgrade(revision="0032")
    db.session.remove()
    upgrade()
    db.session.remove()
    for login in ("leader", "custodian", "officer1"):
        assert enter(client, login, PASSWORD) == 302, login
    assert len(custody.present_keys(person("leader").bureau_id)) == 1


def test_a_broken_seal_is_named_by_the_verification(team: Team) -> None:
    assert all_hold()
    put(f"UPDATE person SET seal = '' WHERE id = {team.leader}")
    assert [(f.docket, f.seq, f.what) for f in faults()] == [("person", team.leader, "unsealed")]
