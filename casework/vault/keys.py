"""The key file: several generations of one master key; keys for each purpose are derived from it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path


class KeyFileError(Exception):
    """The key file cannot be used; the message says what to do about it."""


class KeyRing:
    """Master keys by generation. The newest seals; older ones still open what they sealed."""

    def __init__(self, path: Path, masters: Mapping[int, bytes]) -> None:
        self.path, self._masters = path, dict(masters)

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """A new file with one generation, readable by its owner alone; FileExistsError when there is one."""
        ring = cls(path, {1: secrets.token_bytes(32)})
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(ring._text())
            file.flush()
            os.fsync(file.fileno())
        return ring

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the file; KeyFileError when others may read it or it is not one of ours."""
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"{path.name} can be read by others: chmod 600 {path.name}")
        try:
            raw = json.loads(path.read_text())
            masters = {int(k): bytes.fromhex(v) for k, v in raw["masters"].items()}
        except (ValueError, KeyError, TypeError) as error:
            raise KeyFileError(f"{path.name} is not a key file") from error
        if not masters or any(len(v) != 32 for v in masters.values()):
            raise KeyFileError(f"{path.name} holds no usable key")
        return cls(path, masters)

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

    def rotate(self) -> int:
        """Add a generation and make it the current one; the file is replaced as a whole."""
        generation = self.current + 1
        self._masters[generation] = secrets.token_bytes(32)
        draft = self.path.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self._text())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        return generation

    def _text(self) -> str:
        return json.dumps({"masters": {str(k): v.hex() for k, v in self._masters.items()}}, indent=1) + "\n"
