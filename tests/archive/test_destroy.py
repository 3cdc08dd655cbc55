"""Destruction: two persons, nothing left of a docket but its numbers, and no other way for rows to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework.acts.facts import gather
from casework.acts.perform import vault
from casework.archive import appraise, destroy, emptying, keeping
from casework.archive.records import Destruction, DestructionItem, Keeping
from casework.docket import journal
from casework.docket.models import Act, ActBody, Docket, Link
from casework.intake import dialogue
from casework.papers.models import Paper
from casework.people.may import scope, today
from casework.people.models import Bureau, Interest, Person, SavedView
from casework.store import db, writing
from casework.store.tables import metadata
from casework.upkeep.tick import kept_heads, sweep_orphans, tick
from casework.upkeep.walk import Team, Walk
from tests.acts.test_journal import forge
from tests.archive import ripe
from tests.conftest import Mould, program

LATER = date(2099, 3, 1)
Ripe = tuple[Walk, Walk]


@pytest.fixture(scope="session")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mould, Ripe, list[str]]:
    """An instance with the ripe case, made once; every test destroys in a copy of its own."""
    made = peopled.copy(tmp_path_factory.mktemp("ripe") / "instance")
    assert made.team
    with program(made):
        both = ripe.make(made.team, db.session.scalars(select(Bureau)).one())
        keeping.sweep(today())
    return made, both, list(ripe.MARKS)


@pytest.fixture
def mould(grown: tuple[Mould, Ripe, list[str]]) -> Mould:
    return grown[0]


@pytest.fixture
def both(app: Flask, grown: tuple[Mould, Ripe, list[str]]) -> Ripe:
    """The tip and its case."""
    return grown[1]


def person(team: Team, login: str) -> Person:
    return db.session.get_one(Person, team.others[login])


def propose(who: Person, docket: int, day: date = LATER) -> int:
    return destroy.propose(who, scope(who, today()), [docket], "丰统鉴〔2099〕1号", day)


def proposed(team: Team, both: Ripe) -> int:
    return propose(person(team, "clerk"), both[1].docket_id)


def confirmed(team: Team, both: Ripe) -> int:
    number = proposed(team, both)
    destroy.confirm(person(team, "leader"), number, LATER)
    return number


def why(docket: int, day: date = LATER) -> list[str]:
    return appraise.hindrances(db.session(), db.session.get_one(Docket, docket), day)


def rows_of(table: str) -> int:
    """Rows of a table; notices of the batch itself, which name its number, are not a docket's."""
    of_dockets = " WHERE docket_id IS NOT NULL" if table == "notice" else ""
    return int(str(db.session.execute(text(f"SELECT count(*) FROM {table}{of_dockets}")).scalar()))


def bytes_of(instance: Path) -> Iterator[tuple[str, bytes]]:
    """Everything on the disk of the instance; every row, where they are not there (its files: tests/postgres)."""
    for file in instance.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(instance)), file.read_bytes()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            for name, table in metadata().tables.items():
                cells = [cell for row in connection.execute(table.select()) for cell in row]
                yield name, b"\n".join(c if isinstance(c, bytes) else str(c).encode() for c in cells)


# -- the whole of it
def test_nothing_is_left_in_tables_files_or_index(app: Flask, instance: Path, team: Team, both: Ripe, grown: object) -> None:
    marks = [*grown[2], "original.eml"]  # type: ignore[index]
    wanted = {m.encode() for m in marks}
    ids = [w.docket_id for w in both]
    before = {n: rows_of(n) for n in emptying.GONE}
    assert {n for n, c in before.items() if not c} <= {"code_renewal", "arrival", "refusal_mark", "identity_half"}, before
    words = " ".join(str(a.asked) for i in ids for a in gather(db.session(), vault(), db.session.get_one(Docket, i)).acts)
    assert sum(m in words for m in marks) > 30  # they were really typed there
    shown = [name for name, data in bytes_of(instance) if any(m in data for m in wanted)]
    assert {"casework.sqlite", "casework.sqlite-wal", "docket"} & set(shown)  # titles of lists stand in clear
    texts, keys = _everything_said(ids), [db.session.get_one(Docket, i).data_key for i in ids]

    number = confirmed(team, both)
    assert destroy.work(day=LATER) == 2
    db.session.expire_all()

    batch = db.session.get_one(Destruction, number)
    assert batch.state == "done"
    for name in emptying.GONE:
        assert rows_of(name) == 0, name
    store = app.extensions["sealed_store"]
    assert set(store.names()) == {batch.stored}
    db.session.remove()
    for name, data in bytes_of(instance):
        left = [m for m in (*wanted, *texts, *keys) if m in data]
        assert left == [], (name, [m[:40] for m in left])


