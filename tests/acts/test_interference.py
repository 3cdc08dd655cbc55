"""Interference by a township, a department or a leader (统计法 2024 §§40–42, 2009 §§37–39): what it
is called, how it ends."""

from datetime import date

import pytest

from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team
from tests.acts.interference import (
    MAYOR,
    OLD,
    PERSON,
    SURVEY,
    TOLD,
    TOWN,
    closed,
    concluded,
    corrected,
    filing,
    first,
    ordered,
    proposed,
    verified,
    why,
)
from tests.acts.roads import END, FIRM, START, case_of, drive, facts_of, tip
from tests.support.acts import SPOT


# -- what can be filed, and against whom
@pytest.mark.parametrize(
    "code",
    ["L1", "L2", "L3", "L4", "L5", "L6", "B1", "B2", "B3", "B4", "B5", "D1", "D2", "D3", "D4"],
)
def test_each_ground_is_filed_against_a_township(team: Team, bureau: Bureau, code: str) -> None:
    assert why(verified(team, bureau, TOWN), "file", filing(code)) == set()


@pytest.mark.parametrize("code", ["L3", "B4", "D1"])
def test_none_against_a_firm(team: Team, bureau: Bureau, code: str) -> None:
    case = verified(team, bureau, FIRM)
    assert why(case, "file", filing(code)) == {"ground_fits_party"}
    assert why(case, "file", filing(SURVEY)) == set()


def test_a_leader_is_filed_as_one_and_staff_under_the_paragraph_for_staff(
    team: Team, bureau: Bureau
) -> None:
    assert why(verified(team, bureau, MAYOR), "file", filing("L3")) == set()
    staff = verified(team, bureau, MAYOR)
    # §41第二款 names items three to five
    assert why(staff, "file", filing("B1")) == {"ground_fits_party"}
    assert why(staff, "file", filing("B4")) == set()


@pytest.mark.parametrize("code", ["L3", "L5"])
def test_what_the_old_law_did_not_know_is_not_held_against_old_conduct(
    team: Team, bureau: Bureau, code: str
) -> None:
    case = verified(team, bureau, TOWN)
    assert why(case, "file", filing(code, OLD)) == {"ground_known_then"}
    assert why(case, "file", filing("L2", OLD)) == set()


def test_two_years_bar_a_penalty_and_no_discipline(team: Team, bureau: Bureau) -> None:
    long_ago = date(2022, 3, 1)
    case = verified(team, bureau, TOWN)
    assert why(case, "file", filing(SURVEY, long_ago)) == {"not_time_barred"}
    assert why(case, "file", filing("B4", long_ago)) == set()


@pytest.mark.parametrize(("party", "code"), [(TOWN, "B4"), (MAYOR, "L3"), (FIRM, "")])
def test_the_choice_on_the_tip_form_proposes_its_ground(
    team: Team, bureau: Bureau, party: dict[str, str], code: str
) -> None:
    """«要求他人按给定数字上报» → 统计法 §41第一款第四项 for a body, §40第一款第三项 for a
    leader."""
    from forms.filing import File

    walk = tip(team, bureau, party["name"], kinds=["ordered"])
    walk.take("accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "受理"})
    assert (File(facts_of(walk.case())).code.data or "") == code


# -- no penalty, and no «no penalty»
@pytest.mark.parametrize(
    ("party", "code"), [(TOWN, "B4"), (TOWN, "L3"), (TOWN, "D1"), (MAYOR, "L3")]
)
def test_no_step_of_the_penalty_procedure_is_taken(
    team: Team, bureau: Bureau, party: dict[str, str], code: str
) -> None:
    case = concluded(team, bureau, party, code)
    notice = {
        "kinds": ["warning"],
        "fine_fen": None,
        "serious_ground": "",
        "evidence": "笔录",
        "discretion": "重",
    }
    none = {
        "ground": "not_made_out",
        "corrected": False,
        "proof": "",
        "evidence": "笔录",
        "education": "无",
    }
    assert "penalty_possible" in why(case, "prior_notice", notice)
    assert "penalty_possible" in why(case, "decide_no_penalty", none)
    assert "respondent_is_person" in why(case, "admonish", {"facts": "x", "words": "y"})
    assert first(case) == "propose_discipline"


def test_nor_on_the_spot(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau, TOWN), "assign")
    asked = {
        **SPOT,
        "kinds": ["warning"],
        "fine_fen": None,
        "violations": [road.violation(END, "B4")],
    }
    assert "only_survey_offences" in why(case, "on_the_spot", asked)


