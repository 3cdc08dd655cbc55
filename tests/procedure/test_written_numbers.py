"""A number is found in any way of writing it."""

from __future__ import annotations

import pytest

from casework.procedure.written_numbers import written_code, written_number

SERIES = ("罚", "罚告", "案", "线", "存", "存处", "失告", "举告")


@pytest.mark.parametrize(
    "typed",
    [
        "丰统罚〔2026〕42号",
        "丰统罚[2026]42",
        "丰统罚［２０２６］４２号",
        "丰统罚（2026）第42号",
        "丰统罚字〔2026〕第042号",
        "罚 2026 42",
        "罚2026-42",
        "罚 2026年 42号",
        "文号：丰统罚【2026】42 号",
        "统罚〔2026〕42号",
        " 丰统罚〔2026〕42号\r\n",
        "丰 统 罚 〔2026〕 42 号",
        "丰统罚\u200b〔2026〕42号",
    ],
)
def test_one_number_however_it_is_written(typed: str) -> None:
    assert written_number(typed, "丰统", SERIES) == (("罚",), 2026, 42)


@pytest.mark.parametrize(
    "typed", ["2026-66", "2026 66", "〔2026〕66号", "２０２６－６６", "丰统2026-66"]
)
def test_without_a_series_it_is_of_any(typed: str) -> None:
    found = written_number(typed, "丰统", SERIES)
    assert found is not None
    assert set(found.series) == set(SERIES)
    assert (found.year, found.place) == (2026, 66)


def test_the_end_of_a_sign_means_every_series_that_ends_so() -> None:
    found = written_number("告〔2026〕3号", "丰统", SERIES)
    assert found is not None
    assert set(found.series) == {"罚告", "失告", "举告"}


@pytest.mark.parametrize("typed", ["罚42号", "罚42", "罚第42号", "罚 ４２ 号"])
def test_without_a_year_it_is_of_any_year(typed: str) -> None:
    assert written_number(typed, "丰统", SERIES) == (("罚",), None, 42)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "42",
        "豪达房产",
        "汇锦2026",
        "渝统罚〔2026〕42号",
        "C2026-66",
        "915101007280123456",
        "罚0号",
        "2026",
        "202642",
    ],
)
def test_what_is_no_number_of_the_bureau_is_none(typed: str) -> None:
    assert written_number(typed, "丰统", SERIES) is None


@pytest.mark.parametrize(
    "typed", ["C2026-66", "c2026-66", "Ｃ２０２６－６６", "c 2026 — 066", "C202666"]
)
def test_a_code_however_it_is_written(typed: str) -> None:
    assert written_code(typed) == "C2026-66"


def test_digits_alone_are_no_code() -> None:
    assert written_code("2026-66") == written_code("丰统案〔2026〕66号") == ""
