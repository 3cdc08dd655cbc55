"""Codes and numbers that people type: credit codes, identity numbers, official document numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2, mod_11_10

from casework.procedure.terms import SubjectKind
from casework.text import folded_code

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z
_VALUES = {c: i for i, c in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_CREDIT_CODE = re.compile(f"[{_ALPHABET}]{{18}}")
# who registers, what is registered, and the province: nobody registers 50…
_REGISTERED = re.compile(
    r"(?:1[1239]|5[1239]|9[123]|[2-4678]\d)(?:10|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d*)?E\+?\d+")
_SIGNS = re.compile(r"[^0-9A-Z]")
_IDENTITY = re.compile(r"[1-9]\d{16}[\dX]")
_OLD_IDENTITY = re.compile(r"[1-8]\d{14}")
# In a text: digits with nothing but blanks, dashes and the like between them. Most texts have none,
# and cost one look.
_MANY_DIGITS = re.compile(r"(?:\d[\W_]*){15}")
_EIGHTEEN = re.compile(r"(?=(\d{17}[\dX]))")
_FIFTEEN = re.compile(r"(?<![0-9A-Z])\d{15}(?![0-9A-Z])")


# how people write that there is none
NO_CODE = frozenset({"", "/", "\\", "无", "没有", "暂无", "NONE", "N/A"})


class CodeState(StrEnum):
    """What is known of a unit's code. Only GOOD, or DOUBTFUL once a person has confirmed it, may
    become public."""

    NONE = "none"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    IDENTITY = "identity"  # the number of a human being


class CodeKind(StrEnum):
    """Which code it is by its shape."""

    NONE = "none"
    CREDIT = "credit"  # 统一社会信用代码, 18 signs, GB 32100-2015
    ORGANISATION = "organisation"  # 组织机构代码, 9 signs, GB 11714-1997
    REGISTRATION = "registration"  # 工商注册号, 15 digits, GS 15-2006
    IDENTITY = "identity"  # 公民身份号码, 18 signs, GB 11643-1999
    OTHER = "other"


@dataclass(frozen=True)
class UnitCode:
    """A unit's code as checked: `text` is its folded form (capitals, without blanks and dashes), ""
    where there is none."""

    text: str
    kind: CodeKind
    state: CodeState


# behind these kinds stands one human being, who has a number too
HUMAN = (SubjectKind.SOLE_TRADER, SubjectKind.PERSON)
SOLE_TRADERS = "92"  # how every credit code of a sole trader begins (GB 32100-2015)


def unit_code(typed: str, kind: str = "") -> UnitCode:
    """Which code of a unit was typed, and whether it can be one; `kind`: of the unit (SubjectKind),
    where it is known.

    18 signs: an identity number by check digit and day of birth is IDENTITY, unless it is as good a
    credit code of a register and a place that there are: then DOUBTFUL, as is a check digit that
    does not fit (real licences fail it). 15 digits that may be an old identity number are DOUBTFUL.
    What has no such shape is WRONG. Of a sole trader or a person a good identity number is IDENTITY
    unless it begins as sole traders' codes do.
    """
    code = folded_code(typed)
    if code in NO_CODE:
        return UnitCode("", CodeKind.NONE, CodeState.NONE)
    if kind in HUMAN and identity_number_good(code) and not code.startswith(SOLE_TRADERS):
        return UnitCode(code, CodeKind.IDENTITY, CodeState.IDENTITY)
    for pattern, judge in _SHAPES:
        if pattern.fullmatch(code):
            return UnitCode(code, *judge(code))
    return UnitCode(code, CodeKind.OTHER, CodeState.WRONG)


def printed_code(typed: str) -> str:
    """A unit's code as papers and lists print it: folded; "" where somebody wrote that there is
    none."""
    return unit_code(typed).text


class CodeFault(StrEnum):
    """Why a code is WRONG, for the sentence that says so."""

    LENGTH = "length"  # no code has that many signs
    LETTERS = "letters"  # I, O, S, V or Z
    SIGNS = "signs"  # what is neither a letter nor a digit
    SPREADSHEET = "spreadsheet"  # 9.15E+17: its last digits are lost


def what_is_wrong(code: UnitCode) -> tuple[CodeFault, str]:
    """The fault of a WRONG code, and what to show of it: the signs that do not belong, or how many
    signs there are."""
    if _SCIENTIFIC.fullmatch(code.text):
        return CodeFault.SPREADSHEET, code.text
    if strange := _SIGNS.findall(code.text):
        return CodeFault.SIGNS, "".join(dict.fromkeys(strange))
    letters = [c for c in code.text if c not in _ALPHABET]
    if letters and len(code.text) == 18:
        return CodeFault.LETTERS, "".join(dict.fromkeys(letters))
    return CodeFault.LENGTH, str(len(code.text))


def _eighteen(code: str) -> tuple[CodeKind, CodeState]:
    fits = shaped_as_credit_code(code) and code[-1] == credit_check(code[:17])
    if identity_number_good(code) and not (fits and _REGISTERED.match(code)):
        return CodeKind.IDENTITY, CodeState.IDENTITY
    sure = fits and not identity_number_good(code)
    return CodeKind.CREDIT, CodeState.GOOD if sure else CodeState.DOUBTFUL


def _fifteen(code: str) -> tuple[CodeKind, CodeState]:
    sure = mod_11_10.is_valid(code) and not old_identity_number(code)
    return CodeKind.REGISTRATION, CodeState.GOOD if sure else CodeState.DOUBTFUL


def _nine(code: str) -> tuple[CodeKind, CodeState]:
    return CodeKind.ORGANISATION, CodeState.GOOD if code[-1] == _organisation_check(
        code[:8]
    ) else CodeState.DOUBTFUL


def _organisation_check(first8: str) -> str:
    """Check digit of GB 11714: weights 3 7 9 10 5 8 4 2, mod 11."""
    total = sum(
        int(c, 36) * weight for c, weight in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return "0123456789X0"[11 - total % 11]


_SHAPES = (
    (re.compile(f"[{_ALPHABET}]{{18}}"), _eighteen),
    (re.compile(r"\d{15}"), _fifteen),
    (re.compile(r"[0-9A-Z]{8}[0-9X]"), _nine),
)


def shaped_as_credit_code(code: str) -> bool:
    """Eighteen of its signs, in capitals; the check digit is not asked."""
    return _CREDIT_CODE.fullmatch(code) is not None


def credit_check(first17: str) -> str:
    """Check digit of GB 32100: weights 3^i mod 31."""
    total = sum(_VALUES[c] * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total) % 31]


def identity_number_good(number: str) -> bool:
    """Checksum and day of birth only: county codes changed too often to judge by them."""
    code = folded_code(number)
    return bool(_IDENTITY.fullmatch(code)) and _day(code[6:14]) and bool(mod_11_2.is_valid(code))


def without_identity_numbers(text: str, own: str = "", hidden: str = "") -> str:
    """The text with every identity number put as ■, however it is written: full width, in groups,
    with dashes between.

    `own`: the folded code of the unit that the text is about, which stays. `hidden`: a folded code
    that goes too.
    """
    if not _MANY_DIGITS.search(text) and not (hidden and hidden in folded_code(text)):
        return text
    signs = [(sign, at) for at, char in enumerate(text) for sign in folded_code(char)]
    shown = list(text)
    for first, last in _to_hide("".join(sign for sign, _at in signs), own, hidden):
        for _sign, at in signs[first:last]:
            shown[at] = "■"
    return "".join(shown)


def _to_hide(compact: str, own: str, hidden: str) -> list[tuple[int, int]]:
    """Where identity numbers, and the hidden code, stand outside the unit's own code."""
    kept = {n for first, last in _places(compact, own) for n in range(first, last)}
    found = [*_identity_numbers(compact), *_places(compact, hidden)]
    return [(first, last) for first, last in found if not kept.issuperset(range(first, last))]


def _places(text: str, part: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(re.escape(part), text)] if part else []


def _identity_numbers(compact: str) -> list[tuple[int, int]]:
    """Where identity numbers stand in folded text: of eighteen signs anywhere, of fifteen where
    they stand alone."""
    new = [
        (m.start(), m.start() + 18)
        for m in _EIGHTEEN.finditer(compact)
        if identity_number_good(m[1])
    ]
    old = [m.span() for m in _FIFTEEN.finditer(compact) if old_identity_number(m[0])]
    return new + old


def old_identity_number(number: str) -> bool:
    """Fifteen digits that may be an identity number of before 1999: a province, and a day of birth
    in the 1900s."""
    code = folded_code(number)
    return bool(_OLD_IDENTITY.fullmatch(code)) and _day(f"19{code[6:12]}")


def may_be_identity_number(code: str) -> bool:
    """Of eighteen signs or of fifteen."""
    return identity_number_good(code) or old_identity_number(code)


def _day(digits: str) -> bool:
    """Whether eight digits are a day on which somebody now alive may be born."""
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False
