"""Commands about papers: a sample of every document, the check of a PDF, the poster of the
channels, the handbook of the procedure."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from casework.papers import signing
from casework.papers import verify as verification
from casework.people.cli import bureau_named
from casework.people.may import today
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep import samples as catalogue
from letters.handbook import LANGUAGES, handbook_pdf

NOT_OURS = (verification.CHANGED, verification.DESTROYED, verification.UNKNOWN)


def init_app(app: Flask) -> None:
    """Add them to the group of papers."""
    group = app.cli.commands.get("papers") or AppGroup(
        "papers", help="Issued papers and the case file."
    )
    # ours
    assert isinstance(group, click.Group)  # noqa: S101
    for command in (samples, verify, poster, handbook):
        group.add_command(command)
    app.cli.add_command(group)


@click.command("samples")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def samples(folder: Path) -> None:
    """Write one PDF of every document, all variants, from the demonstration's dockets into
    FOLDER."""
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "samples come from the demonstration: «demo load» in an empty instance first"
        )
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data in catalogue.sample_papers(db.session()):
        (folder / f"{name}.pdf").write_bytes(data)
        count += 1
    click.echo(f"{count} documents in {folder}")


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether FILE is a paper of ours, unchanged or withdrawn; other files end with an
    error."""
    found = verification.judge(db.session(), file.read_bytes())
    name = (
        f"{procedure().papers[found.kind].name.zh} {found.number}, {found.on}: "
        if found.kind
        else ""
    )
    state, signer = signing.signature(file.read_bytes())
    signed = (
        f"; signature of {signer} {state}" if signer else ("; signature broken" if state else "")
    )
    if found.result in NOT_OURS or state == "broken":
        raise click.ClickException(f"{name}{found.result}{signed}")
    click.echo(f"{name}{found.result}{signed}")


@click.command("poster")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--url", required=True, help="address of the public pages, as the code on the poster gives it"
)
@click.option(
    "--bureau", "code", default="", help="whose poster it is, where there are several bureaus"
)
def poster(file: Path, url: str, code: str) -> None:
    """Write the public poster of the reporting channels with a QR code of URL to FILE."""
    file.write_bytes(catalogue.poster(bureau_named(code), url))
    click.echo(f"written: {file}")


@click.command("handbook")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True)
@click.option(
    "--bureau", "code", default="", help="whose handbook it is, where there are several bureaus"
)
def handbook(file: Path, language: str, code: str) -> None:
    """Write the handbook of the procedure, every step in the order of the road, to FILE."""
    file.write_bytes(handbook_pdf(procedure(), bureau_named(code).name, language, today()))
    click.echo(f"written: {file}")
