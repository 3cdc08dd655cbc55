"""Where lines, titles and pages break: by the rules of marks, by sense, and never so that a seal
stands alone."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from letters.blocks import Block, Cell, Closing, Gap, Grid, GridRow, Imprint, Para
from letters.compose import _text
from letters.fonts import Face
from letters.layout import lay
from letters.pages import BODY, PORTRAIT, Furniture
from letters.text import NO_END, NO_START, Style, break_lines, gaps, put
from letters.titles import break_title
from letters.words import WordingLine
from tests.conftest import need

NARROW = Style(Face.FANG, 10, 12)
SEAL = Closing("丰都县统计局", "2026年11月25日", "（印章）")
FLUSH = Style(Face.FANG, 16, BODY.leading)
AROUND = Furniture(title="t", author="a", subject="s", on=date(2026, 11, 25))


def lines(text: str, characters: int) -> list[str]:
    return [line.text for line in break_lines(text, NARROW, characters * 10)]


@pytest.mark.parametrize("mark", sorted(NO_START - set(" 　")))
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    broken = lines("某" * 9 + "甲" + mark + "某" * 12, 10)
    assert "".join(broken) == "某" * 9 + "甲" + mark + "某" * 12
    assert not any(line[0] == mark for line in broken)


@pytest.mark.parametrize("mark", sorted(NO_END))
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    assert not any(line[-1] == mark for line in lines("某" * 9 + mark + "某" * 12, 10))


@pytest.mark.parametrize("whole", ["5,087.60", "2026", "B103-2", "——", "……", "87.3%"])
def test_figures_and_double_marks_stay_whole(whole: str) -> None:
    for before in range(4, 10):
        assert any(whole in line for line in lines("某" * before + whole + "某" * 9, 10)), before


def test_a_full_line_is_stretched_to_the_edge_and_a_run_of_figures_is_not() -> None:
    line = break_lines("某某某2026某某某某某某某", NARROW, 105)[0]
    assert gaps(line.text) == len(line.text) - 1 - 3  # no gap inside 2026

    class Ink:
        """Notes how far a line is stretched."""

        def write(self, text: str, _style: Style, x: float, _y: float, stretch: float) -> None:
            self.right = x + line.width + gaps(text) * stretch

    ink = Ink()
    put(ink, line, NARROW, 0, 0, 105)  # type: ignore[arg-type]
    assert ink.right == pytest.approx(105)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("行政处罚决定书", ["行政处罚决定书"]),
        (
            "关于移送反映重庆双桂食品有限公司有关问题的线索的函",
            ["关于移送反映重庆双桂食品有限公司", "有关问题的线索的函"],
        ),
        (
            "关于重庆渝丰食品有限公司涉嫌提供不真实统计资料一案的",
            ["关于重庆渝丰食品有限公司", "涉嫌提供不真实统计资料一案的"],
        ),
        (
            "关于移送丰都县三合街道合川大道东段第二机械加工制造集团有限责"
            "任公司涉嫌提供不真实统计资料一案的函",
            [
                "关于移送丰都县三合街道合川大道东段",
                "第二机械加工制造集团有限责任公司",
                "涉嫌提供不真实统计资料一案的函",
            ],
        ),
    ],
)
def test_a_title_breaks_by_sense(title: str, parts: list[str]) -> None:
    assert break_title(title, PORTRAIT.width) == parts


def test_a_title_without_a_place_for_it_breaks_evenly() -> None:
    assert [len(line) for line in break_title("某" * 27, PORTRAIT.width)] == [14, 13]


def pages(tmp_path: Path, *blocks: Block) -> list[list[str]]:
    """Lines of text of each page."""
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    data = lay(blocks, PORTRAIT, AROUND)
    (tmp_path / "a.pdf").write_bytes(data)
    read = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    with pikepdf.open(io.BytesIO(data)) as pdf:
        count = len(pdf.pages)
    found = [
        [line.strip() for line in page.splitlines() if line.strip()]
        for page in read.split("\f")[:count]
    ]
    return [[line for line in page if not re.fullmatch(r"— ?\d+ ?—", line)] for page in found]


def text(count: int) -> list[Para]:
    return [Para("某", BODY)] * count


@pytest.mark.parametrize("before", range(14, 23))
def test_two_lines_of_text_go_with_the_seal(before: int, tmp_path: Path) -> None:
    for last in (
        text(2),
        [Para("某" * 40, BODY)],
        [Para("某" * 100, BODY)],
        [Para("一、某某", BODY, keep=True), *text(1)],
    ):
        found = pages(tmp_path, *text(before), *last, SEAL)
        assert found[-1][-1].startswith("2026年"), (before, last)
        assert len(found[-1]) >= 4, (before, last)
        assert not any(page[-1] == "一、某某" for page in found), "a heading alone"


def test_an_empty_line_less_above_the_seal_saves_a_page(tmp_path: Path) -> None:
    assert [len(pages(tmp_path, *text(n), SEAL)) for n in (18, 19, 20)] == [1, 1, 2]


def test_signature_lines_and_the_box_of_who_approves_never_stand_alone(tmp_path: Path) -> None:
    box = Grid(
        (
            GridRow(
                (Cell("意见", label=True), Cell("同意。", foot="签名：")), (0.2, 0.8), 4, roomy=True
            ),
        )
    )
    for before in range(14, 23):
        found = pages(
            tmp_path, *text(before), Para("某" * 50, BODY), Para("听证主持人（签名）：", FLUSH), box
        )
        if len(found) == 2 and any("签名" in line for line in found[1]):
            assert found[1][0].startswith("某"), before
            assert any("主持人" in line for line in found[1]) or any(
                "主持人" in line for line in found[0]
            )


TABLE = Grid(
    (GridRow((Cell("甲"), Cell("值" * 30)), (1, 3)),) * 6,
    GridRow((Cell("名称", label=True), Cell("数值", label=True)), (1, 3)),
)


@pytest.mark.parametrize(
    "lead",
    [
        [Para("一、某某", BODY, keep=True)],
        [Para("核对情况如下：", BODY)],
        [Para("一、某某", BODY, keep=True), Para("核对情况如下：", BODY)],
    ],
)
def test_a_heading_and_the_line_above_a_table_stand_with_it(
    lead: list[Block], tmp_path: Path
) -> None:
    for before in range(12, 23):
        found = pages(tmp_path, *text(before), *lead, TABLE)
        assert not any(page[-1] in ("一、某某", "核对情况如下：") for page in found if page), before
        assert not any("名称" in page[-1] for page in found if page), before


@pytest.mark.parametrize(
    "lead", ["统计数据核对情况如下：", "现提出如下建议：", "上述事实有下列证据证明："]
)
def test_a_line_that_introduces_a_list_or_a_table_stands_with_it(lead: str, tmp_path: Path) -> None:
    """As the wording puts it, with or without a little room between."""
    blocks = _text(WordingLine(tmp_path, 1, lead), {}, BODY)
    for before in range(16, 23):
        for after in (
            [Gap(0.2), TABLE],
            [TABLE],
            text(3),
            [Para("一、某某", BODY, keep=True), *text(3)],
        ):
            found = pages(tmp_path, *text(before), *blocks, *after)
            assert not any(page[-1] in (lead, "一、某某") for page in found if page), (
                before,
                after,
            )


def test_a_salutation_and_a_label_introduce_nothing() -> None:
    for line in (">重庆渝丰机械制造有限公司：", "附件："):
        assert not any(
            b.keep for b in _text(WordingLine(Path(), 1, line), {}, BODY) if isinstance(b, Para)
        )


@pytest.mark.parametrize("before", range(8, 23))
def test_the_imprint_never_stands_alone(before: int, tmp_path: Path) -> None:
    found = pages(
        tmp_path,
        *text(before),
        Para("某" * 60, BODY),
        SEAL,
        Imprint("各乡镇人民政府", "丰都县统计局", "2026年11月25日印发"),
    )
    assert any("印发" in line for line in found[-1])
    assert any(line.startswith("某") for line in found[-1])


SIGNERS = ("提出人", "复核人", "监销人")
BOXES = Grid(
    tuple(
        GridRow((Cell(n, label=True), Cell("何静", foot="签名：")), (0.2, 0.8), 3) for n in SIGNERS
    )
)


@pytest.mark.parametrize("before", range(6, 18))
def test_boxes_for_signatures_stand_on_one_page(before: int, tmp_path: Path) -> None:
    found = pages(tmp_path, *text(before), TABLE, BOXES)
    assert [sum(line.startswith(SIGNERS) for line in page) for page in found][-1] == 3, before
