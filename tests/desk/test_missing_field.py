"""What a paper lacks is named when its step is proposed, with the step that records it."""

import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from casework.desk.naming import missing_name
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import writing
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of
from tests.support.acts import without_address
from tests.support.desk import SignIn, code


def decided(case: Walk, team: Team) -> MultiDict[str, str]:
    data = MultiDict(
        {
            "fine_fen": "30000",
            "evidence": "现场检查笔录",
            "discretion": "一般情节",
            "defence": "未提出",
            "bank": "农业银行丰都支行，丰都县财政局，31-1",
            "serious_ground": "",
            "late_reason": "账簿调取迟延",
        }
    )
    for kind in ("warning", "fine"):
        data.add("kinds", kind)
    for officer in team.officers:
        data.add("officers", str(officer))
    return data


def test_the_page_names_it_and_leads_to_the_step_that_mends_it(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = without_address(team, bureau)
    client, page = sign_in("officer1"), f"/desk/dockets/{code(case)}/main"
    answer = client.post(f"{page}/decide_penalty", data=decided(case, team))
    assert answer.status_code == 422
    assert "文书还缺少：" in answer.text
    assert f'href="{page}/change_party"' in answer.text
    form = client.get(f"{page}/change_party").text
    for name in (
        "address",
        "representative",
        "phone",
        "township",
        "credit_code",
        "proof",
        "reason",
    ):
        assert f'name="{name}"' in form, name
    filled = {
        "address": "丰都县名山街道平都大道8号",
        "proof": "营业执照副本",
        "reason": "补登住所。",
        "representative": "李某",
        "township": "",
    }
    assert client.post(f"{page}/change_party", data=filled).status_code == 302
    seq = facts_of(case).proposals[0].seq
    sign_in("head").post(
        f"/desk/dockets/{code(case)}/proposals/{seq}", data={"verb": "approve", "opinion": "同意"}
    )
    assert facts_of(case).party.address == filled["address"]  # type: ignore[union-attr]
    assert (
        sign_in("officer1").post(f"{page}/decide_penalty", data=decided(case, team)).status_code
        == 302
    )


def test_what_the_bureau_itself_lacks_leads_to_its_own_page(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "conclude")
    with writing() as session:
        session.get_one(Bureau, bureau.id).phone = ""
    answer = sign_in("officer1").post(
        f"/desk/dockets/{code(case)}/main/prior_notice", data=decided(case, team)
    )
    assert answer.status_code == 422
    assert "文书还缺少：" in answer.text
    assert "单位信息" in answer.text


def test_a_field_of_the_page_itself_is_linked(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    case = drive(case_of(team, bureau), "no_review_due")
    data = decided(case, team)
    data["evidence"] = ""
    answer = sign_in("officer1").post(f"/desk/dockets/{code(case)}/main/decide_penalty", data=data)
    assert re.search(r'href="#evidence"', answer.text)


@pytest.mark.parametrize("field", ["address", "name", "party"])
def test_what_a_respondent_lacks_has_its_step(field: str) -> None:
    assert procedure().mends[field] in procedure().steps


@pytest.mark.parametrize("field", ["officers", "officer_names", "cards"])
def test_officers_that_a_paper_lacks_are_named_and_assigned(app: Flask, field: str) -> None:
    with app.test_request_context():
        assert "承办人员" in missing_name(field)
    assert procedure().mends[field] == "assign"
