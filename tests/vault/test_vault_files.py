"""Sealed files: whole or not at all, never in clear, in flat memory, found again by the sweep."""

from __future__ import annotations

import io
import os
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.vault.files import CHUNK, SealedStore
from casework.vault.keys import KeyRing
from casework.vault.sealing import Tampered, Vault

MARK = "举报人王某".encode()
MB = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path / "sealed", Vault(KeyRing.create(tmp_path / "keys.json")))


@pytest.fixture(scope="module")
def shared() -> Iterator[SealedStore]:
    with tempfile.TemporaryDirectory() as folder:
        yield SealedStore(
            Path(folder) / "sealed", Vault(KeyRing.create(Path(folder) / "keys.json"))
        )


def file_of(store: SealedStore, name: str) -> Path:
    return store.root / name[:2] / name


class Drip(io.RawIOBase):
    """A stream that answers less than it is asked, as sockets do."""

    def __init__(self, data: bytes, at_most: int) -> None:
        self.rest, self.at_most = io.BytesIO(data), at_most

    def read(self, size: int = -1) -> bytes:
        return self.rest.read(min(size, self.at_most))


class Long(io.RawIOBase):
    """So many bytes that are never in memory together."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([0, 1, 999, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]),
    st.integers(900, 2 * CHUNK),
)
def test_a_stream_that_drips_is_stored_whole(shared: SealedStore, size: int, at_most: int) -> None:
    data = os.urandom(size)
    stored = shared.put(Drip(data, at_most))  # type: ignore[arg-type]
    assert shared.read(stored.name) == data
    assert stored.size == size


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cut_any_addition_and_any_flipped_bit_is_seen(
    shared: SealedStore, data: st.DataObject
) -> None:
    file = file_of(shared, shared.put(MARK).name)
    whole = file.read_bytes()
    at = data.draw(st.integers(16, len(whole) * 8 - 1))  # after the generation's two bytes
    flipped = bytearray(whole)
    flipped[at // 8] ^= 1 << at % 8
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    for broken in (bytes(flipped), cut, whole + data.draw(st.binary(min_size=1, max_size=40))):
        file.write_bytes(broken)
        with pytest.raises(Tampered):
            shared.read(file.name)


def test_pieces_left_out_doubled_or_swapped_are_seen(store: SealedStore) -> None:
    name = store.put(os.urandom(3 * CHUNK)).name
    whole = file_of(store, name).read_bytes()
    piece = CHUNK + 17
    head = len(whole) - 3 * piece
    a, b, c = (whole[head + i * piece : head + (i + 1) * piece] for i in range(3))
    for order in ((a, c), (b, c), (b, a, c), (a, a, b, c), (a, b), (a, b, c, c), ()):
        file_of(store, name).write_bytes(whole[:head] + b"".join(order))
        with pytest.raises(Tampered):
            store.read(name)


def test_two_swapped_files_are_both_seen(store: SealedStore) -> None:
    one, two = (file_of(store, store.put(x).name) for x in (b"first", b"second"))
    was = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(was)
    for file in (one, two):
        with pytest.raises(Tampered):
            store.read(file.name)


def test_while_it_is_taken_in_nothing_clear_is_on_disk(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            looks.append(
                [MARK in f.read_bytes() for f in store.root.parent.rglob("*") if f.is_file()]
            )
            return super().read(size)

    def refused(*_args: object, **_rest: object) -> None:
        raise AssertionError("a temporary file was asked for")

    for name in ("mkstemp", "TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refused)
    name = store.put(Watched(MARK * 60_000)).name
    assert len(looks) > 3
    assert not any(seen for look in looks for seen in look)
    assert MARK not in file_of(store, name).read_bytes()
    assert file_of(store, name).stat().st_mode & 0o777 == 0o600


def test_equal_files_do_not_look_equal(store: SealedStore) -> None:
    """Whoever holds a document cannot tell from the folder whether the bureau has it too."""
    one, two = store.put(MARK), store.put(MARK)
    assert one.sha256 == two.sha256
    assert one.name != two.name
    assert file_of(store, one.name).read_bytes() != file_of(store, two.name).read_bytes()
    assert one.sha256 not in "".join(store.names())


def test_a_stream_that_breaks_leaves_nothing(store: SealedStore) -> None:
    class Broken(Long):
        def read(self, size: int = -1) -> bytes:
            if self.left < MB:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.put(Broken(2 * MB))  # type: ignore[arg-type]
    assert list(store.names()) == []
    assert [f for f in store.root.rglob("*") if f.is_file()] == []


def test_file_and_folders_are_synced_before_put_returns(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, real = [], os.fsync

    def seen(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
        real(handle)

    monkeypatch.setattr(os, "fsync", seen)
    name = store.put(b"x").name
    assert synced[1:] == [store.root / name[:2], store.root]
    assert synced[0].parent == store.root
    assert synced[0].name.startswith(".")


def test_what_a_power_cut_left_is_found_and_removed(store: SealedStore) -> None:
    kept = store.put(b"x").name
    left = store.root / ("." + "ab" * 16)
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    assert set(store.names()) == {kept, left.name}
    assert store.age(left.name) == 1
    assert time.time() - store.age(kept) < 86460  # it bears its day alone
    store.delete(left.name)
    assert list(store.names()) == [kept]
    store.delete(kept)
    store.delete(kept)
    assert list(store.names()) == []
    assert store.age(kept) == float("inf")  # gone meanwhile: never old enough to sweep
    with pytest.raises(FileNotFoundError):
        store.read(kept)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../keys",
        "a/b",
        "A" * 32,
        "a" * 31,
        "a" * 33,
        "a" * 32 + "\n",
        "١" * 32,
        "." * 32,
    ],
)
def test_only_names_of_the_store_are_looked_at(store: SealedStore, name: str) -> None:
    for look in (store.read, store.delete, store.age, store.reseal):
        with pytest.raises(ValueError, match="not a name"):
            look(name)


def test_a_rotation_rewraps_the_key_and_copies_the_content(store: SealedStore) -> None:
    data = os.urandom(CHUNK + 9)
    name = store.put(data).name
    before = file_of(store, name).read_bytes()
    assert store.reseal(name) is False
    store.vault.keyring.rotate()
    assert store.reseal(name) is True
    after = file_of(store, name).read_bytes()
    assert after[:2] == b"\0\2"
    assert after[74:] == before[74:]
    assert store.read(name) == data
    assert list(store.names()) == [name]


def test_memory_stays_flat(store: SealedStore) -> None:
    tracemalloc.start()
    try:
        stored = store.put(Long(40 * MB))  # type: ignore[arg-type]
        size = sum(len(piece) for piece in store.chunks(stored.name))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == stored.size == 40 * MB
    assert peak < 4 * MB


# -- times
def day_of(path: Path) -> tuple[float, float]:
    """Both times of a file or folder, as parts of a day in Shanghai."""
    found = path.stat()
    return ((found.st_mtime + 8 * 3600) % 86400, (found.st_atime + 8 * 3600) % 86400)


def test_the_times_of_a_file_say_its_day_alone(store: SealedStore) -> None:
    """Not the hour and minute at which somebody sat at a computer, nor which of two came first; nor
    do the folders say it."""
    before = time.time()
    names = [store.put(MARK).name for _ in range(3)]
    for name in names:
        assert day_of(file_of(store, name)) == (0, 0)
        assert day_of(file_of(store, name).parent) == (0, 0)
        assert before - 86401 < store.age(name) <= time.time()
    assert day_of(store.root) == (0, 0)
    store.delete(names[0])
    assert day_of(file_of(store, names[0]).parent) == (0, 0)


def test_a_file_that_is_sealed_anew_keeps_its_day(tmp_path: Path, store: SealedStore) -> None:
    name = store.put(MARK).name
    then = store.age(name) - 30 * 86400
    os.utime(file_of(store, name), (then, then))
    store.vault.keyring.rotate()
    assert store.reseal(name)
    assert store.age(name) == then
