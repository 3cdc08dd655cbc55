"""行政处罚法 §36: what is found too late is not punished."""

from __future__ import annotations

from datetime import date

import pytest

from casework.procedure.settings import shipped
from casework.procedure.time_bar import time_bar_on, time_barred
from tests.letters.test_builders import facts


@pytest.mark.parametrize(
    ("bar", "last"),
    [
        ("24 month", date(2024, 3, 3)),  # a Sunday: it does not move
        ("36 month", date(2025, 3, 3)),
        ("30 day", date(2022, 4, 2)),
    ],
)
def test_the_bar_is_as_long_as_the_setting_says(bar: str, last: date) -> None:
    ended = date(2022, 3, 3)
    settings = shipped().with_values({"case.time_bar": bar})
    assert time_bar_on(facts(settings=settings), ended) == last
    for opened, late in ((last, False), (date.fromordinal(last.toordinal() + 1), True)):
        assert time_barred(facts(settings=settings, opened_on=opened), ended) == late


def test_two_years_are_shipped() -> None:
    assert shipped().setting("case.time_bar").value == "24 month"
