"""The desk's first page: its numbers are the lists', its statements are counted."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from casework.desk import counts, home
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.people.may import scope, today
from casework.people.models import Bureau, Person
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive
from tests.support.counted import counted
from tests.support.desk import SignIn, code

WHEN = ("overdue", "today", "soon", "week")


@pytest.mark.parametrize("days", [-3, 0, 2, 6, 30])
@pytest.mark.parametrize("who", ["head", "officer1", "publisher"])
def test_numbers_along_the_index_are_those_of_the_lists(
    docketed: tuple[Walk, Walk], who: str, days: int
) -> None:
    with writing() as s:
        s.execute(update(Docket).values(next_due=today() + timedelta(days)))
    person = db.session.scalars(select(Person).where(Person.login == who)).one()
    mine, seen = who == "officer1", scope(person, today())
    quick = counts.due_up_to(db.session(), seen, ("case", "report"), mine, today(), WHEN, 999)
    whole = {
        k: counts.by_due(db.session(), seen, Filter(k, mine=mine), today(), WHEN)
        for k in ("case", "report")
    }
    assert quick == whole


def test_a_great_number_says_that_it_is_more(
    docketed: tuple[Walk, Walk], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as s:
        s.execute(update(Docket).values(next_due=today()))
    client = sign_in("head")
    assert re.search(r'due=today[^>]*>1<span class="hidden">', client.get("/desk/").text)
    monkeypatch.setattr(home, "MOST", 0)
    assert "多于 0" in client.get("/desk/").text


def test_the_page_of_a_docket_takes_the_same_statements_however_long_its_journal(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    client, case, numbers = sign_in("head"), docketed[1], []
    for _times in range(2):
        for walk in docketed:
            client.get(f"/desk/dockets/{code(walk)}")
            with counted() as seen:
                client.get(f"/desk/dockets/{code(walk)}")
            numbers.append(len(seen))
        for _round in range(3):
            case._do("file", "main", "withdraw", {}, case.team.officers[0], None)
            case.propose("file", road.filing(today() - timedelta(200)))
    assert numbers[:2] == numbers[2:]
    # two of them for what the tip behind the case says, one for signed copies
    assert numbers[1] <= 19
    assert numbers[0] <= 22


def test_what_carries_a_docket_on_comes_first_and_nothing_else_stands_out(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    """Correcting or assigning anew is no next step that anybody is urged to."""
    docketed[1]._do("file", "main", "withdraw", {}, docketed[1].team.officers[0], None)
    officer = sign_in("officer1").get(f"/desk/dockets/{code(docketed[1])}").text
    assert re.search(r'<ul class="next"><li><a class="button" href="[^"]*/file"', officer)
    head = sign_in("head").get(f"/desk/dockets/{code(docketed[1])}").text
    shown = re.findall(r'<li><a class="(button[^"]*)" href="[^"]*/(\w+)"', head)
    assert ("button second", "assign") in shown
    assert "button" not in {
        css for css, step in shown if step in ("assign", "recuse", "correct_act")
    }


def test_what_leads_back_to_where_it_stands_is_not_the_next_step(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """The days of a notice that was served are over: that nobody spoke comes next; to tell anew is
    possible, and nothing that anybody is urged to."""
    case = drive(case_of(team, bureau), "notice_served")
    page = sign_in("officer1").get(f"/desk/dockets/{code(case)}").text
    assert re.search(r'<ul class="next"><li><a class="button" href="[^"]*/defence_waived"', page)
    assert re.search(r'<a class="button second" href="[^"]*/prior_notice_again"', page)


def test_the_print_queue_says_which_sheets_have_to_come_back_signed(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    drive(case_of(team, bureau), "interview")
    rows = re.findall(r"<tr>.*?</tr>", sign_in("officer1").get("/desk/print/").text, re.S)
    wanted = {
        name
        for row in rows
        for name in re.findall(r'<label for="p\d+">([^<]+)', row)
        if "缺签署件" in row
    }
    assert wanted == {"送达回证", "现场检查笔录", "询问笔录"}
