"""The key file under power cuts and several processes; sealing bound to purpose, row and
generation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.vault.keys import KeyFileError, KeyRing
from casework.vault.placed import put_in_place
from casework.vault.sealing import DataKey, Tampered, Vault
from tests.support.killed import killed

ROOT = Path(__file__).parents[2]
ROWS = st.text(max_size=20)
with tempfile.TemporaryDirectory() as _folder:
    VAULT = Vault(KeyRing.create(Path(_folder) / "keys.json"))  # its file is gone after this


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys.json")


def test_a_key_file_is_never_overwritten_by_a_new_one(ring: KeyRing) -> None:
    before = ring.path.read_bytes()
    with pytest.raises(FileExistsError):
        KeyRing.create(ring.path)
    assert ring.path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_any_right_of_others_is_refused(ring: KeyRing, mode: int) -> None:
    ring.path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyRing.load(ring.path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"masters":[]}',
        '{"masters":{}}',
        '{"masters":{"1":"00"}}',
        '{"masters":{"1":5}}',
        '{"masters":{"x":"' + "00" * 32 + '"}}',
        '{"masters":{"0":"' + "00" * 32 + '"}}',
    ],
)
def test_what_is_not_a_key_file_is_said_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyFileError):
        KeyRing.load(file)


def test_a_rotation_leaves_one_private_file_and_nothing_beside_it(ring: KeyRing) -> None:
    assert ring.rotate() == 2
    assert [p.name for p in ring.path.parent.iterdir()] == ["keys.json"]
    assert ring.path.stat().st_mode & 0o777 == 0o600
    assert KeyRing.load(ring.path).generations == [2, 1]


def test_a_rotation_that_cannot_be_written_changes_nothing(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is in memory but not on disk would seal what nobody opens after a restart."""

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    before = ring.path.read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        ring.rotate()
    assert ring.current == 1
    assert ring.path.read_bytes() == before
    assert [p.name for p in ring.path.parent.iterdir()] == ["keys.json"]


def test_what_a_killed_rotation_leaves_of_the_keys_goes(ring: KeyRing) -> None:
    killed(ring.rotate, Path, "replace")
    left = [p.name for p in ring.path.parent.iterdir()]
    assert len(left) == 2  # the draft holds every key
    assert KeyRing.load(ring.path).generations == [1]
    ring.tidy()
    assert [p.name for p in ring.path.parent.iterdir()] == ["keys.json"]
    killed(ring.rotate, Path, "replace")
    assert ring.rotate() == 2
    assert [p.name for p in ring.path.parent.iterdir()] == ["keys.json"]


def test_what_a_killed_process_leaves_of_another_small_file_goes_after_an_hour(
    tmp_path: Path,
) -> None:
    """Sooner others may still be at work on it: the server and a command keep the heads at once."""
    file = tmp_path / "heads.json"
    killed(lambda: put_in_place(file, "one"), Path, "replace")
    put_in_place(file, "two")
    left = [p for p in tmp_path.iterdir() if p != file]
    assert len(left) == 1
    os.utime(left[0], (0, 0))
    put_in_place(file, "three")
    assert (file.read_text(), list(tmp_path.iterdir())) == ("three", [file])


def test_a_running_server_opens_what_another_process_sealed_after_rotating(ring: KeyRing) -> None:
    server, command = Vault(KeyRing.load(ring.path)), Vault(KeyRing.load(ring.path))
    command.keyring.rotate()
    assert server.open("p", "1", command.seal("p", "1", b"late")) == b"late"
    assert server.keyring.current == 2


def test_no_rotation_forgets_the_key_of_another(ring: KeyRing) -> None:
    one, two = KeyRing.load(ring.path), KeyRing.load(ring.path)
    one.rotate()
    blob = Vault(one).seal("p", "1", b"kept")
    two.rotate()
    assert Vault(KeyRing.load(ring.path)).open("p", "1", blob) == b"kept"


def test_rotations_of_several_processes_at_once_lose_none(ring: KeyRing) -> None:
    code = (
        "import sys; from pathlib import Path; from casework.vault.keys import KeyRing\n"
        "ring = KeyRing.load(Path(sys.argv[1]))\n"
        "for _ in range(5): ring.rotate()"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(ring.path)], cwd=ROOT) for _ in range(3)
    ]
    assert [p.wait(300) for p in running] == [0, 0, 0]
    assert len(json.loads(ring.path.read_text())["masters"]) == 16


def test_purposes_and_generations_have_keys_of_their_own(ring: KeyRing) -> None:
    ring.rotate()
    keys = {ring.derive(p, g) for p in ("receipt", "search:1", "search:2", "file") for g in (1, 2)}
    assert len(keys) == 8
    assert ring.derive("receipt") == ring.derive("receipt", 1)  # receipts handed out stay valid


