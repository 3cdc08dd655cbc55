"""What a penalty may not do: punish what is too old or untold, count what never stood, come to the
wrong body."""

from datetime import date
from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, case_of, decision, drive, facts_of, refused
from tests.support.acts import NO_PENALTY, RECONSIDERED, SPOT, unheard

OLD = date(2023, 1, 5)  # more than two years before the tip
FIRST = {**NO_PENALTY, "ground": "first", "corrected": True}
REVIEWED = {**POINTS, "opinion": "同意", "result": "pass"}


def reported(case: Walk, *rows: dict[str, Any]) -> Walk:
    """An investigation that ends with these violations."""
    asked = {
        "violations": list(rows),
        "course": "x",
        "discretion": "y",
        "serious_ground": "",
        "complex": False,
        "days_reason": "查明",
    }
    drive(case, "interview").take("investigation_report", {**asked, "proposal": "z"})
    return case


def census(team: Team, bureau: Bureau) -> Walk:
    """A case of the economic census, after the law of 2024 took effect: two laws name two
    amounts."""
    return reported(case_of(team, bureau), {**road.violation(END), "census": True})


# -- 行政处罚法 §36
def test_what_was_found_too_late_is_not_punished_on_the_spot(case_at_assign: Walk) -> None:
    case = case_at_assign
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", {**SPOT, "violations": [road.violation(END), road.violation(OLD)]})
    assert refused(error) == {"conduct_not_barred"}


def test_what_was_found_too_late_is_not_told_as_a_penalty(case_opened: Walk) -> None:
    """The filing rested on one day; the investigation found an earlier one."""
    case = reported(case_opened, road.violation(OLD))
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice_of(3_000_000))
    assert "conduct_not_barred" in refused(error)
    case.take("decide_no_penalty", {**NO_PENALTY, "ground": "time_barred"})
    assert facts_of(case).stage == "serve"


# -- §44, §62
@pytest.mark.parametrize(
    "more", [{"kinds": ["warning", "fine", "circular"]}, {"serious_ground": "harmful"}]
)
def test_a_decision_brings_nothing_that_was_not_told(
    case_at_no_review_due: Walk, more: dict[str, Any]
) -> None:
    case = case_at_no_review_due
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", {**decision(case), **more})
    assert refused(error) == {"nothing_untold"}
    # less than told is lawful
    case.take("decide_penalty", {**decision(case), "kinds": ["warning"], "fine_fen": None})
    assert facts_of(case).stage == "serve"


# -- §33: the first time
def test_a_case_that_ended_without_a_penalty_makes_no_second_offence(
    team: Team, bureau: Bureau
) -> None:
    one, two = drive(case_of(team, bureau), "conclude"), drive(case_of(team, bureau), "conclude")
    one.take("decide_no_penalty", NO_PENALTY)
    one.serve("decision")
    assert facts_of(two).history.penalties_before == 0
    two.take("decide_no_penalty", FIRST)


@pytest.mark.parametrize(
    ("result", "before"), [("set_aside", 0), ("redo", 0), ("upheld", 1), ("unlawful", 1)]
)
def test_a_penalty_that_a_remedy_took_away_is_none(
    team: Team, bureau: Bureau, result: str, before: int
) -> None:
    one, two = drive(case_of(team, bureau), "served"), drive(case_of(team, bureau), "conclude")
    one.at(road.later(one.day, 5)).take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": result,
        "number": "2",
        "fine_fen": None,
        "reason": "x",
    }
    one.take("remedy_end", end, "remedy-1")
    assert facts_of(two).history.penalties_before == before


def test_a_penalty_that_never_arrived_is_none_yet(team: Team, bureau: Bureau) -> None:
    one, two = drive(case_of(team, bureau), "decide"), drive(case_of(team, bureau), "conclude")
    assert facts_of(two).history.penalties_before == 0
    one.serve("decision")
    assert facts_of(two).history.penalties_before == 1
    with pytest.raises(Refused) as error:
        two.at(one.day).take("decide_no_penalty", FIRST)
    assert refused(error) == {"ground_holds"}


# -- two laws, two amounts
def test_where_two_laws_name_two_amounts_no_head_lets_the_review_out(
    team: Team, bureau: Bureau
) -> None:
    case = census(team, bureau)
    # far below the threshold of §58
    case.at(road.later(case.day, 4)).take("prior_notice", notice_of(3_000_000))
    case.serve("prior_notice")
    unheard(case)
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "x"})
    assert refused(error) == {"review_is_not_due"}
    case.take("legal_review", {**REVIEWED, "census_law": "census"})
    assert facts_of(case).stage == "decide"


