"""Names every module that defines tables, for migrations and for tests that look at all of them."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

from casework.store.db import Model

ROOMS = ("people", "docket", "papers", "evidence", "informants", "intake", "disclosure", "archive")


def metadata() -> MetaData:
    """The tables of all rooms, once their modules are imported."""
    for room in ROOMS:
        import_module(f"casework.{room}.models")
    import_module("casework.docket.work")
    import_module("casework.docket.jobs")
    import_module("casework.docket.turns")
    import_module("casework.archive.records")
    return Model.metadata
