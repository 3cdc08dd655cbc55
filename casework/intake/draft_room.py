"""How many drafts of tips, and how many bytes of words in them, the public side keeps: from one
sender, and from all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.intake import drafts, rate_limit
from casework.intake.upload_limits import day_total
from casework.procedure.settings import Settings
from casework.web.sender import sender


class Full(Exception):
    """As many drafts or bytes as may be are kept at the moment; nothing was stored."""


NOT_KEPT = (Full, drafts.Discarded, drafts.TooLarge)


def store_draft(
    key: str, alter: Callable[[dict[str, Any]], None], settings: Settings
) -> dict[str, Any]:
    """Alter the draft (:func:`drafts.change`), where there is room for it; answers what it holds.

    Full where so much comes in that there is none, drafts.TooLarge for one that is too long however
    little comes in, drafts.Discarded for one that its person has thrown away.
    """
    who = sender()
    limit, limit_one = (
        int(settings.number(f"flood.{name}")) for name in ("draft_bytes", "draft_bytes_one")
    )
    if not day_total("words").room(limit, who, limit_one):
        raise Full
    room = 0 if rate_limit.full("drafts", settings) else int(settings.number("flood.drafts_kept"))
    try:
        kept = drafts.change(key, alter, room)
    except drafts.TooMany:
        raise Full from None
    if kept.new:
        rate_limit.count_request("drafts")
    day_total("words").add(kept.grown, who)
    return kept.content
