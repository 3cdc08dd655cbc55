"""Values as a paper prints them: sums with capitals, dates, periods, rates; and a letter's fields
as words.

Every field of a letter becomes placeholders for its wording by one rule (`flatten`), so that a new
paper needs fields and wording, no code in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cache
from pathlib import Path

from casework.procedure.terms import Money, Period
from casework.toml_file import read_toml

WORDING_DIR = Path(__file__).parent / "wording"
YES = "1"
MOST_JOINED = 50  # items; a longer list is a table, nobody reads it in a sentence

SUM = re.compile(r"([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整]{2,})（[¥￥]([\d,.]+)元?）")

Values = dict[str, str]
Lists = dict[str, list[Values]]


@cache
def shared_words() -> dict[str, dict[str, str]]:
    """The shared words of all papers (``wording/words.toml``)."""
    return read_toml(WORDING_DIR / "words.toml", dict[str, dict[str, str]])


def word(key: str, **slots: object) -> str:
    """A shared phrase of papers (`words.toml`, [print]) with its slots filled. Error: KeyError for
    an unknown phrase or an empty slot."""
    return shared_words()["print"][key].format(**slots)


def _chinese(number: int | str, mode: str) -> str:
    # with the first paper: a tenth of a second that no start should wait for
    from cn2an import an2cn

    return str(an2cn(number, mode))


def numeral(number: int) -> str:
    """A whole number in Chinese numerals: 15 → 十五."""
    return _chinese(number, "low")


def printed_date(day: date) -> str:
    """2026年11月23日; with hours and minutes when the value has them."""
    text = word("date", y=day.year, m=day.month, d=day.day)
    if isinstance(day, datetime):
        text += word("time", h=day.hour, min=f"{day.minute:02d}")
    return text


def figures(sum_: Money) -> str:
    """Yuan with thousands and two decimals: 50,000.00."""
    return f"{sum_.yuan:,.2f}"


def short_figures(sum_: Money) -> str:
    """Yuan as read in a sentence: 50,000元, decimals only when there are any."""
    plain = f"{sum_.fen // 100:,}" if sum_.fen % 100 == 0 else figures(sum_)
    return word("yuan", n=plain)


def capitals(sum_: Money) -> str:
    """The sum in capitals: 伍万元整."""
    return _chinese(str(sum_.yuan), "rmb")


def sum_words(name: str, sum_: Money) -> Values:
    """A sum as placeholders: ``fine`` 50,000元 · ``fine_figures`` 50,000.00 · ``fine_capitals`` 伍
    万元整."""
    forms = {"": short_figures, "_figures": figures, "_capitals": capitals}
    return {name + suffix: printed(sum_) for suffix, printed in forms.items()}


def false_sum(text: str) -> bool:
    """Whether a text names a sum in capitals and, right behind it, another one in figures."""
    if "（¥" not in text and "（￥" not in text:
        return False
    for words_, digits in SUM.findall(text):
        try:
            if capitals(Money.of_yuan(digits.replace(",", ""))) != words_:
                return True
        except (ValueError, ArithmeticError):
            return True
    return False


def period(length: Period) -> str:
    """A period in words, as statutes write it: 五个工作日, 六十日, 两个月."""
    pattern = shared_words()["unit"][length.unit]
    two = length.amount == 2 and length.unit != "day"
    return pattern.format(n=word("two") if two else numeral(length.amount))


def rate(fraction: Decimal | None) -> str:
    """A fraction (0.239) as a rate with one decimal, rounded half up: 23.9%; 应报为零 for None,
    where nothing was due."""
    if fraction is None:
        return word("nothing_due")
    return f"{(fraction * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def flatten(letter: object, skip: frozenset[str] = frozenset()) -> tuple[Values, Lists]:
    """The fields of a letter as placeholders.

    ``fine: Money`` → fine, fine_figures, fine_capitals · ``party: Party`` → party_name,
    party_address … · a flag → "1" or nothing · an enumeration → its word, and ``outcome_penalty`` =
    "1" for the one that holds · a tuple → a list for tables, a flag of the same name, its length as
    ``…_count``, and each column joined: ``officers_name`` = 张某、李某.
    """
    values: Values = {}
    lists: Lists = {}
    for name, value in _members(letter):
        if name in skip:
            continue
        if isinstance(value, tuple):
            lists[name] = numbered(map(_entry, value))
            values[name] = _joined(value)
            values.update(_columns(name, lists[name]))
            values[f"{name}_count"] = numeral(len(value))
        else:
            values.update(_scalar(name, value))
    return values, lists


def numbered(items: Iterable[Mapping[str, str]]) -> list[Values]:
    """Items of a list with their number (`n`, from 1), and `first` = "1" on the first."""
    return [
        {"n": str(i), "first": YES if i == 1 else "", **item} for i, item in enumerate(items, 1)
    ]


def item_placeholders(item: object) -> Values:
    """One item of a list as placeholders: a plain text as ``text``, a dataclass by its fields."""
    return _entry(item)


def _joined(items: tuple[object, ...]) -> str:
    """Plain texts as one phrase (警告、罚款); other items as a flag that there are any."""
    if items and isinstance(items[0], str):
        return word("join").join(map(str, items))
    return YES if items else ""


def _columns(name: str, items: list[Values]) -> Values:
    if len(items) > MOST_JOINED:
        return {}
    keys = items[0].keys() - {"first"} if items else ()
    return {f"{name}_{key}": word("join").join(item[key] for item in items) for key in keys}


def _entry(item: object) -> Values:
    """One row of a list: a plain text is its ``text``, a dataclass its fields."""
    if isinstance(item, str):
        return {"text": item}
    if isinstance(item, Mapping):
        return {str(k): str(v) for k, v in item.items()}
    return {k: v for name, value in _members(item) for k, v in _scalar(name, value).items()}


def _members(thing: object) -> Iterator[tuple[str, object]]:
    """Fields of a dataclass and its derived properties (a figure's difference and rate)."""
    kind: type = type(thing)
    for name in _names(kind):
        yield name, getattr(thing, name)


@cache
def _names(kind: type) -> tuple[str, ...]:
    derived = (name for name in dir(kind) if isinstance(getattr(kind, name), property))
    return (*(field.name for field in fields(kind)), *derived)


def _scalar(name: str, value: object) -> Values:
    """One field as one or more placeholders."""
    if type(value) is str:
        return {name: value}
    if isinstance(value, Money):
        return sum_words(name, value)
    if isinstance(value, Enum):
        return _enumeration(name, value)
    if isinstance(value, Mapping):
        return {f"{name}_{k}": str(v) for k, v in value.items()}
    if isinstance(value, Period):
        return {name: period(value)}
    if is_dataclass(value):
        return {f"{name}_{k}": v for k, v in _entry(value).items()}
    return _plain(name, value)


def _enumeration(name: str, value: Enum) -> Values:
    table = shared_words().get(type(value).__name__.lower(), {})
    flags = {f"{name}_{m.value}": YES if m is value else "" for m in type(value)}
    return {name: table.get(str(value.value), str(value.value)), **flags}


def _plain(name: str, value: object) -> Values:
    """A rate, a flag, a day, a number or nothing."""
    if name.endswith("_rate"):
        return {name: rate(value if isinstance(value, Decimal) else None)}
    if value is None:
        return {name: "", f"{name}_figures": "", f"{name}_capitals": ""}
    if isinstance(value, bool):
        return {name: YES if value else ""}
    if isinstance(value, date):
        return {name: printed_date(value)}
    if isinstance(value, Decimal):
        return {name: f"{value:,f}"}
    return {name: f"{value:,}" if isinstance(value, int) else str(value)}
