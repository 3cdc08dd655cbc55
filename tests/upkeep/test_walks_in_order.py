"""Walks of the demonstration go on in the order of their days, so that numbers follow the
calendar."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.papers.models import Paper
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team
from casework.upkeep.walks_in_order import in_order, turn
from tests.acts.roads import FIRM, START, case_of, tip

FIRST = date(2026, 1, 5)


def test_the_earliest_day_goes_first(bureau: Bureau) -> None:
    seen: list[date] = []

    def walk(begins: int, step: int) -> None:
        for n in range(4):
            day = FIRST + timedelta(begins + n * step)
            turn.get()(day)
            seen.append(day)

    plan = [
        (FIRST + timedelta(begins), lambda b=begins, s=step: walk(b, s))
        for begins, step in ((9, 1), (0, 5), (3, 2))
    ]
    assert len(list(in_order(plan))) == 3  # type: ignore[arg-type]
    assert len(seen) == 12
    assert seen == sorted(seen)


def test_an_error_of_one_walk_ends_all(bureau: Bureau) -> None:
    def fails() -> None:
        raise RuntimeError("a step was refused")

    def goes_on() -> None:
        turn.get()(FIRST + timedelta(30))
        raise AssertionError("nobody goes on")

    with pytest.raises(RuntimeError, match="refused"):
        list(in_order([(FIRST, fails), (FIRST, goes_on)]))


def test_numbers_follow_the_days(team: Team, bureau: Bureau) -> None:
    """A case that begins first and is filed last takes the later number."""

    def walk(waits: int) -> None:
        case = case_of(
            team,
            db.session.get_one(Bureau, bureau.id),
            {**FIRM, "name": f"重庆第{waits}号有限公司"},
        )
        for name, days, stop in road.stops(FIRST - timedelta(200), 0):
            stop(case.at(road.later(case.day, days + waits)))
            if name == "notice_of_inspection":
                return

    list(in_order([(START, lambda: walk(20)), (START, lambda: walk(0))]))
    numbers = (
        db.session.execute(select(Paper.on).where(Paper.series == "检").order_by(Paper.no))
        .scalars()
        .all()
    )
    assert len(numbers) == 2
    assert numbers[0] < numbers[1]


def test_alone_nothing_waits(team: Team, bureau: Bureau) -> None:
    tip(team, bureau).at(FIRST)
