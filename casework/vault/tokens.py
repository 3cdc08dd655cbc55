"""Search without words: keyed tokens of single characters and overlapping pairs.

Every text that contains a query has all the query's tokens; the few that have them without
containing it are told apart by looking at the text itself. So recall is that of LIKE, exactly.
"""

from __future__ import annotations

import hashlib
import re

from casework.text import folded
from casework.vault.keys import KeyRing

_SHORT_NAME = re.compile("[\u3400-\u9fff\U00020000-\U000323af]{3,20}")


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


def short_name_tokens(name: str) -> set[str]:
    """The tokens that every name has which the short name can stand for; none where it is no short
    name: it has three Chinese characters at least, and nothing else."""
    clear = folded(name)
    return {clear[:2], *clear[2:]} if _SHORT_NAME.fullmatch(clear) else set()


def stands_for(name: str, short: str) -> bool:
    """Whether the short name can stand for the name: its first two characters stand together in it,
    and the others follow in their order (豪达房产: 丰都县豪达房地产开发有限公司)."""
    clear, short = folded(name), folded(short)
    begins = clear.find(short[:2])
    if begins < 0:
        return False
    rest = iter(clear[begins + 2 :])
    return all(char in rest for char in short[2:])
