"""Our TOML files as typed records: msgspec reads them and refuses what the records do not declare
(decision 0060)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec

T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)
Path_ = tuple[str, ...]  # the tables that lead to a value: ("role", "clerk", "name")


class TomlError(ValueError):
    """A file that cannot be used. ``places``: of every table that is wrong, where it stands and
    what is wrong; ``faults``: the same in words, «role clerk: Object missing required field …»."""

    def __init__(self, places: list[tuple[Path_, str]], file: str = "") -> None:
        self.places = places
        self.faults = [": ".join(filter(None, (file, " ".join(at), what))) for at, what in places]
        super().__init__("\n".join(self.faults))


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a file: its fields are all the keys that it may have."""


def read_toml(file: Path, shape: type[T]) -> T:
    """A whole file as ``shape`` (a Row, or a dict of them). TomlError names file and table."""
    try:
        return typed(toml_tables(file.read_text("utf-8")), shape)
    except TomlError as error:
        raise TomlError(error.places, file.name) from error


def toml_tables(text: str) -> dict[str, Any]:
    """The tables of a text, untyped. TomlError with the line for what is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # its message ends with the line
        raise TomlError([((), f"not TOML: {error}")]) from error


def typed(raw: Mapping[str, Any], shape: type[T]) -> T:
    """Tables as ``shape``. TomlError with a place for each table that does not fit."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise TomlError(list(_places(raw, shape, ()))) from error


def with_ids(rows: Mapping[str, R]) -> dict[str, R]:
    """Rows that know by which name they stand in the file: their field ``id``."""
    return {key: msgspec.structs.replace(row, id=key) for key, row in rows.items()}


def _places(raw: Any, shape: Any, at: Path_) -> Iterator[tuple[Path_, str]]:
    """msgspec ends at the first fault and names no keys of a dict, so each member is tried."""
    try:
        msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        members = _members(raw, shape) if isinstance(raw, dict) else ()
        inner = [p for key, member in members for p in _places(raw[key], member, (*at, key))]
        yield from inner or [(at, str(error))]


def _members(raw: Mapping[str, Any], shape: Any) -> Iterator[tuple[str, Any]]:
    """The keys that a table has and may have, with the shape of each."""
    if get_origin(shape) in (dict, Mapping):
        yield from ((key, get_args(shape)[1]) for key in raw)
    elif isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        yield from (
            (f.encode_name, f.type) for f in msgspec.structs.fields(shape) if f.encode_name in raw
        )
