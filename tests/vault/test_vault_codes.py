"""Canonical JSON and digests; receipt codes and short codes."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.procedure.personal import places, plain
from casework.vault import digest, receipt
from casework.vault.keys import KeyRing

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CODES = (
    st.integers(0, 10**22 - 1)
    .map(lambda n: f"{n:022d}")
    .map(lambda d: d + f"{98 - int(d) * 100 % 97:02d}")
)


@given(PLAIN)
def test_canonical_json_survives_being_stored_and_read(value: object) -> None:
    """The journal is verified from what the database gives back: that must have the same bytes."""
    once = digest.canonical(value)
    assert digest.canonical(json.loads(json.dumps(value))) == once
    assert json.loads(once) == value


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert digest.canonical(dict(reversed(value.items()))) == digest.canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        [1, (2, 3.0)],
        {"a": {"b": 0.1}},
        {1.5: "x"},
        {9: 1, 10: 2},
        {None: 1},
        {"a": {True: 1}},
        Decimal("1.10"),
        b"bytes",
        {"a": {1, 2}},
    ],
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        digest.canonical(value)


@given(st.binary(), st.binary())
def test_digests_agree_with_the_libraries(data: bytes, other: bytes) -> None:
    assert digest.sha256(data) == hashlib.sha256(data).hexdigest()
    assert (digest.sm3(data) == digest.sm3(other)) == (data == other)


def test_sm3_of_the_standards_second_example() -> None:
    """GB/T 32905-2016, appendix A.2: sixteen times abcd."""
    assert (
        digest.sm3(b"abcd" * 16)
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


@given(st.binary(max_size=40), st.binary(max_size=40), st.integers(1, 20))
def test_salt_and_body_cannot_be_cut_elsewhere(salt: bytes, body: bytes, at: int) -> None:
    joined = salt + body
    at = min(at, len(joined))
    if at != len(salt):
        assert digest.salted_digest(salt, body) != digest.salted_digest(joined[:at], joined[at:])


def test_the_check_digits_are_those_of_the_standard() -> None:
    """ISO 7064 MOD 97-10: the whole number leaves 1; its own example 794 has 44."""
    assert receipt._check("794") == "44"
    assert all(receipt.valid(receipt.new_code()) for _ in range(200))


@given(CODES, st.integers(0, 23), st.integers(1, 9))
def test_every_single_slip_is_caught(code: str, at: int, by: int) -> None:
    assert receipt.valid(code)
    assert not receipt.valid(code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :])


@given(CODES, st.integers(0, 22))
def test_every_swap_of_neighbours_is_caught(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or not receipt.valid(swapped)


@given(CODES, st.integers(0, 23))
def test_a_digit_left_out_or_doubled_is_caught(code: str, at: int) -> None:
    assert not receipt.valid(code[:at] + code[at + 1 :])
    assert not receipt.valid(code[:at] + code[at] + code[at:])


@given(st.text(max_size=30) | st.text(st.sampled_from("²٣１0 "), min_size=24, max_size=24))
def test_anything_may_be_typed_without_harm(text: str) -> None:
    assert receipt.valid(text) in (True, False)
    clear = receipt.normalise(text)
    assert clear == "" or (clear.isascii() and clear.isdigit())


@given(
    CODES,
    st.lists(
        st.sampled_from(["", " ", "-", "－", "—", "\u3000", "\t", ".", "·"]),
        min_size=24,
        max_size=24,
    ),
    st.booleans(),
)
def test_codes_are_read_as_they_are_typed(code: str, between: list[str], wide: bool) -> None:
    digits = [chr(ord(c) + 0xFEE0) if wide else c for c in code]
    assert (
        receipt.normalise("".join(d + gap for d, gap in zip(digits, between, strict=True))) == code
    )
    assert receipt.normalise(receipt.grouped(code)) == code


@given(st.binary(min_size=32, max_size=32))
def test_a_code_made_from_a_secret_is_a_whole_code(secret: bytes) -> None:
    code = receipt.code_from(secret)
    assert receipt.valid(code)
    assert code == receipt.code_from(secret)
    assert int(code[:22]) == int.from_bytes(secret, "big") % 10**22


def test_a_short_secret_makes_no_code() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        receipt.code_from(b"x" * 31)


def test_a_code_is_shown_in_six_groups_of_four() -> None:
    assert [len(group) for group in receipt.grouped(receipt.new_code()).split(" ")] == [4] * 6


def test_fingerprints_need_the_key_and_outlive_a_rotation(tmp_path: Path) -> None:
    one, two = (KeyRing.create(tmp_path / f"{n}.json") for n in "ab")
    code = receipt.new_code()
    before = receipt.fingerprint(one, code)
    assert len(before) == 32
    assert before != receipt.fingerprint(two, code)
    assert before != hashlib.blake2b(code.encode(), digest_size=32).digest()
    assert before != receipt.fingerprint(one, receipt.new_code())
    one.rotate()
    assert receipt.fingerprint(KeyRing.load(one.path), code) == before


def test_short_codes_use_only_characters_nobody_mistakes() -> None:
    codes = {receipt.short_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(c) for c in codes} == {8}
    assert not set("".join(codes)) & set("01OIL")


def test_no_short_code_begins_like_the_name_of_an_account() -> None:
    """Its paper would be blacked out where a file goes out."""
    assert list(places(plain("核验码：WXEP72WD")))
    assert "X" not in "".join(receipt.short_code() for _ in range(500))
