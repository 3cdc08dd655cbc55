"""Sealed files on disk under random names; clear bytes never touch a disk.

A name made from the content would tell whoever holds a document whether we have it too; the digests
that prove a file stay with its row.

The times of a file say the day alone, in Shanghai: a row rounds the time of an anonymous tip, by an
hour or by up to a day as the bureau has set, and what lies beside it must not say more. So do
copies and backups. What the disk itself notes of a file (ctime, the time of its birth, the order of
its inodes) no program can set; no copy carries it.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SM3, Hash
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull as init_pull,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_push as init_push,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_pull as pull,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_push as push,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_state as State,  # noqa: N812
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)

from casework.vault.placed import sync_folder
from casework.vault.sealing import Tampered, Vault

CHUNK = 256 * 1024
_OVERHEAD = 17
_DAY, _SHANGHAI = 24 * 3600, 8 * 3600  # seconds; of the day, and before Greenwich
_KEY_LENGTH = 2 + 24 + 32 + 16  # generation, nonce, key, tag
_NAME = re.compile(r"\.?[0-9a-f]{32}", re.ASCII)  # with a dot: a draft, not yet in place


@dataclass(frozen=True)
class Stored:
    """A sealed file: its name in the store, digests and size of the clear bytes."""

    name: str
    sha256: str
    sm3: str
    size: int


class SealedStore:
    """A folder of sealed files. Each has a key of its own, wrapped by the vault and bound to the
    file's name."""

    def __init__(self, root: Path, vault: Vault) -> None:
        self.root, self.vault = root, vault

    def put(self, source: bytes | BinaryIO) -> Stored:
        """Seal bytes or a stream, in little memory. The file is synced and in place before this
        returns. Error: OSError."""
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        name = secrets.token_hex(16)
        key = secrets.token_bytes(32)
        wrapped = self.vault.seal("file", name, key)
        with self._in_place(name) as out:
            out.write(wrapped)
            return _seal_stream(key, stream, out, name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The clear bytes, piece by piece. Each piece is proven before it is given, the end of the
        file only with the last. Errors: Tampered for a file cut short or altered, FileNotFoundError
        when there is none."""
        with self._path(name).open("rb") as file:
            yield from self.opened(name, file)

    def opened(self, name: str, file: BinaryIO) -> Iterator[bytes]:
        """The clear bytes of a copy of a sealed file, whose name in the store is given. Error:
        Tampered."""
        key = self.vault.open("file", name, file.read(_KEY_LENGTH))
        state = State()
        header = file.read(HEADER)
        if len(header) != HEADER:
            raise Tampered("a sealed file is cut short")
        init_pull(state, header, key)
        yield from _open_stream(state, file)

    def has(self, name: str) -> bool:
        """Whether a file of that name is there; its content is not looked at."""
        return bool(_NAME.fullmatch(name)) and self._path(name).is_file()

    def read(self, name: str) -> bytes:
        """All clear bytes. Errors: as ``chunks``."""
        return b"".join(self.chunks(name))

    def delete(self, name: str) -> None:
        """Delete a file; no error where there is none."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _note_day(path.parent)

    def shred(self, name: str) -> None:
        """Destroy a file: its key, which stands at its beginning, is overwritten on the disk before
        the name goes. Without the key the rest cannot be read, wherever it still lies. No error
        where there is none: an interrupted destruction is taken up again."""
        try:
            with self._path(name).open("r+b") as file:
                file.write(secrets.token_bytes(_KEY_LENGTH))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        self.delete(name)
        sync_folder(self._path(name).parent)

    def reseal(self, name: str) -> bool:
        """Wrap a file's key under the newest generation, after a rotation; False when it already
        was. The sealed content is copied as it stands."""
        with self._path(name).open("rb") as file:
            wrapped = file.read(_KEY_LENGTH)
            fresh = self.vault.reseal("file", name, wrapped)
            if fresh == wrapped:
                return False
            with self._in_place(name, self.age(name)) as out:
                out.write(fresh)
                while piece := file.read(CHUNK):
                    out.write(piece)
        return True

    def names(self) -> Iterator[str]:
        """Names of all files, for the sweep of orphans; half-written ones of a power cut are among
        them (with a dot)."""
        return (p.name for p in itertools.chain(self.root.glob("??/*"), self.root.glob(".*")))

    def age(self, name: str) -> float:
        """The day on which a file was put here, as seconds since the epoch; infinity for one that
        is gone."""
        try:
            return self._path(name).stat().st_mtime
        except FileNotFoundError:
            return float("inf")

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of this store")
        return self.root / name if name.startswith(".") else self.root / name[:2] / name

    @contextmanager
    def _in_place(self, name: str, since: float | None = None) -> Iterator[BinaryIO]:
        """A file written beside its place and synced, then put there; nothing is left of one that
        fails. ``since`` is the day it bears, today where none is given."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        # what a killed one left is in nobody's way
        draft, target = self.root / f".{secrets.token_hex(16)}", self._path(name)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                _note_day(out.fileno(), since)
                os.fsync(out.fileno())
            target.parent.mkdir(exist_ok=True, mode=0o700)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        for folder in (target.parent, self.root):
            _note_day(folder)
            sync_folder(folder)


def _note_day(what: int | Path, since: float | None = None) -> None:
    """Set the times of a file or folder to the beginning of a day: today's, or that of
    ``since``."""
    moment = int(time.time() if since is None else since)
    day = moment - (moment + _SHANGHAI) % _DAY
    os.utime(what, (day, day))


def _seal_stream(key: bytes, stream: BinaryIO, out: BinaryIO, name: str) -> Stored:
    state, sha, sm, size = State(), hashlib.sha256(), Hash(SM3()), 0
    out.write(init_push(state, key))
    chunk = _full(stream)
    while True:
        following = _full(stream) if chunk else b""
        sha.update(chunk)
        sm.update(chunk)
        size += len(chunk)
        out.write(push(state, chunk, None, FINAL if not following else MESSAGE))
        if not following:
            return Stored(name, sha.hexdigest(), sm.finalize().hex(), size)
        chunk = following


def _open_stream(state: State, file: BinaryIO) -> Iterator[bytes]:
    tag = MESSAGE
    while piece := file.read(CHUNK + _OVERHEAD):
        try:
            clear, tag = pull(state, piece)
        except (RuntimeError, ValueError) as error:
            raise Tampered("a sealed file was altered") from error
        yield clear
    if tag != FINAL:
        raise Tampered("a sealed file is cut short")


def _full(stream: BinaryIO) -> bytes:
    """A whole piece, or what is left: a stream may answer less than asked, but pieces are told
    apart by length."""
    parts, missing = [], CHUNK
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
