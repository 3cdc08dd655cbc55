"""Papers drawn for one test."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.procedure.terms import Money
from letters.archival import About, blank_canvas, file_of
from letters.base import Letter
from letters.fonts import Face
from letters.registry import LETTERS
from letters.text import Ink, Style, break_lines, put
from tests.letters.samples import BUREAU


def drawn(text: str, face: Face) -> bytes:
    """A page with the text in a face."""
    canvas = blank_canvas((595, 842))
    ink, style = Ink(canvas), Style(face, 12, 14)
    for i, line in enumerate(break_lines(text, style, 480)):
        put(ink, line, style, 50, 800 - 14 * i, 480)
    ink.dry()
    canvas.showPage()
    return file_of(canvas, About("字", "", "", date(2026, 11, 25)))


DEMAND: dict[str, Any] = {
    "bureau": BUREAU,
    "number": "丰统催〔2026〕1号",
    "on": date(2026, 4, 20),
    "values": {
        "addressee": "丰都县某某有限公司",
        "decision_number": "丰统罚〔2026〕9号",
        "duty": "到指定银行缴纳罚款。",
        "bank": "重庆农村商业银行丰都支行",
        "account_name": "丰都县财政局",
        "account": "5002300001000200030",
        "next": "2",
        **dict.fromkeys(("surcharge_capitals", "surcharge_figures", "surcharge_until"), ""),
    },
    "dates": {"decided": date(2026, 3, 1), "served": date(2026, 3, 3)},
    "sums": {"fine": Money.of_yuan(50000)},
}


def demand(**changes: Any) -> Letter:
    return LETTERS["demand"](**{**DEMAND, **changes})


def with_value(name: str, text: str) -> Letter:
    return demand(values={**DEMAND["values"], name: text})
