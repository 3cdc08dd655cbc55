"""Cases that tests begin with: driven along the main road once, stop by stop, and copied for each
test that asks for one."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import END, FIRM, case_of
from tests.conftest import Mould, program

FINE = 3_000_000
LARGE_FINE = 6_000_000  # of a firm: a hearing is offered
OPENED = "opened"  # the case of an accepted tip, before the first stop of the road
Stop = tuple[str, int]  # its name, and the fine towards which the case is driven
BEGINNINGS: dict[str, Stop] = {}  # by the fixture that gives the case


@dataclass
class Beginnings:
    """An instance for each stop, made from that of the stop before."""

    peopled: Mould
    folders: pytest.TempPathFactory
    made: dict[Stop, tuple[Mould, Walk]] = field(default_factory=dict)

    def at(self, name: str, fine_fen: int) -> tuple[Mould, Walk]:
        """The instance in which the case stands at that stop, and the case."""
        if (name, fine_fen) not in self.made:
            self.made[name, fine_fen] = (
                self._opened() if name == OPENED else self._driven(name, fine_fen)
            )
        return self.made[name, fine_fen]

    def _opened(self) -> tuple[Mould, Walk]:
        made = self._copy(self.peopled)
        assert made.team
        with program(made):
            return made, case_of(made.team, db.session.scalars(select(Bureau)).one())

    def _driven(self, name: str, fine_fen: int) -> tuple[Mould, Walk]:
        stops = road.stops(END, fine_fen)
        names = [OPENED, *(stop for stop, _days, _go in stops)]
        before = names[names.index(name) - 1]
        _name, days, go = stops[names.index(before)]
        mould, walk = self.at(before, fine_fen)
        made, case = self._copy(mould), copy(walk)
        with program(made):
            go(case.at(road.later(case.day, days)))
        return made, case

    def _copy(self, mould: Mould) -> Mould:
        return mould.copy(self.folders.mktemp("begun") / "instance")


@pytest.fixture(scope="session")
def beginnings(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """Instances in which a case stands at a stop."""
    return Beginnings(peopled, tmp_path_factory)


@pytest.fixture
def mould(request: pytest.FixtureRequest, mould: Mould) -> Mould:
    """That of the stop at which the test begins; a test begins at one."""
    asked = BEGINNINGS.keys() & set(request.fixturenames)
    if not asked:
        return mould
    (one,) = asked
    beginnings: Beginnings = request.getfixturevalue("beginnings")
    return beginnings.at(*BEGINNINGS[one])[0]


def beginning(fixture: str, stop: str, fine_fen: int = FINE) -> object:
    """A fixture of that name: the case at that stop, in the test's own copy."""
    BEGINNINGS[fixture] = stop, fine_fen

    @pytest.fixture(name=fixture)
    def case(app: Flask, beginnings: Beginnings) -> Walk:
        walk = copy(beginnings.at(stop, fine_fen)[1])
        road.PARTY[walk.docket_id] = FIRM
        return walk

    return case


case_opened = beginning("case_opened", OPENED)
case_at_assign = beginning("case_at_assign", "assign")
case_at_figures = beginning("case_at_figures", "figures")
case_at_report = beginning("case_at_report", "report")
case_at_file = beginning("case_at_file", "file")
case_at_notice_of_inspection = beginning("case_at_notice_of_inspection", "notice_of_inspection")
case_at_interview = beginning("case_at_interview", "interview")
case_at_conclude = beginning("case_at_conclude", "conclude")
case_at_prior_notice = beginning("case_at_prior_notice", "prior_notice")
case_at_notice_served = beginning("case_at_notice_served", "notice_served")
case_at_reviewed = beginning("case_at_reviewed", "reviewed")
case_at_no_review_due = beginning("case_at_no_review_due", "no_review_due")
case_at_decide = beginning("case_at_decide", "decide")
case_at_served = beginning("case_at_served", "served")
large_case_at_prior_notice = beginning("large_case_at_prior_notice", "prior_notice", LARGE_FINE)
large_case_at_notice_served = beginning("large_case_at_notice_served", "notice_served", LARGE_FINE)
large_case_at_reviewed = beginning("large_case_at_reviewed", "reviewed", LARGE_FINE)
