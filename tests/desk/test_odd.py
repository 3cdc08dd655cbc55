"""A sample of odd inputs to every address; `bench/run fuzz` sends thousands."""

import pytest
from flask import Flask

from casework.upkeep.walk import Team, Walk
from tests.support.odd import JUNK, Odd

pytestmark = pytest.mark.values


def test_no_input_is_a_fault_of_ours(app: Flask, team: Team, docketed: tuple[Walk, Walk]) -> None:
    odd = Odd(app, team.others)
    for _ in odd.run(3 * len(odd.rules)):
        pass
    assert len(JUNK) > 22
    assert odd.broken == []
