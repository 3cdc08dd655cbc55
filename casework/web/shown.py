"""How days, sums and rates look on screen (SCREENS section 6)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask

from casework.procedure.terms import Money
from casework.web.language import current

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"


def long_day(day: date) -> str:
    """2026年11月23日（星期一）; 23 November 2026 (Monday) on an English page."""
    if current() == "en":
        return f"{day.day} {day:%B %Y} ({day:%A})"
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def iso_day(day: date | None) -> str:
    """2026-11-23, or nothing for «never»."""
    return "" if day is None or day.year == 9999 else day.isoformat()


def local(instant: datetime | None) -> str:
    """2026-11-23 14:05 in Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else ""


def yuan(sum_: Money | int | None) -> str:
    """12,000 元, 12,000 yuan; fen only when there are some."""
    if sum_ is None:
        return ""
    fen = sum_.fen if isinstance(sum_, Money) else int(sum_)
    whole, rest = divmod(fen, 100)
    unit = "yuan" if current() == "en" else "元"
    return f"{whole:,}.{rest:02d} {unit}" if rest else f"{whole:,} {unit}"


def percent(rate: Decimal | None) -> str:
    """23.9 %, or «—» when nothing was to be reported."""
    return "—" if rate is None else f"{rate * 100:.1f} %"


def size(bytes_: int) -> str:
    """241 KB, 1.2 MB: what a file weighs; never «0.0 MB»."""
    return f"{bytes_ / 1048576:.1f} MB" if bytes_ >= 1048576 else f"{-(-bytes_ // 1024)} KB"


def number(value: Decimal | int | str) -> str:
    """10,409 with its own decimals kept."""
    return f"{Decimal(value):,}"


def init_app(app: Flask) -> None:
    """Make the filters known to templates."""
    filters = {"long_day": long_day, "iso_day": iso_day, "local": local, "yuan": yuan, "percent": percent, "number": number}
    app.jinja_env.filters.update(filters, size=size)