@pytest.mark.parametrize(
    ("choice", "yuan", "good"),
    [("law", 100_000, True), ("law", 100_001, False), ("census", 50_001, False)],
)
def test_the_reviewers_choice_is_the_ceiling(
    team: Team, bureau: Bureau, choice: str, yuan: int, good: bool
) -> None:
    case = census(team, bureau)
    case.take("legal_review", {**REVIEWED, "census_law": choice})
    if good:
        case.take("prior_notice", notice_of(yuan * 100))
        assert facts_of(case).proposed_fine.yuan == yuan
        return
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice_of(yuan * 100))
    assert refused(error) == {"sum_within_ceiling"}


# -- before it is in force, and without it
def test_nobody_is_circulated_before_the_decision_arrived(case_at_conclude: Walk) -> None:
    case, asked = case_at_conclude, {"text": "通报", "recipients": "各乡镇"}
    case.take("prior_notice", {**notice_of(3_000_000), "kinds": ["warning", "circular", "fine"]})
    case.serve("prior_notice")
    unheard(case)
    case.take("review_not_due", {"reason": "未达标准"})
    case.take("decide_penalty", decision(case))
    with pytest.raises(Refused) as error:
        case.take("circulate", asked)
    assert refused(error) == {"decision_in_force"}
    case.serve("decision")
    case.take("circulate", asked)


def test_who_was_not_penalised_is_not_determined_dishonest(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    case.take("decide_no_penalty", NO_PENALTY)
    case.serve("decision")
    with pytest.raises(Refused) as error:
        case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
    assert refused(error) == {"penalty_decided"}


def test_a_suspended_case_is_not_ended_on_the_spot(case_at_file: Walk) -> None:
    case = case_at_file
    case.take("suspend", {"reason": "等待鉴定"})
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", SPOT)
    assert refused(error) == {"not_suspended"}


def test_whoever_the_respondent_turned_out_to_be(case_at_figures: Walk, bureau: Bureau) -> None:
    """重庆市统计管理条例 §38: the county's bureau opens no case against its own government."""
    case = case_at_figures
    town = {**FIRM, "name": "丰都县人民政府", "kind": "state_organ"}
    case.take(
        "verification_report", {"party": town, "findings": "x", "no_figures": "", "result": "file"}
    )
    with pytest.raises(Refused) as error:
        case.take("file", road.filing(END))
    assert refused(error) == {"bureau_competent"}
    case.take("report_up", {"reason": "当事人是县人民政府"})
    assert facts_of(case).stage == "transferred"


def test_a_sum_changes_only_with_the_result(case_at_served: Walk) -> None:
    """What somebody typed beside «upheld» is no new fine."""
    case = case_at_served
    case.at(road.later(case.day, 5)).take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": "upheld",
        "number": "2",
        "fine_fen": 100,
        "reason": "x",
    }
    case.take("remedy_end", end, "remedy-1")
    assert facts_of(case).fine.fen == 3_000_000


# -- 统计法 §44, §45: what it threatens, and whom
@pytest.mark.parametrize("kinds", [["fine"], ["circular"]])
def test_a_warning_is_no_choice(case_at_conclude: Walk, kinds: list[str]) -> None:
    case = case_at_conclude
    with pytest.raises(Refused) as error:
        case.take(
            "prior_notice",
            {
                **notice_of(100_000),
                "kinds": kinds,
                "fine_fen": 100_000 if kinds == ["fine"] else None,
            },
        )
    assert refused(error) == {"warning_given"}


TRADER = {**FIRM, "name": "张三副食店", "kind": "sole_trader"}


def test_a_sole_trader_is_not_circulated(team: Team, bureau: Bureau) -> None:
    """§44第三款 knows correction, warning and fine."""
    case = drive(case_of(team, bureau, TRADER), "conclude", 0)
    with pytest.raises(Refused) as error:
        case.take(
            "prior_notice", {**notice_of(0), "kinds": ["warning", "circular"], "fine_fen": None}
        )
    assert refused(error) == {"circular_allowed"}


def test_a_sole_trader_without_ledgers_is_not_penalised(team: Team, bureau: Bureau) -> None:
    """§45第三款 speaks of late filing alone."""
    case = reported(case_of(team, bureau, TRADER), road.violation(END, "V11"))
    with pytest.raises(Refused) as error:
        case.take("prior_notice", {**notice_of(0), "kinds": ["warning"], "fine_fen": None})
    assert refused(error) == {"law_reaches_party"}
