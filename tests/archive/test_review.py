"""The review before closing: the page says what stands in the way, the monthly sample is blind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from casework.archive import sample, second_reading
from casework.docket.models import Act, Docket
from casework.people.may import scope, today
from casework.people.models import Person
from casework.store import db
from casework.upkeep.walk import Walk
from tests.archive.conftest import code
from tests.support.desk import SignIn
from tests.support.reading import FORGERIES, forced


def test_the_page_says_why_not_and_leads_there(decided: Walk, sign_in: SignIn) -> None:
    client = sign_in("officer1")
    assert (
        f"/desk/casefile/{code(decided)}/review"
        in client.get(f"/desk/dockets/{code(decided)}").text
    )
    page = client.get(f"/desk/casefile/{code(decided)}/review").text
    for words in ("为什么不能结案", "执行", "程序先后", "行政处罚法 §42"):
        assert words in page, words
    assert "%" not in page.split('id="reading"')[1]  # no number stands for the whole file
    assert f"/desk/dockets/{code(decided)}#journal" in page


def test_the_page_leads_to_the_step_that_comes_first(decided: Walk, sign_in: SignIn) -> None:
    """Whoever may decide about publishing gets the link; the officer is told who may."""
    address = f"/desk/casefile/{code(decided)}/review"
    says, link = (
        "是否公示处罚决定尚未作出决定",
        f"/desk/dockets/{code(decided)}/new/approve_publication",
    )
    officer, publisher = sign_in("officer1").get(address).text, sign_in("publisher")
    assert says in officer
    assert link not in officer
    assert "先办：处罚公示审批，公示员" in officer
    page = publisher.get(address).text
    assert f'href="{link}"' in page
    assert publisher.get(link).status_code == 200
    decided.at(today()).take("not_public", {"reason": "不具有社会影响。"})
    assert says not in publisher.get(address).text


def test_the_sample_is_the_same_for_all_and_names_no_handler(
    app: Flask, decided: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = forced(decided, *FORGERIES["circular_decided"])
    second_reading.read_due_dockets(today())
    answer = {
        "fault": f"circular_decided:{seq}",
        "reason": "秦岚误发通报文稿，已经收回并致函更正。",
    }
    docket = db.session.get_one(Docket, decided.docket_id)
    monkeypatch.setattr(sample, "closed_in", lambda *_a: [docket])

    def page() -> str:
        return sign_in("auditor").get("/desk/casefile/sample").text.split("<main", 1)[1]

    found = page()
    assert "问题：1项" in found
    decided.at(today()).take("answer_reading", answer)
    answered = page()
    assert "未做到，已答复" in answered
    for telling in ("秦岚", "邓一川", "谭韵", docket.number, docket.title, docket.code):
        assert telling not in found
        assert telling not in answered
    assert "程序先后" in found


def test_the_sample_is_drawn_by_the_key_and_the_month(
    app: Flask, decided: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket = db.session.get_one(Docket, decided.docket_id)
    many = [Docket(id=i, code=str(i)) for i in range(100, 140)]
    monkeypatch.setattr(sample, "closed_in", lambda *_a: many)
    monkeypatch.setattr(sample, "_sampled", lambda _s, _v, d, _n, _t: d.id)
    who = scope(db.session.get_one(Person, decided.team.head), today())

    def drawn(month: int) -> list[object]:
        first, after = date(2026, month, 1), date(2026, month + 1, 1)
        return list(
            sample.draw_sample(db.session(), app.extensions["vault"], who, first, after, today())
        )

    assert docket.kind == "case"
    assert drawn(3) == drawn(3)
    assert len(drawn(3)) == sample.SIZE
    assert drawn(3) != drawn(4)


def test_a_sample_is_of_the_whole_month_before() -> None:
    assert sample.month_of(date(2026, 1, 31)) == (date(2025, 12, 1), date(2026, 1, 1))
    assert sample.month_of(date(2026, 12, 1)) == (date(2026, 11, 1), date(2026, 12, 1))


def test_closed_cases_are_found_by_the_month_of_their_closing(
    app: Flask, decided: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = scope(db.session.get_one(Person, decided.team.head), today())
    first = decided.day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    assert sample.closed_in(db.session(), who, first, after) == []
    entry = select(Act).where(Act.docket_id == decided.docket_id).order_by(Act.seq.desc()).limit(1)
    last = db.session.scalars(entry).one()
    monkeypatch.setattr(sample, "CLOSING", last.step)
    assert [d.id for d in sample.closed_in(db.session(), who, first, after)] == [decided.docket_id]
    assert sample.closed_in(db.session(), who, after, after + timedelta(31)) == []
