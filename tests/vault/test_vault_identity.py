"""Identities: what the server holds opens none; a password or a recovery key of the right custodian
does."""

from __future__ import annotations

import base64
import inspect
import json
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox

from casework.vault import identity
from casework.vault.keys import KeyRing
from casework.vault.sealing import DataKey, Tampered, Vault

Custodians = list[tuple[bytes, str, str]]  # record, password, recovery key
NAME = "王某某 13900000000".encode()


@pytest.fixture(scope="module")
def two() -> Custodians:
    """Two custodians."""
    made: Custodians = []
    for word in ("口令甲 with spaces", "second"):
        record, recovery = identity.new_custodian(word)
        made.append((record, word, recovery))
    return made


@pytest.fixture(scope="module")
def sealed(two: Custodians) -> bytes:
    return identity.seal_identity([identity.public_key(r) for r, _, _ in two], NAME)


def _boxes(*blobs: bytes) -> list[bytes]:
    """Every byte string that lies in the JSON of records and sealed identities."""
    found: list[bytes] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                walk(key)
                walk(part)
        elif isinstance(value, str) and len(value) > 20:
            found.append(base64.b64decode(value))

    for blob in blobs:
        walk(json.loads(blob))
    return found


def test_with_database_and_key_file_but_no_password_nothing_opens(
    tmp_path: Path, two: Custodians, sealed: bytes
) -> None:
    """Everything the running server holds is tried as a key on everything it has stored."""
    ring = KeyRing.create(tmp_path / "keys.json")
    ring.rotate()
    stored = _boxes(sealed, *(r for r, _, _ in two))
    masters = [bytes.fromhex(m) for m in json.loads(ring.path.read_text())["masters"].values()]
    derived = [
        ring.derive(p, g)
        for p in ("identity", "data key", "receipt", "session", "file")
        for g in (1, 2)
    ]
    held = [
        blob[i : i + 32]
        for blob in stored
        for i in (0, 16, len(blob) - 32)
        if len(blob[i : i + 32]) == 32
    ]
    tried = 0
    for key in masters + derived + held:
        for blob in stored:
            for opening in (
                SecretBox(key).decrypt,
                SealedBox(PrivateKey(key)).decrypt,
                partial(DataKey(key).open, ""),
            ):
                for part in (blob, blob[16:]):
                    with pytest.raises((CryptoError, ValueError, Tampered)):
                        opening(part)
                    tried += 1
    assert tried > 500
    for wrong in ("", " ", "first", masters[0].hex(), "0" * 50):
        with pytest.raises(identity.WrongPassword):
            identity.open_identity(two[0][0], wrong, sealed)


def test_no_clear_text_no_private_key_and_no_word_lies_in_what_is_stored(
    two: Custodians, sealed: bytes
) -> None:
    kept = (
        sealed + b"".join(r for r, _, _ in two) + b"".join(_boxes(sealed, *(r for r, _, _ in two)))
    )
    for record, word, recovery in two:
        private = bytes(identity._private(record, word))
        for secret in (
            private,
            base64.b64encode(private),
            word.encode(),
            recovery.encode(),
            recovery.replace(" ", "").encode(),
        ):
            assert secret not in kept
    assert NAME not in kept
    assert base64.b64encode(NAME) not in kept


def test_sealing_takes_public_keys_only() -> None:
    """The intake side cannot open what it has just sealed: no vault and no password is asked
    for."""
    assert list(inspect.signature(identity.seal_identity).parameters) == ["public_keys", "data"]


def test_each_custodian_opens_it_alone_by_either_way(two: Custodians, sealed: bytes) -> None:
    for record, word, recovery in two:
        assert identity.open_identity(record, word, sealed) == NAME
        assert identity.open_identity(record, recovery, sealed) == NAME


@pytest.mark.parametrize("between", ["", "-", "\u3000", "\n"])
def test_a_recovery_key_is_read_as_it_is_typed(
    two: Custodians, sealed: bytes, between: str
) -> None:
    record, _, recovery = two[0]
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in recovery)
    assert identity.open_identity(record, recovery.replace(" ", between), sealed) == NAME
    assert identity.open_identity(record, wide.replace(" ", between), sealed) == NAME


