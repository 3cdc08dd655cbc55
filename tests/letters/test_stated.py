"""What a decision states: a sentence for each indicator, the duty in full, evidence with its day
and what it proves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from casework.procedure.penalties import penalties
from casework.procedure.terms import Figure
from letters.stated import dated_evidence, figure_sentence, with_subject


def test_each_indicator_has_a_sentence_of_its_own() -> None:
    figure = Figure("应收账款", Decimal(646), Decimal(5087), "千元", "B103-2", "2025年年报")
    assert figure_sentence(figure) == (
        "2025年年报B103-2表“应收账款”：上报646千元，检查核实5,087千元，少报4,441千元，差错率87.3%。"
    )


@pytest.mark.parametrize(
    ("reported", "verified", "says"),
    [
        ("10409", "8398", "多报2,011千元，差错率23.9%"),
        ("120", "0", "多报120千元，差错率应报为零"),
        ("5", "5", "数额一致"),
    ],
)
def test_it_says_which_way_the_figure_is_wrong(reported: str, verified: str, says: str) -> None:
    assert says in figure_sentence(Figure("指标", Decimal(reported), Decimal(verified), "千元"))


def test_the_facts_have_a_subject_once() -> None:
    assert (
        with_subject("上报的应收账款与核实数不符", "你单位", "某公司")
        == "你单位上报的应收账款与核实数不符"
    )
    for begins in ("你单位", "该单位", "当事人", "某公司"):
        assert with_subject(f"{begins}上报不实", "你单位", "某公司") == f"{begins}上报不实"


KNOWN = [
    ("现场检查笔录", (date(2025, 5, 7),), "检查经过"),
    ("询问笔录", (date(2025, 5, 7), date(2025, 5, 9)), "填报经过"),
    ("应收账款明细账", (date(2025, 5, 8),), "少报应收账款"),
]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("现场检查笔录", "现场检查笔录（2025年5月7日），证明检查经过"),
        ("询问笔录", "询问笔录（2025年5月7日、2025年5月9日），证明填报经过"),
        ("2. 应收账款明细账复印件", "应收账款明细账复印件（2025年5月8日），证明少报应收账款"),
        (
            "应收账款明细账（2025年4月30日调取），证明账面余额",
            "应收账款明细账（2025年4月30日调取），证明账面余额",
        ),
        ("证人证言", "证人证言"),
    ],
)
def test_evidence_has_its_day_and_what_it_proves(typed: str, printed: str) -> None:
    assert dated_evidence(typed, KNOWN) == printed


@pytest.mark.parametrize(
    ("code", "new", "old"),
    [
        ("V3", "第八条", "第七条"),
        ("V10", "第八条", "第七条"),
        ("V7", "第八条", "第七条"),
        ("V12", "第八条", "第七条"),
        ("V11", "第二十四条第一款", "第二十一条第一款"),
        ("V5", "第三十九条", "第三十六条"),
        ("V6", "第三十九条", "第三十六条"),
        ("V8", "第三十九条", "第三十六条"),
        ("V9", "第三十九条", "第三十六条"),
    ],
)
def test_each_violation_breaks_its_own_duty(code: str, new: str, old: str) -> None:
    """统计法: who keeps no ledgers, or hinders an inspection, does not break the duty to report."""
    for end, article in ((date(2025, 1, 1), new), (date(2024, 1, 1), old)):
        duty = penalties().duty(code, end)
        assert duty.article.endswith(article)
        assert duty.text.endswith("。")
        assert duty.article.startswith("《中华人民共和国统计法》")
