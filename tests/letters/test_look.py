"""The look of official papers in millimetres (GB/T 9704-2012): margins, the grid of 22 × 28, page
numbers, red head, tables."""

from __future__ import annotations

import io
import re
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import pikepdf
import pytest

from letters.blocks import Block, Cell, Closing, Grid, GridRow, Para, Title
from letters.layout import lay
from letters.pages import BODY, LANDSCAPE, MM, PAGE_NUMBER, PORTRAIT, Furniture, Geometry
from letters.text import break_lines
from tests.letters import samples

ABOVE = 0.88  # of the size: from the top of a character to its baseline


class Piece(NamedTuple):
    """Characters as they stand on a page: face, size, place of the first one's baseline, colour."""

    face: str
    size: float
    x: float
    y: float
    text: str
    colour: tuple[float, ...]


def pieces(data: bytes) -> list[list[Piece]]:
    """What each page writes, line by line."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [_of_a_page(page) for page in pdf.pages]


def _of_a_page(page: pikepdf.Page) -> list[Piece]:
    found: list[Piece] = []
    face, size, at, colour, begun = "", 0.0, (0.0, 0.0), (0.0,), True
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                face, size = str(operands[0]), float(operands[1])
            case "Tm":
                at, begun = (float(operands[4]), float(operands[5])), True
            case "rg" | "g":
                colour = tuple(float(c) for c in operands)
            case "Tj" | "TJ":
                shown = operands[0] if str(operator) == "Tj" else operands[0][0]
                text = _read(page.resources.Font[face], bytes(shown))
                if begun:
                    found.append(
                        Piece(str(page.resources.Font[face].BaseFont), size, *at, text, colour)
                    )
                else:
                    found[-1] = found[-1]._replace(text=found[-1].text + text)
                begun = False
    return found


def _read(font: pikepdf.Object, codes: bytes) -> str:
    table = font.ToUnicode.read_bytes().decode()
    texts = dict(re.findall("<([0-9A-F]{2})> <([0-9A-F]{4,8})>", table))
    return "".join(bytes.fromhex(texts[f"{code:02X}"]).decode("utf-16-be") for code in codes)


def around(**more: object) -> Furniture:
    return Furniture(title="t", author="a", subject="s", on=date(2026, 11, 25), **more)  # type: ignore[arg-type]


def body(page: list[Piece]) -> list[Piece]:
    return [p for p in page if p.size == 16]


def test_a_page_holds_22_lines_of_28_characters_inside_its_margins() -> None:
    first, second, *_ = pieces(lay([Para("某" * 28 * 60, BODY)], PORTRAIT, around()))
    for page, left in ((first, 28), (second, 26)):  # the binding edge changes sides on the back
        lines = body(page)
        assert len(lines) == 22
        assert {len(line.text) for line in lines[1:]} == {28}
        assert {round(line.x / MM, 1) for line in lines[1:]} == {float(left)}
        assert all(a.y - b.y == pytest.approx(225 * MM / 22, abs=0.02) for a, b in pairwise(lines))
        top = 297 * MM - lines[0].y - ABOVE * 16 - (BODY.leading - 16) / 2
        assert top / MM == pytest.approx(37, abs=0.1)
    assert first[0].x / MM == pytest.approx(28 + 2 * 156 / 28, abs=0.1)  # two characters in


def test_page_numbers_stand_outside_seven_millimetres_below() -> None:
    first, second, *_ = pieces(lay([Para("某" * 28 * 60, BODY)], PORTRAIT, around()))
    for page, text in ((first, "— 1 —"), (second, "— 2 —")):
        number = next(p for p in page if p.text == text)
        assert (number.size, "Serif" in number.face) == (14, True)
        assert (35 * MM - number.y - ABOVE * 14) / MM == pytest.approx(7, abs=0.1)
    assert next(p for p in second if p.text == "— 2 —").x / MM == pytest.approx(
        26 + 14 / MM, abs=0.1
    )
    right = next(p for p in first if p.text == "— 1 —")
    width = break_lines("— 1 —", PAGE_NUMBER, 999)[0].width
    # one character in from the right
    assert (right.x + width + 14) / MM == pytest.approx(28 + 156, abs=0.1)


def test_the_red_head() -> None:
    """Mark 35 mm below the top of the type area, number two lines below it, a rule of 156 mm 4 mm
    below that (7.2)."""
    head = Title(("关于某某的通报",), "丰都县统计局", red=True, number="丰统通〔2026〕1号")
    data = lay(
        [head, Para("某", BODY), Closing("丰都县统计局", "2026年11月25日", "（印章）")],
        PORTRAIT,
        around(),
    )
    mark, number, title, *_ = pieces(data)[0]
    assert (mark.text, mark.colour[0] > 0.7, mark.colour[1:]) == ("丰都县统计局", True, (0.0, 0.0))
    assert (297 * MM - mark.y - ABOVE * mark.size) / MM == pytest.approx(37 + 35, abs=0.5)
    assert (number.text, number.size, number.colour) == ("丰统通〔2026〕1号", 16, (0.0, 0.0, 0.0))
    assert (title.size, "Black" in title.face) == (22, True)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        rules = [
            [float(v) for v in o]
            for o, op in pikepdf.parse_content_stream(pdf.pages[0])
            if str(op) in ("m", "l")
        ]
    (x0, y0), (x1, y1) = rules[:2]
    assert (x1 - x0) / MM == pytest.approx(156, abs=0.1)
    assert y0 == y1
    assert 3 < (number.y - y0) / MM < 9


def test_the_day_stands_four_characters_in_from_the_right_and_the_name_above_it() -> None:
    data = lay(
        [Para("某" * 40, BODY), Closing("丰都县统计局", "2026年11月25日", "（印章）")],
        PORTRAIT,
        around(),
    )
    name, seal, day = pieces(data)[0][-4:-1]
    assert (name.text, seal.text, day.text) == ("丰都县统计局", "（印章）", "2026年11月25日")
    width = 3 * 16 + 8 * 16 * 0.5  # three characters and eight digits of half a width, about
    assert (28 * MM + 156 * MM - day.x - width) / (156 * MM / 28) == pytest.approx(4, abs=0.8)
    assert name.y - day.y == pytest.approx(225 * MM / 22, abs=0.02)


def test_headings_have_their_faces() -> None:
    page = pieces(samples.prior_notice().draw())[0]
    assert any("Sans" in p.face and p.text.startswith("一、") for p in page)
    assert all(
        "FangSong" in p.face or "Serif" in p.face
        for p in page
        if p.size == 16 and p.text[1:2] != "、"
    )


@pytest.mark.parametrize("geometry", [PORTRAIT, LANDSCAPE])
def test_the_head_of_a_table_stands_on_every_page_and_never_alone(geometry: Geometry) -> None:
    row = GridRow((Cell("某某"), Cell("值" * 60)), (1, 1))
    head = GridRow((Cell("名称", label=True), Cell("数值", label=True)), (1, 1))
    for before in range(0, 24, 3):
        blocks: list[Block] = [*[Para("文", BODY)] * before, Grid((row,) * 40, head)]
        pages = [[p.text for p in page] for page in pieces(lay(blocks, geometry, around()))]
        with_table = [page for page in pages if "名称" in page or "某某" in page]
        assert len(with_table) > 1
        for page in with_table:
            assert page.count("名称") == 1
            assert page.index("名称") < page.index("某某")
        assert sum(page.count("某某") for page in pages) == 40


def test_a_record_is_signed_on_every_page() -> None:
    signed = ("当事人（签名）：　　　第{page}页 共{pages}页",)
    pages = pieces(lay([Para("某" * 28 * 60, BODY)], PORTRAIT, around(foot=signed)))
    feet = ["".join(p.text for p in page if p.size == 12) for page in pages]
    assert feet == [
        f"当事人（签名）：　　　第{n}页 共{len(pages)}页" for n in range(1, len(pages) + 1)
    ]
    assert len(pages) > 2
