"""What a person keeps: views of lists, the last filter, half-written steps; and the end of the
session."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Act, Docket, StepDraft
from casework.people.may import today
from casework.people.models import SavedView
from casework.people.signin import IDLE, LONGEST
from casework.store import db, utcnow
from casework.upkeep.walk import Team, Walk
from tests.support.desk import SignIn, code

VIEW = {"name": "逾期核查", "query": "stage=verify&due=overdue&after=x&nonsense=1"}


# -- views
def test_a_view_is_saved_shown_and_deleted(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    answer = client.post("/desk/cases/views", data=VIEW)
    assert answer.location == "/desk/cases?stage=verify&due=overdue"
    page = client.get("/desk/cases").text
    assert re.search(r'<a href="/desk/cases\?stage=verify&amp;due=overdue"\s*>逾期核查</a>', page)
    assert "逾期核查" not in client.get("/desk/reports").text
    number = db.session.scalars(select(SavedView.id)).one()
    client.post(f"/desk/cases/views/{number}/delete")
    assert "逾期核查</a>" not in client.get("/desk/cases").text


def test_the_same_name_again_replaces_the_view(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    client.post("/desk/cases/views", data=VIEW)
    client.post("/desk/cases/views", data={**VIEW, "query": "stage=filing"})
    assert db.session.scalars(select(SavedView.query)).all() == ["stage=filing"]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"query": ""}, {"query": "nonsense=1"}, {"query": "q=" + "甲" * 200}]
)
def test_a_view_without_name_or_condition_is_refused(
    team: Team, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    assert sign_in("clerk").post("/desk/cases/views", data={**VIEW, **wrong}).status_code == 422
    assert db.session.scalars(select(SavedView)).all() == []


def test_views_are_ones_own(team: Team, sign_in: SignIn) -> None:
    sign_in("clerk").post("/desk/cases/views", data=VIEW)
    number = db.session.scalars(select(SavedView.id)).one()
    client = sign_in("head")
    assert "逾期核查</a>" not in client.get("/desk/cases").text
    client.post(f"/desk/cases/views/{number}/delete")
    assert db.session.scalars(select(SavedView.id)).all() == [number]


def test_the_menu_leads_back_to_the_list_as_it_was(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    client.get("/desk/cases?stage=verify&sort=due")
    assert 'href="/desk/cases?stage=verify&sort=due"' in unescape(client.get("/desk/").text)
    client.get("/desk/cases")
    assert 'href="/desk/cases?' not in unescape(client.get("/desk/").text).split("<main", 1)[0]


# -- half-written steps
def place(walk: Walk) -> str:
    return f"/desk/dockets/{code(walk)}/main/add_evidence"


TYPED = {"on": "2026-01-05", "kind": "written", "title": "没写完的标题", "source": "", "proves": ""}


def test_a_draft_is_kept_for_its_writer_alone(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    path = place(docketed[1])
    client = sign_in("officer1")
    before = db.session.query(Act).count()
    assert (
        client.post(f"{path}/draft", data={**TYPED, "csrf_token": "t", "kept": "x"}).status_code
        == 302
    )
    page = client.get(path).text
    assert "没写完的标题" in page
    assert "尚未提交" in page
    row = db.session.scalars(select(StepDraft)).one()
    assert "没写完的标题".encode() not in row.body
    assert db.session.query(Act).count() == before
    assert "没写完的标题" not in sign_in("officer2").get(path).text


def test_a_script_keeps_a_draft_without_a_page(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    answer = sign_in("officer1").post(
        f"{place(docketed[1])}/draft", data=TYPED, headers={"X-Quiet": "1"}
    )
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_draft_ends_with_the_step_or_when_thrown_away(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    path = f"/desk/dockets/{code(docketed[0])}/report/answer_informant"
    client = sign_in("clerk")
    typed = {"on": today().isoformat(), "text": "没写完的答复", "final": "no", "internal": ""}
    client.post(f"{path}/draft", data=typed)
    assert "没写完的答复" in client.get(path).text
    client.post(f"{path}/draft/discard")
    assert "没写完的答复" not in client.get(path).text
    client.post(f"{path}/draft", data=typed)
    assert client.post(path, data={**typed, "text": ""}).status_code == 422
    assert db.session.scalars(select(StepDraft)).all() != []
    assert client.post(path, data=typed).status_code == 302
    assert db.session.scalars(select(StepDraft)).all() == []


def test_a_draft_of_a_docket_one_may_not_see_is_not_taken(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    client = sign_in("officer3")
    path = f"/desk/dockets/{code(docketed[0])}/report/answer_informant/draft"
    assert client.post(path, data=TYPED).status_code == 404
    assert (
        client.post("/desk/dockets/C2026-99999/main/add_evidence/draft", data=TYPED).status_code
        == 404
    )
    assert (
        client.post(f"/desk/dockets/{code(docketed[1])}/main/nothing/draft", data=TYPED).status_code
        == 404
    )
    assert db.session.scalars(select(StepDraft)).all() == []


def test_old_drafts_go(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    path = place(docketed[1])
    client = sign_in("officer1")
    client.post(f"{path}/draft", data=TYPED)
    with time_machine.travel(utcnow() + timedelta(days=31), tick=False):
        later = sign_in("officer1")
        later.post(f"/desk/dockets/{code(docketed[1])}/main/recuse/draft", data=TYPED)
    assert db.session.scalars(select(StepDraft.step)).all() == ["recuse"]


# -- the session's end
def left(client: FlaskClient) -> int:
    return int(client.get("/desk/").text.split('data-left="', 1)[1].split('"', 1)[0])


def test_a_page_knows_how_long_the_session_lasts(app: Flask, team: Team, sign_in: SignIn) -> None:
    client = sign_in("head")
    assert IDLE - 30 < left(client) <= IDLE
    with client.session_transaction() as session:
        session["since"] -= LONGEST - 600
    assert 500 < left(client) <= 600
    assert client.get("/still-here").status_code == 204
    with client.session_transaction() as session:
        session["seen"] -= IDLE + 1
    assert client.get("/still-here").status_code == 302
    assert db.session.query(Docket).count() == 0
