"""Standard phrases stand below the texts of a step, a bureau keeps its own, and what somebody wrote
last is offered again where it says nothing of a case."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import StringField
from wtforms.fields.core import UnboundField

from casework.desk.phrases import TEXTS
from casework.people.models import Bureau, OfficeEntry
from casework.people.phrases import phrases_of
from casework.procedure.load import procedure
from casework.procedure.phrases import shipped_phrases
from casework.store import db
from casework.upkeep.walk import Team, Walk
from forms.answers import form_fields
from forms.base import marks
from forms.registry import all_forms, form_class
from forms.said_before import SaidBefore
from tests.acts.roads import FIRM, case_of, drive, facts_of
from tests.archive.conftest import code
from tests.support.desk import SignIn
from tests.support.forged import forge
from tests.upkeep.on_pages import sheet

OWN = "/desk/office/phrases"


def step_page(walk: Walk, step: str) -> str:
    return f"/desk/dockets/{code(walk)}/main/{step}"


def offered(page: str, field: str) -> list[str]:
    return re.findall(rf'name="put"\s+value="{field}:\d+"\s+data-text="([^"]*)"', page)


def kept(client: FlaskClient, step: str, **lists: str) -> Any:
    return client.post(f"{OWN}/{step}", data=lists)


def test_each_shipped_phrase_is_for_a_text_of_a_step() -> None:
    for step, lists in shipped_phrases().items():
        fields = form_fields(form_class(procedure().steps[step].asks))
        for name, phrases in lists.items():
            assert fields[name].field_class in TEXTS, (step, name)
            assert len(set(phrases)) == len(phrases), (step, name)


def test_a_phrase_is_put_behind_what_was_typed(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    walk = drive(case_of(team, bureau, dict(FIRM)), "interview")
    officer, page = sign_in("officer1"), step_page(walk, "investigation_report")
    first = officer.get(page)
    assert offered(first.text, "proposal") == [
        "建议责令改正，给予警告。",
        "建议责令改正，给予警告，并处罚款。",
    ]
    typed = {
        **sheet(first.text, "proposal").standing,
        "proposal": "经集体研究，\r\n",
        "course": "改",
    }
    again = officer.post(page, data={**typed, "put": "proposal:0"})
    assert again.status_code == 200
    stands = sheet(again.text, "proposal").standing
    assert stands["proposal"][0].strip() == "经集体研究，\n建议责令改正，给予警告。"
    assert stands["course"][0].strip() == "改"


@pytest.mark.parametrize(
    "put",
    [
        "proposal:99",
        "proposal:-1",
        "proposal:" + "9" * 5000,
        "proposal:",
        "nothing:0",
        "violations:0",
        ":",
    ],
)
def test_a_phrase_that_is_not_there_changes_nothing(
    team: Team, bureau: Bureau, sign_in: SignIn, put: str
) -> None:
    walk = drive(case_of(team, bureau, dict(FIRM)), "interview")
    answer = sign_in("officer1").post(
        step_page(walk, "investigation_report"), data={"proposal": "旧", "put": put}
    )
    assert answer.status_code in (200, 422)
    assert not facts_of(walk).did("investigation_report")


def test_a_bureau_keeps_its_own_and_the_office_is_told(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    head = sign_in("head")
    assert "常用语" in head.get(OWN).text
    own = "建议不予处罚。\r\n\r\n  <b>建议</b>教育。 \r\n建议不予处罚。\r\n"
    shipped = phrases_of(bureau.id, "investigation_report")["discretion"]
    answer = kept(head, "investigation_report", proposal=own, discretion="\n".join(shipped))
    assert answer.status_code == 302
    now = phrases_of(bureau.id, "investigation_report")
    assert now["proposal"] == ["建议不予处罚。", "<b>建议</b>教育。"]
    entries = db.session.scalars(select(OfficeEntry).where(OfficeEntry.what == "phrases")).all()
    assert [e.details["field"] for e in entries] == ["proposal"]
    assert "修改常用语" in sign_in("auditor").get("/desk/office/audit").text
    walk = drive(case_of(team, bureau, dict(FIRM)), "interview")
    page = sign_in("officer1").get(step_page(walk, "investigation_report")).text
    assert offered(page, "proposal") == ["建议不予处罚。", "&lt;b&gt;建议&lt;/b&gt;教育。"]
    assert kept(sign_in("head"), "investigation_report", proposal="").status_code == 302
    db.session.rollback()
    db.session.expire_all()
    assert phrases_of(bureau.id, "investigation_report")["proposal"] == []


def test_what_is_too_much_is_said_beside_its_list(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    head = sign_in("head")
    answer = kept(
        head, "panel", conclusion="\n".join(f"第{n}条" for n in range(31)), place="好" * 501
    )
    assert answer.status_code == 422
    assert ("最多30条" in answer.text, "每条最多500字" in answer.text) == (True, True)
    assert "第30条" in answer.text
    assert head.get(f"{OWN}/nothing").status_code == 404
    assert sign_in("officer1").get(OWN).status_code == 403


def test_the_phrases_of_an_approval_are_the_bureaus(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    assert kept(sign_in("head"), "approve", opinion="同意办理。\n同意。").status_code == 302
    leader, page = sign_in("leader"), f"/desk/dockets/{code(docketed[1])}"
    found = re.search(r'href="(/desk/dockets/[^"]+/proposals/\d+)"', leader.get(page).text)
    assert found
    text = leader.get(found[1]).text
    assert re.findall(r'name="phrase"[^>]*value="([^"]*)"', text) == ["同意办理。", "同意。"]


FIGURES = [
    {
        "indicator": "产值",
        "reported": "1",
        "verified": "2",
        "unit": "千元",
        "form": "",
        "period": "",
    }
]


def test_what_i_wrote_last_is_offered_to_me_alone(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    before = drive(case_of(team, bureau, dict(FIRM)), "assign")
    before.take(
        "verify_figures", {"figures": FIGURES, "method": "到场逐笔核对", "cards_shown": True}
    )
    walk = drive(case_of(team, bureau, {**FIRM, "name": "重庆雪玉商贸有限公司"}), "assign")
    page = step_page(walk, "verify_figures")
    mine = sign_in("officer1").get(page).text
    assert offered(mine, "method")[0] == "到场逐笔核对"
    assert "上次：" in mine
    assert "到场逐笔核对" not in offered(sign_in("officer2").get(page).text, "method")


def test_what_names_the_other_party_is_not_offered(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    before = drive(case_of(team, bureau, dict(FIRM)), "assign")
    said = f"到{FIRM['name']}核对"
    before.take("verify_figures", {"figures": FIGURES, "method": said, "cards_shown": True})
    walk = drive(case_of(team, bureau, {**FIRM, "name": "重庆雪玉商贸有限公司"}), "assign")
    page = sign_in("officer1").get(step_page(walk, "verify_figures")).text
    assert said not in page


def test_an_entry_that_somebody_meddled_with_stops_no_other_docket(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    before = drive(case_of(team, bureau, dict(FIRM)), "assign")
    before.take("verify_figures", {"figures": FIGURES, "method": "到场核对", "cards_shown": True})
    walk = drive(case_of(team, bureau, {**FIRM, "name": "重庆雪玉商贸有限公司"}), "assign")
    entry = "SELECT id FROM act WHERE step = 'verify_figures'"
    other = "SELECT body FROM act_body ORDER BY act_id LIMIT 1"
    forge(f"UPDATE act_body SET body = ({other}) WHERE act_id IN ({entry})")
    answer = sign_in("officer1").get(step_page(walk, "verify_figures"))
    assert answer.status_code == 200
    assert "到场核对" not in offered(answer.text, "method")


def test_only_texts_that_say_nothing_of_a_case_are_offered_again() -> None:
    found = {
        f"{name}.{key}"
        for name, form in all_forms().items()
        for key in dir(form)
        if isinstance(asked := getattr(form, key), UnboundField)
        and any(isinstance(mark, SaidBefore) for mark in marks(asked))
    }
    assert found == {
        "closing.Archive.shelf",
        "decision.Circulate.recipients",
        "execution.ApplyCourt.court",
        "hearing.HearingNotice.place",
        "review.Panel.place",
        "service.ServePublic.where",
        "verification.Figures.method",
    }
    for where in found:
        name, key = where.rsplit(".", 1)
        assert getattr(all_forms()[name], key).field_class is StringField
