"""Receipt codes (查询码): 22 random digits and 2 check digits in six groups of four; and short
codes of papers."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from casework.vault.keys import KeyRing

DIGITS = 24
# no 0/O, 1/I/L; no X, for a code that begins with WX or VX reads like the name of a WeChat account,
# and its paper would be blacked out in an outgoing file
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWYZ"


def _check(digits: str) -> str:
    """ISO 7064 MOD 97-10: finds every single slip and every swap of neighbours."""
    return f"{98 - int(digits + '00') % 97:02d}"


def new_code() -> str:
    """A new receipt code: 24 digits."""
    return code_from(secrets.token_bytes(32))


def code_from(secret: bytes) -> str:
    """The receipt code that 32 secret bytes give; each as likely as any other, but for a part in
    10^55. Error: ValueError for another number of bytes."""
    if len(secret) != 32:
        raise ValueError("32 bytes are needed")
    digits = f"{int.from_bytes(secret) % 10**22:022d}"
    return digits + _check(digits)


def normalise(text: str) -> str:
    """What a person typed, as plain digits: spaces and dashes left out, full-width digits taken."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c.isdigit() and c.isascii())


def valid(code: str) -> bool:
    """Whether the check digits hold; whether there is such a tip is not asked."""
    return (
        len(code) == DIGITS and code.isascii() and code.isdigit() and code[-2:] == _check(code[:-2])
    )


def grouped(code: str) -> str:
    """The code in six groups of four digits, as shown and printed."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def fingerprint(ring: KeyRing, code: str) -> bytes:
    """The keyed digest (BLAKE2b) of a code, which is stored in its place. The code has 73 random
    bits, so that a fast digest is enough."""
    return hashlib.blake2b(code.encode(), key=ring.derive("receipt"), digest_size=32).digest()


def short_code() -> str:
    """A new short code of a paper: eight characters that are not mistaken for each other."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))
