"""Identities sealed to the custodians: only a custodian's password, or the printed recovery key,
opens them.

The server holds public keys and sealed private keys; with the database and its own key file it
cannot read a name.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import unicodedata
from collections.abc import Iterable, Mapping

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from casework.vault.sealing import Tampered

_GROUPS, _GROUP = 10, 5  # of the recovery key: 166 bits
# passes, bytes
_COST = {"ops": pwhash.argon2id.OPSLIMIT_MODERATE, "mem": pwhash.argon2id.MEMLIMIT_INTERACTIVE}
_ONE_AT_A_TIME = threading.Lock()  # each stretching takes that memory


class WrongPassword(ValueError):
    """The password or recovery key does not open this custodian's key."""


def new_custodian(password: str) -> tuple[bytes, str]:
    """A custodian's record, to be stored, and the recovery key, to be printed once (ten groups of
    five digits)."""
    private = PrivateKey.generate()
    recovery = _recovery_key()
    record = {
        "cost": _COST,
        "public": _text(bytes(private.public_key)),
        "by_password": _lock(password, bytes(private), _COST),
        "by_recovery": _lock(_plain(recovery), bytes(private), _COST),
    }
    return json.dumps(record).encode(), recovery


def public_key(record: bytes) -> bytes:
    """The public key of a record."""
    return _raw(json.loads(record)["public"])


def seal_identity(public_keys: Iterable[bytes], data: bytes) -> bytes:
    """Seal data to several custodians; each of them can open it alone. Error: ValueError without
    any."""
    content = secrets.token_bytes(SecretBox.KEY_SIZE)
    boxes = {_text(k): _text(SealedBox(PublicKey(k)).encrypt(content)) for k in public_keys}
    if not boxes:
        raise ValueError("sealed to nobody")
    return json.dumps(
        {"boxes": boxes, "data": _text(bytes(SecretBox(content).encrypt(data)))}
    ).encode()


def open_identity(record: bytes, password: str, sealed: bytes) -> bytes:
    """Open with a custodian's password or recovery key. Errors: WrongPassword when it is another,
    or it was not sealed to this custodian; Tampered when it was altered."""
    return open_with(unlock(record, password), sealed)


def unlock(record: bytes, word: str) -> PrivateKey:
    """A custodian's private key, by password or recovery key: stretched once, for many identities.
    Error: WrongPassword."""
    return _private(record, word)


def opens_with_recovery(record: bytes, word: str) -> bool:
    """Whether a word, however its digits are typed, is the record's recovery key."""
    try:
        return _opened(record, "by_recovery", _plain(word)) is not None
    except CryptoError:
        return False


def open_with(private: PrivateKey, sealed: bytes) -> bytes:
    """Open with an unlocked key. Errors: WrongPassword when it was not sealed to it; Tampered when
    it was altered."""
    try:
        parts = json.loads(sealed)
        box, data = parts["boxes"].get(_text(bytes(private.public_key))), _raw(parts["data"])
        if box is not None:
            return bytes(SecretBox(SealedBox(private).decrypt(_raw(box))).decrypt(data))
    except (CryptoError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Tampered("a sealed identity was altered") from error
    raise WrongPassword("not sealed to this custodian")


def change_password(record: bytes, old: str, new: str) -> bytes:
    """The record with a new password; ``old`` is the present one or the recovery key, which stays.
    Error: WrongPassword."""
    private, parts = _private(record, old), json.loads(record)
    parts["by_password"] = _lock(new, bytes(private), parts["cost"])
    return json.dumps(parts).encode()


def reseal(record: bytes, password: str, sealed: bytes, public_keys: Iterable[bytes]) -> bytes:
    """The same identity sealed to other custodians. Errors: as ``open_identity``."""
    return seal_identity(public_keys, open_identity(record, password, sealed))


def sealed_to(sealed: bytes) -> frozenset[bytes]:
    """The public keys that an identity is sealed to."""
    return frozenset(map(_raw, json.loads(sealed)["boxes"]))


# -- for one reader and a limited time: a key that a code alone gives
def new_lock(code: str) -> bytes:
    """What is stored of a one-time code: the public half of a key that is derived from the code."""
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    public = PrivateKey(_stretched(code, salt, _COST)).public_key
    return json.dumps({"cost": _COST, "salt": _text(salt), "public": _text(bytes(public))}).encode()


def open_lock(lock: bytes, code: str) -> PrivateKey:
    """The private half, derived from the code again. Error: WrongPassword for any other code."""
    parts = json.loads(lock)
    private = PrivateKey(_stretched(code, _raw(parts["salt"]), parts["cost"]))
    if _text(bytes(private.public_key)) != parts["public"]:
        raise WrongPassword("not this code")
    return private


def _recovery_key() -> str:
    digits = f"{secrets.randbelow(10 ** (_GROUPS * _GROUP)):0{_GROUPS * _GROUP}d}"
    return " ".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))


def _plain(recovery: str) -> str:
    """The digits of a recovery key, however they were typed."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", recovery) if c.isascii() and c.isdigit()
    )


def _lock(word: str, secret: bytes, cost: Mapping[str, int]) -> str:
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    return _text(salt + bytes(SecretBox(_stretched(word, salt, cost)).encrypt(secret)))


def _stretched(word: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    with _ONE_AT_A_TIME:
        return bytes(
            pwhash.argon2id.kdf(SecretBox.KEY_SIZE, word.encode(), salt, cost["ops"], cost["mem"])
        )


def _private(record: bytes, word: str) -> PrivateKey:
    """The private key, by password or, where the word has as many digits as one, by recovery
    key."""
    recovery = _plain(word)
    tries = [("by_password", word)]
    if len(recovery) == _GROUPS * _GROUP:
        tries.append(("by_recovery", recovery))
    for name, tried in tries:
        try:
            return _opened(record, name, tried)
        except CryptoError:
            continue
    raise WrongPassword("neither password nor recovery key")


def _opened(record: bytes, name: str, word: str) -> PrivateKey:
    parts = json.loads(record)
    raw = _raw(parts[name])
    salt, locked = raw[: pwhash.argon2id.SALTBYTES], raw[pwhash.argon2id.SALTBYTES :]
    return PrivateKey(SecretBox(_stretched(word, salt, parts["cost"])).decrypt(locked))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)
