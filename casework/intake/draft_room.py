"""How many drafts of tips, and how many bytes of words in them, the public side keeps: from one sender, and from all."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from casework.intake import drafts, flood
from casework.intake.uploading import day_total
from casework.procedure.settings import Settings


class Full(Exception):
    """No room for it at the moment; nothing was kept."""


def keep(key: str, alter: Callable[[dict[str, Any]], None], settings: Settings) -> dict[str, Any]:
    """Alter the draft (:func:`drafts.change`), where there is room for it; answers what it holds. Full otherwise."""
    sender = flood.sender()
    limit, limit_one = (int(settings.number(f"flood.{name}")) for name in ("draft_bytes", "draft_bytes_one"))
    if not day_total("words").room(limit, sender, limit_one):
        raise Full
    room = 0 if flood.full("drafts", settings) else int(settings.number("flood.drafts_kept"))
    try:
        kept = drafts.change(key, lambda content: _altered(content, alter), room)
    except (drafts.TooLarge, drafts.TooMany):
        raise Full from None
    if kept.new:
        flood.count("drafts")
    day_total("words").add(kept.grown, sender)
    return kept.content


def _altered(content: dict[str, Any], alter: Callable[[dict[str, Any]], None]) -> None:
    """Whatever changes a draft, it has to be looked over again before it is sent, unless the change says that it was. A
    request that comes late and changes nothing (words kept by the script while the preview was asked for) leaves it so."""
    before = deepcopy(content) if content.get("ready") else None
    content.pop("ready", None)
    alter(content)
    if before is not None and {**content, "ready": True} == before:
        content["ready"] = True