def _everything_said(ids: list[int]) -> list[bytes]:
    """Sealed bodies and every longer text of the payloads, as bytes; what stands in the bureau's own row is not theirs."""
    bank = db.session.scalars(select(Bureau.bank)).first()
    bodies = db.session.scalars(select(ActBody.body).join(Act, Act.id == ActBody.act_id).where(Act.docket_id.in_(ids)))
    found = [b[:48] for b in bodies]

    def look(thing: object) -> None:
        for part in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, (list, tuple)) else ():
            look(part)
        if isinstance(thing, str) and len(thing) > 7 and not thing.isascii() and "〔" not in thing and thing != bank:
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
    assert {d.id: (d.number, d.code, d.last_seq) for d in db.session.scalars(select(Docket))} == rows
    assert {i.number for i in db.session.scalars(select(DestructionItem))} == {n for n, _c, _s in rows.values()}
    assert {p.number for p in db.session.scalars(select(Paper)) if p.number} == papers  # no number is given twice
    assert list(journal.verify(db.session(), vault(), kept_heads())) == []
    assert {r.payload == {} for r in journal.read(db.session(), vault(), db.session.scalars(select(Docket)).first())} == {True}
    monkeypatch.setattr("casework.upkeep.tick.ORPHAN_AGE", -1)
    assert sweep_orphans() == 0  # the certificate is nobody's orphan
    assert app.test_cli_runner().invoke(args=["keys", "rotate"]).exit_code == 0
    db.session.rollback()
    assert db.session.get_one(Destruction, number).sha256
    assert why(both[1].docket_id) == ["gone"]


def test_the_certificate_lists_numbers_alone(app: Flask, team: Team, both: Ripe, grown: object, tmp_path: Path) -> None:
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
    assert not [m for m in grown[2] if m in read]  # type: ignore[index]


# -- two persons
def test_who_proposed_does_not_confirm(team: Team, both: Ripe) -> None:
    number = propose(person(team, "head"), both[1].docket_id)
    with pytest.raises(destroy.NotPossible):
        destroy.confirm(person(team, "head"), number, LATER)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(f"UPDATE destruction SET confirmer_id = proposer_id, state = 'confirmed' WHERE id = {number}"))
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(f"UPDATE destruction SET state = 'confirmed' WHERE id = {number}"))
    assert destroy.work(day=LATER) == 0
    assert db.session.get_one(Docket, both[1].docket_id).data_key


def test_a_withdrawn_batch_does_nothing_and_frees_its_files(team: Team, both: Ripe) -> None:
    number = proposed(team, both)
    assert "other_batch" in why(both[1].docket_id)
    destroy.withdraw(person(team, "clerk"), number)
    assert why(both[0].docket_id) == ["linked"]
    with pytest.raises(destroy.NotPossible):
        destroy.confirm(person(team, "leader"), number, LATER)
    assert destroy.work(day=LATER) == 0
    assert proposed(team, both) != number


# -- what may not go
def test_not_before_its_time(team: Team, both: Ripe) -> None:
    due = db.session.get_one(Keeping, both[1].docket_id).due
    assert due == date(both[1].day.year + 31, 1, 1)
    assert why(both[1].docket_id, due - timedelta(1)) == ["not_due"]
    assert why(both[1].docket_id, due) == []
    with pytest.raises(destroy.NotPossible) as refused:
        propose(person(team, "clerk"), both[1].docket_id, due - timedelta(1))
    assert {w for _n, w in refused.value.rows} == {"not_due"}


def test_a_file_held_back_enters_no_batch_and_stays_when_held_after_the_confirmation(team: Team, both: Ripe) -> None:
    number = confirmed(team, both)
    both[1].take("hold_disposal", {"hold_ground": "suit", "reason": "原告起诉。"})
    assert "held" in why(both[1].docket_id)
    assert "case_held" in why(both[0].docket_id)
    destroy.work(day=LATER)
    db.session.expire_all()
    items = db.session.scalars(select(DestructionItem)).all()
    assert {i.left_out for i in items} == {"held", "case_held"}
    assert db.session.get_one(Destruction, number).state == "done"
    assert gather(db.session(), vault(), db.session.get_one(Docket, both[1].docket_id)).did("archive")
    with pytest.raises(destroy.NotPossible):
        proposed(team, both)
    both[1].take("lift_hold", {"reason": "判决生效。"})
    assert why(both[1].docket_id) == []


