"""Codes and numbers that people type: credit codes, identity numbers, official document numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_11_2

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z
_VALUES = {c: i for i, c in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_CREDIT_CODE = re.compile(f"[{_ALPHABET}]{{18}}")
_NUMBER = re.compile(r"^([\u4e00-\u9fff]{1,12})〔(\d{4})〕([1-9]\d{0,5})号$")


@dataclass(frozen=True)
class DocumentNumber:
    """«丰统罚告〔2026〕12号» in its parts."""

    word: str
    year: int
    no: int

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.no}号"


def document_number(text: str) -> DocumentNumber | None:
    """The parts of an official number, or None for anything else."""
    found = _NUMBER.match(text.strip())
    return DocumentNumber(found[1], int(found[2]), int(found[3])) if found else None


def shaped_as_credit_code(code: str) -> bool:
    """Eighteen of its signs, in capitals; the check digit is not asked."""
    return _CREDIT_CODE.fullmatch(code) is not None


def credit_code_state(code: str) -> str:
    """«good», «doubtful» (the check digit does not fit: real licences are reported to fail it) or «wrong»."""
    code = code.strip().upper()
    if not shaped_as_credit_code(code):
        return "wrong"
    return "good" if code[-1] == credit_check(code[:17]) else "doubtful"


def credit_check(first17: str) -> str:
    """Check digit of GB 32100: weights 3^i mod 31."""
    total = sum(_VALUES[c] * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total) % 31]


def identity_number_good(number: str) -> bool:
    """Checksum and birth date only: county codes changed too often to judge by them."""
    number = number.strip().upper()
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return bool(mod_11_2.is_valid(number))
