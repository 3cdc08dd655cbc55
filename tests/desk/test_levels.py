"""What a role sees of a docket is one word of its row: lists, pages, search, papers, files and
statistics ask it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.docket.models import Assignment, Docket
from casework.evidence.models import Attachment
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Person, PersonRole
from casework.procedure import roles
from casework.store import db, writing
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.desk.test_a_new_role import KEPT
from tests.support.desk import SPAN, SignIn, code

ROW = """
[role.inspector]
zh = "督查员"
en = "inspector"
sees = {{ report = "{level}", case = "{level}" }}
two_persons = false
may = ["docket.see", "docket.search", "paper.open", "file.open", "message.see", "statistics.see"]
"""
WHOLE, NUMBER, NOTHING = "whole", "number", "nothing"
Seeing = Callable[[str], FlaskClient]


@pytest.fixture
def seeing(
    docketed: tuple[Walk, Walk], monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> Iterator[Seeing]:
    """Somebody who has a role of that level alone."""

    def go(level: str) -> FlaskClient:
        made = roles.parse_roles(roles.FILE.read_text("utf-8") + ROW.format(level=level))
        for kept in KEPT:
            kept.cache_clear()
        monkeypatch.setattr(roles, "registry", lambda: made)
        with writing() as session:
            person = session.scalars(select(Person).where(Person.login == "publisher")).one()
            person.roles = [PersonRole(role="inspector", from_day=date(2026, 1, 1))]
        return sign_in("publisher")

    yield go
    monkeypatch.undo()
    for kept in KEPT:
        kept.cache_clear()


def sees(client: FlaskClient, walk: Walk) -> str:
    """What the person sees of a docket; each page says the same."""
    docket = db.session.get_one(Docket, walk.docket_id)
    which = {"report": "reports", "case": "cases"}[docket.kind]
    page, listed = client.get(f"/desk/dockets/{docket.code}"), client.get(f"/desk/{which}").text
    whole = page.status_code == 200 and FIRM["name"] in page.text
    there = docket.number in listed
    assert (FIRM["name"] in listed) == whole
    assert page.status_code == (200 if there else 404)
    found = client.get(f"/desk/search?q={FIRM['name'][:6]}").text
    assert (docket.number in found) == (FIRM["name"] in found.split("<main")[1]) == whole
    step = f"/desk/dockets/{docket.code}/{docket.kind.replace('case', 'main')}/add_note"
    assert (client.get(f"/desk/dockets/{docket.code}/review").status_code == 404) or whole
    assert client.post(step, data={}).status_code in (403, 404, 422)
    for paper in db.session.scalars(select(Paper).where(Paper.docket_id == docket.id)):
        opened = client.get(f"/desk/papers/{paper.id}.pdf").status_code
        assert opened == (200 if whole else 404)
    for file in db.session.scalars(select(Attachment).where(Attachment.docket_id == docket.id)):
        assert client.get(f"/desk/files/{file.id}").status_code == (200 if whole else 404)
    assert client.get("/desk/papers").text.count(FIRM["name"]) == 0 or whole
    return WHOLE if whole else NUMBER if there else NOTHING


def counted(client: FlaskClient) -> dict[str, int]:
    """The totals of the sheets of the statistics, by their names."""
    answer = client.get(f"/desk/statistics/statistics.xlsx{SPAN}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {s.title: sum(int(str(row[1].value)) for row in list(s.rows)[1:-1]) for s in book}


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("all", (WHOLE, WHOLE)),
        ("number", (NUMBER, NUMBER)),
        ("decided", (NOTHING, NOTHING)),
        ("own", (NOTHING, NOTHING)),
        ("team", (NOTHING, NOTHING)),
        ("none", (NOTHING, NOTHING)),
    ],
)
def test_each_level_is_the_same_on_every_page(
    docketed: tuple[Walk, Walk], seeing: Seeing, level: str, expected: tuple[str, str]
) -> None:
    client = seeing(level)
    assert tuple(sees(client, walk) for walk in docketed) == expected
    numbers = counted(client)
    there = expected != (NOTHING, NOTHING)
    assert (numbers["案件（按阶段）"], numbers["线索（按办理结果）"]) == (there, there)
    # of what is seen by number alone nothing but stages and deadlines is counted
    assert numbers["案件（按乡镇街道）"] == numbers["线索（按渠道）"] == (level == "all")


def test_by_number_three_lines_and_no_more(docketed: tuple[Walk, Walk], seeing: Seeing) -> None:
    client, case = seeing("number"), docketed[1]
    docket = db.session.get_one(Docket, case.docket_id)
    page = client.get(f"/desk/dockets/{docket.code}").text.split("<main")[1]
    assert docket.number in page
    assert "立案审查" in page
    for hidden in (FIRM["name"], docket.handlers, docket.cause, docket.township):
        assert hidden
        assert hidden not in page
    lists = client.get("/desk/cases").text.split('class="cards"')[1]
    for hidden in (FIRM["name"], docket.handlers, docket.cause):
        assert hidden not in lists
    with writing() as session:
        soon = {"next_due": today() + timedelta(3)}
        session.execute(update(Docket).where(Docket.id == case.docket_id).values(**soon))
    home = client.get("/desk/").text
    assert docket.number in home
    assert FIRM["name"] not in home
    for asked in (f"township={docket.township}", "mine=1", f"q={FIRM['name'][:6]}", "track=main"):
        assert docket.number not in client.get(f"/desk/cases?{asked}").text, asked
    assert docket.number in client.get("/desk/cases?stage=filing&sort=updated").text
    found = client.get(f"/desk/search?q={docket.number}")
    assert found.location.endswith(f"/desk/dockets/{docket.code}")


def test_own_and_the_teams(
    docketed: tuple[Walk, Walk], team: Team, seeing: Seeing, sign_in: SignIn
) -> None:
    client = seeing("team")
    with writing() as session:
        for person in (team.publisher, team.officers[0]):
            session.get_one(Person, person).team = "一中队"
    assert [sees(client, walk) for walk in docketed] == [WHOLE, WHOLE]  # a tip that feeds the case
    with writing() as session:
        session.get_one(Person, team.officers[0]).team = "二中队"
    assert [sees(client, walk) for walk in docketed] == [NOTHING, NOTHING]
    with writing() as session:
        session.add(
            Assignment(
                docket_id=docketed[1].docket_id, person_id=team.publisher, since=date(2026, 1, 1)
            )
        )
    assert [sees(client, walk) for walk in docketed] == [WHOLE, WHOLE]
    assert [sees(seeing("own"), walk) for walk in docketed] == [WHOLE, WHOLE]
    assert code(docketed[1]) in client.get("/desk/cases").text


def test_the_widest_of_several_levels_counts() -> None:
    assert roles.level(frozenset({"publisher", "officer"}), "case") == "all"
    assert roles.level(frozenset({"publisher", "admin"}), "case") == "decided"


def test_who_sees_numbers_alone_is_offered_what_works_for_them(
    docketed: tuple[Walk, Walk], seeing: Seeing
) -> None:
    page = seeing("number").get("/desk/cases").text.split("<main")[1]
    names = set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page))
    assert {"stage", "due", "opened_from", "opened_until"} <= names
    assert not names & {"q", "township", "channel", "officer", "sort"}
    assert "sort=" not in page
