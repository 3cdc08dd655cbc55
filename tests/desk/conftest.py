"""A tip and its case, with which most pages are looked at: made once, and copied for each test that
asks for them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Walk
from tests.conftest import Mould, program

Begun = tuple[Mould, tuple[Walk, Walk]]


@pytest.fixture(scope="session")
def begun(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """An instance with both of them."""
    from tests.support.desk import begin

    made = peopled.copy(tmp_path_factory.mktemp("begun") / "instance")
    assert made.team
    with program(made):
        return made, begin(made.team, db.session.scalars(select(Bureau)).one())


@pytest.fixture
def mould(request: pytest.FixtureRequest, mould: Mould) -> Mould:
    """That instance for whoever asks for them."""
    if "docketed" in request.fixturenames:
        begun: Begun = request.getfixturevalue("begun")
        return begun[0]
    return mould
