"""Destruction: two persons, nothing left of a docket but its numbers, finished wherever it was
killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework.acts.facts import gather
from casework.archive import destroy, emptying
from casework.archive.records import Destruction, DestructionItem
from casework.docket import journal
from casework.docket.jobs import Job
from casework.docket.models import Act, ActBody, Docket
from casework.informants.models import OldReceipt
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, Interest, SavedView
from casework.procedure.payload import Payload
from casework.store import db, writing
from casework.upkeep.tick import sweep_orphans, tick
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.acts.whole import faults
from tests.archive.destroyed import (
    LATER,
    Ripe,
    bytes_of,
    confirmed,
    person,
    propose,
    proposed,
    rows_of,
    why,
)
from tests.conftest import Mould
from tests.support.forged import forge

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def mould(ripened: tuple[Mould, Ripe, list[str]]) -> Mould:
    return ripened[0]


# -- the whole of it
def test_nothing_is_left_in_tables_files_or_index(
    app: Flask, instance: Path, team: Team, both: Ripe, ripened: object
) -> None:
    marks = [*ripened[2], "original.eml"]  # type: ignore[index]
    wanted = {m.encode() for m in marks}
    ids = [w.docket_id for w in both]
    with writing() as session:  # a code that was exchanged
        session.add(OldReceipt(fingerprint=bytes(32), docket_id=ids[0], on=today()))
    before = {n: rows_of(n) for n in emptying.GONE}
    without = {"code_renewal", "arrival", "reply_due", "refusal_mark", "identity_half"}
    without |= {"turn"}  # nothing is waited for any more
    assert {n for n, c in before.items() if not c} <= without, before
    words = " ".join(
        str(a.asked)
        for i in ids
        for a in gather(db.session(), vault(), db.session.get_one(Docket, i)).acts
    )
    assert sum(m in words for m in marks) > 30  # they were really typed there
    shown = [name for name, data in bytes_of(instance) if any(m in data for m in wanted)]
    # titles of lists stand in clear
    assert {"casework.sqlite", "casework.sqlite-wal", "docket"} & set(shown)
    texts, keys = _everything_said(ids), [db.session.get_one(Docket, i).data_key for i in ids]

    number = confirmed(team, both)
    assert destroy.work(day=LATER) == 2
    db.session.expire_all()

    batch = db.session.get_one(Destruction, number)
    assert batch.state == "done"
    for name in set(emptying.GONE) - {"job"}:
        assert rows_of(name) == 0, name
    assert set(db.session.scalars(select(Job.kind))) <= {"destroy", "outbox"}
    store = app.extensions["sealed_store"]
    assert set(store.names()) == {batch.stored}
    db.session.remove()
    for name, data in bytes_of(instance):
        left = [m for m in (*wanted, *texts, *keys) if m in data]
        assert left == [], (name, [m[:40] for m in left])


def _everything_said(ids: list[int]) -> list[bytes]:
    """Sealed bodies and every longer text of the payloads, as bytes; what stands in the bureau's
    own row is not theirs."""
    bank = db.session.scalars(select(Bureau.bank)).first()
    bodies = db.session.scalars(
        select(ActBody.body).join(Act, Act.id == ActBody.act_id).where(Act.docket_id.in_(ids))
    )
    found = [b[:48] for b in bodies]

    def look(thing: object) -> None:
        for part in (
            thing.values()
            if isinstance(thing, dict)
            else thing
            if isinstance(thing, (list, tuple))
            else ()
        ):
            look(part)
        if (
            isinstance(thing, str)
            and len(thing) > 7
            and not thing.isascii()
            and "〔" not in thing
            and thing != bank
        ):
            found.append(thing.encode())

    for i in ids:
        for act in gather(db.session(), vault(), db.session.get_one(Docket, i)).acts:
            look(dict(act.asked))
    return found


def test_the_numbers_remain_and_the_journal_still_verifies(
    app: Flask, team: Team, both: Ripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick()
    rows = {d.id: (d.number, d.code, d.last_seq) for d in db.session.scalars(select(Docket))}
    papers = {p.number for p in db.session.scalars(select(Paper)) if p.number}
    number = confirmed(team, both)
    destroy.work(day=LATER)
    db.session.expire_all()
    assert {
        d.id: (d.number, d.code, d.last_seq) for d in db.session.scalars(select(Docket))
    } == rows
    assert {i.number for i in db.session.scalars(select(DestructionItem))} == {
        n for n, _c, _s in rows.values()
    }
    # no number is given twice
    assert {p.number for p in db.session.scalars(select(Paper)) if p.number} == papers
    tick()
    assert faults() == []
    assert {
        r.payload == Payload()
        for r in journal.read_entries(
            db.session(), vault(), db.session.scalars(select(Docket)).first()
        )
    } == {True}
    monkeypatch.setattr("casework.upkeep.tick.ORPHAN_AGE", -1)
    assert sweep_orphans() == 0  # the certificate is nobody's orphan
    assert app.test_cli_runner().invoke(args=["keys", "rotate"]).exit_code == 0
    db.session.rollback()
    assert db.session.get_one(Destruction, number).sha256
    assert why(both[1].docket_id) == ["gone"]


def test_the_certificate_lists_numbers_alone(
    app: Flask, team: Team, both: Ripe, ripened: object, tmp_path: Path
) -> None:
    from tests.letters.documents import text as printed

    number = confirmed(team, both)
    numbers = [d.number for d in db.session.scalars(select(Docket))]
    destroy.work(day=LATER)
    batch = db.session.get_one(Destruction, number)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(app.extensions["sealed_store"].read(batch.stored))
    read = printed(file)
    for words in (*numbers, "档案销毁证明", "何静", "监销人", "丰统鉴〔2099〕1号", batch.number):
        assert words in read, words
    assert not [m for m in ripened[2] if m in read]  # type: ignore[index]


# -- two persons
def test_who_proposed_does_not_confirm(team: Team, both: Ripe) -> None:
    number = propose(person(team, "head"), both[1].docket_id)
    with pytest.raises(destroy.NotPossible):
        destroy.confirm(person(team, "head"), number, LATER)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                "UPDATE destruction SET confirmer_id = proposer_id, state "
                f"= 'confirmed' WHERE id = {number}"
            )
        )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(f"UPDATE destruction SET state = 'confirmed' WHERE id = {number}"))
    assert destroy.work(day=LATER) == 0
    assert db.session.get_one(Docket, both[1].docket_id).data_key


@pytest.mark.parametrize("how", ["confirmed", "item"])
def test_what_was_put_in_as_confirmed_destroys_nothing(team: Team, both: Ripe, how: str) -> None:
    """Whoever has the database alone does not let the program destroy for him, which it would enter
    as right."""
    if how == "confirmed":
        number = proposed(team, both)
        by = f"confirmer_id = {person(team, 'leader').id}, confirmed_at = '2026-01-01 00:00:00'"
        forge(f"UPDATE destruction SET state = 'confirmed', {by} WHERE id = {number}")
    else:
        number = confirmed(team, both)
        forge(f"UPDATE destruction_item SET number = 'x' WHERE destruction_id = {number}")
    before = {n: rows_of(n) for n in emptying.GONE}
    assert destroy.work(day=LATER) == 0
    assert {n: rows_of(n) for n in emptying.GONE} == before
    assert all(db.session.get_one(Docket, w.docket_id).data_key for w in both)


@pytest.mark.parametrize(
    "part", [False, True], ids=["nothing of it was destroyed", "a part of it was"]
)
def test_a_batch_that_an_earlier_version_confirmed_has_a_way_on(
    app: Flask, team: Team, both: Ripe, sign_in: SignIn, part: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entries bear no marks, so nothing more is destroyed: the page says so, and a person
    withdraws it."""
    number = confirmed(team, both)
    if part:
        assert destroy.work(most=1, day=LATER) == 1
    monkeypatch.setattr("casework.people.row_journal.is_entered_at", lambda *_words: False)
    assert destroy.work(day=LATER) == 0
    client = sign_in("leader")
    page = client.get(f"/desk/archive/batches/{number}").text
    assert "与登记的不一致" in page
    assert client.post(f"/desk/archive/batches/{number}/withdraw").status_code == 302
    batch = db.session.get_one(Destruction, number, populate_existing=True)
    assert batch.state == ("done" if part else "withdrawn")
    assert bool(batch.stored) is part
    assert destroy.work(day=LATER) == 0
    left = [w.docket_id for w in both if db.session.get_one(Docket, w.docket_id).data_key]
    assert len(left) == (1 if part else 2)
    assert "other_batch" not in why(left[-1])
    assert client.get(f"/desk/archive/batches/{number}").status_code == 200


