"""The public list on A4 across, for whoever wants it on paper. Not a numbered paper: it says on
which day it holds."""

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

TITLE = "统计行政处罚和严重失信企业公示名单"
NOTE = Style(Face.FANG, 12, 22, align="left")
HEAD = (
    "序号",
    "名单",
    "名称",
    "统一社会信用代码",
    "负责人",
    "违法事实",
    "处罚内容或者处理情况",
    "决定书文号",
    "公示起止日期",
)
SHARES = (0.8, 1.5, 3.2, 3.8, 1.6, 3.5, 3.1, 3.3, 2.4)


class EntryRow(NamedTuple):
    """One entry in words, a field a column, in the order of the columns."""

    listed: str
    name: str
    credit_code: str
    representative: str
    facts: str
    content: str
    decision: str
    shown: str


def public_list_pdf(
    bureau: str, lines: Sequence[EntryRow], on: date, gone: Sequence[EntryRow] = ()
) -> bytes:
    """The list of a day; an empty one says so. The same lines give the same bytes. `gone`:
    withdrawn ones, after the others."""
    said = f"截至{printed_date(on)}，" + (
        f"在公示期内的共{len(lines)}条。" if lines else "没有在公示期内的记录。"
    )
    blocks: list[Block] = [Title((TITLE,), bureau=bureau, small=True), Para(said, NOTE)]
    if rows := [*lines, *gone]:
        head = GridRow(tuple(Cell(text, label=True) for text in HEAD), SHARES)
        blocks.append(Grid(tuple(_row(n, line) for n, line in enumerate(rows, 1)), head, size=9))
    return lay(blocks, LANDSCAPE, Furniture(title=TITLE, author=bureau, subject=said, on=on))


def _row(number: int, line: EntryRow) -> GridRow:
    return GridRow((Cell(str(number), align="center"), *(Cell(text) for text in line)), SHARES)
