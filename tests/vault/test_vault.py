"""Keys, sealing, sealed files, receipts, tokens, custodians."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.text import folded
from casework.vault import digest, identity, receipt, tokens
from casework.vault.files import CHUNK, SealedStore
from casework.vault.keys import KeyFileError, KeyRing
from casework.vault.sealing import Tampered, Vault

CHINESE = st.text(st.sampled_from("统计局举报数据大熊猫王𬱟A1 ，"), max_size=12)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys.json")


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    KeyRing.create(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyRing.load(file)


def test_a_rotated_ring_opens_what_the_old_one_sealed(ring: KeyRing) -> None:
    vault = Vault(ring)
    old, (wrapped, key) = vault.seal("p", "1", b"x"), vault.new_data_key("d")
    body = key.seal("row", b"body")
    ring.rotate()
    again = Vault(KeyRing.load(ring.path))
    assert again.open("p", "1", old) == b"x"
    assert again.unwrap("d", again.reseal("data key", "d", wrapped)).open("row", body) == b"body"


@pytest.mark.parametrize(("purpose", "row"), [("q", "1"), ("p", "2")])
def test_a_moved_ciphertext_does_not_open(ring: KeyRing, purpose: str, row: str) -> None:
    vault = Vault(ring)
    blob = vault.seal("p", "1", b"secret")
    with pytest.raises(Tampered):
        vault.open(purpose, row, blob)


def test_an_altered_ciphertext_does_not_open(ring: KeyRing) -> None:
    vault = Vault(ring)
    blob = bytearray(vault.seal("p", "1", b"secret"))
    blob[-1] ^= 1
    with pytest.raises(Tampered):
        vault.open("p", "1", bytes(blob))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_sealed_files_come_back_whole(tmp_path: Path, ring: KeyRing, size: int) -> None:
    store = SealedStore(tmp_path / "sealed", Vault(ring))
    stored = store.put(b"z" * size)
    assert store.read(stored.name) == b"z" * size
    assert (stored.size, stored.sha256) == (size, digest.sha256(b"z" * size))
    assert stored.sm3 == digest.sm3(b"z" * size)


def test_a_cut_or_altered_file_is_seen(tmp_path: Path, ring: KeyRing) -> None:
    store = SealedStore(tmp_path / "sealed", Vault(ring))
    name = store.put(b"z" * (2 * CHUNK)).name
    file = next((tmp_path / "sealed").glob("??/*"))
    whole = file.read_bytes()
    for broken in (
        whole[: len(whole) - CHUNK - 17],
        whole[:-1],
        whole[:-1] + bytes([whole[-1] ^ 1]),
    ):
        file.write_bytes(broken)
        with pytest.raises(Tampered):
            store.read(name)


def test_nothing_clear_lies_on_disk(tmp_path: Path, ring: KeyRing) -> None:
    SealedStore(tmp_path / "sealed", Vault(ring)).put("举报人王某".encode() * 100)
    assert not any(
        "举报人".encode() in f.read_bytes() for f in (tmp_path / "sealed").rglob("*") if f.is_file()
    )


def test_names_cannot_leave_the_store(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="not a name"):
        SealedStore(tmp_path / "sealed", Vault(ring)).read("../keys")


@given(st.integers(0, 23), st.integers(1, 9))
def test_a_single_slip_in_a_receipt_is_caught(place: int, add: int) -> None:
    code = receipt.new_code()
    wrong = code[:place] + str((int(code[place]) + add) % 10) + code[place + 1 :]
    assert receipt.valid(code)
    assert not receipt.valid(wrong)


@given(st.integers(0, 22))
def test_swapped_neighbours_are_caught(place: int) -> None:
    code = receipt.new_code()
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not receipt.valid(swapped)


def test_receipts_are_read_as_people_type_them(ring: KeyRing) -> None:
    code = receipt.new_code()
    full = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert (
        receipt.normalise(receipt.grouped(code).replace(" ", " - "))
        == code
        == receipt.normalise(full)
    )
    assert receipt.fingerprint(ring, code) != code.encode()


@settings(max_examples=300)
@given(CHINESE, CHINESE)
def test_search_finds_exactly_what_like_finds(text: str, query: str) -> None:
    """Every text containing the query has its tokens; the rest is told apart by looking."""
    if not folded(query):
        return
    if folded(query) in folded(text):
        assert tokens.query_tokens(query) <= tokens.tokens(text) | {" "}
        assert tokens.matches(text, query)
    else:
        assert not tokens.matches(text, query)


def test_tokens_are_keyed_and_differ_between_bureaus(ring: KeyRing) -> None:
    one, two = tokens.keyed(ring, 1, {"统计"}), tokens.keyed(ring, 2, {"统计"})
    assert one != two
    assert len(one[0]) == 8


def test_only_a_custodian_opens_an_identity() -> None:
    """With everything the server has, and without a password, nothing opens."""
    record, recovery = identity.new_custodian("correct horse")
    sealed = identity.seal_identity([identity.public_key(record)], "王某".encode())
    assert identity.open_identity(record, "correct horse", sealed) == "王某".encode()
    assert identity.open_identity(record, recovery, sealed) == "王某".encode()
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(record, "wrong", sealed)
    other, _recovery = identity.new_custodian("correct horse")
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(other, "correct horse", sealed)
    changed = identity.change_password(record, recovery, "new password")
    assert identity.open_identity(changed, "new password", sealed) == "王某".encode()


def test_canonical_json_has_no_floats() -> None:
    assert digest.canonical({"b": 1, "a": "统"}) == '{"a":"统","b":1}'.encode()
    with pytest.raises(TypeError):
        digest.canonical({"a": [1.5]})


def test_sm3_is_the_standards_own() -> None:
    assert digest.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize(
    "name", ["阿里木・买买提", "阿里木•买买提", "阿里木\u200b·买买提", "阿里木·买买提\u202e"]
)
def test_a_name_is_found_whatever_dot_or_unseen_sign_stands_in_it(name: str) -> None:
    assert tokens.query_tokens("阿里木·买买提") <= tokens.tokens(name)
    assert tokens.matches(name, "阿里木·买买提")
    assert tokens.matches("阿里木·买买提", name)
