"""Tips: several respondents, links and their undoing, whose matter it is."""

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, START, case_of, facts_of, refused, tip


def test_several_respondents_open_several_cases(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    two = [FIRM, {**FIRM, "name": "重庆渝丰粮油有限公司"}]
    walk.take("accept", {"respondents": two, "cause": "案由", "opinion": "受理"})
    assert len(walk.cases()) == 2
    assert {facts_of(Walk(team, c, START)).title for c in walk.cases()} == {p["name"] for p in two}


def test_a_link_is_made_and_undone(case_opened: Walk, team: Team, bureau: Bureau) -> None:
    case, second = case_opened, tip(team, bureau, "同一企业")
    second.take("link_report", {"case": case.docket_id, "reason": "同一事项"})
    assert len(facts_of(case).links) == 2
    second.take("unlink_report", {"case": case.docket_id, "reason": "误关联"})
    assert len(facts_of(case).links) == 1
    assert facts_of(case).acts[-1].verb == "note"


def test_a_case_that_a_tip_feeds_is_not_offered_to_be_linked_again(
    case_opened: Walk, team: Team, bureau: Bureau
) -> None:
    case, second = case_opened, tip(team, bureau, "同一企业")
    assert case.docket_id in {x.id for x in facts_of(second).open_cases}
    second.take("link_report", {"case": case.docket_id, "reason": "同一事项"})
    assert case.docket_id not in {x.id for x in facts_of(second).open_cases}
    second.take("unlink_report", {"case": case.docket_id, "reason": "误关联"})
    assert case.docket_id in {x.id for x in facts_of(second).open_cases}


def test_an_absorbed_case_can_come_back(team: Team, bureau: Bureau) -> None:
    one, two = case_of(team, bureau), case_of(team, bureau, {**FIRM, "name": "另一企业"})
    two.take("assign", {"assigned": list(team.officers)})
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一当事人"})
    assert facts_of(two).stage == "absorbed"
    assert len(facts_of(one).links) == 2
    two.take("undo_absorb", {"reason": "不是同一当事人"})
    assert facts_of(two).stage == "verify"


@pytest.mark.parametrize(
    ("subject", "survey_by"),
    [("丰都县人民政府", "bureau"), ("丰都县统计局", "bureau"), ("某企业", "survey_team")],
)
def test_what_is_not_ours_cannot_be_accepted(
    team: Team, bureau: Bureau, subject: str, survey_by: str
) -> None:
    walk = tip(team, bureau, subject, survey_by=survey_by)
    with pytest.raises(Refused) as error:
        walk.take(
            "accept", {"respondents": [{**FIRM, "name": subject}], "cause": "x", "opinion": "y"}
        )
    assert refused(error) == {"ours_to_handle"}
    assert facts_of(walk).stage == "lead"


def test_a_county_government_goes_up_and_a_survey_teams_matter_goes_over(
    team: Team, bureau: Bureau
) -> None:
    up = tip(team, bureau, "丰都县人民政府")
    up.take("report_up_tip", {"reason": "被反映的是县人民政府"})
    over = tip(team, bureau, "某企业", survey_by="survey_team")
    over.take(
        "transfer_report",
        {"body": "国家统计局丰都调查队", "reason": "调查队组织的调查", "material": "摘要"},
    )
    assert facts_of(up).stage == facts_of(over).stage == "transferred"
    assert facts_of(over).paper("transfer")


def test_material_never_goes_to_the_accused(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau, "高家镇人民政府")
    with pytest.raises(Refused) as error:
        walk.take("transfer_report", {"body": "高家镇人民政府", "reason": "x", "material": "y"})
    assert refused(error) == {"not_to_the_accused"}


@pytest.mark.parametrize(
    "body", ["高家镇 人民政府", "高家镇\u3000人民政府", "高家镇人民政府（办公室）"]
)
def test_nor_by_another_way_of_writing_it(team: Team, bureau: Bureau, body: str) -> None:
    walk = tip(team, bureau, "高家镇人民政府")
    with pytest.raises(Refused) as error:
        walk.take("transfer_report", {"body": body, "reason": "x", "material": "摘要"})
    assert refused(error) == {"not_to_the_accused"}


def test_whose_matter_is_none_of_statistics_is_told_where_to_turn_to(
    team: Team, bureau: Bureau
) -> None:
    """信访工作条例 §23: 应当告知信访人向有权处理的机关、单位提出."""
    walk = tip(team, bureau)
    asked = {
        "ground": "not_statistics",
        "destination": " ",
        "opinion": "反映的是劳动报酬。",
        "reply": "不属统计事项。",
    }
    with pytest.raises(Refused) as error:
        walk.take("decline", asked)
    assert refused(error) == {"destination_named"}
    walk.take("decline", {**asked, "destination": "丰都县人力资源和社会保障局"})
    assert facts_of(walk).stage == "declined"
