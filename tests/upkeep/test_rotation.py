"""Content at rest: sealed for its row, sealed anew after a rotation, and found out when
exchanged."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.acts.facts import gather
from casework.docket.models import Act, ActBody, Docket
from casework.evidence.models import Attachment
from casework.evidence.uploads import take_in, title
from casework.identity import custody
from casework.informants.models import Identity, Message
from casework.intake.receive import Received, receive
from casework.people import passwords
from casework.people.models import Bureau, Person
from casework.public import dialogue
from casework.store import db, utcnow, writing
from casework.upkeep import rotation
from casework.upkeep.walk import Team
from casework.vault import identity as seals
from casework.vault.keys import KeyRing
from casework.vault.sealing import Tampered, Vault, vault
from tests.acts.whole import all_hold
from tests.conftest import ROOT
from tests.informants.sealed import make_key, somebody

STORY = "财务科的另一本账在三楼。"
# sealed for a while, and gone by itself
PASSING = {"draft", "step draft", "identity.words", "second factor in the making", "file"}


@pytest.fixture
def full(app: Flask, team: Team, bureau: Bureau) -> Received:
    """Something under every purpose."""
    make_key(somebody(team, "custodian"))
    with app.test_request_context():
        file = take_in(FileStorage(io.BytesIO("账目".encode() * 50), "台账.txt"), 10**6)
    payload = {"channel": "web", "subject": "某公司", "narrative": STORY}
    got = receive(
        db.session.get_one(Bureau, bureau.id), payload, files=[file], who=b'{"name": "x"}'
    )
    dialogue.from_informant(got.docket_id, "我的来信", [])
    dialogue.from_bureau(got.docket_id, "请补充", "证据不足")
    with writing() as session:
        passwords.set_totp(session.get_one(Person, team.others["head"]), "JBSWY3DPEHPK3PXP")
    return got


def everything(got: Received, team: Team) -> list[object]:
    docket = db.session.get_one(Docket, got.docket_id)
    attachment = db.session.scalars(select(Attachment)).one()
    return [
        gather(db.session(), vault(), docket).value("narrative"),
        [(m.text, m.internal) for m in dialogue.staff_thread(got.docket_id)],
        title(attachment),
        passwords.totp_secret(somebody(team, "head")),
        seals.sealed_to(custody.unwrapped(db.session.get_one(Identity, got.docket_id))),
    ]


def test_after_a_rotation_everything_opens_and_nothing_needs_the_old_key(
    app: Flask, full: Received, team: Team
) -> None:
    before = everything(full, team)
    assert before[0] == STORY
    ring = app.extensions["vault"].keyring
    answer = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert answer.exit_code == 0, answer.output
    assert "generation 2" in answer.output
    db.session.rollback()
    assert everything(full, team) == before
    newest = ring.current.to_bytes(2, "big")
    for model, column, _purpose, _row in rotation.SEALED:
        for blob in db.session.scalars(
            select(getattr(model, column)).where(getattr(model, column).is_not(None))
        ):
            assert blob[:2] == newest, (model, column)
    store = app.extensions["sealed_store"]
    for name in store.names():
        assert store._path(name).read_bytes()[:2] == newest
    again = app.test_cli_runner().invoke(args=["keys", "rotate", "--only-reseal"])
    assert ": 0 rows and 0 files" in again.output


def test_an_old_ciphertext_still_opens_with_the_fall_back(
    app: Flask, full: Received, team: Team
) -> None:
    """A copy brought back after the rotation: its rows are of the older generation."""
    old = db.session.get_one(Docket, full.docket_id).data_key
    app.test_cli_runner().invoke(args=["keys", "rotate"])
    with writing() as session:
        session.get_one(Docket, full.docket_id).data_key = old
    assert everything(full, team)[0] == STORY


def test_every_purpose_that_the_code_seals_for_is_sealed_anew() -> None:
    """A new sealed column fails here until it stands in the list, or among what passes by
    itself."""
    found: set[str] = set()
    for file in (ROOT / "casework").rglob("*.py"):
        found |= set(re.findall(r'\.seal\(\s*"([a-z. ]+)"', file.read_text("utf-8")))
    assert found <= {purpose for _m, _c, purpose, _r in rotation.SEALED} | PASSING
    assert {"message", "totp", "attachment.title", "identity"} <= found


@pytest.mark.parametrize("column", ["body", "internal"])
def test_two_messages_of_one_second_cannot_be_exchanged(full: Received, column: str) -> None:
    now = utcnow()
    with writing() as session:
        for text in ("甲", "乙"):
            made = dialogue.message(full.docket_id, text, mine=False, internal=f"{text}的理由")
            made.at = now
            session.add(made)
    one, two = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(2)).all()
    first, second = getattr(one, column), getattr(two, column)
    with writing() as session:
        setattr(session.get_one(Message, one.id), column, second)
        setattr(session.get_one(Message, two.id), column, first)
    with pytest.raises(Tampered):
        dialogue.staff_thread(full.docket_id)


def test_two_narratives_cannot_be_exchanged(full: Received, bureau: Bureau) -> None:
    payload = {"channel": "web", "subject": "另一家", "narrative": "另一件事"}
    other = receive(db.session.get_one(Bureau, bureau.id), payload)
    mine, theirs = (db.session.get_one(Docket, r.docket_id).data_key for r in (full, other))
    with writing() as session:
        session.get_one(Docket, full.docket_id).data_key = theirs
        session.get_one(Docket, other.docket_id).data_key = mine
    with pytest.raises(Tampered):
        gather(db.session(), vault(), db.session.get_one(Docket, full.docket_id))


def test_two_files_cannot_be_exchanged(app: Flask, full: Received) -> None:
    store = app.extensions["sealed_store"]
    one, two = store.put(b"one"), store.put(b"two")
    first, second = store._path(one.name), store._path(two.name)
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    for name in (one.name, two.name):
        with pytest.raises(Tampered):
            store.read(name)


def test_what_was_told_stands_nowhere_in_clear(instance: Path, full: Received) -> None:
    for file in instance.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for word in (STORY, "我的来信", "请补充", "证据不足", "台账.txt", "账目账目"):
                assert word.encode() not in content, (file, word)
                assert json.dumps(word)[1:-1].encode() not in content, (file, word)


def test_the_journal_body_of_another_entry_does_not_open(full: Received) -> None:
    act = db.session.scalars(select(Act).where(Act.docket_id == full.docket_id)).one()
    docket = db.session.get_one(Docket, full.docket_id)
    key = vault().unwrap(f"docket:{docket.id}", docket.data_key)
    body = db.session.get_one(ActBody, act.id).body
    assert STORY in json.loads(key.open(f"act:{docket.id}:{act.seq}", body))["narrative"]
    with pytest.raises(Tampered):
        key.open(f"act:{docket.id}:{act.seq + 1}", body)


def test_a_rotation_by_another_process_is_taken_up(instance: Path) -> None:
    ring, other = KeyRing.load(instance / "keys.json"), KeyRing.load(instance / "keys.json")
    other.rotate()
    sealed = Vault(other).seal("message", "1", b"x")
    assert Vault(ring).open("message", "1", sealed) == b"x"


def test_a_killed_rotation_is_finished_by_the_next(app: Flask, full: Received, team: Team) -> None:
    """Killed while a file is copied: what it left half written is in nobody's way, and everything
    still opens."""
    store, run = app.extensions["sealed_store"], app.test_cli_runner().invoke
    first, second = sorted(n for n in store.names() if not n.startswith("."))[:2]
    for name in (first, second):
        (store.root / f".{name}").write_bytes(b"half")
    app.extensions["vault"].keyring.rotate()
    told = run(args=["keys", "rotate", "--only-reseal"])
    assert told.exit_code == 0, told.output
    assert all(store.read(n) for n in store.names() if not n.startswith("."))
    assert all_hold()


def test_a_damaged_file_holds_up_no_rotation_and_is_named(
    app: Flask, full: Received, team: Team
) -> None:
    store, run = app.extensions["sealed_store"], app.test_cli_runner().invoke
    names = sorted(n for n in store.names() if not n.startswith("."))
    store._path(names[0]).write_bytes(b"\0\1" + b"x" * 200)
    told = run(args=["keys", "rotate"])
    assert told.exit_code == 1
    assert names[0] in told.output
    assert run(args=["keys", "rotate", "--only-reseal"]).exit_code == 1
    current = app.extensions["vault"].keyring.current
    assert {store._path(n).read_bytes()[:2] for n in names[1:]} == {current.to_bytes(2, "big")}
