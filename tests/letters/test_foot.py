"""The foot of a page: code, case number and page number apart from each other, a QR that reads on
every page."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pypdfium2
import pytest

from casework.archive import scan_pages
from letters.blocks import Para, Title
from letters.layout import lay
from letters.pages import BODY, MM, PORTRAIT, Furniture, Geometry, Pages
from letters.trial import Blank

URL = "https://a-long-name-of-a-county.statistics.example.gov.cn/check?code=ABCD2345"
Box = tuple[float, float, float, float]


def around(**changes: object) -> Furniture:
    fields: dict[str, object] = {
        "title": "t",
        "author": "丰都县统计局",
        "subject": "s",
        "on": date(2026, 1, 1),
        "short_code": "ABCD2345",
        "check_url": URL,
        "case_number": "丰统案〔2026〕1234号",
    }
    return Furniture(**{**fields, **changes})  # type: ignore[arg-type]


def text(pages: int) -> list[Para]:
    return [Para("某" * 28 * 22, BODY) for _ in range(pages)]


def lines(data: bytes, number: int) -> list[tuple[str, Box]]:
    """Runs of text of a page's lower 40 mm with their boxes (left, bottom, right, top)."""
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[number]
        words = page.get_textpage()
        for i in range(words.count_rects()):
            box = words.get_rect(i)
            if box[3] < 40 * MM:
                found.append((words.get_text_bounded(*box), box))
    return found


def apart(a: Box, b: Box) -> bool:
    """Not one over the other (in points; runs of one line may touch)."""
    return a[2] <= b[0] + 0.6 or b[2] <= a[0] + 0.6 or a[3] <= b[1] + 0.6 or b[3] <= a[1] + 0.6


@pytest.mark.parametrize("letterhead", [False, True])
def test_nothing_at_the_foot_stands_over_anything_else(letterhead: bool) -> None:
    data = lay(
        text(3),
        PORTRAIT,
        around(
            letterhead=letterhead, foot=() if letterhead else ("签名：　　第{page}页 共{pages}页",)
        ),
    )
    with pypdfium2.PdfDocument(data) as pdf:
        count = len(pdf)
    for number in range(count):
        below = lines(data, number)
        assert "丰统案〔2026〕1234号" in "".join("".join(t for t, _ in below).split()), below
        for i, (one, box) in enumerate(below):
            for other, its in below[i + 1 :]:
                assert apart(box, its), (number, one, other)


def test_the_code_of_every_page_names_paper_and_place() -> None:
    seen = scan_pages.inspect_pages(lay(text(4), PORTRAIT, around()))
    assert [(s.code, s.page, s.turn) for s in seen] == [
        ("ABCD2345", n, 0) for n in range(1, len(seen) + 1)
    ]
    assert len(seen) >= 4


def test_a_draft_has_no_code_and_a_slip_one_on_its_first_page() -> None:
    assert {
        s.code for s in scan_pages.inspect_pages(lay(text(2), PORTRAIT, around(draft=True)))
    } == {""}
    assert [
        s.code for s in scan_pages.inspect_pages(lay(text(2), PORTRAIT, around(each_page=False)))
    ][:2] == ["ABCD2345", ""]


def test_a_letter_between_bodies_has_its_rules_and_no_number_on_its_first_page() -> None:
    """GB/T 9704 10.1: the mark 30 mm below the edge, double rules of 170 mm, the lower one 20 mm
    above the edge."""
    head = Title(("关于移送的函",), "丰都县统计局", letterhead=True, number="丰统移〔2026〕1号")
    data = lay([head, *text(2)], PORTRAIT, around(letterhead=True))
    with pypdfium2.PdfDocument(data) as pdf:
        rules = [o.get_bounds() for o in pdf[0].get_objects() if o.type == 2]
        numbers = [
            "— 1 —" in pdf[0].get_textpage().get_text_range(),
            "— 2 —" in pdf[1].get_textpage().get_text_range(),
        ]
        wide = sorted((b for b in rules if b[2] - b[0] > 160 * MM), key=lambda b: b[1])
        red = pdf[0].get_textpage()
        mark = red.get_charbox(red.get_text_range().index("丰"), loose=False)
    assert numbers == [False, True]
    assert len(wide) == 4
    assert all(abs(b[2] - b[0] - 170 * MM) < 4 for b in wide)
    assert abs(wide[0][1] - 20 * MM) < 3
    assert abs(297 * MM - mark[3] - 30 * MM) < 9  # within the air above a character
    assert all(a[3] <= b[1] + 3 for a, b in pairwise(wide))


@pytest.mark.parametrize("geometry", [PORTRAIT])
def test_pages_are_counted_as_they_are_drawn(geometry: Geometry) -> None:
    from letters.layout import _laid_on

    for blocks in (text(1), text(3), [Title(("题",), "局", red=True, number="1"), *text(2)]):
        for furniture in (around(), around(letterhead=True), around(foot=("a", "b"))):
            assert (
                _laid_on(Blank(geometry, furniture), blocks).number
                == _laid_on(Pages(geometry, furniture), blocks).number
            )
