"""Passwords that are guessed first. No list of others' passwords is kept: what anybody would think
of is taken away from the password, and what is left must still be something."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MIN_LENGTH = 12
_LEFT, _DIFFERENT = 6, 5  # characters that must be left, and different ones among them
_COMMON = (
    "password",
    "passwort",
    "passwd",
    "passw",
    "admin",
    "root",
    "user",
    "guest",
    "test",
    "demo",
    "welcome",
    "hello",
    "letmein",
    "login",
    "master",
    "secret",
    "iloveyou",
    "woaini",
    "woai",
    "qwerty",
    "abc",
    "tongjiju",
    "tongji",
    "casework",
    "zhongguo",
    "china",
    "beijing",
    "chongqing",
    "mima",
    "统计局",
    "统计",
    "密码",
    "口令",
    "管理员",
    "我爱你",
)
_ROWS = (
    "12345678901234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "!@#$%^&*()_+",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0",
)
_RUNS = tuple(r for row in _ROWS for r in (row, row[::-1]))
_LETTERS = str.maketrans("@4013$57!", "aaoiessti")  # p@ssw0rd


def weak(password: str, own: Iterable[str]) -> bool:
    """Whether it is too short, or little is left of it without common words, the words of its
    ``own``er (names), rows of keys and signs that repeat."""
    clear = unicodedata.normalize("NFKC", password).casefold()
    taken = _easily_guessed(clear, own)
    left = [c for c, gone in zip(clear[: _period(clear)], taken, strict=False) if not gone]
    # a birthday
    little = len(left) < _LEFT or len(set(left)) < _DIFFERENT or all(c.isdecimal() for c in left)
    return len(password) < MIN_LENGTH or little


def _easily_guessed(clear: str, own: Iterable[str]) -> list[bool]:
    """Which signs belong to a common word, a word of the owner or a row of keys."""
    taken = [False] * len(clear)
    names = [unicodedata.normalize("NFKC", name).casefold() for name in own]
    words = [*_COMMON, *(name for name in names if len(name) > 1)]
    for text in (clear, clear.translate(_LETTERS)):
        for word in words:
            _take(taken, text, word)
    for start in range(len(clear) - 2):
        if _is_run(clear[start : start + 3]):
            taken[start : start + 3] = [True] * 3
    return taken


def _take(taken: list[bool], text: str, word: str) -> None:
    at = text.find(word)
    while at >= 0:
        taken[at : at + len(word)] = [True] * len(word)
        at = text.find(word, at + 1)


def _is_run(three: str) -> bool:
    return len(set(three)) == 1 or any(three in run for run in _RUNS)


def _period(text: str) -> int:
    """Length of the piece that the whole text repeats."""
    again = (text + text).find(text, 1)
    return again if again > 0 else len(text)
