"""What a file holds of who is who: copies of licence, identity, cards and authority, each asked of
the cases that need it."""

import io

import pytest
from flask import current_app
from PIL import Image

from casework.acts.errors import Refused
from casework.archive.contents import contents
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.procedure.standing import checked, lacking
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, drive, facts_of
from tests.support.desk import SignIn


def picture(width: int = 620) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, 400), 255).save(out, "PNG")
    return out.getvalue()


def bring(case: Walk, kind: str, title: str) -> None:
    scan = picture(600 + len(kind))
    case.brings(f"{title}.png", scan).take(
        "add_standing", {"standing": kind, "title": title, "compared": True}
    )


def test_nothing_is_asked_before_a_case_is_filed(team: Team, bureau: Bureau) -> None:
    assert checked(facts_of(drive(case_of(team, bureau), "figures"))) == []


def test_a_firm_has_licence_identity_and_cards(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "file")
    assert lacking(facts_of(case)) == ["licence", "identity", "cards"]
    bring(case, "licence", "营业执照副本复印件")
    bring(case, "cards", "统计执法证复印件（秦岚、邓一川）")
    assert lacking(facts_of(case)) == ["identity"]


def test_a_state_organ_has_no_licence(team: Team, bureau: Bureau) -> None:
    organ = {**FIRM, "kind": "state_organ", "name": "丰都县双路镇人民政府"}
    assert "licence" not in lacking(facts_of(drive(case_of(team, bureau, organ), "file")))


def test_an_agents_authority_is_lacking_nowhere_and_shown(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "file")
    assert {c.kind: c.there for c in checked(facts_of(case))}["authority"] is None
    bring(case, "authority", "授权委托书")
    assert {c.kind: c.there for c in checked(facts_of(case))}["authority"] is True


def test_a_copy_needs_its_file(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "file")
    with pytest.raises(Refused) as error:
        case.take(
            "add_standing", {"standing": "licence", "title": "营业执照副本复印件", "compared": True}
        )
    assert {r.check for r in error.value.refusals} == {"copy_attached"}


def test_they_stand_in_the_file_before_the_evidence(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "interview")
    case.brings("账页.png", picture())
    case.take(
        "add_evidence",
        {"kind": "written", "title": "应收账款账页", "source": "财务科", "proves": "少报。"},
    )
    bring(case, "licence", "营业执照副本复印件")
    facts = facts_of(case)
    found = [
        c.item.title
        for c in contents(db.session(), current_app.extensions["sealed_store"], facts)
        if c.volume == "main"
    ]
    assert found.index("营业执照副本复印件") < found.index("询问笔录")


def test_the_page_of_the_case_file_says_what_is_lacking(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "file")
    bring(case, "licence", "营业执照副本复印件")
    code = db.session.get_one(Docket, case.docket_id).code
    page = sign_in("officer1").get(f"/desk/casefile/{code}").text
    assert "法定代表人（负责人、经营者）身份证明复印件" in page
    assert page.count("未入卷") == 2
    assert f"/desk/dockets/{code}/main/add_standing" in page
