"""Identities that no custodian opens alone: for every pair of custodians the key is split into two
halves, one for each.

One half says nothing about the key. Consent is given half by half, each sealed at once to the one
who asked; so neither a custodian nor the server holds the whole key while an identity is granted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from casework.vault.identity import WrongPassword
from casework.vault.sealing import Tampered


def seal_halves(public_keys: Iterable[bytes], data: bytes) -> bytes:
    """Seal data so that any two of the custodians open it together. Error: ValueError for fewer
    than two."""
    keys, content = list(dict.fromkeys(public_keys)), secrets.token_bytes(SecretBox.KEY_SIZE)
    if len(keys) < 2:
        raise ValueError("two custodians are needed")
    pairs = [_pair(a, b, content) for a, b in combinations(keys, 2)]
    return json.dumps(
        {"pairs": pairs, "data": _text(bytes(SecretBox(content).encrypt(data)))}
    ).encode()


def _pair(one: bytes, other: bytes, content: bytes) -> dict[str, str]:
    half = secrets.token_bytes(len(content))
    return {
        _text(one): _text(SealedBox(PublicKey(one)).encrypt(half)),
        _text(other): _text(SealedBox(PublicKey(other)).encrypt(_xor(half, content))),
    }


def takes_two(sealed: bytes) -> bool:
    """Whether it takes two custodians to open what is sealed."""
    return "pairs" in json.loads(sealed)


def openable(sealed: bytes, known: Iterable[bytes]) -> bool:
    """Whether the owners of those public keys can open it: two of them where it takes two, else
    one."""
    parts, names = json.loads(sealed), {_text(k) for k in known}
    if "pairs" in parts:
        return any(set(pair) <= names for pair in parts["pairs"])
    return bool(set(parts["boxes"]) & names)


def half_for(lock: bytes, privates: Iterable[PrivateKey], sealed: bytes) -> bytes:
    """A custodian's consent: the halves that their keys open, sealed to the one who asked
    (``lock``: a public key). Error: WrongPassword when it was not sealed to this custodian."""
    parts = json.loads(sealed)
    found = _halves(parts, privates)
    if not found:
        raise WrongPassword("not sealed to this custodian")
    to = SealedBox(PublicKey(lock))
    halves = {str(number): _text(to.encrypt(half)) for number, half in found.items()}
    return json.dumps({"of": _mark(parts), "halves": halves}).encode()


def joined(mine: bytes, earlier: Iterable[bytes], sealed: bytes) -> bytes | None:
    """The box for the one who asked, from two consents; None when they do not belong together (it
    was sealed anew)."""
    parts, last = json.loads(sealed), json.loads(mine)
    for other in map(json.loads, earlier):
        common = sorted(set(other["halves"]) & set(last["halves"]))
        if common and other["of"] == last["of"] == _mark(parts):
            return json.dumps(
                {"parts": [c["halves"][common[0]] for c in (other, last)], "data": parts["data"]}
            ).encode()
    return None


def is_box(box: bytes) -> bool:
    """Whether a box was made by :func:`joined`."""
    return "parts" in json.loads(box)


def open_box(private: PrivateKey, box: bytes) -> bytes:
    """The granted identity, with the key that the one-time code gives. Error: Tampered."""
    parts = json.loads(box)
    try:
        one, other = (SealedBox(private).decrypt(_raw(p)) for p in parts["parts"])
        return bytes(SecretBox(_xor(one, other)).decrypt(_raw(parts["data"])))
    except (CryptoError, ValueError) as error:
        raise Tampered("a sealed identity was altered") from error


def open_together(privates: Sequence[PrivateKey], sealed: bytes) -> bytes | None:
    """The identity, opened with the keys of two custodians who are both there; None when they do
    not open it."""
    parts = json.loads(sealed)
    mine = {_text(bytes(p.public_key)): SealedBox(p) for p in privates}
    for pair in parts["pairs"]:
        if set(pair) <= set(mine):
            one, other = (mine[name].decrypt(_raw(half)) for name, half in pair.items())
            return bytes(SecretBox(_xor(one, other)).decrypt(_raw(parts["data"])))
    return None


def _halves(parts: Any, privates: Iterable[PrivateKey]) -> dict[int, bytes]:
    """The halves that some keys open, by the number of their pair."""
    found: dict[int, bytes] = {}
    for private in privates:
        name = _text(bytes(private.public_key))
        for number, pair in enumerate(parts["pairs"]):
            if name in pair:
                found[number] = SealedBox(private).decrypt(_raw(pair[name]))
    return found


def _mark(parts: Any) -> str:
    return hashlib.sha256(_raw(parts["data"])).hexdigest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)
