"""The one SQLAlchemy object, and how its connections behave on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, ExceptionContext, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base with predictable constraint names, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


class Model(Base):
    """Base of every table of ours."""

    __abstract__ = True


db = SQLAlchemy(model_class=Base)


def table(model: type[Model]) -> Table:
    """The model's table, for statements that go past the session: they flush nothing and build no
    objects."""
    return cast(Table, model.__table__)


_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE slips past the append-only triggers
    "PRAGMA busy_timeout=10000",
    # what is deleted or changed is overwritten: no free page keeps what a docket held
    "PRAGMA secure_delete=ON",
)


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves, see _on_begin
        for pragma in _PRAGMAS:
            connection.execute(pragma)


@event.listens_for(Engine, "handle_error")
def _on_error(context: ExceptionContext) -> None:
    """PostgreSQL adds the whole row that it refused. Of what it says the first line stays, without
    the row: whoever starts a command, or gets what cron mails, reads what failed and nothing of
    anybody's."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if not hasattr(error, "diag"):  # of psycopg alone
        return
    said = str(error)
    first = said.split("\n", 1)[0]
    error.args = (first,)
    if wrapped is not None:
        wrapped.args = tuple(
            a.replace(said, first) if isinstance(a, str) else a for a in wrapped.args
        )


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    """Writers take SQLite's lock at once; a reader that became a writer would fail without
    waiting."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
