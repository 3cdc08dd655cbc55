"""The key file: several generations of one master key; keys for each purpose are derived from
it."""

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

from casework.vault.placed import clear_drafts, put_in_place

_LAST = 0xFFFF  # a ciphertext names its generation in two bytes


class KeyFileError(Exception):
    """The key file cannot be used; the message says what to do about it."""


class KeyRing:
    """Master keys by generation. The newest seals; older ones open what they sealed."""

    def __init__(self, path: Path, masters: Mapping[int, bytes]) -> None:
        self.path, self._masters, self.on_disk = path, dict(masters), True

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """A new file with one generation, readable by its owner alone. Error: FileExistsError when
        there is one."""
        if path.exists():
            raise FileExistsError(f"{path.name} is there already")
        ring = cls.unwritten(path)
        ring.write()
        return ring

    @classmethod
    def unwritten(cls, path: Path) -> KeyRing:
        """Keys of an instance that has nothing yet, in memory until something is to be sealed
        (:meth:`write`)."""
        ring = cls(path, {1: secrets.token_bytes(32)})
        ring.on_disk = False
        return ring

    def write(self) -> None:
        """Write new keys to the disk, once, before anything is sealed. Where another process was
        quicker its keys are taken."""
        if self.on_disk:
            return
        with _alone(self.path.parent):
            if self.path.exists():
                self._masters = _read(self.path)
            else:
                _replace(self.path, self._masters)
        self.on_disk = True

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the file. Error: KeyFileError when others may read it or it is not one of ours."""
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
        """A 32-byte key for one purpose. Without a generation: the oldest one's, for what must stay
        the same for ever (receipts, search tokens, sessions)."""
        master = self._masters[min(self._masters) if generation is None else generation]
        return hashlib.blake2b(
            purpose.encode(), key=master, digest_size=32, person=b"casework.keys"
        ).digest()

    def refresh(self) -> None:
        """Read generations that another process has added to the file meanwhile."""
        self._masters = _read(self.path)

    def rotate(self) -> int:
        """Add a generation, make it the current one and answer it; the file is replaced as a whole.
        Error: KeyFileError when it cannot be used.

        It is read again first: a generation added by another process must not be lost, for what is
        sealed under it would be lost too. This ring changes only once the new key is safe on disk.
        """
        with _alone(self.path.parent):
            masters = _read(self.path)
            generation = max(masters) + 1
            if generation > _LAST:
                raise KeyFileError(f"{self.path.name} holds as many generations as there can be")
            masters[generation] = secrets.token_bytes(32)
            _replace(self.path, masters)
        self._masters = masters
        return generation

    def tidy(self) -> None:
        """Delete the drafts of this file that killed processes left: each holds every key."""
        with _alone(self.path.parent):
            clear_drafts(self.path)


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
    clear_drafts(path)  # under the lock of all who write: nobody is at work on one
    put_in_place(
        path,
        json.dumps({"masters": {str(k): v.hex() for k, v in masters.items()}}, indent=1) + "\n",
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer of key files in a folder at a time, over all processes; the lock ends with its
    holder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
