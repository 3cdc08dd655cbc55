"""Standard phrases that ship with the program (``phrases.toml``): by step and text of its form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from casework.toml_file import read_toml

FILE = Path(__file__).with_name("phrases.toml")


@cache
def shipped_phrases() -> Mapping[str, Mapping[str, list[str]]]:
    """The phrases of each step, by the name of the field they are for."""
    return read_toml(FILE, dict[str, dict[str, list[str]]])
