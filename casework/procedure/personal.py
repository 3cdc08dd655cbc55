"""Numbers and addresses by which a person is found, in every form in which people write them. Pure.

The one rule: the search of papers, the blacking out of files, the gate of the public lists and the
labels of files ask here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casework.procedure.codes import (
    credit_check,
    identity_number_good,
    old_identity_number,
    shaped_as_credit_code,
)
from casework.text import invisible

_SENTENCES = re.compile(r"(?<=[。；;\n])")
_SIGN = re.compile(r"[A-Za-z0-9@]")
_NUMERALS = str.maketrans(
    "〇零洞一壹幺二贰两兩三叁叄四肆五伍六陆陸七柒拐八捌九玖", "000111222233344556667778899"
)
_LETTERS = str.maketrans("lIiOo", "11100")
_WORTH = re.compile(
    r"@|＠|艾特|微|薇|威信|扣扣|[VvＶｖ]\s*[信XxＸｘ]|[WwＷｗ]|[QqＱ"
    r"ｑ]|(?:[\W_]|^)[aAａＡ][tTｔＴ](?:[\W_]|$)"
)

_BETWEEN = r"[\-‐‑‒–—./\\·•_|*~]"  # people part the digits of a number with one of them
_BEFORE = rf"(?<![\dA-Za-z])(?<!\d{_BETWEEN})"
_AFTER = rf"(?!{_BETWEEN}?\d)(?![A-Za-z])"
_LOOSE = r"(?:[\-‐‑‒–—./\\·•_|*~]?\d)"
_MIXED = re.compile(rf"(?<![A-Za-z0-9])[0-9lIiOo](?:{_BETWEEN}?[0-9lIiOo]){{6,17}}(?![A-Za-z0-9])")
_MOBILE = re.compile(
    rf"(?:{_BEFORE}(?:\+?86[-–—]?)?(1{_BETWEEN}?[3-9]{_LOOSE}{{9}}){_AFTER})"
    r"|(?<![\dA-Za-z])(?:\+?86[-–—]?)?(1[3-9]\d[-–—]?\d{4}[-–—]?\d{4})(?![\dA-Za-z])"
)
_FIXED = re.compile(
    r"(?<![\dA-Za-z\-–—])(?<!\d[.,/])\(?(0\d{2,3})\)?[-–—./·]?(\d{3,4}[-–—./·]?\d{4})(?![\dA-Za-z])"
)
_CARD = re.compile(
    rf"{_BEFORE}([1-9]{_LOOSE}{{16}}{_BETWEEN}?[\dXx]){_AFTER}|(?<![\dA-Za-z])(\d{{17}}[\dXx])(?![\dA-Za-z])"
)
_OLD_CARD = re.compile(
    rf"{_BEFORE}([1-8]{_LOOSE}{{14}}){_AFTER}|(?<![\dA-Za-z])(\d{{15}})(?![\dA-Za-z])"
)
_MAIL = re.compile(
    r"[A-Za-z0-9._%+\-]+(?:@|[(\[{<【〔]at[)\]}>】〕]|艾特)"
    r"[A-Za-z0-9\-]+(?:(?:\.|[(\[{<【〔]dot[)\]}>】〕])[A-Za-z0-9\-]+)+",
    re.I,
)
_MAIL_IN_WORDS = re.compile(  # «look at example.com» is no address
    r"[A-Za-z0-9._%+\-]+ at (?:[A-Za-z0-9\-]+(?: dot [A-Za-z0-9\-]+)+"
    r"|(?:qq|foxmail|163|126|yeah|139|189|sina|sohu|aliyun|gmail|outlook|hotmail|icloud)\.(?:com|cn|net)(?:\.cn)?)",
    re.I,
)
_SAYS = r"((?:号码|账号|帐号|同号|号|ID)?(?:是|为|[:=])?)"
_WECHAT = re.compile(
    rf"(?:微信|薇信|威信|微x|(?<![A-Za-z0-9])(?:vx|wx|v信|weixin|wechat)){_SAYS}"
    r"([A-Za-z][A-Za-z0-9_\-]{3,19}|\d{5,12})",
    re.I,
)
_QQ = re.compile(rf"(?:(?<![A-Za-z0-9])qq|扣扣){_SAYS}([1-9]\d{{4,11}})(?!\d)", re.I)
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


@dataclass(frozen=True)
class Found:
    """A number or address, as it is compared, and where it stands in the text."""

    value: str
    begin: int
    end: int


def plain(text: str) -> str:
    """One form: full width and half width alike, without white space (lines break inside
    numbers)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def personal(text: str) -> frozenset[str]:
    """Telephone, identity, WeChat and QQ numbers and e-mail addresses in a text, in one form
    each."""
    return frozenset(found.value for found in places(text))


def places(text: str) -> list[Found]:
    """Each of them with its place, the widest where several readings find it, in order."""
    if not _may_hold(text):
        return []
    best: dict[tuple[str, int], Found] = {}
    signs = _signs(text)
    for spaced in (True, False):  # blanks may part two numbers, or stand inside one
        kept = [(sign, at) for sign, at in signs if spaced or not sign.isspace()]
        for reading in _readings("".join(sign for sign, _at in kept)):
            for value, begin, end in _in(reading):
                found = Found(value, kept[begin][1], kept[end - 1][1] + 1)
                _keep_widest(best, found)
    return sorted(best.values(), key=lambda f: (f.begin, f.end))


def _readings(clear: str) -> list[str]:
    """The ways in which signs may be meant, each once: all of one length."""
    return list(dict.fromkeys((clear, _with_letters(clear), clear.translate(_NUMERALS))))


