"""Digests, and the canonical bytes of what is digested."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash


def sha256(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def sm3(data: bytes) -> str:
    """SM3 (GB/T 32905) as hex."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize().hex()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8. Error: TypeError for a float, whose text is
    not the same everywhere, and for a key that is no text, which would sort otherwise once read
    back."""
    _refuse_ambiguous(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_ambiguous(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("only text keys have a canonical form")
        for part in value.values():
            _refuse_ambiguous(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _refuse_ambiguous(part)


def salted_digest(salt: bytes, body: bytes) -> str:
    """SM3 over salt and body, as hex. The salt keeps short bodies from being guessed from the
    digest."""
    return sm3(len(salt).to_bytes(2, "big") + salt + body)
