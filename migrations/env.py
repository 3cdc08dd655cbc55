"""Alembic's environment: the app's engine, all tables of all rooms, foreign keys off while SQLite
tables are rebuilt."""

from __future__ import annotations

from alembic import context
from flask import current_app

from casework.store.tables import metadata

engine = current_app.extensions["migrate"].db.engine
target = metadata()


def run() -> None:
    """Run migrations in one write transaction.

    On SQLite foreign keys are off before it begins: rebuilding a table would otherwise empty its
    children through ON DELETE CASCADE without a word. Keys of a new instance are written now: from
    here on there is something to seal.
    """
    current_app.extensions["vault"].keyring.write()
    with engine.connect().execution_options(writes=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(connection=connection, target_metadata=target, render_as_batch=sqlite)
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration left broken references: {broken[:3]}")
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
