"""Whoever follows «现在» alone brings a case to its end: nobody is ever lost, no blue button
misleads, and what it takes to get there only falls."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.conftest import Mould
from tests.desk.by_hand import Desk
from tests.desk.walkthrough_said import BEGINS, CASES, Counted, peopled

pytestmark = pytest.mark.long

# what each case took when it was last counted: whoever lowers one lowers it here
MOST = {
    "the firm: telephone to archive": {
        "clicks": 79,
        "fields typed": 47,
        "fields chosen": 27,
        "pages": 110,
        "values typed again": 0,
        "times lost": 0,
        "wrong blue buttons": 0,
        "forms that came back": 0,
    },
    "the township: telephone to discipline sent": {
        "clicks": 45,
        "fields typed": 32,
        "fields chosen": 12,
        "pages": 61,
        "values typed again": 1,
        "times lost": 0,
        "wrong blue buttons": 0,
        "forms that came back": 0,
    },
}


@pytest.fixture(scope="module")
def mould(migrated: Mould, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    return peopled(migrated.copy(tmp_path_factory.mktemp("walked") / "instance"))


@pytest.fixture
def desk(app: Flask, mould: Mould) -> Iterator[Desk]:
    with time_machine.travel(BEGINS, tick=False) as clock:
        yield Desk(app, clock, BEGINS.date())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whoever_follows_the_card_comes_to_the_end_and_types_no_more_than_before(
    desk: Desk, case: Counted
) -> None:
    found = case.walker(desk).walk()
    counts, most = dict(found.rows()), MOST[case.name]
    over = {name: (counts[name], n) for name, n in most.items() if counts[name] > n}
    assert not over, f"{over}\n{found}"
