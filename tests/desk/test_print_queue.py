"""The queue shows first what I have to print, by dockets, each of which is chosen at once."""

import re

import pytest
from sqlalchemy import select

from casework.papers.models import Paper
from casework.store import db
from casework.upkeep.walk import Walk
from tests.support.desk import SignIn


def boxes(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'name="paper"\s+value="(\d+)"', page)]


def of(walk: Walk) -> list[int]:
    papers = select(Paper.id).where(Paper.docket_id == walk.docket_id).order_by(Paper.id.desc())
    return list(db.session.scalars(papers))


def test_first_stands_what_i_have_to_print(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    tip, case = docketed
    officer = sign_in("officer1")
    assert boxes(officer.get("/desk/print/").text) == of(case)
    assert set(boxes(sign_in("clerk").get("/desk/print/?whose=all").text)) == {*of(tip), *of(case)}
    assert boxes(sign_in("officer1").get("/desk/print/?on=2020-01-01").text) == []


def test_all_papers_of_a_docket_are_chosen_at_once_and_leave_the_queue(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    officer, papers = sign_in("officer1"), of(docketed[1])
    page = officer.get("/desk/print/").text
    group = re.search(r'name="group"\s+value="([^"]+)"', page)
    assert group
    assert group[1] == ",".join(map(str, papers))
    printed = officer.post("/desk/print/", data={"group": group[1], "paper": str(papers[0])})
    assert printed.data.startswith(b"%PDF")
    assert boxes(officer.get("/desk/print/").text) == []
    assert boxes(officer.get("/desk/print/?which=missing").text) == papers
    assert boxes(officer.get("/desk/print/?which=all").text) == papers


@pytest.mark.parametrize("asked", ["which=some", "on=heute"])
def test_what_is_no_word_or_day_is_refused(
    docketed: tuple[Walk, Walk], sign_in: SignIn, asked: str
) -> None:
    assert sign_in("officer1").get(f"/desk/print/?{asked}").status_code == 400
