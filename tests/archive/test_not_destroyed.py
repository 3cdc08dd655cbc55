"""What may not be destroyed, and that rows go no other way than by a confirmed batch."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from casework.acts.facts import gather
from casework.archive import destroy, emptying, retention_rows
from casework.archive.records import Destruction, DestructionItem, Keeping
from casework.docket import journal
from casework.docket.models import ActBody, Docket, Link
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.public import dialogue
from casework.store import db, writing
from casework.store.tables import metadata
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.acts.whole import faults
from tests.archive.destroyed import (
    ALWAYS,
    LATER,
    STATEMENTS,
    Ripe,
    confirmed,
    person,
    propose,
    proposed,
    why,
)
from tests.conftest import Mould
from tests.support.forged import forge


@pytest.fixture
def mould(ripened: tuple[Mould, Ripe, list[str]]) -> Mould:
    return ripened[0]


# -- what may not go
def test_not_before_its_time(team: Team, both: Ripe) -> None:
    due = db.session.get_one(Keeping, both[1].docket_id).due
    assert due == date(both[1].day.year + 31, 1, 1)
    assert why(both[1].docket_id, due - timedelta(1)) == ["not_due"]
    assert why(both[1].docket_id, due) == []
    with pytest.raises(destroy.NotPossible) as refused:
        propose(person(team, "clerk"), both[1].docket_id, due - timedelta(1))
    assert {w for _n, w in refused.value.rows} == {"not_due"}


def test_a_file_held_back_enters_no_batch_and_stays_when_held_after_the_confirmation(
    team: Team, both: Ripe
) -> None:
    number = confirmed(team, both)
    both[1].take("hold_disposal", {"hold_ground": "suit", "reason": "原告起诉。"})
    assert "held" in why(both[1].docket_id)
    assert "case_held" in why(both[0].docket_id)
    destroy.work(day=LATER)
    db.session.expire_all()
    items = db.session.scalars(select(DestructionItem)).all()
    assert {i.left_out for i in items} == {"held", "case_held"}
    assert db.session.get_one(Destruction, number).state == "done"
    assert gather(db.session(), vault(), db.session.get_one(Docket, both[1].docket_id)).did(
        "archive"
    )
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
        session.execute(
            text(
                "UPDATE track SET ended = false WHERE docket_id = "
                f"{case.docket_id} AND label = 'discipline-1'"
            )
        )
        session.execute(
            text(
                "INSERT INTO track (docket_id, label, kind, stage, about, opened_by, ended)"
                f" VALUES ({case.docket_id}, 'remedy-1', 'remedy', 'running', '', 1, false)"
            )
        )
    assert set(why(case.docket_id)) == {"remedy", "track"}


def test_a_tip_stays_as_long_as_its_case(team: Team, both: Ripe) -> None:
    report, case = (w.docket_id for w in both)
    assert why(report) == ["linked"]  # never without its case
    with writing() as session:
        for table, column in (("docket", "id"), ("track", "docket_id")):
            session.execute(
                text(f"UPDATE {table} SET stage = 'investigate' WHERE {column} = {case}")
            )
    db.session.expire_all()
    assert why(report) == ["not_put_away", "linked"]
    assert why(case) == ["not_put_away"]


def test_a_case_that_another_living_one_absorbed_stays(team: Team, both: Ripe) -> None:
    with writing() as session:
        bureau = session.scalars(select(Bureau.id)).one()
        other = Docket(
            bureau_id=bureau,
            kind="case",
            code="C2099-1",
            number="x",
            opened_on=LATER,
            data_key=b"x",
        )
        other.stage = "investigate"
        session.add(other)
        session.flush()
        session.add(Link(kind="absorbed", from_id=both[1].docket_id, to_id=other.id, since=LATER))
    assert why(both[1].docket_id) == ["linked"]


def test_kept_longer_after_appraisal(team: Team, both: Ripe) -> None:
    both[1].take("keep_longer", {"term": "permanent", "reason": "首例"})
    assert why(both[1].docket_id) == ["permanent"]
    retention_rows.note_retention(today())
    assert {k.term for k in db.session.scalars(select(Keeping))} == {"permanent"}


# -- no other way
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
        "DELETE FROM destruction",
        "DELETE FROM destruction_item",
        "UPDATE destruction SET proposer_id = proposer_id + 1",
        "UPDATE destruction SET confirmer_id = NULL, state = 'proposed'",
        "UPDATE destruction_item SET number = 'x'",
        f"INSERT INTO destruction_item SELECT {number}, 99, kind, code, "
        "number, term, since, due, files, NULL, NULL, ''"
        " FROM destruction_item LIMIT 1",
    ):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))
    destroy.work(day=LATER)
    for statement in (
        "UPDATE destruction SET state = 'confirmed'",
        "UPDATE destruction_item SET emptied_at = NULL",
    ):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))


def test_a_body_that_is_gone_without_destruction_is_a_fault(
    app: Flask, team: Team, both: Ripe
) -> None:
    forge("DELETE FROM act_body WHERE act_id = (SELECT min(act_id) FROM act_body)")
    assert {f.what for f in journal.verify_chains(db.session(), vault())} == {"payload"}


def test_an_emptied_docket_is_a_fault_unless_a_destruction_names_it(
    app: Flask, team: Team, both: Ripe
) -> None:
    """Whoever empties rows as a destruction does, beside the program, leaves no entry of the
    office."""
    tick()
    docket = db.session.scalars(select(Docket)).first()
    assert docket
    forge(
        f"DELETE FROM act_body WHERE act_id IN (SELECT id FROM act WHERE docket_id = {docket.id})"
    )
    empty = "x''" if db.engine.dialect.name == "sqlite" else "''"
    forge(f"UPDATE docket SET data_key = {empty} WHERE id = {docket.id}")
    assert (docket.number or docket.code, "emptied") in [(f.docket, f.what) for f in faults()]


def test_every_table_that_leads_to_a_docket_has_its_fate(app: Flask) -> None:
    assert emptying.leading_to_dockets() == set(emptying.GONE) | emptying.STAYS
    assert set(emptying.GONE) <= set(metadata().tables)


def test_a_table_that_nobody_thought_of_stops_it(
    team: Team, both: Ripe, monkeypatch: pytest.MonkeyPatch
) -> None:
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
