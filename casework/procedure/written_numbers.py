"""Official numbers as people type them: «丰统罚〔2026〕42号», «罚 2026 42», «2026-42». Pure.

A number is a word (the bureau's own sign and a series), a year and a place in that year. Whoever
types leaves out what they like of the first two, and writes brackets, blanks and dashes as they
come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from casework.text import folded_digits

_BEFORE = re.compile("^(?:文书编号|编号|文号|案号|文书号|案件号)[:：]?")
_SIGN = r"[(\[{<〔【﹝〈《「『}\])>〕】﹞〉》」』\-/年第,，.·、]"
_WITH_YEAR = re.compile(rf"([^\W\d_]*){_SIGN}*((?:19|20)\d\d){_SIGN}+0*(\d{{1,9}})号?")
_WITHOUT_YEAR = re.compile(rf"([^\W\d_]*){_SIGN}*0*(\d{{1,9}})号")
_WORD_AND_PLACE = re.compile(r"([^\W\d_]+?)第?0*(\d{1,6})")
_CODE = re.compile(r"([A-Za-z])(\d{4})-?0*(\d{1,9})")
# «2026 42»: what stands between year and place is all that parts them once blanks are gone
_YEAR_AND_PLACE = re.compile(r"^(.*?)((?:19|20)\d\d)\s+(\d)")


class WrittenNumber(NamedTuple):
    """What was typed of a number: series that it can be of, the year (None: any), the place."""

    series: tuple[str, ...]
    year: int | None
    place: int


_PLACE = re.compile(r"〕(\d+)号$")


def padded_number(number: str) -> str:
    """A printed number in the form by which lists are sorted: the ninth stands before the tenth."""
    return _PLACE.sub(lambda found: f"〕{found[1]:0>9}", number)


def written_number(typed: str, prefix: str, known: Iterable[str]) -> WrittenNumber | None:
    """The number that somebody typed, or None where it is none.

    ``prefix``: the bureau's own sign (丰统); ``known``: all series. A word that belongs to no
    series makes it no number.
    """
    clear = _BEFORE.sub("", folded_digits(_YEAR_AND_PLACE.sub(r"\1\2-\3", typed.strip())))
    found = _WITH_YEAR.fullmatch(clear)
    if found:
        word, year, place = found[1], int(found[2]), int(found[3])
    else:
        found = _WITHOUT_YEAR.fullmatch(clear) or _WORD_AND_PLACE.fullmatch(clear)
        if found is None:
            return None
        word, year, place = found[1], None, int(found[2])
    series = tuple(s for s in sorted(set(known)) if _can_be(word.removesuffix("第"), prefix, s))
    return WrittenNumber(series, year, place) if series and place else None


def _can_be(word: str, prefix: str, series: str) -> bool:
    """Whether the word before a number means the series: the whole sign or the end of it (罚 is not
    罚告), the bureau's sign alone, or nothing; 罚字 is an older way to write 罚."""
    whole, word = prefix + series, word.removesuffix("字")
    return word in ("", prefix) or whole.endswith(word) or word.endswith(whole)


def written_code(typed: str) -> str:
    """The code of a docket as its address has it (C2026-66), however it was typed; "" for what is
    none."""
    found = _CODE.fullmatch(folded_digits(typed))
    return f"{found[1].upper()}{found[2]}-{int(found[3])}" if found else ""
