"""文书: any paper is found by its number, by whom it is about, by kind and by day."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from casework.desk import paper_list
from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.store import db
from casework.upkeep.walk import Walk
from tests.support.counted import counted
from tests.support.desk import SignIn


def shown(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'href="/desk/papers/(\d+)\.pdf"', page)]


def papers() -> list[Paper]:
    return list(db.session.scalars(select(Paper).order_by(Paper.id.desc())))


def test_papers_are_narrowed_by_docket_name_kind_and_days(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    client, made = sign_in("clerk"), papers()
    case = db.session.get_one(Docket, docketed[1].docket_id)
    of_case = [p.id for p in made if p.docket_id == case.id]
    day = made[0].on.isoformat()
    for asked, expected in (
        ({}, [p.id for p in made]),
        ({"q": case.number}, of_case),
        ({"q": case.number.replace("〔", " ").replace("〕", " ")}, of_case),
        ({"q": case.code}, of_case),
        ({"q": case.title[2:6]}, [p.id for p in made]),
        ({"q": case.title[2:6], "kind": made[0].kind}, [made[0].id]),
        ({"q": "查无此名"}, []),
        ({"since": day, "until": day}, [p.id for p in made if p.on == made[0].on]),
        ({"until": "2020-01-01"}, []),
    ):
        assert shown(client.get("/desk/papers", query_string=asked).text) == expected, asked


def test_mine_are_those_of_my_dockets_and_those_i_made(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    case = docketed[1].docket_id
    made = papers()
    officer = shown(sign_in("officer1").get("/desk/papers?mine=1").text)
    assert officer == [p.id for p in made if p.docket_id == case]
    clerk = shown(sign_in("clerk").get("/desk/papers?mine=1").text)
    assert {p.kind for p in made if p.id in clerk} >= {"registration_sheet", "phone_record"}


def test_every_paper_is_on_one_page(
    docketed: tuple[Walk, Walk], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_list, "PAGE", 1)
    client, url, found = sign_in("clerk"), "/desk/papers?q=汇锦", list[int]()
    while url:
        page = client.get(url).text
        found += shown(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        url = unescape(further[1]) if further else ""
    assert found == [p.id for p in papers()]


@pytest.mark.parametrize("asked", ["kind=none", "since=2026-13-01", "after=x", "until=gestern"])
def test_what_is_no_kind_day_or_page_is_refused(
    docketed: tuple[Walk, Walk], sign_in: SignIn, asked: str
) -> None:
    assert sign_in("clerk").get(f"/desk/papers?{asked}").status_code == 400


def test_a_page_of_papers_is_one_statement(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("clerk")
    for asked in ("", "?q=汇锦", "?q=核2026-1", "?mine=1"):
        client.get(f"/desk/papers{asked}")
        with counted() as seen:
            client.get(f"/desk/papers{asked}")
        assert len([s for s in seen if "paper" in s and "FROM person" not in s]) == 1, asked
