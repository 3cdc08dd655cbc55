"""A custodian with a key, and a named tip."""

from __future__ import annotations

import pytest

from casework.intake.receive import Received
from casework.people.models import Bureau, Person
from casework.upkeep.walk import Team
from tests.informants.sealed import make_key, somebody, tip


@pytest.fixture
def custodian(team: Team) -> Person:
    make_key(somebody(team, "custodian"))
    return somebody(team, "custodian")


@pytest.fixture
def report(bureau: Bureau, custodian: Person) -> Received:
    return tip(bureau)
