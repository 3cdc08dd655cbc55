"""The database itself: engine settings, column types, the one way to write, and the triggers that
keep a journal whole."""

from casework.store.db import Model, db, table
from casework.store.types import SortText, UtcDateTime, utcnow
from casework.store.write import Busy, NestedWrite, at_end, hold_bureau, is_writing, writing

__all__ = [
    "Busy",
    "Model",
    "NestedWrite",
    "SortText",
    "UtcDateTime",
    "at_end",
    "db",
    "hold_bureau",
    "is_writing",
    "table",
    "utcnow",
    "writing",
]
