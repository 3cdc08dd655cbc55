"""What the record proposes where the whole cases do not lead: facts alone, no page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from casework.people.models import Bureau
from casework.procedure.facts import ActFacts, Facts, PaperFacts, ServiceFacts
from casework.procedure.ids import PaperId
from casework.procedure.survey_forms import named_period, number_of_form
from casework.procedure.terms import Figure
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from forms import sources
from forms.colleagues import colleagues
from forms.proposed import Known
from tests.acts.roads import FIRM, case_of, drive, facts_of

DAY = date(2025, 9, 20)


@pytest.fixture
def filed(team: Team, bureau: Bureau) -> Walk:
    """A case that was filed after its figures were compared."""
    return drive(case_of(team, bureau, dict(FIRM)), "file")


def value(known: Known | None) -> object:
    """What is proposed; None where nothing is."""
    return known.value if known else None


def figure(reported: str, verified: str, form: str = "", period: str = "") -> Figure:
    return Figure("商品房销售额", Decimal(reported), Decimal(verified), "万元", form, period)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (figure("31688", "39710"), "少报商品房销售额8,022万元，差错率20.2%"),
        (figure("39710", "31688"), "多报商品房销售额8,022万元，差错率25.3%"),
        (figure("5", "0"), "多报商品房销售额5万元"),  # nothing was due: there is no rate
        (figure("7.5", "7.5"), ""),
    ],
)
def test_a_difference_is_said_with_its_rate(line: Figure, says: str) -> None:
    assert sources.difference(line) == says


def paper(number: int, kind: PaperId, track: str) -> PaperFacts:
    """A paper that waits for service."""
    return PaperFacts(number, kind, f"{number}号", track, "order_correction", 1, DAY, "issued")


def served(facts: Facts, *waiting: PaperFacts) -> Facts:
    """The same after a correction was served at the firm's gate, with other papers waiting."""
    seq = facts.acts[-1].seq + 1
    asked = {"paper": 900, "place": "厂门口", "signer": "门卫赵某", "method": "direct"}
    at = datetime(2025, 9, 20, 8, 0)
    act = ActFacts(seq, "main", "serve", "take", DAY, at, None, asked)
    there = replace(
        paper(900, "correction", "main"),
        state="served",
        served=ServiceFacts(DAY, "direct", seq),
    )
    return replace(facts, acts=(*facts.acts, act), papers=(*facts.papers, there, *waiting))


def test_signer_and_place_are_those_of_the_last_service_to_the_same_party(filed: Walk) -> None:
    facts = served(facts_of(filed), paper(901, "inspection_notice", "main"))
    assert value(sources.served_before("signer")(facts)) == "门卫赵某"
    assert value(sources.served_before("place")(facts)) == "厂门口"


def test_who_signed_for_the_party_is_not_proposed_for_another_body(filed: Walk) -> None:
    for waiting in (
        (paper(901, "transfer", "main"),),
        (paper(901, "inspection_notice", "main"), paper(902, "transfer", "main")),
        (),
    ):
        facts = served(facts_of(filed), *waiting)
        assert sources.served_before("signer")(facts) is None
        assert sources.party_at(facts) is None


def test_nothing_is_proposed_for_the_services_of_a_tip(filed: Walk) -> None:
    facts = replace(served(facts_of(filed), paper(901, "inspection_notice", "main")), kind="report")
    assert sources.served_before("signer")(facts) is None


def test_an_order_to_correct_rests_on_the_article_that_the_case_was_filed_for(
    filed: Walk,
) -> None:
    known = sources.breached_articles(facts_of(filed))
    assert known is not None
    assert str(known.value).startswith("《中华人民共和国统计法》")
    assert [a.step for a in known.acts] == ["file"]


@pytest.mark.parametrize("typed", ["B103-2", "b103－2", "201-1表", " Ｘ204-1表 ", "B103-2表"])
def test_the_number_of_a_form_goes_from_the_tip_to_the_case(typed: str) -> None:
    assert number_of_form(typed)


@pytest.mark.parametrize(
    "typed", ["2024年报", "2025年年报", "2024年1-9月", "2024年第三季度", "2025"]
)
def test_a_period_goes_from_the_tip_to_the_case(typed: str) -> None:
    assert named_period(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "老魏给我看的B103-2表",
        "去年的年报",
        "2024年报（老板手机里）",
        "13800138000",
    ],
)
def test_words_of_a_tip_stay_in_the_tip(typed: str | None) -> None:
    assert (number_of_form(typed), named_period(typed)) == ("", "")


def test_whoever_decides_cases_is_offered_first_and_whoever_is_recused_not(filed: Walk) -> None:
    facts = facts_of(filed)
    offered = colleagues(facts)
    assert offered[0][1] == "局领导"
    leader = next(p for p in facts.people.values() if p.name == offered[0][0])
    recused = {**facts.people, leader.id: replace(leader, recused=True)}
    assert offered[0] not in colleagues(replace(facts, people=recused))


def test_figures_of_two_forms_are_told_one_form_after_the_other(filed: Walk) -> None:
    facts = facts_of(filed)
    rows = [
        {**road.FIGURES[0], "form": "A1", "period": "2024年报"},
        {**road.FIGURES[1], "form": "A2", "period": "2024年报"},
    ]
    act = replace(facts.acts[-1], step="verify_figures", asked={"figures": rows})
    known = sources.from_figures(replace(facts, acts=(*facts.acts, act)))
    assert known is not None
    assert known.value == (
        "报送的2024年报A1表中，少报应收账款4,441千元，差错率87.3%。"
        "报送的2024年报A2表中，多报固定资产原价2,011千元，差错率23.9%。"
    )
