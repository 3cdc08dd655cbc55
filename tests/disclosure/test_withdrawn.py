"""行政处罚法 §48: what was withdrawn says when and why, and no more; what is over says that it is
over."""

from datetime import timedelta

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.desk.docket_rows import side_tracks
from casework.disclosure.models import DisclosureEntry
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, facts_of
from tests.support.acts import RECONSIDERED
from tests.support.disclosure import published

NAME = "重庆某某有限公司"


def lost(team: Team, bureau: Bureau, kind: str, result: str) -> tuple[Walk, DisclosureEntry]:
    """Shown, and the decision taken away by a remedy."""
    case = published(team, bureau, NAME, 3_000_000)
    case.at(today()).take("remedy_start", {**RECONSIDERED, "kind": kind})
    end = {
        "kind": kind,
        "result": result,
        "number": "渝复〔2026〕2号",
        "fine_fen": 1_000_000,
        "reason": "x",
    }
    case.take("remedy_end", end, "remedy-1")
    if kind == "suit":  # in force when the appeal has failed
        case.take("remedy_start", {**RECONSIDERED, "kind": "appeal"})
        case.take("remedy_end", {**end, "kind": "appeal", "result": "dismissed"}, "remedy-2")
    tick()
    db.session.expire_all()
    return case, db.session.scalars(
        select(DisclosureEntry).where(DisclosureEntry.docket_id == case.docket_id)
    ).one()


@pytest.mark.parametrize(
    ("kind", "result", "sentence"),
    [
        ("reconsideration", "set_aside", "已被行政复议机关撤销"),
        ("reconsideration", "changed", "已被行政复议机关变更"),
        ("suit", "redo", "已被人民法院撤销"),
        ("suit", "unlawful", "已被人民法院确认违法"),
    ],
)
def test_a_withdrawn_entry_says_why_and_repeats_nothing(
    team: Team, bureau: Bureau, client: FlaskClient, kind: str, result: str, sentence: str
) -> None:
    case, row = lost(team, bureau, kind, result)
    answer = client.get(f"/list/{row.id}")
    assert answer.status_code == 200
    assert sentence in answer.text
    assert case.day.isoformat() in answer.text
    for page in (
        answer.text,
        client.get("/list").text,
        client.get("/list.json").text,
        client.get("/list.atom").text,
    ):
        assert NAME not in page
        assert "提供不真实统计资料" not in page
        assert case.paper("decision").number in page
    assert sentence in client.get("/list.csv").data.decode()


def test_the_bureaus_own_words_are_kept_beside_those_of_the_remedy(
    team: Team, bureau: Bureau
) -> None:
    case, row = lost(team, bureau, "reconsideration", "set_aside")
    case.take("withdraw_entry", {"reason": "处罚决定已被撤销。"}, "publication-1")
    tick()
    db.session.expire_all()
    kept = db.session.get_one(DisclosureEntry, row.id).fields["withdrawn"]
    assert (kept["by"], kept["result"], kept["reason"]) == (
        "reconsideration",
        "set_aside",
        "处罚决定已被撤销。",
    )


def test_the_desk_does_not_say_that_it_is_on_show(team: Team, bureau: Bureau) -> None:
    before = published(team, bureau, "重庆留存有限公司")
    case, _row = lost(team, bureau, "reconsideration", "set_aside")
    assert stage_of(before) == "公示中"
    assert stage_of(case) == "已从公众网站撤下，待办理撤回"


def stage_of(case: Walk) -> str:
    """What the desk says of its publication."""
    with current_app.test_request_context("/", headers={"Accept-Language": "zh"}):
        (stage,) = [t["stage"] for t in side_tracks(facts_of(case)) if t["name"] == "处罚公示"]
    return str(stage)


def test_what_is_over_is_gone_and_names_nobody(
    team: Team, bureau: Bureau, client: FlaskClient
) -> None:
    published(team, bureau, FIRM["name"])
    with writing() as session:
        row = session.scalars(select(DisclosureEntry)).one()
        row.shown_until = today() - timedelta(1)
    answer = client.get(f"/list/{row.id}")
    assert answer.status_code == 410
    assert FIRM["name"] not in answer.text
    assert client.get("/list/999999").status_code == 404