def _keep_widest(best: dict[tuple[str, int], Found], found: Found) -> None:
    key = found.value, found.end
    if key not in best or best[key].begin > found.begin:
        best[key] = found


def _may_hold(text: str) -> bool:
    """Whether it is worth reading: seven signs that may be digits, or a word for an address."""
    digits = sum(
        1 for c in text if c in "lIiOo" or ord(c) in _NUMERALS or unicodedata.numeric(c, -1) >= 0
    )
    return digits >= 7 or _WORTH.search(text) is not None


def _signs(text: str) -> list[tuple[str, int]]:
    """Every sign in its plain form with its place: digits of all scripts, in circles and on keys,
    as 0–9."""
    found = []
    for at, char in enumerate(text):
        if invisible(char) or unicodedata.category(char) == "Me":
            continue
        digit = unicodedata.digit(char, None)
        parts = unicodedata.normalize("NFKC", char) if digit is None else str(digit)
        found += [(part, at) for part in parts]
    return found


def _with_letters(text: str) -> str:
    """Letters that stand for digits put as digits: l38l2345678."""

    def digits(found: re.Match[str]) -> str:
        enough = sum(c.isdigit() for c in found[0]) >= 6
        return found[0].translate(_LETTERS) if enough else found[0]

    return _MIXED.sub(digits, text)


def _in(text: str) -> Iterator[tuple[str, int, int]]:
    """What stands in one reading: value, first and last place."""
    for look in (_mails, _telephones, _identities, _accounts):
        yield from look(text)


def _mails(text: str) -> Iterator[tuple[str, int, int]]:
    for pattern in (_MAIL, _MAIL_IN_WORDS):
        for m in pattern.finditer(text):
            yield _address(m[0]), *m.span()


def _telephones(text: str) -> Iterator[tuple[str, int, int]]:
    for m in _MOBILE.finditer(text):
        if m[2] or _one_way(m[1]):
            yield _digits(m[1] or m[2]), *m.span()
    for m in _FIXED.finditer(text):
        yield m[1] + _digits(m[2]), *m.span()


def _identities(text: str) -> Iterator[tuple[str, int, int]]:
    for pattern, holds in ((_CARD, _identity), (_OLD_CARD, _old_identity)):
        for m in pattern.finditer(text):
            if holds(number := _digits(m[1] or m[2])):
                yield number, *m.span()


def _accounts(text: str) -> Iterator[tuple[str, int, int]]:
    for name, pattern in (("微信", _WECHAT), ("QQ", _QQ)):
        for m in pattern.finditer(text):
            if m[1] or any(c.isdigit() for c in m[2]):  # 微信Excel文件 is nobody's
                yield f"{name}:{m[2].lower()}", *m.span()


def _one_way(number: str) -> bool:
    """Digits are parted by one sign, not by several as in lists of figures; a single one stands
    where people put it, and not before the last digits of a sum (150000000.00)."""
    parts = re.split(_BETWEEN, number)
    signs = set(re.findall(_BETWEEN, number))
    return len(signs) <= 1 and (len(parts) != 2 or len(parts[0]) in (3, 7))


def _identity(number: str) -> bool:
    """An identity number, also with one digit mistyped; no credit code of digits alone."""
    if identity_number_good(number):
        return True
    if shaped_as_credit_code(number) and credit_check(number[:17]) == number[17]:
        return False
    return (_PROVINCE.match(number) is not None and _born(number[6:14])) or _one_digit_wrong(number)


def _born(day: str) -> bool:
    return day[:2] in ("19", "20") and "01" <= day[4:6] <= "12" and "01" <= day[6:8] <= "31"


def _one_digit_wrong(number: str) -> bool:
    """Whether another digit in the county or the day of birth makes it a good one."""
    tries = (number[:i] + d + number[i + 1 :] for i in range(14) for d in "0123456789")
    return any(_PROVINCE.match(t) and identity_number_good(t) for t in tries)


def _old_identity(number: str) -> bool:
    return _PROVINCE.match(number) is not None and old_identity_number(number)


def _address(text: str) -> str:
    clear = re.sub(r"[(\[{<【〔]at[)\]}>】〕]|艾特| at ", "@", text, flags=re.I)
    return re.sub(r"[(\[{<【〔]dot[)\]}>】〕]| dot ", ".", clear, flags=re.I).lower()


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).upper()


def blacked_out(text: str, own: str = "") -> str:
    """A text without numbers and addresses of human beings, for words that were stored before
    anybody looked.

    It fails closed: of a sentence that holds one every letter and digit of such a kind goes, and of
    the whole text where one stands across sentences. `own`: the unit's own code, which is nobody's.
    """
    theirs = [found for found in places(text) if found.value != own]
    if not theirs:
        return text
    black = list(text)
    for found in theirs:
        black[found.begin : found.end] = [
            c if c.isspace() else "■" for c in text[found.begin : found.end]
        ]
    shown, at = [], 0
    for part in _SENTENCES.split(text):
        now = "".join(black[at : at + len(part)])
        shown.append(_black(now) if personal(part) - {own} else now)
        at += len(part)
    clear = "".join(shown)
    return _black(clear) if personal(clear) - {own} else clear


def _black(text: str) -> str:
    return "".join(
        "■" if _SIGN.match(unicodedata.normalize("NFKC", sign)) else sign for sign in text
    )


def on_paper(strings: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """What stands on a paper and belongs to nobody whom the paper may name."""
    found: set[str] = set()
    for text in strings:
        found |= personal(text)
    return frozenset(found - {mine for text in allowed for mine in personal(text)})


def texts(value: Any) -> Iterable[str]:
    """Every text inside plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
