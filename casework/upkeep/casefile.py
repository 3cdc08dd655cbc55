"""The command that binds a case file."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import or_, select

from casework.archive import bound_file, bundles
from casework.docket.models import Docket, is_kind
from casework.papers.bind import Unreadable
from casework.store import db


def init_app(app: Flask) -> None:
    """Add it to the group of papers."""
    group = app.cli.commands.get("papers") or AppGroup(
        "papers", help="Issued papers and the case file."
    )
    # ours
    assert isinstance(group, click.Group)  # noqa: S101
    group.add_command(bind)
    app.cli.add_command(group)


@click.command("bind")
@click.argument("case")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(bundles.KINDS), default="internal", show_default=True)
@click.option(
    "--hide",
    type=click.File(encoding="utf-8"),
    help="further words to black out in an outgoing file, one a line",
)
def bind(case: str, folder: Path, kind: str, hide: TextIO | None) -> None:
    """Bind the file of CASE (its code or number) into FOLDER."""
    wanted = (
        select(Docket)
        .where(is_kind("case_file"), or_(Docket.code == case, Docket.number == case))
        .limit(2)
    )
    found = db.session.scalars(wanted).all()
    if len(found) != 1:
        raise click.ClickException(
            f"no case {case}" if not found else f"{case} names two cases: give its code"
        )
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{found[0].code}-{kind}.pdf"
    if target.exists():
        raise click.ClickException(f"{target} is there already")
    words = [w.strip() for w in hide or () if w.strip()]
    try:
        bound = bound_file.to_file(
            found[0], kind, target, lambda done: click.echo(f"\r{done}", nl=False, err=True), words
        )
    except Unreadable as error:
        raise click.ClickException(
            "; ".join(f"{title}: {why}" for title, why in error.faults)
        ) from error
    click.echo(f"\n{target}: {bound.documents} documents, {bound.pages} sides")
