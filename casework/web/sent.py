"""What people send, as both databases can keep it: PostgreSQL has no NUL in its texts. Nobody types one; where one stands,
the sign for «unreadable» stands instead, as browsers show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, abort
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items

UNREADABLE = "\ufffd"


class Sent(ImmutableMultiDict[str, Any]):
    """Fields and files of one request."""

    def __init__(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        MultiDict.__init__(self, [(_clean(name), _clean(value)) for name, value in iter_multi_items(given or ())])


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", UNREADABLE)
    if isinstance(value, FileStorage) and value.filename:
        value.filename = _clean(value.filename)
    return value


def init_app(app: Flask) -> None:
    """No address of ours has a NUL in it."""
    app.url_value_preprocessor(_no_such_address)


def _no_such_address(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if any("\0" in value for value in (values or {}).values() if isinstance(value, str)):
        abort(404)