def test_nothing_goes_while_something_of_the_informant_is_unread(team: Team, both: Ripe) -> None:
    dialogue.from_informant(both[0].docket_id, "还有一件事", [])
    with pytest.raises(destroy.NotPossible) as refused:
        proposed(team, both)
    assert {w for _n, w in refused.value.rows} == {"unread"}


def test_an_open_remedy_and_a_running_track_keep_it(team: Team, both: Ripe) -> None:
    case = both[1]
    with writing() as session:
        session.execute(text(f"UPDATE track SET ended = false WHERE docket_id = {case.docket_id} AND label = 'discipline-1'"))
        session.execute(text(
            "INSERT INTO track (docket_id, label, kind, stage, about, opened_by, ended)"
            f" VALUES ({case.docket_id}, 'remedy-1', 'remedy', 'running', '', 1, false)"
        ))  # fmt: skip
    assert set(why(case.docket_id)) == {"remedy", "track"}


def test_a_tip_stays_as_long_as_its_case(team: Team, both: Ripe) -> None:
    report, case = (w.docket_id for w in both)
    assert why(report) == ["linked"]  # never without its case
    with writing() as session:
        for table, column in (("docket", "id"), ("track", "docket_id")):
            session.execute(text(f"UPDATE {table} SET stage = 'investigate' WHERE {column} = {case}"))
    db.session.expire_all()
    assert why(report) == ["not_put_away", "linked"]
    assert why(case) == ["not_put_away"]


def test_a_case_that_another_living_one_absorbed_stays(team: Team, both: Ripe) -> None:
    with writing() as session:
        bureau = session.scalars(select(Bureau.id)).one()
        other = Docket(bureau_id=bureau, kind="case", code="C2099-1", number="x", opened_on=LATER, data_key=b"x")
        other.stage = "investigate"
        session.add(other)
        session.flush()
        session.add(Link(kind="absorbed", from_id=both[1].docket_id, to_id=other.id, since=LATER))
    assert why(both[1].docket_id) == ["linked"]


def test_kept_longer_after_appraisal(team: Team, both: Ripe) -> None:
    both[1].take("keep_longer", {"term": "permanent", "reason": "首例"})
    assert why(both[1].docket_id) == ["permanent"]
    keeping.sweep(today())
    assert {k.term for k in db.session.scalars(select(Keeping))} == {"permanent"}


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
            patch.setattr(app.extensions["sealed_store"], "shred", dies(app.extensions["sealed_store"].shred))
        elif at == "write":
            patch.setattr(emptying, "_of", dies(emptying._of))
        else:
            patch.setattr(destroy, "keep_certificate", lambda *_a: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            destroy.work(day=LATER)
    db.session.rollback()
    if at == "write":  # the first docket's transaction left nothing half done
        assert db.session.scalars(select(ActBody)).first() is not None
        assert all(i.emptied_at is None for i in db.session.scalars(select(DestructionItem)))
    destroy.work(day=LATER)
    db.session.expire_all()
    assert db.session.get_one(Destruction, number).state == "done"
    assert set(app.extensions["sealed_store"].names()) == {db.session.get_one(Destruction, number).stored}
    assert db.session.scalars(select(ActBody)).all() == []


# -- no other way
STATEMENTS = [
    "DELETE FROM act_body", "DELETE FROM act", "UPDATE act SET verb = 'x'", "UPDATE act_body SET body = salt",
    "UPDATE paper SET sha256 = ''", "UPDATE paper SET stored = ''", "UPDATE paper SET number = ''", "DELETE FROM paper",
    "DELETE FROM identity_request", "DELETE FROM identity_verdict", "DELETE FROM identity_opening", "DELETE FROM approval",
    "UPDATE identity_request SET reason = ''", "UPDATE office_entry SET details = '{}'", "UPDATE office_entry SET what = 'x'",
    "DELETE FROM office_entry",
]  # fmt: skip
ALWAYS = [s for s in STATEMENTS if s not in (
    "DELETE FROM act_body", "UPDATE paper SET sha256 = ''", "UPDATE paper SET stored = ''", "DELETE FROM identity_request",
    "DELETE FROM identity_verdict", "DELETE FROM identity_opening", "UPDATE office_entry SET details = '{}'",
)]  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
def test_without_a_confirmed_batch_nothing_may_go(team: Team, both: Ripe, statement: str) -> None:
    proposed(team, both)
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("statement", ALWAYS)
def test_and_with_one_only_what_destruction_empties(team: Team, both: Ripe, statement: str) -> None:
    confirmed(team, both)
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text(statement))


