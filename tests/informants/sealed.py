"""Custodians with keys, a named tip, and a request for its identity."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from nacl.public import PrivateKey
from sqlalchemy import select

from casework.identity import custody, requests
from casework.informants.models import IdentityRequest
from casework.intake.receive import Received, receive
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole
from casework.store import db, writing
from casework.upkeep.demo import accept_key
from casework.upkeep.walk import Team

SignIn = Callable[[str], FlaskClient]
NAME, PHONE = "欧阳举报", "13987654321"
WHO = json.dumps({"name": NAME, "contact": PHONE}, ensure_ascii=False).encode()
WORD = "保管人的口令 2026 甲"
WHY = "核实账外数据来源。"
OTHER_WORD = "另一位保管人的口令 2026 乙"


def somebody(team: Team, login: str) -> Person:
    return db.session.get_one(Person, team.others[login])


def make_key(person: Person, word: str = WORD) -> str:
    recovery = custody.make_key(person, word, word)
    custody.confirm_key(person, recovery)
    accept_key(person)
    return recovery


def second_custodian(team: Team) -> Person:
    """The auditor becomes a custodian too."""
    with writing() as session:
        session.add(
            PersonRole(person_id=team.others["auditor"], role="custodian", from_day=today())
        )
    db.session.expire_all()
    return somebody(team, "auditor")


def tip(bureau: Bureau, who: bytes = WHO) -> Received:
    payload = {
        "channel": "visit",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报",
        "survey_by": "bureau",
    }
    return receive(db.session.get_one(Bureau, bureau.id), payload, who=who)


def asked(team: Team, report: Received, hours: int = 4) -> tuple[int, str]:
    code = requests.ask(somebody(team, "head"), report.docket_id, WHY, hours)
    return db.session.scalars(
        select(IdentityRequest.id).order_by(IdentityRequest.id.desc())
    ).first() or 0, code


# -- what the server can do by itself
def every_blob() -> list[bytes]:
    """Every byte string in the database, and in the JSON of key records and boxes."""
    found: list[bytes] = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [v for v in row if isinstance(v, bytes)]
    return found


# -- request, grant, reading
def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """What another does while a custodian's password is stretched, which takes a second."""
    real = custody.unlocked

    def unlocked(person: Person, word: str) -> list[PrivateKey]:
        monkeypatch.setattr(custody, "unlocked", real)
        found = real(person, word)
        act()
        return found

    monkeypatch.setattr(custody, "unlocked", unlocked)
