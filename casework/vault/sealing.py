"""Authenticated encryption bound to purpose and row: a ciphertext moved to another row does not
open."""

from __future__ import annotations

import secrets
from contextlib import suppress

from flask import current_app
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from casework.vault.keys import KeyFileError, KeyRing

_NONCE = 24


class Tampered(ValueError):
    """A ciphertext was altered, cut, or stands where it does not belong."""


def _encrypt(key: bytes, bound_to: bytes, data: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(data, bound_to, nonce, key)


def _decrypt(key: bytes, bound_to: bytes, blob: bytes) -> bytes:
    try:
        opened: bytes = crypto_aead_xchacha20poly1305_ietf_decrypt(
            blob[_NONCE:], bound_to, blob[:_NONCE], key
        )
    except (CryptoError, ValueError) as error:
        raise Tampered("sealed data does not open here") from error
    return opened


class DataKey:
    """The key of one docket. Once its wrapped form is destroyed nothing sealed under it can be
    opened."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, row: str, data: bytes) -> bytes:
        """Encrypt data for one row."""
        return _encrypt(self._key, row.encode(), data)

    def open(self, row: str, blob: bytes) -> bytes:
        """Decrypt what was sealed for that row. Error: Tampered."""
        return _decrypt(self._key, row.encode(), blob)


class Vault:
    """Seals with the newest generation of keys and opens with the one named in the ciphertext."""

    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = keyring

    def seal(self, purpose: str, row: str, data: bytes) -> bytes:
        """Encrypt data of a purpose for one row, under the newest generation."""
        generation = self.keyring.current
        bound_to = f"{purpose}|{row}|{generation}".encode()
        return generation.to_bytes(2, "big") + _encrypt(
            self.keyring.derive(purpose, generation), bound_to, data
        )

    def open(self, purpose: str, row: str, blob: bytes) -> bytes:
        """Decrypt it. Error: Tampered when it was altered, belongs to another purpose or row, or is
        sealed under an unknown key."""
        generation = self._known(blob)
        bound_to = f"{purpose}|{row}|{generation}".encode()
        return _decrypt(self.keyring.derive(purpose, generation), bound_to, blob[2:])

    def reseal(self, purpose: str, row: str, blob: bytes) -> bytes:
        """The same data sealed under the newest generation; the same bytes when they already are.
        Error: Tampered."""
        if self._known(blob) == self.keyring.current:
            self.open(purpose, row, blob)
            return blob
        return self.seal(purpose, row, self.open(purpose, row, blob))

    def new_data_key(self, row: str) -> tuple[bytes, DataKey]:
        """A new data key for one row: its wrapped form, to be stored, and the key itself."""
        key = secrets.token_bytes(32)
        return self.seal("data key", row, key), DataKey(key)

    def unwrap(self, row: str, wrapped: bytes) -> DataKey:
        """The data key of that row from its wrapped form. Error: Tampered."""
        return DataKey(self.open("data key", row, wrapped))

    def _known(self, blob: bytes) -> int:
        """The generation a ciphertext names. One unknown here may have been added by another
        process meanwhile."""
        generation = int.from_bytes(blob[:2], "big")
        if generation not in self.keyring.generations:
            with suppress(OSError, KeyFileError):  # a file that cannot be read brings no key either
                self.keyring.refresh()
        if generation not in self.keyring.generations:
            raise Tampered("sealed under a key that is not in the key file")
        return generation


def vault() -> Vault:
    """The vault of the program that is running."""
    return current_app.extensions["vault"]
