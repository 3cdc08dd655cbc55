"""Originals that may name the informant (a mail, an envelope): encrypted under a key that lies in
the sealed identity alone.

The server keeps bytes that it cannot open again; whoever is granted the identity opens them with
the same one-time code.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from casework.evidence.preview import SHOWN
from casework.evidence.uploads import Upload
from casework.vault.digest import sm3
from casework.vault.sealing import Tampered

SEALED_TO_CUSTODIANS = "application/x-casework-sealed-original"
MAIL = "message/rfc822"


@dataclass(frozen=True)
class SealedOriginal:
    """An original as the identity names it: its title, its name in the store, media type and
    digest."""

    title: str
    stored: str
    media_type: str
    sm3: str  # of the clear bytes


@dataclass(frozen=True)
class Original:
    """An original that was opened and compared with its digest."""

    title: str
    media_type: str
    data: bytes
    sm3: str


def new_tip_key() -> bytes:
    """A new random key for the originals of one tip."""
    return secrets.token_bytes(SecretBox.KEY_SIZE)


def part_of_identity(key: bytes, kept: Iterable[SealedOriginal]) -> dict[str, Any]:
    """The part of an identity that says how its originals are opened: their key, and where they
    are."""
    return {"key": base64.b64encode(key).decode(), "originals": [k.__dict__ for k in kept]}


def seal_original(
    key: bytes, title: str, media_type: str, raw: bytes, public_title: str
) -> tuple[SealedOriginal, Upload]:
    """Encrypt one original; answers how the identity names it, and the file as the docket lists it
    under ``public_title`` (with the digests of what lies on the disk)."""
    stored = current_app.extensions["sealed_store"].put(bytes(SecretBox(key).encrypt(raw)))
    kept = SealedOriginal(title, stored.name, media_type, sm3(raw))
    return kept, Upload(
        public_title, SEALED_TO_CUSTODIANS, stored.size, stored.sha256, stored.sm3, stored.name
    )


def seal_scans(scans: Iterable[Upload], public_title: str) -> tuple[dict[str, Any], list[Upload]]:
    """Seal scans that a clerk has uploaded; answers the part of the identity about them, and the
    sealed files. What lay here before, with its working copy, is deleted by the caller once the tip
    is committed."""
    store, key = current_app.extensions["sealed_store"], new_tip_key()
    pairs = [
        seal_original(key, u.title, u.media_type, store.read(u.stored), f"{public_title} {n}")
        for n, u in enumerate(scans, 1)
    ]
    return part_of_identity(key, [k for k, _u in pairs]), [u for _k, u in pairs]


def can_be_sealed(upload: Upload) -> bool:
    """Whether a file can be an original: a picture or a PDF, which can be shown without handing out
    the file."""
    return upload.media_type in SHOWN


def named_originals(identity: Mapping[str, Any]) -> list[SealedOriginal]:
    """The originals that an opened identity names."""
    return [SealedOriginal(**k) for k in identity.get("originals", [])]


def open_original(identity: Mapping[str, Any], kept: SealedOriginal) -> Original:
    """One of the originals, decrypted. Error: Tampered when it is not what was sealed."""
    sealed = current_app.extensions["sealed_store"].read(kept.stored)
    try:
        data = bytes(SecretBox(base64.b64decode(identity["key"])).decrypt(sealed))
    except (CryptoError, ValueError, KeyError) as error:
        raise Tampered("an original was altered") from error
    if sm3(data) != kept.sm3:
        raise Tampered("an original was altered")
    return Original(kept.title, kept.media_type, data, kept.sm3)
