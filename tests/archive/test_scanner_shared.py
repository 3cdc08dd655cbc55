"""Two people at the pages that wait: what one has done a moment ago neither breaks nor undoes what
the other sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from casework.archive.models import StrayPage
from casework.desk import printing
from casework.store import db, writing
from casework.upkeep.walk import Walk
from tests.support.archive import blank, foreign, hand_in, stack
from tests.support.desk import SignIn


@pytest.fixture
def others_are_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look whether a page is there and the write somebody else removes it."""
    look: Callable[..., StrayPage] = printing.own_row

    def look_and_lose(model: type[StrayPage], number: int) -> StrayPage:
        row = look(model, number)
        with writing() as session:
            session.delete(session.get_one(StrayPage, number))
        return row

    monkeypatch.setattr(printing, "own_row", look_and_lose)


@pytest.mark.usefixtures("others_are_quicker")
def test_a_page_that_another_has_just_removed_is_not_found(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    client, code = sign_in("clerk"), decided.paper("decision").short_code
    hand_in(client, stack(foreign(), foreign(), blank()))
    first, second, empty = db.session.scalars(select(StrayPage.id).order_by(StrayPage.place))
    asked = [
        client.post(f"/desk/print/stray/{first}", data={"verb": "file", "code": code}),
        client.post(f"/desk/print/stray/{second}", data={"verb": "remove"}),
        client.post("/desk/print/blanks", data={"written": str(empty)}),
    ]
    assert [answer.status_code for answer in asked] == [404, 404, 404]


def test_a_page_that_another_found_written_on_is_not_removed_as_empty(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """A page of the list that was opened before still has its tick."""
    client = sign_in("clerk")
    hand_in(client, stack(blank(), blank()))
    first, second = db.session.scalars(select(StrayPage.id).order_by(StrayPage.place))
    sign_in("officer1").post("/desk/print/blanks", data={"written": str(first)})
    gone = client.post(
        "/desk/print/blanks", data={"page": [str(first), str(second)]}, follow_redirects=True
    )
    assert "已移除 1 页" in gone.text
    assert list(db.session.scalars(select(StrayPage.id))) == [first]