def test_keys_do_not_show_in_what_gets_printed(ring: KeyRing) -> None:
    master = json.loads(ring.path.read_text())["masters"]["1"]
    shown = repr(ring) + str(ring) + repr(Vault(ring)) + repr(Vault(ring).new_data_key("d")[1])
    assert master not in shown
    assert repr(bytes.fromhex(master)) not in shown


@given(st.text(min_size=1, max_size=12), ROWS, st.binary(max_size=300))
def test_what_is_sealed_comes_back(purpose: str, row: str, data: bytes) -> None:
    blob = VAULT.seal(purpose, row, data)
    assert VAULT.open(purpose, row, blob) == data
    assert blob != VAULT.seal(purpose, row, data)  # equal texts do not look equal


@given(st.tuples(ROWS, ROWS), st.tuples(ROWS, ROWS))
def test_two_swapped_ciphertexts_are_both_seen(one: tuple[str, str], two: tuple[str, str]) -> None:
    if one == two:
        return
    blobs = VAULT.seal(*one, b"first"), VAULT.seal(*two, b"second")
    for place, blob in ((one, blobs[1]), (two, blobs[0])):
        with pytest.raises(Tampered):
            VAULT.open(*place, blob)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("a|b", "c"), ("a", "b|c")),
        (("a", "b|1"), ("a", "b")),
        (("", "a"), ("a", "")),
        (("a|", "b"), ("a", "|b")),
    ],
)
def test_no_separator_makes_two_places_one(one: tuple[str, str], two: tuple[str, str]) -> None:
    with pytest.raises(Tampered):
        VAULT.open(*two, VAULT.seal(*one, b"x"))


@settings(max_examples=200)
@given(st.data())
def test_any_flipped_bit_and_any_cut_is_seen(data: st.DataObject) -> None:
    blob = VAULT.seal("p", "1", b"a tip")
    at = data.draw(st.integers(0, len(blob) * 8 - 1))
    flipped = bytearray(blob)
    flipped[at // 8] ^= 1 << at % 8
    for broken in (bytes(flipped), blob[: data.draw(st.integers(0, len(blob) - 1))], blob + b"x"):
        with pytest.raises(Tampered):
            VAULT.open("p", "1", broken)


def test_a_generation_cannot_be_renamed(ring: KeyRing) -> None:
    ring.rotate()
    vault = Vault(ring)
    blob = vault.seal("p", "1", b"x")
    for name in (b"", b"\0", b"\0\0", b"\0\1", b"\0\3", b"\xff\xff"):
        with pytest.raises(Tampered):
            vault.open("p", "1", name + blob[2:])


def test_resealing_moves_to_the_newest_key_once(ring: KeyRing) -> None:
    vault = Vault(ring)
    old = vault.seal("p", "1", b"x")
    assert vault.reseal("p", "1", old) == old
    ring.rotate()
    new = vault.reseal("p", "1", old)
    assert new[:2] == b"\0\2"
    assert vault.open("p", "1", new) == vault.open("p", "1", old) == b"x"
    with pytest.raises(Tampered):
        vault.reseal("p", "2", new)


def test_a_data_key_belongs_to_one_docket_and_its_bodies_to_one_row(ring: KeyRing) -> None:
    vault = Vault(ring)
    wrapped, key = vault.new_data_key("docket:1")
    body = key.seal("act:1:1", b"payload")
    with pytest.raises(Tampered):
        vault.unwrap("docket:2", wrapped)
    with pytest.raises(Tampered):
        key.open("act:1:2", body)
    with pytest.raises(Tampered):
        vault.new_data_key("docket:1")[1].open("act:1:1", body)
    assert isinstance(vault.unwrap("docket:1", wrapped), DataKey)


@given(ROWS, ROWS, st.binary(max_size=100))
def test_a_body_opens_at_its_own_row_and_no_other(row: str, other: str, body: bytes) -> None:
    wrapped, key = VAULT.new_data_key("docket:1")
    sealed = key.seal(row, body)
    again = VAULT.unwrap("docket:1", wrapped)
    assert again.open(row, sealed) == body
    if other != row:
        with pytest.raises(Tampered):
            again.open(other, sealed)


def test_without_its_wrapped_key_a_docket_is_gone(ring: KeyRing) -> None:
    """Destruction deletes the wrapped key: no key the server can derive opens what lay under it."""
    vault = Vault(ring)
    body = vault.new_data_key("docket:1")[1].seal("act:1:1", b"payload")
    for purpose in ("data key", "file", "docket:1", "act:1:1"):
        with pytest.raises(Tampered):
            DataKey(ring.derive(purpose)).open("act:1:1", body)
