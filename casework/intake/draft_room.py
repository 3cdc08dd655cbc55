"""How many drafts of tips, and how many bytes of words in them, the public side keeps: from one sender, and from all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.intake import drafts, flood
from casework.intake.uploading import day_total
from casework.procedure.settings import Settings


class Full(Exception):
    """No room for it at the moment; nothing was kept."""


def keep(key: str, alter: Callable[[dict[str, Any]], None], settings: Settings) -> dict[str, Any]:
    """Alter the draft (:func:`drafts.change`), where there is room for it; answers what it holds. Full otherwise."""
    new, sender = drafts.load(key) is None, flood.sender()
    limit, limit_one = (int(settings.number(f"flood.{name}")) for name in ("draft_bytes", "draft_bytes_one"))
    if (new and _many(settings)) or not day_total("words").room(limit, sender, limit_one):
        raise Full
    try:
        content, grown = drafts.change(key, alter)
    except drafts.TooLarge:
        raise Full from None
    if new:
        flood.count("drafts")
    day_total("words").add(grown, sender)
    return content


def _many(settings: Settings) -> bool:
    return flood.full("drafts", settings) or drafts.number() >= settings.number("flood.drafts_kept")
