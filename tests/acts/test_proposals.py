"""A report that proposes a fine says how much; who invokes a benchmark names it."""

from dataclasses import replace

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.checks.registry import CHECKS
from casework.procedure.facts import Facts
from casework.upkeep import road
from casework.upkeep.walk import Team
from tests.acts.roads import END, case_of, drive, facts_of, refused


@pytest.fixture
def known(team: Team, bureau: Bureau) -> Facts:
    return facts_of(drive(case_of(team, bureau), "file"))


@pytest.mark.parametrize(
    ("proposal", "good"),
    [
        ("建议警告并处罚款。", False),
        ("建议给予警告，并处罚款人民币叁万元整（¥30,000.00）。", True),
        ("建议罚款3万元。", True),
        ("建议处三万元罚款。", True),
        ("建议罚款３０,０００元", True),
        ("建议警告。", True),
        ("建议不予罚款。", True),
    ],
)
def test_a_fine_that_is_proposed_has_its_sum(known: Facts, proposal: str, good: bool) -> None:
    assert (
        CHECKS["proposal_names_sum"](known, {"proposal": proposal}, known.today) is None
    ) is good


def test_a_report_without_it_is_refused(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "interview")
    report = {
        "violations": [road.violation(END)],
        "course": "核对账表。",
        "discretion": "一般情节。",
        "serious_ground": "",
        "complex": False,
        "proposal": "建议警告并处罚款。",
    }
    with pytest.raises(Refused) as error:
        case.propose("investigation_report", report)
    assert refused(error) == {"proposal_names_sum"}


@pytest.mark.parametrize(
    ("discretion", "good"),
    [
        ("依照裁量基准从一般情节处理。", False),
        ("依照《重庆市统计行政处罚裁量基准》（渝统发〔2026〕1号）从一般情节处理。", True),
        ("未造成严重后果。", True),
    ],
)
def test_a_benchmark_has_its_name(known: Facts, discretion: str, good: bool) -> None:
    assert (
        CHECKS["benchmark_named"](known, {"discretion": discretion}, known.today) is None
    ) is good


def test_a_confirmed_one_is_named_by_the_paper(known: Facts) -> None:
    rows = {s.key: s.value for s in known.settings if s.key.startswith("benchmark.")}
    rows |= {
        "benchmark.name": "重庆市统计行政处罚裁量基准",
        "benchmark.number": "渝统发〔2026〕1号",
    }
    settled = replace(known, settings=known.settings.with_values(rows))
    assert (
        CHECKS["benchmark_named"](settled, {"discretion": "依照裁量基准处理。"}, known.today)
        is None
    )
