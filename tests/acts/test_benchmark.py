"""The discretion benchmark (裁量基准, 行政处罚法 §34): what it proposes, and that a departure says
why."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from casework.people.models import Bureau, BureauSetting
from casework.procedure import benchmark
from casework.procedure.facts import Facts
from casework.procedure.settings import shipped
from casework.store import writing
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from forms.decision import DecidePenalty, PriorNotice
from forms.review import LegalReview
from tests.acts.interference import TOWN
from tests.acts.roads import case_of, drive, facts_of
from tests.support.acts import why

NAME, NUMBER = "重庆市统计行政处罚裁量基准", "渝统发〔2026〕1号"
WHY = "当事人主动改正并补报。"
HEAVY = 9_000_000  # fen: within the highest tier of 100,000 yuan, which the road's figures reach
LIGHT = 3_000_000


def confirmed(bureau: Bureau, **changes: str) -> None:
    """The bureau confirms each number, and says which benchmark it is."""
    rows = {s.key: s.value for s in shipped() if s.key.startswith("benchmark.")}
    rows |= {"benchmark.name": NAME, "benchmark.number": NUMBER} | {
        f"benchmark.{k}": v for k, v in changes.items()
    }
    with writing() as session:
        for key, value in rows.items():
            session.add(
                BureauSetting(bureau_id=bureau.id, key=key, value=value, from_day=date(2020, 1, 1))
            )
        session.get_one(Bureau, bureau.id).revision += 1


def with_figures(facts: Facts, reported: str, verified: str, unit: str = "千元") -> Facts:
    row = {**road.FIGURES[0], "reported": reported, "verified": verified, "unit": unit}
    last = facts.acts[-1]
    more = replace(
        last,
        seq=last.seq + 1,
        step="verify_figures",
        verb="take",
        asked={"figures": [row]},
        effects=(),
    )
    return replace(facts, acts=(*facts.acts, more))


@pytest.mark.parametrize(
    ("reported", "verified", "tier", "low", "high"),
    [
        ("100", "103", "轻微", 0, 0),
        ("100", "106", "一般", 0, 25_000),
        ("100", "115", "较重", 25_000, 50_000),
        ("100", "130", "严重", 50_000, 75_000),
        ("100", "200", "特别严重", 75_000, 100_000),
        ("5", "0", "特别严重", 75_000, 100_000),
    ],
)
def test_the_rate_of_error_proposes_a_tier(
    case_at_conclude: Walk, reported: str, verified: str, tier: str, low: int, high: int
) -> None:
    facts = with_figures(facts_of(case_at_conclude), reported, verified)
    found = benchmark.proposed(facts, {})
    assert found is not None
    assert (found.tier.zh, found.low.yuan, found.high.yuan) == (tier, low, high)


def test_a_ground_of_the_upper_tier_begins_where_the_lower_one_ends(case_at_conclude: Walk) -> None:
    facts = with_figures(facts_of(case_at_conclude), "100", "115")
    found = benchmark.proposed(facts, {"serious_ground": "harmful"})
    assert found is not None
    assert (found.low.yuan, found.high.yuan) == (200_000, 300_000)


def test_earlier_penalties_and_a_large_sum_raise_it(case_at_conclude: Walk) -> None:
    facts = with_figures(facts_of(case_at_conclude), "100", "106")
    again = replace(facts, history=replace(facts.history, penalties_before=1))
    assert benchmark.proposed(again, {}).tier.zh == "较重"  # type: ignore[union-attr]
    large = replace(facts, settings=facts.settings.with_values({"benchmark.amount": "6000"}))
    assert benchmark.proposed(large, {}).tier.zh == "较重"  # type: ignore[union-attr]  # 6 × 千元
    larger = replace(facts, settings=facts.settings.with_values({"benchmark.amount": "6001"}))
    assert benchmark.proposed(larger, {}).tier.zh == "一般"  # type: ignore[union-attr]


def test_nothing_is_proposed_for_whom_the_law_does_not_fine(team: Team, bureau: Bureau) -> None:
    assert (
        benchmark.proposed(facts_of(drive(case_of(team, bureau, TOWN), "conclude", 0)), {}) is None
    )


def test_unconfirmed_it_is_shown_to_staff_and_binds_nobody(
    case_at_conclude: Walk, app: Flask
) -> None:
    case = case_at_conclude
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        said = str(PriorNotice(facts_of(case)).fine_fen.description)
    assert "特别严重" in said
    assert "未经本局确认" in said
    assert why(case, "prior_notice", notice_of(LIGHT)) == set()
    case.take("prior_notice", notice_of(LIGHT))
    assert discretion_of(case, notice_of(LIGHT)) == notice_of(LIGHT)["discretion"]


def test_confirmed_a_departure_needs_a_reason(team: Team, bureau: Bureau) -> None:
    confirmed(bureau)
    case = drive(case_of(team, bureau), "conclude")
    said = str(PriorNotice(facts_of(case)).fine_fen.description)
    assert NAME in said
    assert "未经本局确认" not in said
    for fen in (LIGHT, 0):
        assert why(case, "prior_notice", notice_of(fen)) == {"departure_explained"}
        assert why(case, "prior_notice", {**notice_of(fen), "departure_reason": WHY}) == set()
    assert why(case, "prior_notice", {**notice_of(LIGHT), "departure_reason": " 　"}) == {
        "departure_explained"
    }


def test_within_the_range_nothing_is_asked(team: Team, bureau: Bureau) -> None:
    confirmed(bureau)
    assert why(drive(case_of(team, bureau), "conclude"), "prior_notice", notice_of(HEAVY)) == set()


def test_the_bureaus_own_numbers_hold(team: Team, bureau: Bureau) -> None:
    confirmed(bureau, share_serious="20")  # the highest tier then begins at 20,000 yuan
    assert why(drive(case_of(team, bureau), "conclude"), "prior_notice", notice_of(LIGHT)) == set()


def test_reviewer_decision_and_papers_say_it(team: Team, bureau: Bureau) -> None:
    """To the decision: the reason is carried on, shown to the reviewer, and asked of the decision
    too."""
    confirmed(bureau)
    case = drive(case_of(team, bureau), "conclude")
    asked = {**notice_of(LIGHT), "departure_reason": WHY}
    case.take("prior_notice", asked)
    cited = discretion_of(case, asked)
    # a letter to the party
    assert all(x in cited for x in (NAME, NUMBER, "特别严重", WHY.replace("当事人", "你单位")))
    assert WHY in str(LegalReview(facts_of(case)).point_discretion.description)
    case.serve("prior_notice")
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出。"})
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    assert DecidePenalty(facts_of(case)).departure_reason.data == WHY
    decision = {**notice_of(LIGHT), "defence": "未提出。", "bank": "某行，某户，1"}
    assert why(case, "decide_penalty", decision) == {"departure_explained"}
    assert why(case, "decide_penalty", {**decision, "departure_reason": WHY}) == set()


def test_the_paper_bears_the_name_of_the_benchmark(team: Team, bureau: Bureau) -> None:
    confirmed(bureau)
    case = drive(case_of(team, bureau), "conclude")
    case.take("prior_notice", notice_of(HEAVY))
    assert NAME in discretion_of(case, notice_of(HEAVY))


def discretion_of(case: Walk, asked: dict[str, Any]) -> str:
    from casework.procedure.load import procedure
    from letters.build import Issue, build

    facts = facts_of(case)
    issue = Issue(procedure().papers["prior_notice"], facts.number, case.day)
    return str(build(issue, facts, "prior_notice", asked).discretion)  # type: ignore[attr-defined]
