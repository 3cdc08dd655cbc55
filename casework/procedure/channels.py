"""The channels of tips as data (``channels.toml``): what the paper form of each asks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from casework.procedure.model import Label

FILE = Path(__file__).with_name("channels.toml")


@dataclass(frozen=True)
class Channel:
    """One way on which tips arrive; ``asks`` and ``must`` are fields of the form that receives
    them."""

    id: str
    asks: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    original: bool = False
    informant: bool = False
    present: bool = False
    recorded: bool = True
    called: Mapping[str, Label] = field(default_factory=dict)


@cache
def channels() -> dict[str, Channel]:
    """Every channel, in the order of the file. TypeError for an unknown key in it."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {key: _channel(key, row) for key, row in rows.items()}


def _channel(key: str, row: Mapping[str, Any]) -> Channel:
    """A row of the file; what must be filled, or has a name of its own, has to be asked."""
    asks, must = tuple(row.get("asks", ())), tuple(row.get("must", ()))
    called = {name: Label(**words) for name, words in row.get("called", {}).items()}
    strange = {*must, *called} - set(asks)
    if strange:
        raise ValueError(f"channel {key}: not asked: {sorted(strange)}")
    flags = {k: v for k, v in row.items() if k not in ("asks", "must", "called")}
    return Channel(key, asks=asks, must=must, called=called, **flags)


def all_fields() -> frozenset[str]:
    """Every field that some channel asks."""
    return frozenset(f for c in channels().values() for f in c.asks)
