"""What tells that somebody reported, by which way and on which day. Pure (统计法实施条例 §38: 为举
报人保密)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from casework.procedure.personal import plain

TELLING = 12  # characters: a passage of a tip this long betrays it
QUOTED = 16  # a passage this long is a quotation, not words that anybody would use

_WORDS = re.compile(
    r"举报|检举|揭发|投诉|信访|匿名|热线|知情人|来信|来电|来访|批示"
    r"|(?:群众|职工|员工|网上|网友|电话|书面|内部人员|媒体)反映|媒体报道|上级交办|部门移交"
    r"|[接收]到[^。；，]{0,8}(?:反映|线索|电话|邮件|传真)"
)
# What sheets for filing that were made before said of it: the cell beside each of these two names.
_CELLS = re.compile(
    r"案件来源(?!\s*线索核查)\s*(?P<way>[^\d]{2,16}?)\s*(?=发现日期|案\s*由)"
    r"|发现日期\s*(?P<day>\d{4}年\d{1,2}月\d{1,2}日)"
)
_NUMERALS = "〇一二三四五六七八九"


def telling_words(text: str) -> tuple[str, ...]:
    """Words in a text that say where a case came from, each once."""
    return tuple(dict.fromkeys(found[0] for found in _WORDS.finditer(plain(text))))


def telling_places(text: str) -> Iterator[tuple[int, int]]:
    """Where such words stand, and the cells of a sheet that name the way and the day, in a text
    without white space."""
    yield from (found.span() for found in _WORDS.finditer(text))
    for found in _CELLS.finditer(text):
        yield found.span("way" if found["way"] else "day")


def passages(told: str, known: Iterable[str], length: int = TELLING) -> frozenset[str]:
    """Every passage of so many characters; none that holds a name everybody knows (the
    respondent's, an address)."""
    parts = [plain(told)]
    for name in known:
        clear = plain(name)
        if len(clear) > 1:
            parts = [piece for part in parts for piece in part.split(clear)]
    return frozenset(part[i : i + length] for part in parts for i in range(len(part) - length + 1))


def written_days(days: Iterable[date]) -> re.Pattern[str] | None:
    """Finds these days in every form in which they are written: 2025年10月27日, 10-27, 20251027, 二
    〇二五年十月二十七日."""
    forms = [form for day in sorted(days) for form in _forms(day)]
    return re.compile("|".join(forms)) if forms else None


def _forms(day: date) -> Iterator[str]:
    month, number = f"0?{day.month}", f"0?{day.day}"
    yield rf"{day.year}年{month}月{number}[日号]?(?!\d)"
    yield rf"(?<![\d年]){month}月{number}[日号]"
    yield rf"(?<!\d){day.year}[-./–—]{month}[-./–—]{number}(?!\d)"
    yield rf"(?<!\d){day:%Y%m%d}(?!\d)"
    year = "".join("[〇零○]" if n == "0" else _NUMERALS[int(n)] for n in str(day.year))
    words = f"{_spoken(day.month)}月{_spoken(day.day)}[日号]"
    yield f"{year}年{words}"
    yield f"(?<![年十一二]){words}"


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    first = {0: "", 1: "十"}.get(tens, f"{_NUMERALS[tens]}十")
    return first + (_NUMERALS[ones] if ones else "")
