"""Numbers of one series taken at once: on PostgreSQL, where writers do not wait for each other,
none is taken twice."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import db

pytestmark = pytest.mark.postgres
CROWD = 16


def test_a_crowd_of_tips_is_numbered_without_gaps(app: Flask, bureau: Bureau) -> None:
    """The first of the year among them; nobody is turned away."""
    bureau_id, faults = bureau.id, list[BaseException]()
    db.session.rollback()
    gate = threading.Barrier(CROWD)

    def one(number: int) -> None:
        tip = {
            "channel": "web",
            "subject": f"公司{number}",
            "subject_kind": "enterprise",
            "narrative": "少报",
        }
        try:
            with app.app_context():
                gate.wait(300)
                receive(db.session.get_one(Bureau, bureau_id), tip)
        except BaseException as fault:
            faults.append(fault)

    people = [threading.Thread(target=one, args=(n,)) for n in range(CROWD)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert faults == []
    numbers = sorted(int(n.split("〕")[1][:-1]) for n in db.session.scalars(select(Docket.number)))
    assert numbers == list(range(1, CROWD + 1))
