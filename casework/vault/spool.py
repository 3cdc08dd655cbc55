"""A temporary file for parts of a bound file, encrypted and without a name."""

from __future__ import annotations

import io
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16  # bytes that a counter of the cipher stands for
BUFFER = 1 << 16  # bytes that are read at once


class Spool(io.RawIOBase):
    """Bytes that are written once, then read from any place. The file has no name, so that a killed
    process leaves none; its key is in the memory of this process alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        self._key = secrets.token_bytes(32)
        self._sealing = self._cipher(0)

    def _cipher(self, at: int) -> CipherContext:
        counter = CTR((at // _BLOCK).to_bytes(_BLOCK, "big"))
        cipher: CipherContext = Cipher(AES256(self._key), counter).encryptor()
        cipher.update(bytes(at % _BLOCK))
        return cipher

    def writable(self) -> bool:
        """Always: it is written from front to back."""
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Add bytes at the end; answers how many."""
        sealed = memoryview(self._sealing.update(data))
        while sealed:
            sealed = sealed[self._file.write(sealed) :]
        return len(data)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer from where the last reading ended; answers how many bytes there were."""
        at = self._file.tell()
        sealed = self._file.read(len(buffer))
        buffer[: len(sealed)] = self._cipher(at).update(sealed)
        return len(sealed)

    def seekable(self) -> bool:
        """Always, for reading."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the place where the next reading begins, and answer it."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place where the next reading begins."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file, whose bytes are gone with it."""
        self._file.close()
        super().close()
