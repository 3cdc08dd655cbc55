"""The channels of tips as data (``channels.toml``): what the paper form of each asks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec import field

from casework.procedure.model import Label
from casework.toml_file import Row, read_toml, with_ids

FILE = Path(__file__).with_name("channels.toml")


class Channel(Row, frozen=True):
    """One way on which tips arrive; ``asks`` and ``must`` are fields of the form that receives
    them."""

    asks: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    original: bool = False
    informant: bool = False
    present: bool = False
    recorded: bool = True
    called: dict[str, Label] = field(default_factory=dict)
    id: str = ""


@cache
def channels() -> dict[str, Channel]:
    """Every channel, in the order of the file. TomlError for an unknown key in it, ValueError where
    what must be filled, or has a name of its own, is not asked."""
    found = with_ids(read_toml(FILE, dict[str, Channel]))
    for channel in found.values():
        if strange := {*channel.must, *channel.called} - set(channel.asks):
            raise ValueError(f"channel {channel.id}: not asked: {sorted(strange)}")
    return found


def all_fields() -> frozenset[str]:
    """Every field that some channel asks."""
    return frozenset(f for c in channels().values() for f in c.asks)
