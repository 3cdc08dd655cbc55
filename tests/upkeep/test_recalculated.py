"""Sums of fines and official numbers are reckoned from the journals again."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from casework.docket.models import Act, Docket, Fine
from casework.papers.models import Series
from casework.store import db, table
from casework.upkeep import recalculated
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.acts.whole import faults, other
from tests.archive.conftest import decided as decided
from tests.archive.conftest import grown as grown
from tests.archive.conftest import mould as mould
from tests.support.forged import forge


@pytest.fixture
def house(decided: Walk) -> Walk:
    """A decided case with its fine; everything holds, and nothing stands in the way of who has the
    database."""
    tick()
    assert faults() == []
    assert db.session.scalar(select(Fine.docket_id).where(Fine.docket_id == decided.docket_id))
    forge("SELECT 1")
    return decided


@pytest.mark.parametrize(
    "column", [c.name for c in table(Fine).columns if not c.primary_key and c.name != "bureau_id"]
)
def test_every_sum_and_day_of_a_fine_is_held_against_the_journal(house: Walk, column: str) -> None:
    t = table(Fine)
    old = db.session.scalar(select(t.c[column]))
    db.session.execute(update(t).values({column: other(t.c[column], old)}))
    assert [(f.what, f.detail) for f in recalculated.sums(db.session(), vault())] == [
        ("sums", column)
    ]
    db.session.rollback()


def test_sums_that_are_gone_or_belong_to_nothing_are_named(house: Walk) -> None:
    forge("DELETE FROM fine")
    assert {f.what for f in faults()} == {"sums gone"}
    tip = db.session.scalar(select(Docket.id).where(Docket.kind == "report"))
    forge(
        "INSERT INTO fine (docket_id, bureau_id, decided, levied, "
        "paid, apart, over, late_days, runs_from) "
        f"VALUES ({tip}, 1, '2026-01-01', 1, 0, 0, false, 0, 1)"
    )
    assert {f.what for f in faults()} == {"sums gone", "sums put in"}


def test_a_series_that_was_moved_is_named_in_a_sentence(house: Walk, app: Flask) -> None:
    name, year, last = db.session.execute(
        select(Series.name, Series.year, Series.last).order_by(Series.name)
    ).all()[0]
    forge(f"UPDATE series SET last = {last + 2} WHERE name = '{name}' AND year = {year}")
    told = app.test_cli_runner().invoke(args=["journal", "verify"]).output
    assert (
        f"{name}〔{year}〕: the last number taken is {last}, but the series stands at {last + 2}"
        in told
    )
    forge("DELETE FROM series")
    assert {f.what for f in faults()} == {"number last"}


@pytest.mark.parametrize(("no", "what"), [(3, {"number missing", "number last"}), (1, set[str]())])
def test_a_gap_is_named(house: Walk, no: int, what: set[str]) -> None:
    """Somebody gave the one decision of the year another number."""
    act = decision()
    rewrite(act, [{**e, "no": no} if e.get("series") else e for e in act.effects])
    assert {f.what for f in recalculated.numbers(db.session())} == what


def test_a_number_that_was_taken_twice_is_named(house: Walk) -> None:
    act = decision()
    rewrite(act, [*act.effects, *(e for e in act.effects if e.get("series"))])
    assert {(f.seq, f.what) for f in recalculated.numbers(db.session())} == {(1, "number twice")}


def decision() -> Act:
    return db.session.scalars(
        select(Act).where(Act.step == "decide_penalty", Act.verb == "done")
    ).one()


def rewrite(act: Act, effects: list[object]) -> None:
    forge(f"UPDATE act SET effects = '{json.dumps(effects)}' WHERE id = {act.id}")
