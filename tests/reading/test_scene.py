"""The demonstration shows a fault that was answered."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground, reading
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.acts.roads import FIRM


def test_a_late_service_is_answered_and_no_longer_asked_about(
    app: Flask, team: Team, bureau: Bureau
) -> None:
    start = road.later(today() - timedelta(days=140), 0)
    reading.served_late_and_answered(Ground(bureau, team, FIRM, start))
    tick()
    case = db.session.scalars(
        select(Docket).where(Docket.kind == "case").order_by(Docket.id.desc()).limit(1)
    ).one()
    assert case.faults == ""
    assert case.read_seq == case.last_seq
    run = app.test_cli_runner().invoke(args=["journal", "review"])
    assert run.exit_code == 0, run.output
    assert "served_in_time" in run.output
    assert "1 faults are answered" in run.output


def test_a_tip_that_lay_too_long_is_answered(app: Flask, team: Team, bureau: Bureau) -> None:
    start = road.later(today() - timedelta(days=60), 0)
    reading.judged_late_and_answered(Ground(bureau, team, FIRM, start))
    tick()
    tip = db.session.scalars(
        select(Docket).where(Docket.kind == "report").order_by(Docket.id.desc()).limit(1)
    ).one()
    assert tip.faults == ""
    run = app.test_cli_runner().invoke(args=["journal", "review"])
    assert run.exit_code == 0, run.output
    assert "tip_judged_in_time" in run.output
