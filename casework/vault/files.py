"""Sealed files on disk, named by what they hold; clear bytes never touch a disk."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
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

from casework.vault.sealing import Tampered, Vault

CHUNK = 256 * 1024
_OVERHEAD = 17
_KEY_LENGTH = 2 + 24 + 32 + 16  # generation, nonce, key, tag


@dataclass(frozen=True)
class Stored:
    """A sealed file: its name in the store, digests and size of the clear bytes."""

    name: str
    sha256: str
    sm3: str
    size: int


class SealedStore:
    """A folder of sealed files. Each has a key of its own, wrapped by the vault and bound to the file's name."""

    def __init__(self, root: Path, vault: Vault) -> None:
        self.root, self.vault = root, vault
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, source: bytes | BinaryIO) -> Stored:
        """Seal bytes or a stream in flat memory. The file is synced and in place before this returns."""
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        name = secrets.token_hex(16)
        key = secrets.token_bytes(32)
        wrapped = self.vault.seal("file", name, key)
        draft = self.root / f".{name}"
        with draft.open("xb") as out:
            out.write(wrapped)
            stored = _seal_stream(key, stream, out, name)
            out.flush()
            os.fsync(out.fileno())
        target = self._path(name)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        draft.replace(target)
        _sync_folder(target.parent)
        return stored

    def chunks(self, name: str) -> Iterator[bytes]:
        """The clear bytes, piece by piece; Tampered for a file cut short or altered."""
        with self._path(name).open("rb") as file:
            key = self.vault.open("file", name, file.read(_KEY_LENGTH))
            state = State()
            header = file.read(HEADER)
            if len(header) != HEADER:
                raise Tampered("a sealed file is cut short")
            init_pull(state, header, key)
            yield from _open_stream(state, file)

    def read(self, name: str) -> bytes:
        """The clear bytes at once."""
        return b"".join(self.chunks(name))

    def delete(self, name: str) -> None:
        """Remove a file; none there is no error."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """All files, for the sweep of orphans."""
        return (p.name for p in self.root.glob("??/*"))

    def age(self, name: str) -> float:
        """Time of last change of a file, as seconds since the epoch."""
        return self._path(name).stat().st_mtime

    def _path(self, name: str) -> Path:
        if not name.isalnum():
            raise ValueError("not a name of this store")
        return self.root / name[:2] / name


def _seal_stream(key: bytes, stream: BinaryIO, out: BinaryIO, name: str) -> Stored:
    state, sha, sm, size = State(), hashlib.sha256(), Hash(SM3()), 0
    out.write(init_push(state, key))
    chunk = stream.read(CHUNK)
    while True:
        following = stream.read(CHUNK) if chunk else b""
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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
