"""Shows the receipt once more where its answer was lost and the same page is sent again.

The code of such a tip is made from a secret in the preview page and a key of the server. Only its
fingerprint is kept: neither the server nor who finds the draft code can make it again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from flask import current_app
from itsdangerous import BadSignature

from casework.vault import receipt
from casework.web.signed_token import dated_signer, is_same

# seconds after the preview: a lost connection is noticed at once, and later somebody else may sit
# at the computer
AGE = 600


def ticket() -> str:
    """A fresh secret for one preview, signed and dated."""
    return str(dated_signer("once").dumps(secrets.token_urlsafe(24)))


def mark(once: str) -> str:
    """What the draft keeps, so that the code is that of its last preview and of no other."""
    return hashlib.blake2b(once.encode(), digest_size=16, person=b"casework.once").hexdigest()


def belongs(content: Mapping[str, Any], once: str) -> bool:
    """Whether the draft was looked over on the page that bears this ticket."""
    return is_same(str(content.get("once") or ""), mark(once))


def code_for_ticket(draft: str, once: str) -> str:
    """The receipt code of the tip that the page with this ticket sends; "" for a ticket that is too
    old or not ours."""
    try:
        dated_signer("once").loads(once, max_age=AGE)
    except BadSignature:
        return ""
    key = current_app.extensions["vault"].keyring.derive("receipt of a page")
    return receipt.code_from(
        hashlib.blake2b(f"{draft}|{once}".encode(), key=key, digest_size=32).digest()
    )
