"""案卷评查表: what the second reading says of a case file, on A4 across. Not a numbered paper: it
bears its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from letters.blocks import Block, Cell, Grid, GridRow, Para, Title
from letters.fonts import Face
from letters.format import printed_date
from letters.layout import lay
from letters.pages import LANDSCAPE, Furniture
from letters.text import Style

TITLE = "案卷评查表"
NOTE = Style(Face.FANG, 12, 22, align="left")
HEAD = ("类别", "评查要求", "依据", "办理记录", "结果", "答复")
SHARES = (1.6, 5.0, 4.2, 3.4, 1.6, 4.2)


class RuleRow(NamedTuple):
    """One rule in words, in the order of the columns; ``answer`` with who gave it and when."""

    theme: str
    rule: str
    basis: str
    entries: str
    result: str
    answer: str


def file_review_pdf(
    bureau: str, case: str, lines: Sequence[RuleRow], counted: str, on: date
) -> bytes:
    """Every rule that applies, in the order of the page. The same lines give the same bytes.

    ``case``: number and respondent; ``counted``: how many faults, answers, and rules of which
    nothing can be said yet.
    """
    said = f"{case}　{counted}　（{printed_date(on)}评查）"
    head = GridRow(tuple(Cell(text, label=True) for text in HEAD), SHARES)
    rows = tuple(GridRow(tuple(Cell(text) for text in line), SHARES) for line in lines)
    blocks: list[Block] = [
        Title((TITLE,), bureau=bureau, small=True),
        Para(said, NOTE),
        Grid(rows, head, size=9),
    ]
    blocks.append(Para("评查人：　　　　　　　　承办机构负责人：　　　　　　　　日期：", NOTE))
    return lay(blocks, LANDSCAPE, Furniture(title=TITLE, author=bureau, subject=case, on=on))
