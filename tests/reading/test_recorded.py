"""The plain data of a case as it stands in the tables, what reading it costs, and what the command
says."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from casework.archive.reading_data import Around, record_of
from casework.archive.second_reading import reading_of
from casework.docket.models import Act, Docket
from casework.people.may import today
from casework.reading import rule
from casework.reading.record import Record
from casework.store import db
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.support.counted import counted
from tests.support.reading import FORGERIES, forced


def record(walk: Walk) -> Record:
    docket = db.session.get_one(Docket, walk.docket_id)
    return record_of(
        db.session(), vault(), docket, Around.of(db.session(), docket.bureau_id), today()
    )


def test_a_case_of_the_program_is_good(app: Flask, decided: Walk) -> None:
    docket = db.session.get_one(Docket, decided.docket_id)
    verdicts = reading_of(db.session(), vault(), docket, today())
    assert rule.reading_faults(verdicts) == []
    assert sum(bool(v.points) for v in verdicts) > 35


def test_what_was_entered_stands_in_the_record(app: Flask, decided: Walk) -> None:
    r = record(decided)
    decision = r.penalties[-1]
    assert decision.fine == 5_000_00
    assert decision.approvers == (decided.team.leader,)
    assert decision.officers == decided.team.officers
    assert r.arrived(r.notice(decision), "prior_notice") is not None
    assert r.party()["name"]
    assert r.people[decided.team.officers[0]].card_on(decision.on)
    assert r.people[decided.team.leader].held("leader", decision.on)


def test_a_corrected_day_is_read_as_corrected(app: Flask, decided: Walk) -> None:
    service = db.session.scalars(
        select(Act.seq)
        .where(Act.docket_id == decided.docket_id, Act.step == "serve")
        .order_by(Act.seq)
    ).first()
    right = decided.day.isoformat()
    forced(decided, "correct_service", {"act": service, "corrected_on": right, "reason": "误录"})
    acts = {a.seq: a for a in record(decided).acts}
    assert acts[service or 0].on == decided.day


def test_a_file_is_read_in_a_handful_of_statements(app: Flask, decided: Walk) -> None:
    docket = db.session.get_one(Docket, decided.docket_id)
    around = Around.of(db.session(), docket.bureau_id)
    with counted() as statements:
        record_of(db.session(), vault(), docket, around, today())
    assert len(statements) <= 4, statements


@pytest.mark.parametrize("name", FORGERIES)
def test_what_was_forced_past_the_steps_is_seen(app: Flask, decided: Walk, name: str) -> None:
    seq = forced(decided, *FORGERIES[name])
    docket = db.session.get_one(Docket, decided.docket_id)
    found = rule.reading_faults(reading_of(db.session(), vault(), docket, today()))
    assert (name, seq) in found
    assert {rule_ for rule_, _seq in found} == {name}


def test_the_command_names_each_fault_and_fails(app: Flask, decided: Walk) -> None:
    run = app.test_cli_runner().invoke
    good = run(args=["journal", "review"])
    assert good.exit_code == 0, good.output
    assert "every case and tip holds" in good.output
    seq = forced(decided, *FORGERIES["circular_decided"])
    bad = run(args=["journal", "review"])
    assert bad.exit_code == 1
    number = db.session.get_one(Docket, decided.docket_id).number
    lines = [x for x in bad.output.splitlines() if x.startswith(number)]
    assert len(lines) == 1
    assert f"entry {seq}: circular_decided" in lines[0]
    assert "统计法 §44" in lines[0]
