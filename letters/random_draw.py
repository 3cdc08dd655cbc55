"""双随机抽取结果: what was drawn and how anybody inside repeats it, on A4. Not a numbered paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from letters.blocks import Block, Cell, Grid, GridRow, Para, Title
from letters.fonts import Face
from letters.format import printed_date
from letters.layout import lay
from letters.pages import PORTRAIT, Furniture
from letters.text import Style

TITLE = "双随机抽取结果"
NOTE = Style(Face.FANG, 12, 22, align="left")
HEAD = ("序", "检查对象", "统一社会信用代码", "乡镇街道", "执法人员（证号）")
SHARES = (0.5, 2.6, 2.9, 1.5, 2.7)
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class DrawSheet:
    """What stands above the table. ``typed_by``: both persons who typed the number."""

    plan: str
    digest: str
    committed_at: datetime
    source: str
    public_day: date
    number: str
    drawn_at: datetime
    typed_by: tuple[str, str]
    units: int
    officers: int
    weights: tuple[str, ...]


def draw_sheet(bureau: str, sheet: DrawSheet, rows: Sequence[tuple[str, ...]]) -> bytes:
    """The sheet as PDF; a row is place, unit, code, township, officers."""
    on = sheet.drawn_at.astimezone(SHANGHAI).date()
    committed = printed_date(sheet.committed_at.astimezone(SHANGHAI).date())
    first, second = sheet.typed_by
    lines = [
        f"抽查计划：{sheet.plan}",
        f"抽取范围：检查对象{sheet.units}家，持有效执法证的执法人员{sheet.officers}名，已申报回避的不派往该对象。",
        f"加权：{'；'.join(sheet.weights) or '无，每家一签'}。",
        f"范围摘要（SHA-256）：{sheet.digest}，{committed}记入管理记录。",
        f"公开号码：{sheet.source}，{printed_date(sheet.public_day)}，{sheet.number}。",
        f"{first}、{second}先后录入，一致后于{printed_date(on)}抽取。",
        "复核：在抽取页下载数据文件，运行 flask --app app draw verify 文件名。",
    ]
    blocks: list[Block] = [Title((TITLE,), bureau=bureau, small=True)]
    blocks += [Para(line, NOTE) for line in lines]
    head = GridRow(tuple(Cell(text, label=True) for text in HEAD), SHARES)
    blocks.append(Grid(tuple(_row(row) for row in rows), head))
    return lay(blocks, PORTRAIT, Furniture(title=TITLE, author=bureau, subject=sheet.plan, on=on))


def _row(row: tuple[str, ...]) -> GridRow:
    return GridRow(tuple(Cell(text) for text in row), SHARES)
