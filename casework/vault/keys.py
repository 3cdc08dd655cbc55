"""The key file: several generations of one master key; keys for each purpose are derived from it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_LAST = 0xFFFF  # a ciphertext names its generation in two bytes


class KeyFileError(Exception):
    """The key file cannot be used; the message says what to do about it."""


class KeyRing:
    """Master keys by generation. The newest seals; older ones still open what they sealed."""

    def __init__(self, path: Path, masters: Mapping[int, bytes]) -> None:
        self.path, self._masters = path, dict(masters)

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """A new file with one generation, readable by its owner alone; FileExistsError when there is one."""
        with _alone(path.parent):
            if path.exists():
                raise FileExistsError(f"{path.name} is there already")
            masters = {1: secrets.token_bytes(32)}
            _replace(path, masters)
        return cls(path, masters)

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the file; KeyFileError when others may read it or it is not one of ours."""
        return cls(path, _read(path))

    @property
    def current(self) -> int:
        """The newest generation."""
        return max(self._masters)

    @property
    def generations(self) -> list[int]:
        """All generations, newest first."""
        return sorted(self._masters, reverse=True)

    def derive(self, purpose: str, generation: int | None = None) -> bytes:
        """A 32-byte key for one purpose. Without a generation: the oldest one's, for what must stay the same for ever
        (receipts, search tokens, sessions)."""
        master = self._masters[min(self._masters) if generation is None else generation]
        return hashlib.blake2b(purpose.encode(), key=master, digest_size=32, person=b"casework.keys").digest()

    def refresh(self) -> None:
        """Take up generations that another process has added to the file since this one read it."""
        self._masters = _read(self.path)

    def rotate(self) -> int:
        """Add a generation and make it the current one; the file is replaced as a whole.

        It is read again first: a generation added by another process must not be lost, for what is sealed under
        it would be lost too. This ring changes only once the new key is safe on disk."""
        with _alone(self.path.parent):
            masters = _read(self.path)
            generation = max(masters) + 1
            if generation > _LAST:
                raise KeyFileError(f"{self.path.name} holds as many generations as there can be")
            masters[generation] = secrets.token_bytes(32)
            _replace(self.path, masters)
        self._masters = masters
        return generation


def _read(path: Path) -> dict[int, bytes]:
    with path.open(encoding="utf-8") as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"{path.name} can be read by others: chmod 600 {path.name}")
        try:
            raw = json.load(file)
            masters = {int(k): bytes.fromhex(v) for k, v in raw["masters"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyFileError(f"{path.name} is not a key file") from error
    if not masters or any(len(v) != 32 or not 1 <= k <= _LAST for k, v in masters.items()):
        raise KeyFileError(f"{path.name} holds no usable key")
    return masters


def _replace(path: Path, masters: Mapping[int, bytes]) -> None:
    """Write beside, sync, put in place, sync the folder: after a power cut there is the old file or the new one."""
    text = json.dumps({"masters": {str(k): v.hex() for k, v in masters.items()}}, indent=1) + "\n"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer of key files in a folder at a time, over all processes; the lock ends with its holder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a new or renamed name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
