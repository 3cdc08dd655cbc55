"""``flask --app app draw``: repeat a draw from its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import inspect, select

from casework.double_random import lots
from casework.double_random.models import RandomDraw
from casework.store import db

group = AppGroup("draw", help="Random draws of units and their officers.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Repeat the draw in FILE, as its page gave it, and say whether everything is as drawn."""
    said = _read(file)
    frame: dict[str, Any] = said["frame"]
    digest = lots.frame_digest(frame)
    click.echo(f"digest of the frame: {digest}")
    _hold(digest == said["digest"], "the frame is not the one with the digest in the file")
    click.echo(_committed(digest))
    if not said["number"]:
        click.echo("not drawn yet")
        return
    again = [[d.unit, list(d.officers)] for d in lots.draw_units(frame, said["number"])]
    _hold(again == said["drawn"], "these lots draw others")
    names = {u["id"]: u["name"] for u in frame["units"]}
    officers = {o["id"]: o["name"] for o in frame["officers"]}
    click.echo(f"public number: {said['number']}")
    for place, (unit, pair) in enumerate(lots.draw_units(frame, said["number"]), 1):
        click.echo(f"{place}. {names[unit]}: {'、'.join(officers[o] for o in pair) or '—'}")
    click.echo("holds: the same units and officers are drawn")


def _read(file: Path) -> dict[str, Any]:
    """The parts of the file. Error: a message of click for what is no file of a draw."""
    try:
        said = json.loads(file.read_text("utf-8"))
        lots.read_frame(said["frame"])
        return {key: said[key] for key in ("frame", "digest", "number", "drawn")}
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{file.name} is no file of a draw: {error}") from error


def _committed(digest: str) -> str:
    """What this instance knows of the digest."""
    if not inspect(db.engine).has_table(RandomDraw.__tablename__):
        return "this instance has no draws to compare with"
    known = db.session.scalar(select(RandomDraw).where(RandomDraw.digest == digest))
    if known is None:
        return "this instance knows no draw of that digest"
    return f"committed here: {known.at:%Y-%m-%d %H:%M} UTC, number of {known.public_day}"


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise click.ClickException(f"does not hold: {otherwise}")
