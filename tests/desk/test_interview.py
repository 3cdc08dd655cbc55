"""The record of an interview: what its form asks, what it refuses, and how it stands on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.checks.signed import unsigned
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, facts_of
from tests.archive.bound import pages_of
from tests.support.desk import SignIn

ASKED = {
    "person": "冉敏",
    "sex_age": "女，35岁",
    "post": "统计员",
    "place": "当事人会议室",
    "began": "14:00",
    "ended": "15:10",
    "cards_shown": "y",
    "rights_told": "y",
    "recusal": "no",
    "read_how": "aloud",
    "corrections": "台账今年三月才设置。",
    "dialogue-0-question": "数据由谁填报？",
    "dialogue-0-reply": "由我填报。",
    "dialogue-2-question": "来源是什么？",
    "dialogue-2-reply": "按估计数。",
}


@pytest.fixture
def inspected(team: Team, bureau: Bureau, app: Flask) -> Walk:
    """A case whose inspection has begun."""
    return Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(60), 0)).case("on_site")


def take(sign_in: SignIn, walk: Walk, **changes: str) -> Any:
    docket = db.session.get_one(Docket, walk.docket_id)
    where = f"/desk/dockets/{docket.code}/main/interview"
    client = sign_in("officer1")
    seen = client.get(where).text.partition('name="seen" value="')[2].partition('"')[0]
    form = MultiDict({**ASKED, "on": today().isoformat(), "seen": seen, **changes})
    for officer in walk.team.officers:
        form.add("officers", str(officer))
    return client.post(where, data=form)


def printed(app: Flask, walk: Walk) -> str:
    paper: Paper = walk.paper("interview")
    return "".join("".join(pages_of(app.extensions["sealed_store"].read(paper.stored))).split())


def test_the_record_has_who_when_where_what_was_told_and_every_answer(
    app: Flask, inspected: Walk, sign_in: SignIn
) -> None:
    assert take(sign_in, inspected).status_code == 302
    text = printed(app, inspected)
    for part in (
        "冉敏",
        "女，35岁",
        "当事人会议室",
        "14时00分",
        "15时10分",
        "出示统计执法证（执法证号：",
        "听清楚了，不申请回避。",
        "问：数据由谁填报？答：由我填报。问：来源是什么？答：按估计数。",
        "答：台账今年三月才设置。",
        "已向我宣读",
        "被询问人（逐页签名、捺指印）",
        "身份证件号码",
        "第1页共2页",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    "changes",
    [
        {"person": ""},
        {"place": ""},
        {"began": ""},
        {"cards_shown": ""},
        {"rights_told": ""},
        {"recusal": ""},
        {"dialogue-0-reply": ""},
        {"dialogue-1-reply": "没有问。"},
        {
            "dialogue-0-question": "",
            "dialogue-0-reply": "",
            "dialogue-2-question": "",
            "dialogue-2-reply": "",
        },
    ],
)
def test_what_is_missing_is_asked_for(
    inspected: Walk, sign_in: SignIn, changes: dict[str, str]
) -> None:
    answer = take(sign_in, inspected, **changes)
    assert answer.status_code == 422
    assert "错误" in answer.text or "error" in answer.text


def test_a_record_ends_after_it_began_and_a_refusal_to_sign_is_written_down(
    app: Flask, inspected: Walk, sign_in: SignIn
) -> None:
    assert take(sign_in, inspected, ended="13:00").status_code == 422
    assert take(sign_in, inspected, refusal="认为与己无关").status_code == 302
    text = printed(app, inspected)
    assert "拒绝签名（捺指印），原因：认为与己无关" in text
    assert "记录属实" not in text


def test_it_is_printed_before_it_is_signed_and_the_person_ticks_how_it_was_read(
    app: Flask, inspected: Walk, sign_in: SignIn
) -> None:
    """Nobody says before the sheet exists that its pages were signed: the sheet that is scanned
    back says it."""
    assert take(sign_in, inspected, read_how="").status_code == 302
    text = printed(app, inspected)
    assert "以上笔录（□我已看过□已向我宣读），与我说的相符，记录属实。" in text
    assert "interview" in {p.kind for p in unsigned(facts_of(inspected))}
    inspected.scanned()
    assert unsigned(facts_of(inspected)) == []


def test_neither_identity_number_nor_telephone_is_asked_for(
    inspected: Walk, sign_in: SignIn
) -> None:
    docket = db.session.get_one(Docket, inspected.docket_id)
    page = sign_in("officer1").get(f"/desk/dockets/{docket.code}/main/interview").text
    assert "询问笔录" in page
    for field in ("id_number", "phone", "home"):
        assert f'name="{field}"' not in page