@pytest.mark.parametrize("party", [TOWN, MAYOR])
def test_what_the_tip_says_is_no_penalty_case_before_it_is_filed(
    team: Team, bureau: Bureau, party: dict[str, str]
) -> None:
    """A tip about interference alone: nothing is punished on the spot. What is found besides is
    filed as what it is."""
    walk = tip(team, bureau, party["name"], kinds=["ordered"])
    walk.take("accept", {"respondents": [party], "cause": "涉嫌干预统计工作", "opinion": "受理"})
    road.PARTY[walk.case().docket_id] = party
    case, spot = (
        drive(walk.case(), "assign"),
        {**SPOT, "kinds": ["warning"], "fine_fen": None, "bank": ""},
    )
    assert "penalty_possible" in why(case, "on_the_spot", spot)
    assert "respondent_is_person" in why(case, "admonish", {"facts": "x", "words": "y"})
    if party is TOWN:
        drive(case, "report").take("file", filing(SURVEY))
        assert why(case, "on_the_spot", spot) == set()


def test_a_tip_about_both_leaves_both_ways_open(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau, TOWN["name"], kinds=["ordered", "false_data"])
    walk.take(
        "accept", {"respondents": [TOWN], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = drive(walk.case(), "assign")
    assert (
        why(case, "on_the_spot", {**SPOT, "kinds": ["warning"], "fine_fen": None, "bank": ""})
        == set()
    )


def test_no_review_of_a_penalty_is_offered_where_there_is_none(team: Team, bureau: Bureau) -> None:
    """行政处罚法 §58 is about decisions on penalties."""
    assert "penalty_possible" in why(concluded(team, bureau, TOWN, "B4"), "legal_review")
    mixed = concluded(team, bureau, TOWN, "B4", SURVEY)
    assert (
        why(
            mixed, "legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""}
        )
        == set()
    )


# -- how it ends: what the article gives, and nothing else
def test_bodies_are_disciplined_corrected_and_criticised(team: Team, bureau: Bureau) -> None:
    """统计法 §41: 责令改正，予以通报; 处分."""
    case = concluded(team, bureau, TOWN, "B4")
    owed = {"circular_given", "correction_ordered"}
    assert why(case, "settle_interference") == {"discipline_proposed", "discipline_sent", *owed}
    proposed(case, "《中华人民共和国统计法》第四十一条")
    assert why(case, "settle_interference") == owed
    assert first(case) == "order_correction"
    ordered(case)
    assert first(case) == "circulate_interference"
    assert why(case, "circulate_interference", TOLD) == set()
    assert first(case) == "settle_interference"
    corrected(case)
    closed(case)


def test_a_leader_is_disciplined_and_criticised(team: Team, bureau: Bureau) -> None:
    """统计法 §40: 处分, 通报; nothing to correct."""
    case = concluded(team, bureau, MAYOR, "L3")
    proposed(case, "《中华人民共和国统计法》第四十条")
    assert why(case, "settle_interference") == {"circular_given"}
    case.take("circulate_interference", TOLD)
    closed(case)


def test_who_published_unlawfully_is_disciplined_alone(team: Team, bureau: Bureau) -> None:
    """统计法 §42: 处分; the article gives no public criticism."""
    case = concluded(team, bureau, TOWN, "D1")
    proposed(case, "《中华人民共和国统计法》第四十二条")
    assert why(case, "circulate_interference", TOLD) == {"circular_owed"}
    closed(case)


def test_staff_are_corrected_and_disciplined_without_public_criticism(
    team: Team, bureau: Bureau
) -> None:
    """统计法 §41第二款: 责令改正，依法给予处分."""
    case = concluded(team, bureau, MAYOR, "B4")
    proposed(case, "《中华人民共和国统计法》第四十一条")
    assert why(case, "circulate_interference", TOLD) == {"circular_owed"}
    assert why(case, "settle_interference") == {"correction_ordered"}
    ordered(case)
    corrected(case)
    closed(case)


def test_late_it_is_settled_all_the_same_and_says_why(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "D1")
    proposed(case, "《中华人民共和国统计法》第四十二条")
    case.at(road.later(case.day, 120))
    assert why(case, "settle_interference", {"note": ""}) == {"late_reason_given"}
    assert (
        why(case, "settle_interference", {"note": "", "late_reason": "调取会议记录迟延。"}) == set()
    )


def test_a_referral_to_the_supervision_commission_is_a_proposal_sent(
    team: Team, bureau: Bureau
) -> None:
    """统计法 §46: 向监察机关移送的，由监察机关按照有关规定办理."""
    case = concluded(team, bureau, TOWN, "D1")
    asked = {
        "about": "王某",
        "target": "supervision",
        "body": "丰都县监察委员会",
        "reason": "涉嫌职务违法",
        "material": "报告",
    }
    case.take("send_prosecution", asked)
    assert why(case, "settle_interference", {"note": ""}) == set()


def test_what_was_not_found_is_ended_otherwise(team: Team, bureau: Bureau) -> None:
    """Nothing is made up: the filing is withdrawn, or the case terminated, with a reason and a
    leader's approval."""
    for step in ("withdraw_filing", "terminate"):
        case = concluded(team, bureau, TOWN, "B4")
        assert why(case, step, {"reason": "事实不能成立。"}) == set()
        assert why(case.scanned(), "close", CLOSE) == set()


def test_a_discipline_proposal_rests_on_the_ground_that_was_found(
    team: Team, bureau: Bureau
) -> None:
    from forms.referral import ProposeDiscipline

    case = concluded(team, bureau, TOWN, "B4")
    assert why(case, "propose_discipline", {**PERSON, "articles": "统计法第四十四条"}) == {
        "articles_of_ground"
    }
    known = ProposeDiscipline(facts_of(case)).articles.data
    assert "第四十一条第一款第四项" in known
    assert "《中华人民共和国统计法实施条例》第四十九条" in known  # a township answers by it
    assert why(case, "propose_discipline", {**PERSON, "articles": known}) == set()


def test_nothing_is_proposed_before_the_facts_are_settled(team: Team, bureau: Bureau) -> None:
    case = verified(team, bureau, TOWN)
    case.take("file", filing("B4"))
    assert why(case, "propose_discipline", {**PERSON, "articles": "统计法第四十一条"}) == {
        "report_or_decision"
    }


# -- a township as a survey subject, and both at once
def test_a_township_that_falsified_its_own_report_is_penalised(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau, TOWN), "served", 0)
    assert facts_of(case).last("decide_penalty") is not None
    assert why(case, "settle_interference") == {"wrong_stage"}


def test_both_at_once_is_penalised_for_the_one_and_ended_for_the_other(
    team: Team, bureau: Bureau
) -> None:
    """A township that falsified its own report and made firms do so: one case, two roads, closed
    when both are walked."""
    case = concluded(team, bureau, TOWN, SURVEY, "B4")
    assert "interference_alone" in why(case, "settle_interference")
    for name, days, stop in road.stops(END, 0)[9:]:
        case.at(road.later(case.day, days))
        stop(case)
        assert name
    lacking = why(case, "close", CLOSE)
    assert {"discipline_proposed", "circular_given", "correction_ordered"} <= lacking
    proposed(case, "《中华人民共和国统计法》第四十一条")
    ordered(case)
    corrected(case)
    case.take("circulate_interference", TOLD)
    case.take("not_public", {"reason": "不具有一定社会影响。"})
    assert why(case.scanned(), "close", CLOSE) == set()


def test_a_firm_and_the_township_behind_it_are_two_cases_of_one_tip(
    team: Team, bureau: Bureau
) -> None:
    walk = tip(team, bureau, FIRM["name"])
    walk.take(
        "accept",
        {"respondents": [FIRM, TOWN], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"},
    )
    assert len(walk.cases()) == 2
    assert walk.day >= START
