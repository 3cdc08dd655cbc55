"""Filters of templates: days, sums, rates and sizes as pages show them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from markupsafe import Markup, escape

from casework.procedure.terms import Money
from casework.text import invisible
from casework.web.language import current

SHANGHAI = ZoneInfo("Asia/Shanghai")
# emoji and signs, which U+200D and U+FE0F belong to
_PICTURE = "[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_UNSEEN = re.compile(
    f"(?<!{_PICTURE})[\u200d\ufe0f]|[^\u200d\ufe0f\\s\u0021-\u007e\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]"
)
_ODD = re.compile("[^\\s\u0021-\u007e\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
_TURNING = frozenset(
    {"R", "AL", "AN", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
)
_WEEKDAYS = "一二三四五六日"


def long_day(day: date) -> str:
    """A day in words: 2026年11月23日（星期一）; 23 November 2026 (Monday) on an English page."""
    if current() == "en":
        return f"{day.day} {day:%B %Y} ({day:%A})"
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def iso_day(day: date | None) -> str:
    """A day as 2026-11-23; "" for None."""
    return "" if day is None or day.year == 9999 else day.isoformat()


def local(instant: datetime | None) -> str:
    """An instant in Shanghai's time: 2026-11-23 14:05; "" for None."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else ""


def yuan(sum_: Money | int | None) -> str:
    """A sum, or whole fen, in yuan: 12,000 元, 12,000 yuan; decimals only when there are fen."""
    if sum_ is None:
        return ""
    fen = sum_.fen if isinstance(sum_, Money) else int(sum_)
    whole, rest = divmod(fen, 100)
    unit = "yuan" if current() == "en" else "元"
    return f"{whole:,}.{rest:02d} {unit}" if rest else f"{whole:,} {unit}"


def percent(rate: Decimal | None) -> str:
    """A rate (0.239) as 23.9 %; «—» for None, when nothing was to be reported."""
    return "—" if rate is None else f"{rate * 100:.1f} %"


def size(bytes_: int) -> str:
    """A number of bytes as 241 KB or 1.2 MB."""
    return f"{bytes_ / 1048576:.1f} MB" if bytes_ >= 1048576 else f"{-(-bytes_ // 1024)} KB"


def number(value: Decimal | int | str) -> str:
    """A number with thousands separators, its own decimals kept: 10,409."""
    return f"{Decimal(value):,}"


def is_sentence(value: object) -> bool:
    """Whether an error of a field is a sentence; the errors of a table are lists of those of its
    rows."""
    return isinstance(value, (str, LazyString))


def shown_signs(text: object) -> str:
    """The text with invisible characters named where they stand, like ‹U+202E›; for cells and other
    places without markup. Those that only join pictures (emoji) are left."""
    if not _ODD.search(str(text)):
        return str(text)
    return _UNSEEN.sub(
        lambda found: f"‹U+{ord(found[0]):04X}›" if invisible(found[0]) else found[0], str(text)
    )


def signs(text: object) -> Markup:
    """The text as HTML: each invisible character marked and explained, and the text isolated, so
    that it cannot turn others round."""
    plain = str(text)
    if not _ODD.search(plain):
        return escape(plain)
    parts, last = list[Markup](), 0
    for found in _UNSEEN.finditer(plain):
        if invisible(found[0]):
            parts += [escape(plain[last : found.start()]), _sign(found[0])]
            last = found.end()
    marked = Markup("").join([*parts, escape(plain[last:])])
    turns = any(unicodedata.bidirectional(char) in _TURNING for char in plain)
    return Markup("<bdi>{}</bdi>").format(marked) if turns else marked


def _sign(char: str) -> Markup:
    turning = unicodedata.bidirectional(char) in _TURNING
    told = (
        _("A sign that nobody sees; it changes the order of the characters.")
        if turning
        else _("A sign that nobody sees.")
    )
    return Markup('<span class="unseen" title="{}">‹U+{:04X}›</span>').format(told, ord(char))


def init_app(app: Flask) -> None:
    """Make the filters known to templates."""
    filters = {
        "long_day": long_day,
        "iso_day": iso_day,
        "local": local,
        "yuan": yuan,
        "percent": percent,
        "number": number,
    }
    app.jinja_env.filters.update(filters, size=size, signs=signs)
    app.jinja_env.tests["sentence"] = is_sentence
