"""Lists are narrowed and sorted by what people ask for; what somebody does not see narrows
nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from casework.docket import lists
from casework.docket.lists import Filter
from casework.docket.models import Assignment, Docket
from casework.docket.orders import SORTS, sort_of
from casework.people.may import scope, today
from casework.people.models import Bureau, Person
from casework.procedure.written_numbers import padded_number
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from tests.support.desk import SignIn

NUMBERS = (
    "丰统案〔2026〕9号",
    "丰统案〔2026〕10号",
    "丰统案〔2025〕100号",
    "丰统核〔2026〕2号",
    "",
)
NAMES = ("乙_公司", "甲公司", "甲公司", "丙\u200b公司", "")


@pytest.fixture
def cases(team: Team, bureau: Bureau) -> Sequence[int]:
    """Five cases that differ in everything by which a list is narrowed or sorted."""
    with writing() as session:
        made = [
            Docket(
                bureau_id=bureau.id,
                kind="case",
                code=f"C2026-{n}",
                number=number,
                title=name,
                opened_on=date(2026, 1, 1) + timedelta(n),
                data_key=b"",
                stage=("verify", "filing")[n % 2],
                channel=("web", "phone")[n % 2],
                handlers="" if n == 4 else "某人",
                next_due=date(2026, 3, 1) + timedelta(n),
                updated_at=utcnow() - timedelta(minutes=n // 2),
            )
            for n, (number, name) in enumerate(zip(NUMBERS, NAMES, strict=True), 1)
        ]
        session.add_all(made)
        session.flush()
        for docket in made[:2]:
            session.add(
                Assignment(docket_id=docket.id, person_id=team.officers[0], since=date(2026, 1, 1))
            )
        return [d.id for d in made]


def listed(client: FlaskClient, **asked: str) -> list[str]:
    page = client.get("/desk/cases", query_string=asked)
    assert page.status_code == 200, asked
    return re.findall(r'data-href="/desk/dockets/C2026-(\d)"', page.text)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"officer": "none"}, "4"),
        ({"channel": "phone"}, "135"),
        ({"stage": "filing", "channel": "phone"}, "135"),
        ({"opened_from": "2026-01-03", "opened_until": "2026-01-04"}, "23"),
        ({"q": "案2026-9"}, "1"),
    ],
)
def test_a_list_is_narrowed(
    cases: Sequence[int], sign_in: SignIn, asked: dict[str, str], expected: str
) -> None:
    assert sorted(listed(sign_in("head"), **asked)) == list(expected)


def test_a_list_is_narrowed_to_whoever_handles_it(
    cases: Sequence[int], team: Team, sign_in: SignIn
) -> None:
    asked = {"officer": str(team.officers[0])}
    assert sorted(listed(sign_in("head"), **asked)) == ["1", "2"]
    name = db.session.get_one(Person, team.officers[0]).login
    assert sorted(listed(sign_in(name), officer="me")) == ["1", "2"]
    assert sorted(listed(sign_in(name), mine="1")) == ["1", "2"]
    page = sign_in("head").get("/desk/cases", query_string=asked).text
    assert f'value="{team.officers[0]}" selected' in page


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("number", "21345"),
        ("-number", "54312"),
        ("due", "12345"),
        ("title", "54123"),
    ],
)
def test_numbers_are_sorted_as_people_count(
    cases: Sequence[int], sign_in: SignIn, sort: str, expected: str
) -> None:
    assert "".join(listed(sign_in("head"), sort=sort)) == expected


@pytest.mark.parametrize("sort", [*SORTS, "-updated", "-number", "-title", "-stage"])
def test_every_order_goes_on_from_page_to_page(
    app: Flask, cases: Sequence[int], team: Team, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    """Whatever stands in a name, a page's key leads to what follows; nothing twice, nothing
    lost."""
    head = scope(db.session.get_one(Person, team.head), today())
    f = Filter("case", sort=sort)
    whole = [r.id for r in lists.dockets_page(db.session(), head, f, today()).rows]
    assert sorted(whole) == sorted(cases)
    monkeypatch.setattr(lists, "PAGE", 2)
    found, after = list[int](), ""
    for _page in range(3):
        page = lists.dockets_page(db.session(), head, f, today(), after)
        found += [r.id for r in page.rows]
        after = page.after or ""
    assert found == whole
    assert not after


@pytest.mark.parametrize(
    "key", ["x", "甲公司", "_", "甲_x", "甲_99999999999999999999", "2026_x_1_"]
)
@pytest.mark.parametrize("sort", SORTS)
def test_a_key_that_is_not_ours_is_no_page(
    cases: Sequence[int], sign_in: SignIn, sort: str, key: str
) -> None:
    answer = sign_in("head").get("/desk/cases", query_string={"sort": sort, "after": key})
    assert answer.status_code == 400


@pytest.mark.parametrize("sort", ["name", "-due", "--number", "-"])
def test_an_unknown_order_is_refused(cases: Sequence[int], sign_in: SignIn, sort: str) -> None:
    assert sign_in("head").get("/desk/cases", query_string={"sort": sort}).status_code == 400


def test_heads_sort_and_turn_the_list_round(cases: Sequence[int], sign_in: SignIn) -> None:
    head = sign_in("head")
    page = head.get("/desk/cases?channel=phone&sort=number").text
    assert 'aria-sort="descending"' in page
    links = [unescape(x) for x in re.findall(r'href="(/desk/cases[^"]*sort=[^"]*)"', page)]
    assert "/desk/cases?channel=phone&sort=-number" in links
    assert "/desk/cases?channel=phone&sort=title" in links
    for link in links:
        assert head.get(link).status_code == 200, link


@pytest.mark.sqlite
@pytest.mark.parametrize("sort", [*SORTS, "-updated", "-number", "-title", "-stage"])
def test_an_index_carries_every_order(app: Flask, team: Team, sort: str) -> None:
    columns = ", ".join(str(c) for c in sort_of(sort).order())
    plan = db.session.execute(
        text(
            "EXPLAIN QUERY PLAN SELECT id FROM docket WHERE bureau_id = 1 AND kind = 'case' "
            f"ORDER BY {columns} LIMIT 51"
        )
    ).all()
    assert not [p for p in plan if "TEMP B-TREE" in p[-1]]


def test_a_number_is_padded_alike_by_the_program_and_its_migration() -> None:
    assert padded_number("丰统案〔2026〕9号") == "丰统案〔2026〕000000009"
    assert padded_number("R-77") == "R-77"
    assert padded_number("") == ""


def test_a_dockets_number_and_its_sorted_form_go_together(cases: Sequence[int]) -> None:
    for docket in db.session.scalars(select(Docket)):
        assert docket.sorted_number == padded_number(docket.number)
