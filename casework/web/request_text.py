"""Where every name, text and file name of a request enters the program.

Texts are kept as they came, less what no database can keep and the two ways in which machines end a
line (`casework.text.as_sent`). Nothing below this strips, folds or mends what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, abort
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items

from casework.text import as_sent
from casework.web.numbers import number_of


class Sent(ImmutableMultiDict[str, Any]):
    """Fields and files of one request."""

    def __init__(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        MultiDict.__init__(
            self, [(_taken(name), _taken(value)) for name, value in iter_multi_items(given or ())]
        )

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        """The value of a field, ``default`` without one; with ``type=int`` a number that a table
        can hold, however its digits are typed."""
        return super().get(key, default, _reader(type))

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        """All values of a field; those that are not of ``type`` are left out."""
        return super().getlist(key, _reader(type))


def _reader(kind: Any) -> Any:
    return number_of if kind is int else kind


def _taken(value: Any) -> Any:
    if isinstance(value, str):
        return as_sent(value)
    if isinstance(value, FileStorage) and value.filename:
        value.filename = as_sent(value.filename)
    return value


def init_app(app: Flask) -> None:
    """Answer 404 to addresses with a NUL in them."""
    app.url_value_preprocessor(_no_such_address)


def _no_such_address(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if any("\0" in value for value in (values or {}).values() if isinstance(value, str)):
        abort(404)
