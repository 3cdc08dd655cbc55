"""Text is kept as it came and folded only to be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.text import (
    as_sent,
    folded,
    folded_code,
    folded_digits,
    folded_name,
    invisible,
    is_blank,
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("一\r\n二\r三\n", "一\n二\n三\n"),
        ("a\0b", "ab"),
        ("\ud83d", "\ufffd"),
        ("（甲）\u200b😋\t• Ａ", "（甲）\u200b😋\t• Ａ"),
    ],
)
def test_only_line_ends_nul_and_half_pairs_change(sent: str, kept: str) -> None:
    assert as_sent(sent) == kept


@pytest.mark.parametrize("dot", "·•・‧∙⋅･.．")
def test_all_middle_dots_are_one(dot: str) -> None:
    assert folded_name(f"丰都县古丽{dot}买买提餐饮店") == "丰都县古丽·买买提餐饮店"


def test_brackets_widths_blanks_and_invisible_signs_do_not_part_two_names() -> None:
    assert folded_name("重庆〔渝北〕 ＡＢＣ\u202a公司") == folded_name("重庆(渝北)abc公司")


def test_a_code_in_groups_with_dashes_and_direction_signs_is_the_same_code() -> None:
    assert folded_code("\u202a９１５０ 0230-ma5yq12345\u200b") == "91500230MA5YQ12345"


@pytest.mark.parametrize("typed", ["２０２６－１１－２３", " 2026–11–23\u200b", "2026-11- 23"])
def test_a_day_is_read_however_its_digits_and_dashes_are_typed(typed: str) -> None:
    assert folded_digits(typed) == "2026-11-23"


def test_invisible_is_what_nobody_sees() -> None:
    assert all(
        map(invisible, "\u200b\ufeff\u202e\ufe0f\u00ad\u3164\x07\ufffe\uffff\ufdd0\U0001ffff")
    )
    assert not any(map(invisible, "\n\t 中・〓"))
    assert is_blank("\u200b\ufeff \u3000\n")
    assert not is_blank("·")
    assert folded(" 甲\u200b  乙\n") == "甲 乙"


@given(st.text(st.sampled_from("丰都县龘鿿09AZaz()（） ·\u200bß"), max_size=8))
def test_names_of_plain_signs_are_folded_as_all_others(name: str) -> None:
    """The short way for plain names answers as the long one does: a blank before it takes the long
    one."""
    assert folded_name(name) == folded_name(f" {name}")
