"""``flask tips import``: a list of tips from another bureau, dry or in earnest."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from casework.intake import bulk
from casework.intake.bulk_words import details, fate_word, why_bad
from casework.intake.columns import BadHeads
from casework.intake.sheets import BadSheet
from casework.people.models import Bureau
from casework.store import db

group = AppGroup("tips", help="Tips in lists.")


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(group)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would become of each row, and write nothing")
@click.option("--body", default="", help="the sending body, where no column says it")
@click.option("--number", default="", help="its document's number")
@click.option("--day", default="", help="its document's day, like 2026-11-23")
@click.option("--bureau", "code", default="", help="the receiving bureau's code; without, the first")
def import_command(file: Path, dry_run: bool, body: str, number: str, day: str, code: str) -> None:
    """Take in the tips of FILE (XLSX or CSV): all of them or none."""
    query = select(Bureau.id).order_by(Bureau.id)
    bureau_id = db.session.scalar(query.where(Bureau.code == code) if code else query)
    if bureau_id is None:
        raise click.ClickException("no such bureau")
    try:
        judged = bulk.judge(bureau_id, None, file.read_bytes(), bulk.Source(file.name, body, number, day))
    except (BadSheet, BadHeads) as error:
        raise click.ClickException(why_bad(error)) from None
    _show(judged)
    if judged.count("wrong"):
        raise click.ClickException("nothing was written: mend the rows above")
    if not dry_run and judged.may_go_on:
        _take(bureau_id, judged)


def _show(judged: bulk.Judged) -> None:
    """Fates by row number; not a word of what the rows say."""
    for row in judged.rows:
        if row.fate != "good":
            click.echo(f"{row.line}: {fate_word(row)} {'; '.join(details(row))}")
    click.echo(", ".join(f"{word}: {judged.count(fate)}" for fate, word in _FATES.items()))


_FATES = {"good": "good", "wrong": "wrong", "here": "here already"}


def _take(bureau_id: int, judged: bulk.Judged) -> None:
    with click.progressbar(length=judged.count("good"), label="taking in", file=sys.stderr) as bar:
        try:
            numbers = bulk.take_all(bureau_id, judged, progress=lambda _n: bar.update(1))
        except bulk.NotGood:
            raise click.ClickException("nothing was written: some of it came in meanwhile, look at it again") from None
    click.echo(f"taken in: {numbers[0]} – {numbers[-1]}" if len(numbers) > 1 else f"taken in: {numbers[0]}")
