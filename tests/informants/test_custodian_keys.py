"""Keys of custodians: made, lost, renewed, taken over; and what the server cannot do without their
word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from sqlalchemy import func, select

from casework.identity import custody, opening, requests
from casework.informants.models import CustodianKey, Identity, IdentityBox, SpareKey
from casework.intake.receive import Received
from casework.people import office
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.people.office import NotPossible
from casework.store import db, writing
from casework.upkeep.demo import accept_key
from casework.upkeep.walk import Team
from casework.vault import identity as seals
from casework.vault.sealing import Tampered
from tests.informants.sealed import (
    NAME,
    OTHER_WORD,
    PHONE,
    WHO,
    WORD,
    asked,
    every_blob,
    make_key,
    second_custodian,
    somebody,
    tip,
)


# -- keys
def test_a_key_serves_only_after_its_recovery_key_was_typed_back(
    team: Team, bureau: Bureau
) -> None:
    person = somebody(team, "custodian")
    recovery = custody.make_key(person, WORD, WORD)
    assert custody.present_keys(bureau.id) == []
    with pytest.raises(LookupError):
        tip(bureau)
    with pytest.raises(NotPossible, match="not the recovery key"):
        custody.confirm_key(person, recovery[:-1] + str((int(recovery[-1]) + 1) % 10))
    with pytest.raises(NotPossible, match="not the recovery key"):
        custody.confirm_key(person, WORD)
    custody.confirm_key(person, f" {recovery.replace(' ', '')} ")
    assert custody.present_keys(bureau.id) == []
    accept_key(person)
    assert [k.person_id for k in custody.present_keys(bureau.id)] == [person.id]
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 0


@pytest.mark.parametrize(
    "word", ["short", "custodian-custodian", "aaaaaaaaaaaaaaaa", "fengdu-demo-2026"]
)
def test_a_weak_password_or_the_one_for_signing_in_makes_no_key(team: Team, word: str) -> None:
    with pytest.raises(NotPossible):
        custody.make_key(somebody(team, "custodian"), word, word)


def test_the_recovery_key_stands_nowhere(team: Team, instance: Path) -> None:
    recovery = make_key(somebody(team, "custodian"))
    for file in instance.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert recovery.encode() not in content
            assert recovery.replace(" ", "").encode() not in content
            assert WORD.encode() not in content


def test_a_forgotten_password_is_replaced_with_the_recovery_key(team: Team, bureau: Bureau) -> None:
    person = somebody(team, "custodian")
    recovery = make_key(person)
    got = tip(bureau)
    with pytest.raises(NotPossible, match="Neither the password"):
        custody.change_password(person, "not the password", OTHER_WORD, OTHER_WORD)
    custody.change_password(person, recovery, OTHER_WORD, OTHER_WORD)
    request, code = asked(team, got)
    with pytest.raises(NotPossible, match="Neither the password"):
        requests.grant(person, request, WORD)
    assert requests.grant(person, request, OTHER_WORD)
    assert opening.read_identity(somebody(team, "head"), request, code).who["name"] == NAME


def test_a_new_key_takes_over_everything_and_the_old_one_goes(
    team: Team, bureau: Bureau, custodian: Person
) -> None:
    before = custody.key_of(custodian)
    assert before is not None
    old, first = before.record, tip(bureau)
    for _ in range(60):  # more than one batch
        tip(bureau)
    make_key(custodian, OTHER_WORD)
    later = tip(bureau)
    assert custody.count(bureau.id) == custody.Count(total=62, left=61, lost=0)
    with pytest.raises(NotPossible):
        custody.reseal(custodian, "wrong word")
    assert custody.reseal(custodian, WORD, limit=50) == 50  # goes on where it stopped
    assert custody.count(bureau.id).left == 11
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 1
    assert custody.reseal(custodian, WORD) == 11
    assert custody.count(bureau.id) == custody.Count(total=62, left=0, lost=0)
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 0
    for got in (first, later):
        sealed = custody.unwrapped(db.session.get_one(Identity, got.docket_id))
        now = custody.key_of(custodian)
        assert now is not None
        assert seals.open_identity(now.record, OTHER_WORD, sealed) == WHO
        with pytest.raises(seals.WrongPassword):
            seals.open_identity(old, WORD, sealed)


def test_a_new_custodian_gets_the_old_identities_from_a_present_one(
    team: Team, bureau: Bureau, report: Received
) -> None:
    newcomer = second_custodian(team)
    make_key(newcomer, OTHER_WORD)
    request, code = asked(team, report)
    with pytest.raises(NotPossible, match="does not open this identity"):
        requests.grant(newcomer, request, OTHER_WORD)
    assert custody.reseal(newcomer, OTHER_WORD) == 0
    assert custody.reseal(somebody(team, "custodian"), WORD) == 1
    assert requests.grant(newcomer, request, OTHER_WORD)
    assert opening.read_identity(somebody(team, "head"), request, code).who["contact"] == PHONE


def test_who_is_no_custodian_any_more_is_sealed_out(
    team: Team, bureau: Bureau, report: Received
) -> None:
    newcomer = second_custodian(team)
    make_key(newcomer, OTHER_WORD)
    leaver = somebody(team, "custodian")
    custody.reseal(leaver, WORD)
    role = next(r for r in leaver.roles if r.role == "custodian")
    office.end_role(somebody(team, "admin"), leaver.id, role.id, today())
    db.session.expire_all()
    assert custody.count(bureau.id).left == 1
    assert custody.reseal(newcomer, OTHER_WORD) == 1
    record = db.session.get_one(CustodianKey, leaver.id).record
    with pytest.raises(seals.WrongPassword):
        seals.open_identity(
            record, WORD, custody.unwrapped(db.session.get_one(Identity, report.docket_id))
        )


def test_what_no_key_opens_any_more_is_said(team: Team, bureau: Bureau, report: Received) -> None:
    with writing() as session:
        session.get_one(CustodianKey, team.others["custodian"]).record = seals.new_custodian(
            "lost for ever"
        )[0]
    assert custody.count(bureau.id) == custody.Count(total=1, left=1, lost=1)


# -- what the server can do by itself
def test_server_database_and_key_file_without_a_password_open_nothing(
    app: Flask, team: Team, report: Received, custodian: Person
) -> None:
    """A granted request lies there too; everything stored is tried as a key on everything
    stored."""
    request, _code = asked(team, report)
    requests.grant(custodian, request, WORD)
    vault = app.extensions["vault"]
    sealed = [custody.unwrapped(db.session.get_one(Identity, report.docket_id))]
    sealed.append(
        vault.open(
            "identity.box", f"request:{request}", db.session.get_one(IdentityBox, request).sealed
        )
    )
    masters = [
        bytes.fromhex(m) for m in json.loads(vault.keyring.path.read_text())["masters"].values()
    ]
    purposes = ("identity", "identity.box", "data key", "receipt", "session", "file", "message")
    keys = {*masters, *(vault.keyring.derive(p) for p in purposes)}
    for blob in [*every_blob(), *sealed]:
        parts = [
            blob,
            *(
                seals._raw(p)
                for p in re.findall(r'"([A-Za-z0-9+/=]{40,})"', blob.decode("latin-1"))
            ),
        ]
        keys |= {
            p[i : i + 32]
            for p in parts
            for i in (0, 16, max(len(p) - 32, 0))
            if len(p[i : i + 32]) == 32
        }
    assert len(keys) > 40
    for blob in sealed:
        opened = json.loads(blob)
        for box in opened["boxes"].values():
            for key in keys:
                with pytest.raises((CryptoError, ValueError)):
                    SealedBox(PrivateKey(key)).decrypt(seals._raw(box))
                with pytest.raises((CryptoError, ValueError)):
                    SecretBox(key).decrypt(seals._raw(opened["data"]))


def test_neither_name_nor_contact_stands_in_any_file(
    instance: Path, team: Team, report: Received, custodian: Person
) -> None:
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    opening.read_identity(somebody(team, "head"), request, code)
    for file in instance.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for secret in (NAME.encode(), PHONE.encode(), code.encode()):
                assert secret not in content, file


def test_two_exchanged_identities_do_not_open(bureau: Bureau, report: Received) -> None:
    second = tip(bureau, b'{"name": "x"}')
    one, two = (db.session.get_one(Identity, r.docket_id).sealed for r in (report, second))
    with writing() as session:
        session.get_one(Identity, report.docket_id).sealed = two
        session.get_one(Identity, second.docket_id).sealed = one
    with pytest.raises(Tampered):
        custody.unwrapped(db.session.get_one(Identity, report.docket_id))