def test_a_batch_that_is_being_destroyed_is_not_withdrawn(team: Team, both: Ripe) -> None:
    number = confirmed(team, both)
    with pytest.raises(destroy.NotPossible):
        destroy.withdraw(person(team, "leader"), number)


def test_a_withdrawn_batch_does_nothing_and_frees_its_files(team: Team, both: Ripe) -> None:
    number = proposed(team, both)
    assert "other_batch" in why(both[1].docket_id)
    destroy.withdraw(person(team, "clerk"), number)
    assert why(both[0].docket_id) == ["linked"]
    with pytest.raises(destroy.NotPossible):
        destroy.confirm(person(team, "leader"), number, LATER)
    assert destroy.work(day=LATER) == 0
    assert proposed(team, both) != number


# -- killed anywhere
@pytest.mark.parametrize("at", ["shred", "write", "finish"])
def test_killed_anywhere_the_next_round_finishes(
    app: Flask, team: Team, both: Ripe, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = confirmed(team, both)
    calls = {"n": 0}

    def dies(real: object) -> object:
        def once(*args: object, **kw: object) -> object:
            calls["n"] += 1
            if calls["n"] == 3:
                raise KeyboardInterrupt
            return real(*args, **kw)  # type: ignore[operator]

        return once

    with monkeypatch.context() as patch:
        if at == "shred":
            patch.setattr(
                app.extensions["sealed_store"], "shred", dies(app.extensions["sealed_store"].shred)
            )
        elif at == "write":
            patch.setattr(emptying, "_of", dies(emptying._of))
        else:
            patch.setattr(
                destroy, "keep_certificate", lambda *_a: (_ for _ in ()).throw(KeyboardInterrupt())
            )
        with pytest.raises(KeyboardInterrupt):
            destroy.work(day=LATER)
    db.session.rollback()
    if at == "write":  # the first docket's transaction left nothing half done
        assert db.session.scalars(select(ActBody)).first() is not None
        assert all(i.emptied_at is None for i in db.session.scalars(select(DestructionItem)))
    destroy.work(day=LATER)
    db.session.expire_all()
    assert db.session.get_one(Destruction, number).state == "done"
    assert set(app.extensions["sealed_store"].names()) == {
        db.session.get_one(Destruction, number).stored
    }
    assert db.session.scalars(select(ActBody)).all() == []


# -- no other way
@pytest.mark.sqlite
def test_old_pages_of_an_earlier_release_go_with_compact(app: Flask, instance: Path) -> None:
    """A database that once ran without overwriting what it deleted: a PRAGMA of SQLite.
    tests/postgres has its like."""
    words = "旧版本删过的内容".encode()
    raw = db.engine.raw_connection()
    raw.execute("PRAGMA secure_delete=OFF")
    raw.execute(
        "INSERT INTO township (code, bureau_id, name) SELECT '1', 1, ? FROM bureau LIMIT 1",
        ("旧版本删过的内容",),
    )
    raw.execute("DELETE FROM township WHERE code = '1'")
    raw.execute("PRAGMA secure_delete=ON")
    raw.close()
    assert any(words in data for _name, data in bytes_of(instance))
    answer = app.test_cli_runner().invoke(args=["archive", "compact"])
    assert answer.exit_code == 0, answer.output
    assert not any(words in data for _name, data in bytes_of(instance))


def test_the_command_finishes_what_is_confirmed_and_nothing_else(
    app: Flask, team: Team, both: Ripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed(team, both)
    run = app.test_cli_runner().invoke
    assert "0 files" in run(args=["archive", "destroy"]).output
    destroy.confirm(person(team, "leader"), 1, LATER)
    monkeypatch.setattr(destroy, "this_day", lambda: LATER)
    with monkeypatch.context() as patch:
        patch.setattr(emptying, "log_is_clean", lambda: False)  # somebody reads
        answer = run(args=["archive", "destroy"])
        assert answer.exit_code == 1
        assert "not finished" in answer.output
    answer = run(args=["archive", "destroy"])
    assert answer.exit_code == 0, answer.output
    db.session.expire_all()
    assert db.session.get_one(Destruction, 1).state == "done"


def test_saved_views_that_named_it_go_and_others_and_declared_ties_stay(
    app: Flask, team: Team, both: Ripe
) -> None:
    docket = db.session.get_one(Docket, both[1].docket_id)
    name, number = docket.title, docket.number
    views = {
        "itself": urlencode({"q": name, "stage": "archived"}),
        "by number": urlencode({"q": number}),
        f"看{name}": "stage=archived",
        "of others": urlencode({"q": "另一家企业"}),
        "plain": "stage=archived",
        "many": urlencode({"q": "甲"}),
    }
    with writing() as session:
        for label, query in views.items():
            session.add(
                SavedView(person_id=team.clerk, which="cases", name=label[:40], query=query)
            )
        session.add(Interest(person_id=team.officers[0], name=name, reason="亲属任职"))
        session.add(
            Docket(
                bureau_id=docket.bureau_id,
                kind="case",
                code="C1-1",
                number="别案",
                opened_on=today(),
                data_key=b"",
                title="甲公司",
                stage="verify",
            )
        )
    confirmed(team, both)
    assert destroy.work(day=LATER) == 2
    assert set(db.session.scalars(select(SavedView.name))) == {"of others", "plain", "many"}
    assert db.session.scalars(select(Interest.name)).all() == [name]
