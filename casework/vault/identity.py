"""Identities sealed to the custodians: only a custodian's password, or the printed recovery key, opens them.

The server holds public keys and sealed private keys; with the database and its own key file it cannot read a name.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox


class WrongPassword(ValueError):
    """The password or recovery key does not open this custodian's key."""


def new_custodian(password: str) -> tuple[bytes, str]:
    """A custodian's record, to be stored, and the recovery key to be printed once (ten groups of five)."""
    private = PrivateKey.generate()
    recovery = _recovery_key()
    record = {
        "public": _text(bytes(private.public_key)),
        "by_password": _lock(password, bytes(private)),
        "by_recovery": _lock(_plain(recovery), bytes(private)),
    }
    return json.dumps(record).encode(), recovery


def public_key(record: bytes) -> bytes:
    """The public half."""
    return _raw(json.loads(record)["public"])


def seal_identity(public_keys: Iterable[bytes], data: bytes) -> bytes:
    """Seal to several custodians; each of them can open it alone. ValueError without any."""
    content = secrets.token_bytes(SecretBox.KEY_SIZE)
    boxes = {_text(k): _text(SealedBox(PublicKey(k)).encrypt(content)) for k in public_keys}
    if not boxes:
        raise ValueError("sealed to nobody")
    return json.dumps({"boxes": boxes, "data": _text(bytes(SecretBox(content).encrypt(data)))}).encode()


def open_identity(record: bytes, password: str, sealed: bytes) -> bytes:
    """Open with a custodian's password or recovery key; WrongPassword when it is not the one, or it was not sealed to
    this custodian."""
    private, parts = _private(record, password), json.loads(sealed)
    box = parts["boxes"].get(_text(bytes(private.public_key)))
    if box is None:
        raise WrongPassword("not sealed to this custodian")
    content = SealedBox(private).decrypt(_raw(box))
    return bytes(SecretBox(content).decrypt(_raw(parts["data"])))


def change_password(record: bytes, old: str, new: str) -> bytes:
    """The record with a new password; ``old`` may be the recovery key, which stays."""
    private, parts = _private(record, old), json.loads(record)
    parts["by_password"] = _lock(new, bytes(private))
    return json.dumps(parts).encode()


def reseal(record: bytes, password: str, sealed: bytes, public_keys: Iterable[bytes]) -> bytes:
    """The same identity sealed to other custodians (rotation)."""
    return seal_identity(public_keys, open_identity(record, password, sealed))


def _recovery_key() -> str:
    digits = f"{secrets.randbelow(10**50):050d}"
    return " ".join(digits[i : i + 5] for i in range(0, 50, 5))


def _plain(recovery: str) -> str:
    return "".join(recovery.split())


def _lock(password: str, secret: bytes) -> str:
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    return _text(salt + bytes(SecretBox(_stretched(password, salt)).encrypt(secret)))


def _stretched(password: str, salt: bytes) -> bytes:
    return bytes(
        pwhash.argon2id.kdf(
            SecretBox.KEY_SIZE, password.encode(), salt, opslimit=pwhash.argon2id.OPSLIMIT_MODERATE,
            memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
        )
    )  # fmt: skip


def _private(record: bytes, password: str) -> PrivateKey:
    parts = json.loads(record)
    for name, word in (("by_password", password), ("by_recovery", _plain(password))):
        raw = _raw(parts[name])
        salt, locked = raw[: pwhash.argon2id.SALTBYTES], raw[pwhash.argon2id.SALTBYTES :]
        try:
            return PrivateKey(SecretBox(_stretched(word, salt)).decrypt(locked))
        except CryptoError:
            continue
    raise WrongPassword("neither password nor recovery key")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)
