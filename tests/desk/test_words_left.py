"""Who was relieved of a case, or recused, while a form of it was open gets back what was typed; the
page tells nothing else."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket, StepDraft
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of
from tests.desk.by_hand import words

SignIn = Callable[[str], FlaskClient]
RECORD = {
    "on": "2025-09-08",
    "officers": ["2", "3"],
    "place": "当事人财务室",
    "began": "09:30",
    "ended": "11:40",
    "present": "冉敏",
    "findings": "库房第三排货架后面另有一本账。\r\n第二行。",
    "cards_shown": "y",
    "csrf_token": "SECRETSECRET",
    "seen": "7",
}


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    return drive(case_of(team, bureau), "assign")


def place(walk: Walk, step: str, track: str = "main") -> str:
    found = db.session.scalars(select(Docket.code).where(Docket.id == walk.docket_id)).one()
    return f"/desk/dockets/{found}/{track}/{step}"


def recused(case: Walk, person: int) -> None:
    """The officer has a tie to the party."""
    case.take(
        "recuse", {"person": person, "reason": "与当事人负责人系近亲属。", "result": "granted"}
    )


def test_who_was_recused_meanwhile_keeps_the_words(case: Walk, team: Team, sign_in: SignIn) -> None:
    path, client = place(case, "on_site_record"), sign_in("officer1")
    assert client.get(path).status_code == 200
    recused(case, team.officers[0])
    before = facts_of(case).acts[-1].seq
    answer = client.post(path, data=RECORD)
    assert answer.status_code == 404
    said = words(answer.text)
    assert "现场检查笔录：没有保存" in said
    assert "您已回避" in said
    assert "检查情况 库房第三排货架后面另有一本账。 第二行。" in said
    assert "地点 当事人财务室" in said
    assert "SECRETSECRET" not in answer.text
    assert facts_of(case).title not in answer.text
    assert facts_of(case).acts[-1].seq == before


def test_who_was_relieved_meanwhile_keeps_the_answer_to_the_tip(
    case: Walk, team: Team, sign_in: SignIn
) -> None:
    """A tip is seen by the officers of its case alone; who is relieved sees it no more."""
    path, client = (
        place(Walk(team, facts_of(case).links[0].id, case.day), "answer_informant", "report"),
        sign_in("officer1"),
    )
    assert client.get(path).status_code == 200
    case.take("assign", {"assigned": [team.officers[1], team.others["officer3"]]})
    answer = client.post(path, data={"text": "你反映的问题正在核查。", "final": "no"})
    assert answer.status_code == 404
    assert "改派他人承办" in answer.text
    assert "你反映的问题正在核查。" in answer.text


def test_who_was_relieved_of_the_case_keeps_the_whole_form(
    case: Walk, team: Team, sign_in: SignIn
) -> None:
    """The case itself is still seen: the form comes back with the reason."""
    path, client = place(case, "on_site_record"), sign_in("officer1")
    case.take("assign", {"assigned": [team.officers[1], team.others["officer3"]]})
    answer = client.post(path, data=RECORD)
    assert answer.status_code == 422
    assert "库房第三排货架后面另有一本账。" in answer.text


def test_rows_of_a_table_come_back_too(case: Walk, team: Team, sign_in: SignIn) -> None:
    path, client = place(case, "verify_figures"), sign_in("officer1")
    recused(case, team.officers[0])
    said = words(
        client.post(
            path, data={"figures-1-indicator": "应收账款", "figures-1-verified": "5087"}
        ).text
    )
    assert "指标 2 应收账款" in said
    assert "核实数 2 5087" in said


def test_a_draft_button_keeps_the_words_too(case: Walk, team: Team, sign_in: SignIn) -> None:
    path, client = place(case, "on_site_record"), sign_in("officer1")
    recused(case, team.officers[0])
    answer = client.post(f"{path}/draft", data=RECORD)
    assert answer.status_code == 404
    assert "库房第三排货架后面另有一本账。" in answer.text
    assert db.session.scalars(select(StepDraft)).all() == []


def test_whether_the_docket_is_there_is_not_told(case: Walk, team: Team, sign_in: SignIn) -> None:
    """The same page for a case that is not there at all."""
    client = sign_in("officer1")
    recused(case, team.officers[0])
    there = client.post(place(case, "on_site_record"), data=RECORD)
    none = client.post("/desk/dockets/C2031-99999/main/on_site_record", data=RECORD)
    assert (there.status_code, words(there.text)) == (none.status_code, words(none.text))