def test_a_recovery_key_is_ten_groups_of_five_digits_and_opens_only_its_own(
    two: Custodians, sealed: bytes
) -> None:
    assert [len(g) for g in two[0][2].split(" ")] == [5] * 10
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(two[0][0], two[1][2], sealed)
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(two[0][0], two[0][2][:-1], sealed)


def test_the_password_of_one_does_not_open_the_record_of_another(
    two: Custodians, sealed: bytes
) -> None:
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(two[0][0], two[1][1], sealed)


def test_who_was_not_among_the_custodians_cannot_open_it(two: Custodians) -> None:
    only_first = identity.seal_identity([identity.public_key(two[0][0])], NAME)
    with pytest.raises(identity.WrongPassword, match="not sealed to"):
        identity.open_identity(two[1][0], two[1][1], only_first)
    with pytest.raises(ValueError, match="nobody"):
        identity.seal_identity([], NAME)


def test_resealing_shuts_out_who_left_and_lets_in_who_came(two: Custodians, sealed: bytes) -> None:
    (first, word, _), (second, other, _) = two
    again = identity.reseal(first, word, sealed, [identity.public_key(second)])
    assert identity.open_identity(second, other, again) == NAME
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(first, word, again)


def test_a_lost_password_is_replaced_with_the_recovery_key(two: Custodians, sealed: bytes) -> None:
    record, old, recovery = two[0]
    changed = identity.change_password(record, recovery, "新口令")
    assert identity.open_identity(changed, "新口令", sealed) == NAME
    assert identity.open_identity(changed, recovery, sealed) == NAME
    assert identity.public_key(changed) == identity.public_key(record)
    with pytest.raises(identity.WrongPassword):
        identity.open_identity(changed, old, sealed)
    with pytest.raises(identity.WrongPassword):
        identity.change_password(record, "wrong", "x")


def test_a_record_keeps_the_cost_it_was_made_with(
    two: Custodians, sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raising the cost for new custodians must not lock out those who are there."""
    monkeypatch.setattr(identity, "_COST", {"ops": 1, "mem": 8 * 1024 * 1024})
    record, _ = identity.new_custodian("cheap")
    assert json.loads(record)["cost"] == {"ops": 1, "mem": 8 * 1024 * 1024}
    assert identity.open_identity(two[0][0], two[0][1], sealed) == NAME
    resealed = identity.reseal(two[0][0], two[0][1], sealed, [identity.public_key(record)])
    assert identity.open_identity(record, "cheap", resealed) == NAME


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_an_altered_identity_never_opens(
    two: Custodians, sealed: bytes, data: st.DataObject
) -> None:
    parts = json.loads(sealed)
    own = base64.b64encode(identity.public_key(two[0][0])).decode()
    where = data.draw(st.sampled_from(["data", "box"]))
    raw = bytearray(base64.b64decode(parts["data"] if where == "data" else parts["boxes"][own]))
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    altered = base64.b64encode(raw).decode()
    if where == "data":
        parts["data"] = altered
    else:
        parts["boxes"][own] = altered
    with pytest.raises(Tampered):
        identity.open_identity(two[0][0], two[0][1], json.dumps(parts).encode())


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"boxes":[],"data":""}', b"\xff"])
def test_what_is_no_sealed_identity_is_said_so(two: Custodians, broken: bytes) -> None:
    with pytest.raises(Tampered):
        identity.open_identity(two[0][0], two[0][1], broken)


def test_wrapped_by_the_vault_two_swapped_identities_are_seen(
    tmp_path: Path, sealed: bytes
) -> None:
    """Sealing to custodians binds to people, not to a row; the vault's layer around it binds the
    row."""
    vault = Vault(KeyRing.create(tmp_path / "keys.json"))
    kept = vault.seal("identity", "docket:1", sealed)
    assert vault.open("identity", "docket:1", kept) == sealed
    with pytest.raises(Tampered):
        vault.open("identity", "docket:2", kept)
