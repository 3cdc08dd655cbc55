"""Lines of running text: numbers keep their units, names and cards stay whole, and no line is
pulled apart for it."""

from __future__ import annotations

import pytest

from letters import spread, words
from letters.pages import BODY, FORM_BODY, PORTRAIT
from letters.ruled import PAD_X
from letters.text import MOST_STRETCH, Style, break_lines, gaps

INSTALMENTS = (
    "本局于2026年9月14日对你单位作出《行政处罚决定书》（丰统罚〔2026〕6号），"
    "处罚款人民币叁万元整（¥30,000.00）。"
    "你单位申请延期（分期）缴纳罚款。经审查，"
    "根据《中华人民共和国行政处罚法》第六十六条第二款的规定，"
    "本局同意你单位按照"
    "下列安排缴纳："
)
OFFICERS = "核查人员：秦岚（渝统执 0219）、邓一川（渝统执 0220）。"
BANK = (
    "履行方式：到指定银行缴纳罚款及加处罚款。缴款银行："
    "中国农业银行丰都支行；户名：丰都县财政局；账号：31-0000000000；"
    "也可以通过电子支付系统缴纳。"
)
SUM = "拟处罚意见：警告、通报批评，并处罚款人民币陆万元整（¥60,000.00）。"
NAMES = ("秦岚", "邓一川", "谢䶮", "渝统执 0219", "渝统执 0220")


def stretched(text: str, style: Style = BODY) -> float:
    """The widest gap of the paragraph, in em, among the lines that are pulled out to the edge."""
    lines = [x for x in break_lines(text, style, PORTRAIT.width, NAMES) if not x.ends]
    needed = [
        (PORTRAIT.width - x.indent - x.width) / max(gaps(x.text), 1) / style.size for x in lines
    ]
    return max([n for n in needed if n <= MOST_STRETCH], default=0)


@pytest.mark.parametrize("text", [INSTALMENTS, OFFICERS, BANK, SUM])
def test_a_long_number_pulls_no_line_apart(text: str) -> None:
    assert stretched(text, FORM_BODY) < 0.18
    assert stretched(text) < 0.18


def test_a_paragraph_takes_no_line_more_for_it() -> None:
    assert len(break_lines(INSTALMENTS, BODY, PORTRAIT.width)) == 5
    assert "".join(x.text for x in break_lines(INSTALMENTS, BODY, PORTRAIT.width)) == INSTALMENTS


@pytest.mark.parametrize(
    "whole", ["27日", "2025年", "14号", "15个", "30元", "3次", "渝统执 0219", "邓一川", "谢䶮"]
)
@pytest.mark.parametrize("before", range(2, 16))
def test_what_belongs_together_stands_on_one_line(whole: str, before: int) -> None:
    text = "某" * before + whole + "某" * 30
    assert any(whole in line.text for line in break_lines(text, FORM_BODY, 14 * 14, NAMES)), before


def test_a_cell_too_narrow_for_it_is_filled_all_the_same() -> None:
    lines = break_lines("渝统执 0219、邓一川", FORM_BODY, 3 * 14, NAMES)
    assert "".join(x.text for x in lines).replace(" ", "") == "渝统执0219、邓一川"
    assert all(x.width <= 3 * 14 + 0.01 for x in lines)


def test_the_work_grows_with_the_text_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tip may have twenty thousand characters in one paragraph."""
    looked: list[int] = []
    cost = spread._cost

    def counting(breaks: spread.Breaks, start: int, end: int, room: float) -> float:
        looked.append(end)
        return cost(breaks, start, end, room)

    monkeypatch.setattr(spread, "_cost", counting)
    amounts = []
    for times in (10, 20):
        looked.clear()
        break_lines(INSTALMENTS * times, FORM_BODY, PORTRAIT.width)
        amounts.append(len(looked))
    assert 0 < amounts[0] < amounts[1] < 3 * amounts[0]


@pytest.mark.parametrize("paper", ["on_site_record", "verification_report", "investigation_report"])
@pytest.mark.parametrize("period", ["2023年年报", "2025年12月", "2025年三季度"])
def test_a_form_and_its_period_take_two_lines_of_the_figure_table(paper: str, period: str) -> None:
    spec = {
        x.text.split("|")[0].strip(): x.text.split("|")[1:]
        for x in words.wording_of(paper).section("table figures")
    }
    shares = [float(x) for x in spec["widths"]]
    room = PORTRAIT.width * shares[0] / sum(shares) - 2 * PAD_X
    size = float(spec["size"][0]) if "size" in spec else 10.5
    assert len(break_lines(f"B103-2 {period}", Style(size=size, leading=16), room)) == 2
