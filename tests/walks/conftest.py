"""A bureau whose people came before the first day of any walk."""

from __future__ import annotations

import pytest

from tests.conftest import Mould
from tests.walks.run import peopled_for_walks


@pytest.fixture(scope="session")
def walkers(migrated: Mould, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """An instance with staff of every role, to be copied for each walk."""
    return peopled_for_walks(migrated.copy(tmp_path_factory.mktemp("walkers") / "instance"))
