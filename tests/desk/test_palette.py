"""The palette leads to dockets, pages and steps, of what the person may open; without scripts it is
a page, and its keys stand on a sheet."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from casework.docket.models import Docket
from casework.store import db
from casework.upkeep.walk import Walk
from tests.acts.roads import FIRM
from tests.support.counted import counted
from tests.support.desk import SignIn, code

PART = {"X-Part": "1"}


def places(client: FlaskClient, **asked: str) -> dict[str, str]:
    """Addresses that the palette offers, each with its words."""
    answer = client.get("/desk/go", query_string=asked, headers=PART)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', answer.text, re.S)
    return {unescape(url): re.sub("<[^>]+>", "", words).strip() for url, words in found}


def test_a_docket_is_offered_by_number_and_name(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    case = db.session.get_one(Docket, docketed[1].docket_id)
    for typed in (case.number, "核2026-1", FIRM["name"][2:6]):
        found = places(sign_in("head"), q=typed)
        assert case.number in found[f"/desk/dockets/{case.code}"], typed


@pytest.mark.parametrize(
    ("login", "typed", "url"),
    [
        ("head", "统计", "/desk/statistics/"),
        ("clerk", "线索", "/desk/reports"),
        ("admin", "人员", "/desk/office/people"),
        ("auditor", "审计", "/desk/office/audit"),
    ],
)
def test_a_page_is_offered_to_whoever_may_open_it(
    docketed: tuple[Walk, Walk], sign_in: SignIn, login: str, typed: str, url: str
) -> None:
    assert url in places(sign_in(login), q=typed)


def test_nobody_is_offered_a_page_that_refuses_them(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    for login in ("clerk", "officer1", "legal", "publisher", "custodian", "auditor", "admin"):
        client = sign_in(login)
        for url in places(client, q=""):
            assert client.get(url).status_code == 200, (login, url)


def test_steps_of_the_docket_one_is_on_are_offered(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    """Those, and only those, that its page offers."""
    client, tip = sign_in("clerk"), code(docketed[0])
    page = client.get(f"/desk/dockets/{tip}").text
    steps = {u: name.split()[0] for u, name in places(client, at=tip).items() if f"{tip}/" in u}
    assert steps
    for url, name in steps.items():
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200
        assert url in places(client, q=name, at=tip)
        assert url not in places(client, q=name)
    assert not [u for u in places(client, at="C1999-1") if "/dockets/" in u]


def test_who_sees_no_tip_is_offered_no_step_of_it(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    tip = code(docketed[0])
    assert [u for u in places(sign_in("clerk"), at=tip) if tip in u]
    assert not [u for u in places(sign_in("legal"), at=tip) if tip in u]


def test_without_scripts_the_search_offers_the_same(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    client, tip = sign_in("clerk"), code(docketed[0])
    assert f'name="at" value="{tip}"' in client.get(f"/desk/dockets/{tip}").text
    url, words = next((u, w) for u, w in places(client, at=tip).items() if f"{tip}/" in u)
    asked = {"q": words.split()[0], "at": tip}
    assert f'href="{url}"' in client.get("/desk/search", query_string=asked).text
    assert '<a href="/desk/papers">文书</a>' in client.get("/desk/search?q=文书").text
    go = client.get("/desk/go").text
    assert 'href="/desk/papers"' in go
    assert "<html" in go


def test_keys_stand_on_a_sheet_that_every_page_names(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    for login in ("clerk", "admin"):
        client = sign_in(login)
        assert 'href="/desk/keys"' in client.get("/desk/").text
    sheet = client.get("/desk/keys").text
    for key in ("Ctrl K", "?", "j", "k", "o", "x", "Esc"):
        assert f"<kbd>{key}</kbd>" in sheet


def test_what_is_typed_costs_as_many_statements_however_much_there_is(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    client = sign_in("head")
    places(client, q="汇锦")
    with counted() as seen:
        places(client, q="汇锦")
    assert len(seen) <= 10, seen
