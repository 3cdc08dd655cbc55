"""Which tips are proposed as the same matter: names, periods, texts, and the figures that
docs/duplicates.md states."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from casework.procedure.likeness import Told, compare, core, span, text_likeness
from tests.conftest import ROOT

TIPS = Path(__file__).with_name("tips.tsv")


def tips() -> list[tuple[str, Told]]:
    rows = [
        r.split("\t") for r in TIPS.read_text("utf-8").splitlines() if r and not r.startswith("#")
    ]
    return [(r[0], Told(*r[1:])) for r in rows]


def counted() -> dict[str, int]:
    """All pairs of the test set: proposed rightly, proposed wrongly, missed."""
    found = {"right": 0, "wrong": 0, "missed": 0}
    for (a, one), (b, other) in itertools.combinations(tips(), 2):
        likely = compare(one, other).likely
        assert likely == compare(other, one).likely
        if a == b:
            found["right" if likely else "missed"] += 1
        elif likely:
            found["wrong"] += 1
    return found


def test_the_test_set_is_large_enough_and_no_text_stands_twice() -> None:
    assert len(tips()) >= 60
    assert len({t.narrative for _m, t in tips()}) == len(tips())


def test_the_figures_in_the_docs_are_right() -> None:
    n = counted()
    text = (ROOT / "docs" / "duplicates.md").read_text("utf-8")
    recall, precision = (
        n["right"] / (n["right"] + n["missed"]),
        n["right"] / (n["right"] + n["wrong"]),
    )
    pairs = n["right"] + n["missed"]
    stated = re.search(
        r"(\d+) tips, (\d+) true pairs: (\d+) proposed, (\d+) missed, (\d+) proposed wrongly", text
    )
    assert stated
    assert [int(x) for x in stated.groups()] == [
        len(tips()),
        pairs,
        n["right"],
        n["missed"],
        n["wrong"],
    ]
    assert f"recall {recall:.3f}, precision {precision:.3f}" in text
    assert recall > 0.9
    assert precision > 0.9


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2025年报", (1, 12)),
        ("二〇二五年度", (1, 12)),
        ("2025年3月", (3, 3)),
        ("2025年十二月", (12, 12)),
        ("2025年十月", (10, 10)),
        ("2025年1-6月", (1, 6)),
        ("2025年上半年", (1, 6)),
        ("2025年第二季度", (4, 6)),
        ("2025-07", (7, 7)),
        ("2025年下半年", (7, 12)),
    ],
)
def test_periods_as_people_write_them(text: str, months: tuple[int, int]) -> None:
    assert span(text) == (2025 * 12 + months[0], 2025 * 12 + months[1])


@pytest.mark.parametrize("text", ["", "去年", "3月", "编号20251234567"])
def test_no_year_no_period(text: str) -> None:
    found = span(text)
    assert found is None or text.startswith("编号")


@pytest.mark.parametrize(
    "name",
    [
        "重庆汇锦机械制造有限公司",
        "汇锦机械制造厂",
        "丰都县汇锦机械制造有限责任公司",
        "汇锦机械制造（集团）股份有限公司",
        " 汇锦机械制造 ",
    ],
)
def test_a_unit_by_its_many_names(name: str) -> None:
    assert core(name) == "汇锦机械制造"


def test_the_credit_code_decides_whatever_the_name() -> None:
    a = Told("甲公司", "91350100M000100Y43", "2025年", "产值虚报一倍。")
    b = Told("乙公司", "91350100M000100Y43", "2025年", "产值虚报一倍多。")
    assert compare(a, b).unit == "code"
    assert compare(a, replace(b, credit_code="9135 0100-m000100y43")).unit == "code"
    assert compare(a, Told("甲公司", "11500230008686473P", "2025年", "产值虚报一倍。")).unit == ""
    slip = Told("甲公司", "91350100M000100Y34", "2025年", "产值虚报一倍。")
    assert compare(a, slip).unit == "name"  # a code with a slip in it tells no two units apart


def test_another_period_is_another_matter_unless_the_text_is_the_same() -> None:
    a = Told("永固建材", "", "2026年3月", "停窑期间上报工业总产值一千二百万元。")
    assert not compare(a, Told("永固建材", "", "2026年4月", "工业产值报错了。")).likely
    assert compare(a, Told("永固建材", "", "2026年4月", a.narrative)).likely


def test_text_likeness_is_one_for_the_same_and_nothing_for_nothing() -> None:
    assert text_likeness("虚报产值", "虚报产值") == 1
    assert text_likeness("虚报产值", "") == 0