def test_batches_and_their_lists_stay_as_they_are(team: Team, both: Ripe) -> None:
    number = confirmed(team, both)
    for statement in (
        "DELETE FROM destruction", "DELETE FROM destruction_item", "UPDATE destruction SET proposer_id = proposer_id + 1",
        "UPDATE destruction SET confirmer_id = NULL, state = 'proposed'", "UPDATE destruction_item SET number = 'x'",
        f"INSERT INTO destruction_item SELECT {number}, 99, kind, code, number, term, since, due, files, NULL, NULL, ''"
        " FROM destruction_item LIMIT 1",
    ):  # fmt: skip
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))
    destroy.work(day=LATER)
    for statement in ("UPDATE destruction SET state = 'confirmed'", "UPDATE destruction_item SET emptied_at = NULL"):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))


def test_a_body_that_is_gone_without_destruction_is_a_fault(app: Flask, team: Team, both: Ripe) -> None:
    forge("DELETE FROM act_body WHERE act_id = (SELECT min(act_id) FROM act_body)")
    assert {f.what for f in journal.verify(db.session(), vault())} == {"payload"}


def test_every_table_that_leads_to_a_docket_has_its_fate(app: Flask) -> None:
    assert emptying.leading_to_dockets() == set(emptying.GONE) | emptying.STAYS
    assert set(emptying.GONE) <= set(metadata().tables)


def test_a_table_that_nobody_thought_of_stops_it(team: Team, both: Ripe, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(team, both)
    monkeypatch.setattr(emptying, "STAYS", emptying.STAYS - {"approval"})
    with pytest.raises(emptying.UnknownTable, match="approval"):
        destroy.work(day=LATER)
    assert db.session.scalars(select(ActBody)).first() is not None


def test_a_second_bureau_cannot_touch_it(team: Team, both: Ripe) -> None:
    with writing() as session:
        session.add(Bureau(code="zweites", name="邻县统计局", prefix="邻统"))
        session.flush()
        other = session.scalars(select(Bureau).where(Bureau.code == "zweites")).one().id
        session.get_one(Person, team.others["officer3"]).bureau_id = other
    with pytest.raises(destroy.NotPossible):
        propose(person(team, "officer3"), both[1].docket_id)


@pytest.mark.sqlite
def test_old_pages_of_an_earlier_release_go_with_compact(app: Flask, instance: Path) -> None:
    """A database that once ran without overwriting what it deleted: a PRAGMA of SQLite. tests/postgres has its like."""
    words = "旧版本删过的内容".encode()
    raw = db.engine.raw_connection()
    raw.execute("PRAGMA secure_delete=OFF")
    raw.execute("INSERT INTO township (code, bureau_id, name) SELECT '1', 1, ? FROM bureau LIMIT 1", ("旧版本删过的内容",))
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


def test_saved_views_that_named_it_go_and_others_and_declared_ties_stay(app: Flask, team: Team, both: Ripe) -> None:
    docket = db.session.get_one(Docket, both[1].docket_id)
    name, number = docket.title, docket.number
    views = {
        "itself": urlencode({"q": name, "stage": "archived"}), "by number": urlencode({"q": number}),
        f"看{name}": "stage=archived", "of others": urlencode({"q": "另一家企业"}), "plain": "stage=archived",
        "many": urlencode({"q": "甲"}),
    }  # fmt: skip
    with writing() as session:
        for label, query in views.items():
            session.add(SavedView(person_id=team.clerk, which="cases", name=label[:40], query=query))
        session.add(Interest(person_id=team.officers[0], name=name, reason="亲属任职"))
        session.add(Docket(bureau_id=docket.bureau_id, kind="case", code="C1-1", number="别案", opened_on=today(), data_key=b"",
                           title="甲公司", stage="verify"))  # fmt: skip
    confirmed(team, both)
    assert destroy.work(day=LATER) == 2
    assert set(db.session.scalars(select(SavedView.name))) == {"of others", "plain", "many"}
    assert db.session.scalars(select(Interest.name)).all() == [name]
