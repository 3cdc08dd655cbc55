"""A text as a paper draws it: line ends as layout, invisible signs left out, what no face has put
as another sign or 〓.

A character is never a reason to refuse a paper. The words that are kept stay as they came; only the
drawing differs, and `changed` says where, so that whoever makes the paper can be told.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from casework.text import invisible, layout
from casework.toml_file import read_toml
from letters import fonts

GETA = "〓"  # the compositor's mark for a character that is not in the case
TAB = "　"
FILE = Path(__file__).with_name("lookalikes.toml")

_MARKS = (
    "\u0300-\u036f\u1161-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
)
_PICTURE = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_TONES = "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
# What is read as one sign: two letters of a flag; pictures joined by U+200D; a letter with its
# accents; else a character.
_SIGN = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}{_TONES}(?:\u200d{_PICTURE}{_TONES})*|[^{_MARKS}\ufe0e\ufe0f][{_MARKS}]+|.",
    re.DOTALL,
)

_plain: set[str] = {"\n"}  # characters that are drawn as they are; filled as they are met


def as_drawn(text: str) -> str:
    """The text with every sign as it is drawn; one that is drawn already comes back as it is."""
    if _plain.issuperset(text):
        return text
    return "".join([_drawn(sign) for sign in _SIGN.findall(layout(text))])


def changed(text: str) -> dict[str, str]:
    """Signs of the text that a reader will see otherwise → as they are drawn (〓 where nothing
    stands for them)."""
    if _plain.issuperset(text):
        return {}
    drawn = {sign: _drawn(sign) for sign in _SIGN.findall(layout(text))}
    return {sign: to for sign, to in drawn.items() if _differs(sign, to)}


def _differs(sign: str, to: str) -> bool:
    """Whether a reader sees it: likenesses, layout and what nobody sees anyway are no
    difference."""
    if to in (sign, TAB):
        return False
    lost_accent = (
        len(sign) > 1 and not _is_picture(sign) and to != unicodedata.normalize("NFC", sign)
    )
    return to == GETA or lost_accent or _bare(sign) in _instead()


def _drawn(sign: str) -> str:
    """One sign as it is drawn: itself, its likeness, what stands for it, or 〓."""
    if sign in _plain:
        return sign
    if len(sign) == 1:
        return _one(sign)
    composed = unicodedata.normalize("NFC", sign)
    if len(composed) == 1:
        return _drawn(composed)
    first = _bare(sign)
    if len(first) == 1 and first != sign:
        return _drawn(first)
    if _is_picture(sign) or "\U0001f1e6" <= sign[0] <= "\U0001f1ff":
        return GETA
    return _drawn(sign[0]) + "".join([mark for mark in sign[1:] if fonts.own(mark)])


def _one(char: str) -> str:
    """A single character as it is drawn."""
    if char == "\t":
        return TAB
    if invisible(char):
        return ""
    if fonts.own(char):
        _plain.add(char)
        return char
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category.startswith("M"):  # an accent of nothing
        return ""
    return _likeness(char) or (char if fonts.has(char) else _instead().get(char, GETA))


def _likeness(char: str) -> str:
    """What looks the same and can be drawn; "" where nothing does."""
    alike = (_same().get(char, ""), unicodedata.normalize("NFKC", char))
    return next((a for a in alike if a not in ("", char) and all(map(fonts.has, a))), "")


def _bare(sign: str) -> str:
    """A picture without its colour of skin and form of writing; of several joined ones, all of
    them."""
    return re.sub(_TONES, "", sign)


def _is_picture(sign: str) -> bool:
    return re.match(_PICTURE, sign) is not None


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return read_toml(FILE, dict[str, dict[str, list[str]]])


@cache
def _same() -> dict[str, str]:
    """Characters that look the same as another."""
    rows = [row.split(" ") for part in _tables()["same"].values() for row in part]
    return {chr(int(code, 16)): to for code, to in rows}


@cache
def _instead() -> dict[str, str]:
    """Signs for which another stands."""
    return dict(row.split(" ") for row in _tables()["instead"]["signs"])
