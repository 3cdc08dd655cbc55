"""``flask tips import``: a list of tips from another bureau, dry or in earnest."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from casework.intake import bulk
from casework.intake.bulk_words import (
    code_as_taken,
    code_note,
    details,
    fate_word,
    part_words,
    why_bad,
)
from casework.intake.columns import BadHeads
from casework.intake.sheets import BadSheet
from casework.intake.tables import CHOICES
from casework.people.models import Bureau
from casework.store import db

group = AppGroup("tips", help="Tips in lists.")


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(group)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="say what would become of each row, and write nothing"
)
@click.option("--body", default="", help="the sending body, where no column says it")
@click.option("--number", default="", help="its document's number")
@click.option("--day", default="", help="its document's day, like 2026-11-23")
@click.option(
    "--bureau", "code", default="", help="the receiving bureau's code; without, the first"
)
@click.option(
    "--hidden", type=click.Choice(CHOICES), help="what to do with hidden rows, columns and sheets"
)
@click.option(
    "--without-other-sheets",
    is_flag=True,
    help="go on though there are sheets that are no list of tips",
)
def import_command(
    file: Path,
    dry_run: bool,
    body: str,
    number: str,
    day: str,
    code: str,
    hidden: str | None,
    without_other_sheets: bool,
) -> None:
    """Take in the tips of FILE (XLSX or CSV): all of them or none."""
    choice = dict.fromkeys(("rows", "columns", "sheets"), hidden) if hidden else {}
    choice |= {"others": "leave"} if without_other_sheets else {}
    query = select(Bureau.id).order_by(Bureau.id)
    bureau_id = db.session.scalar(query.where(Bureau.code == code) if code else query)
    if bureau_id is None:
        raise click.ClickException("no such bureau")
    try:
        source = bulk.HandoverSource(file.name, body, number, day)
        judged = bulk.judge(bureau_id, None, file.read_bytes(), source, choice)
    except (BadSheet, BadHeads) as error:
        raise click.ClickException(why_bad(error)) from None
    _show(judged)
    if judged.count("wrong"):
        raise click.ClickException("nothing was written: mend the rows above")
    if judged.open:
        raise click.ClickException(
            "nothing was written: say --hidden take or --hidden leave, --without-other-sheets"
        )
    if not dry_run and judged.may_go_on:
        _take(bureau_id, judged)


def _show(judged: bulk.Judged) -> None:
    """What would go unseen, then fates by row number, and the codes that a person should look
    at."""
    for part in judged.parts:
        click.echo(part_words(part))
    for row in judged.rows:
        where = f"{row.sheet} {row.line}" if len(judged.sheets) > 1 else str(row.line)
        if row.fate != "good":
            click.echo(f"{where}: {fate_word(row)} {'; '.join(details(row))}")
        elif note := code_note(row):
            click.echo(f"{where}: {code_as_taken(row)}. {note}")
    click.echo(
        ", ".join(
            f"{word}: {judged.count(fate)}" for fate, word in _FATES.items() if _said(judged, fate)
        )
    )


def _said(judged: bulk.Judged, fate: str) -> bool:
    return fate not in ("hidden", "left") or judged.count(fate) > 0


_FATES = {
    "good": "good",
    "wrong": "wrong",
    "here": "here already",
    "hidden": "hidden",
    "left": "left out",
}


def _take(bureau_id: int, judged: bulk.Judged) -> None:
    with click.progressbar(length=judged.count("good"), label="taking in", file=sys.stderr) as bar:
        try:
            numbers = bulk.take_all(bureau_id, judged, progress=lambda _n: bar.update(1))
        except bulk.NotGood:
            raise click.ClickException(
                "nothing was written: some of it came in meanwhile, look at it again"
            ) from None
    click.echo(
        f"taken in: {numbers[0]} – {numbers[-1]}" if len(numbers) > 1 else f"taken in: {numbers[0]}"
    )
