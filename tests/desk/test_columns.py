"""A column of a list is one object: statement, head, cells and order are made from it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from casework.desk import columns
from casework.desk.columns import LISTED, Column, Table
from casework.docket.models import Docket
from casework.docket.orders import SORTS
from casework.people.models import Township
from casework.store import writing
from casework.upkeep.walk import Walk
from tests.support.desk import SignIn

TOWNSHIP = Column(
    "place_of_test",
    lambda _k: "试验乡镇",
    lambda row, _look: row.name_for_test or "—",
    sql=(
        select(Township.name)
        .where(Township.bureau_id == Docket.bureau_id, Township.code == Docket.township)
        .scalar_subquery()
        .label("name_for_test"),
    ),
)


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)(?:</a>)?</th>', page)


def cells(page: str) -> list[str]:
    first = page.split("<tbody>")[1].split("</tr>")[0]
    return [re.sub("<[^>]+>", "", c) for c in re.findall(r"<t[hd][ >].*?</t[hd]>", first, re.S)]


def test_a_column_is_added_in_one_place(
    docketed: tuple[Walk, Walk], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = sign_in("head")
    before = head.get("/desk/cases").text
    first = heads(before).index("编号")  # a box to tick may stand in front
    wider = Table(LISTED.columns[0], TOWNSHIP, *LISTED.columns[1:])
    monkeypatch.setattr(columns, "LISTED", wider)
    with writing() as session:
        town = session.scalars(select(Township)).first()
        assert town
        session.execute(
            update(Docket).where(Docket.id == docketed[1].docket_id).values(township=town.code)
        )
        name = town.name
    after = head.get("/desk/cases").text
    place = first + 1
    assert heads(after) == [*heads(before)[:place], "试验乡镇", *heads(before)[place:]]
    assert cells(after)[place] == name
    assert [c for n, c in enumerate(cells(after)) if n != place][:3] == cells(before)[:3]
    assert 'data-name="试验乡镇"' in after
    with writing() as session:
        session.execute(update(Township).values(name="改名镇"))
    assert cells(head.get("/desk/cases").text)[place] == "改名镇"


def test_heads_and_cells_are_as_many_in_each_list(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    head = sign_in("head")
    for path in ("/desk/cases", "/desk/reports", "/desk/search?q=汇锦"):
        page = head.get(path).text
        assert len(cells(page)) == len(heads(page)) // page.count("<thead>"), path
    assert "案由或渠道" in heads(head.get("/desk/reports").text)
    assert "案由" in heads(head.get("/desk/cases").text)


def test_columns_that_do_not_fit_are_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="one key"):
        Table(*LISTED.columns, LISTED.columns[0])
    for wrong in ({"shape": "wide"}, {"sort": "name"}):
        with pytest.raises(ValueError, match="column x"):
            Table(Column("x", str, lambda _r, _l: "", **wrong))


def test_the_menu_has_the_orders_of_the_columns(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    head = sign_in("head")
    menu = head.get("/desk/cases?sort=due").text.split('name="sort">')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)"', menu) == list(SORTS)
    assert 'value="due" selected' in menu
    assert head.get("/desk/cases?sort=").status_code == 200
    assert head.get("/desk/cases?sort=name").status_code == 400
    assert "sort=name" not in head.get("/desk/").text  # no view that the menu would go back to
