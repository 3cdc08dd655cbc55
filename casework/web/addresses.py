"""Row numbers in addresses: one that no row can have is answered 404, before the database is
asked."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**31 - 1  # PostgreSQL's INTEGER


class RowNumber(IntegerConverter):
    """``<int:number>`` up to the largest number that a row may have; 404 beyond."""

    def __init__(self, of: Map) -> None:
        super().__init__(of, max=_LARGEST)


def init_app(app: Flask) -> None:
    """Set the converter; to be called before any page is known."""
    app.url_map.converters["int"] = RowNumber
