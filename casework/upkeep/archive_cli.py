"""Commands of the archive room: note what was put away, finish confirmed destructions, give free
pages back."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from casework.archive import destroy, emptying, retention_rows
from casework.archive.records import Destruction
from casework.people.may import today
from casework.store import db

group = AppGroup("archive", help="Retention and destruction.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("sweep")
def sweep() -> None:
    """Note how long each file is kept that was put away since the last time (the server does it
    once a day)."""
    click.echo(f"{retention_rows.note_retention(today())} files noted")


@group.command("destroy")
def go_on() -> None:
    """Finish every confirmed batch; one that was interrupted is taken up where it stopped. Proposes
    and confirms nothing."""
    done = 0
    while more := destroy.work():
        done += more
    waiting = list(
        db.session.scalars(select(Destruction.number).where(Destruction.state == "confirmed"))
    )
    click.echo(f"{done} files dealt with")
    if waiting:
        raise click.ClickException(
            "not finished, another process is at it or still reads the database: "
            + ", ".join(waiting)
        )


@group.command("compact")
def compact() -> None:
    """Write the database anew without its free pages (VACUUM). Once after an update from a release
    that did not overwrite what it deleted; on PostgreSQL after each destruction. The database is
    locked meanwhile."""
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            # its statistics keep samples of what stood in the columns
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("VACUUM FULL")
    else:
        emptying.outside_transactions("VACUUM")
    if not emptying.log_is_clean():
        raise click.ClickException(
            "somebody still reads the database: stop the server and do it again"
        )
    click.echo("written anew")
