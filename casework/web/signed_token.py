"""Signed tokens: what a page or a mail carries away and brings back, each for one purpose.

A token of one purpose is none of another. Rows of the database have seals instead
(:mod:`casework.people.seals`).
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer


def dated_signer(purpose: str) -> URLSafeTimedSerializer:
    """Makes tokens for a purpose (``dumps``) that say when they were made, and reads them
    (``loads``, with ``max_age`` in seconds). Error of ``loads``: BadSignature for one that is too
    old or not ours."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=purpose)


def signer(purpose: str) -> URLSafeSerializer:
    """The same without a day: its tokens hold as long as the instance's keys."""
    return URLSafeSerializer(current_app.secret_key or "", salt=purpose)


def keyed_digest(purpose: str, data: str, size: int = 32) -> str:
    """A digest of ``size`` bytes that only this instance can make, in hexadecimal."""
    key = current_app.extensions["vault"].keyring.derive(purpose)
    return hashlib.blake2b(data.encode(), key=key, digest_size=size).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two digests are the same, compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
