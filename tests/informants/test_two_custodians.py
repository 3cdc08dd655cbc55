"""An identity that takes two custodians: by the cipher, not by the program."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.secret import SecretBox
from sqlalchemy import select, update

from casework.identity import custody, opening, requests
from casework.informants.models import Identity, IdentityBox, IdentityHalf
from casework.intake.receive import Received
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole
from casework.people.office import NotPossible
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from casework.vault import identity as seals
from tests.informants.sealed import (
    NAME,
    OTHER_WORD,
    WORD,
    SignIn,
    asked,
    every_blob,
    make_key,
    meanwhile,
    second_custodian,
    somebody,
    tip,
)
from tests.support.settings import confirm_setting


@pytest.fixture
def two(team: Team, bureau: Bureau) -> tuple[Person, Person, Received]:
    """Two custodians with keys, the bureau wanting both, and a tip sealed so."""
    first, second = somebody(team, "custodian"), second_custodian(team)
    confirm_setting(somebody(team, "head"), "identity.custodians", "2", today())
    make_key(first)
    make_key(second, OTHER_WORD)
    return somebody(team, "custodian"), somebody(team, "auditor"), tip(bureau)


def test_what_takes_two_no_custodian_opens_alone(
    team: Team, app: Flask, two: tuple[Person, Person, Received]
) -> None:
    """With one custodian's key, the other's consent of an earlier request, all that is stored, and
    the server's own keys."""
    first, second, got = two
    request, _code = asked(team, got)
    requests.grant(second, request, OTHER_WORD)
    sealed = custody.unwrapped(db.session.get_one(Identity, got.docket_id))
    privates = custody.unlocked(first, WORD)
    assert custody._opened(sealed, privates) is None
    opened = json.loads(sealed)
    mine = [
        SealedBox(p).decrypt(seals._raw(h))
        for p in privates
        for pair in opened["pairs"]
        for n, h in pair.items()
        if n == seals._text(bytes(p.public_key))
    ]
    assert len(mine) == 1
    vault = app.extensions["vault"]
    half = db.session.scalars(select(IdentityHalf)).one()
    consent = json.loads(vault.open("identity.half", f"request:{request}:{second.id}", half.sealed))
    with pytest.raises(CryptoError):
        SealedBox(privates[0]).decrypt(seals._raw(consent["halves"]["0"]))
    for blob in [*every_blob(), *mine]:
        for at in range(max(1, len(blob) - 31)):
            for key in (
                blob[at : at + 32],
                bytes(a ^ b for a, b in zip(blob[at : at + 32], mine[0], strict=False)),
            ):
                if len(key) == 32:
                    with pytest.raises(CryptoError):
                        SecretBox(key).decrypt(seals._raw(opened["data"]))


def test_two_consents_in_either_order_open_it_for_the_one_who_asked(
    team: Team, two: tuple[Person, Person, Received]
) -> None:
    first, second, got = two
    for one, other, words in (
        (first, second, (WORD, OTHER_WORD)),
        (second, first, (OTHER_WORD, WORD)),
    ):
        request, code = asked(team, got)
        assert not requests.grant(one, request, words[0])
        shown = requests.find(first.bureau_id, request)
        assert shown is not None
        assert shown.state == requests.WAITING
        assert db.session.get(IdentityBox, request) is None
        with pytest.raises(NotPossible, match="not open"):
            opening.read_identity(somebody(team, "head"), request, code)
        assert requests.grant(other, request, words[1])
        assert opening.read_identity(somebody(team, "head"), request, code).who["name"] == NAME
        assert db.session.scalars(select(IdentityHalf)).all() == []
        with writing() as session:
            session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
        opening.sweep()


def test_with_one_custodian_where_two_are_wanted_no_name_is_taken(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    second_custodian(team)  # without a key
    confirm_setting(somebody(team, "head"), "identity.custodians", "2", today())
    make_key(somebody(team, "custodian"))
    assert not custody.may_name(bureau.id)
    with pytest.raises(LookupError):
        tip(bureau)
    assert "目前无人可以留名" in sign_in("custodian").get("/desk/custody/").text


def test_what_takes_two_is_sealed_anew_by_two_who_sit_together(
    team: Team, bureau: Bureau, two: tuple[Person, Person, Received], sign_in: SignIn
) -> None:
    first, second, got = two
    with writing() as session:
        session.add(PersonRole(person_id=team.others["legal"], role="custodian", from_day=today()))
    db.session.expire_all()
    third_word = "第三位保管人的口令 2026 丙"
    make_key(somebody(team, "legal"), third_word)
    assert custody.count(bureau.id) == custody.Count(total=1, left=1, lost=0)
    assert custody.reseal(somebody(team, "custodian"), WORD) == 0  # alone: nothing
    page = sign_in("custodian")
    typed = {"word": WORD, "beside": second.id}
    assert (
        page.post(
            "/desk/custody/reseal", data={**typed, "other_word": "wrong word 12345"}
        ).status_code
        == 422
    )
    assert (
        page.post("/desk/custody/reseal", data={**typed, "other_word": OTHER_WORD}).status_code
        == 302
    )
    assert custody.count(bureau.id).left == 0
    request, code = asked(team, got)
    requests.grant(somebody(team, "legal"), request, third_word)
    assert requests.grant(somebody(team, "custodian"), request, WORD)
    assert opening.read_identity(somebody(team, "head"), request, code).who["name"] == NAME
    assert first.id != second.id


def test_a_consent_given_before_it_was_sealed_anew_does_not_count(
    team: Team, two: tuple[Person, Person, Received]
) -> None:
    first, _second, got = two
    request, _code = asked(team, got)
    requests.grant(first, request, WORD)
    make_key(somebody(team, "auditor"), "又一个保管人口令 2026")
    assert (
        custody.reseal(
            somebody(team, "custodian"), WORD, beside=(somebody(team, "auditor"), OTHER_WORD)
        )
        == 1
    )
    with pytest.raises(NotPossible, match="sealed anew"):
        requests.grant(somebody(team, "auditor"), request, "又一个保管人口令 2026")
    assert db.session.get(IdentityBox, request) is None
    requests.refuse_request(somebody(team, "auditor"), request, "重新封存过，请重新申请。")
    assert db.session.scalars(select(IdentityHalf)).all() == []


def test_back_to_one_needs_both_once_more(
    team: Team, bureau: Bureau, two: tuple[Person, Person, Received]
) -> None:
    _first, second, got = two
    confirm_setting(somebody(team, "head"), "identity.custodians", "1", today())
    request, _code = asked(team, got)
    # the cipher still wants two
    assert not requests.grant(somebody(team, "custodian"), request, WORD)
    assert custody.reseal(somebody(team, "custodian"), WORD) == 0
    assert custody.reseal(somebody(team, "custodian"), WORD, beside=(second, OTHER_WORD)) == 1
    code = requests.ask(somebody(team, "leader"), got.docket_id, "核实", 1)
    assert requests.grant(somebody(team, "custodian"), request + 1, WORD)
    assert opening.read_identity(somebody(team, "leader"), request + 1, code).who["name"] == NAME


def test_two_who_agree_in_the_same_moment_open_it_together(
    team: Team, two: tuple[Person, Person, Received], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, got = two
    request, code = asked(team, got)
    meanwhile(monkeypatch, lambda: requests.grant(somebody(team, "auditor"), request, OTHER_WORD))
    with pytest.raises(NotPossible, match="just answered"):
        requests.grant(first, request, WORD)
    assert requests.grant(somebody(team, "custodian"), request, WORD)
    assert opening.read_identity(somebody(team, "head"), request, code).who["name"] == NAME
