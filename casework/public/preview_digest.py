"""A keyed digest on the preview page of exactly the words and files it shows.

Another tab, a late script, or a telephone on which the draft was resumed may change the draft
afterwards. Its digest differs then: nothing is sent, and both versions are shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from casework.web.signed_token import is_same, keyed_digest

# notes of the draft about itself; everything else in it is sent
OF_THE_DRAFT = ("rev", "once", "partial", "refused", "walks")


def proof(key: str, content: Mapping[str, Any]) -> str:
    """The digest of all that a draft would send; the draft's key is part of it."""
    sent = {name: value for name, value in content.items() if name not in OF_THE_DRAFT}
    text = json.dumps([key, sent], ensure_ascii=False, sort_keys=True)
    return keyed_digest("what a preview showed", text)


def was_shown(key: str, content: Mapping[str, Any], given: str) -> bool:
    """Whether the page that bears this digest showed what the draft holds."""
    return is_same(proof(key, content), given)
