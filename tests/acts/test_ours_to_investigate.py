"""Who is not the county's to investigate: its government, its party committee, this bureau, and
their leaders."""

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.walk import Team
from tests.acts.interference import MAYOR, PERSON, TOLD, TOWN, concluded, filing, proposed, why
from tests.acts.roads import case_of, drive, facts_of, refused, tip
from tests.support.acts import SPOT


@pytest.mark.parametrize(
    "name",
    ["丰都县人民政府", "丰都县统计局", "丰都县副县长李某", "李某（丰都县县长）", "丰都县委书记"],
)
def test_the_government_and_this_bureau_go_up(team: Team, bureau: Bureau, name: str) -> None:
    party = {**TOWN, "name": name}
    walk = tip(team, bureau, name)
    with pytest.raises(Refused) as error:
        walk.take(
            "accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "受理"}
        )
    assert refused(error) == {"ours_to_handle"}
    assert why(walk, "report_up_tip", {"reason": "依法由上级办理。"}) == set()


LEADS = [
    ("李某", "丰都县县长"),
    ("李某县长", ""),
    ("李某，丰都县副县长", ""),
    ("秦某", "丰都县统计局局长"),
    ("秦某丰都县统计局", ""),
    ("李某", "中共丰都县委副书记、县政府县长"),
    ("李某", "县委常委、常务副县长"),
]


@pytest.mark.parametrize(("name", "office"), LEADS)
def test_so_do_their_leaders_wherever_the_office_is_written(
    team: Team, bureau: Bureau, name: str, office: str
) -> None:
    walk = tip(team, bureau, name)
    party = {**MAYOR, "name": name, "representative": office}
    with pytest.raises(Refused) as error:
        walk.take(
            "accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "受理"}
        )
    assert refused(error) == {"ours_to_handle"}


@pytest.mark.parametrize("name", ["中共丰都县委员会", "丰都县委", "中共丰都县委"])
def test_so_does_the_party_committee(team: Team, bureau: Bureau, name: str) -> None:
    walk = tip(team, bureau, name)
    party = {**TOWN, "name": name}
    assert why(
        walk, "accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "x"}
    ) == {"ours_to_handle"}


OURS = [
    ("王某", "双路镇镇长", "person"),
    ("王某", "丰都县教育局局长", "person"),
    ("丰都县委宣传部", "王某", "state_organ"),
    ("王某", "丰都县人民政府办公室科员", "person"),
    ("王某", "垫江县统计局局长", "person"),
    ("共青团丰都县委员会", "王某", "organisation"),
    ("重庆市丰都县长江建材有限公司", "李某", "enterprise"),
]


@pytest.mark.parametrize(("name", "office", "kind"), OURS)
def test_whom_the_county_handles_itself(
    team: Team, bureau: Bureau, name: str, office: str, kind: str
) -> None:
    walk = tip(team, bureau, name)
    party = {**TOWN, "name": name, "kind": kind, "representative": office}
    assert (
        why(
            walk, "accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "受理"}
        )
        == set()
    )


def test_whose_office_is_found_later_goes_up_too(team: Team, bureau: Bureau) -> None:
    """Recorded after the filing, or only in the proposal: a county does not discipline its own
    leader (条例 §38)."""
    case = concluded(team, bureau, MAYOR, "L3")
    asked = {**PERSON, "articles": "统计法第四十条"}
    assert "bureau_competent" in why(
        case, "propose_discipline", {**asked, "person_post": "丰都县副县长"}
    )
    proposed(case, "统计法第四十条")
    case.take("circulate_interference", TOLD)
    party = {**(facts_of(case).value("party") or {}), "representative": "丰都县副县长"}
    case.take("change_party", {"party": party, "proof": "任职文件", "reason": "核实职务"})
    assert why(case, "settle_interference", {"note": ""}) == {"bureau_competent"}
    assert why(case, "report_up", {"reason": "依法由上级办理。"}) == set()


def test_who_turns_out_to_be_the_government_goes_up(team: Team, bureau: Bureau) -> None:
    case = case_of(team, bureau, TOWN)
    road.PARTY[case.docket_id] = {**TOWN, "name": "丰都县人民政府"}
    drive(case, "report")
    assert "bureau_competent" in why(case, "file", filing("B4"))
    assert why(case, "report_up", {"reason": "依法由上级办理。"}) == set()
    assert why(case, "case_back", {"letter": "市统函〔2026〕2号", "reason": "退回。"}) == set()
    assert "bureau_competent" in why(
        case, "on_the_spot", {**SPOT, "kinds": ["warning"], "fine_fen": None}
    )
    assert why(case, "report_up", {"reason": "再次报请。"}) == set()
