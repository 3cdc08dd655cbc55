"""Search without words: keyed tokens of single characters and overlapping pairs.

Every text that contains a query has all the query's tokens; the few that have them without
containing it are told apart by looking at the text itself. So recall is that of LIKE, exactly.
"""

from __future__ import annotations

import hashlib

from casework.text import folded
from casework.vault.keys import KeyRing


def tokens(text: str) -> set[str]:
    """Single characters and pairs of neighbours."""
    clear = folded(text)
    return {c for c in clear if c != " "} | {clear[i : i + 2] for i in range(len(clear) - 1)}


def query_tokens(query: str) -> set[str]:
    """The fewest tokens that every text containing the query has: its pairs, or its one
    character."""
    clear = folded(query)
    return {clear[i : i + 2] for i in range(len(clear) - 1)} if len(clear) > 1 else set(clear)


def keyed(ring: KeyRing, bureau_id: int, words: set[str]) -> list[bytes]:
    """Eight bytes for each token, different in every bureau."""
    key = ring.derive(f"search:{bureau_id}")
    return sorted(hashlib.blake2b(w.encode(), key=key, digest_size=8).digest() for w in words)


def matches(text: str, query: str) -> bool:
    """Whether the text contains the query, as people would say."""
    return folded(query) in folded(text)
