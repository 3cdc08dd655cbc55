"""Commands: serve, tick, the procedure's check and picture, the verification of all journals."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from casework.acts.soundness import check_procedure
from casework.docket import journal
from casework.procedure import draw
from casework.procedure.load import FILE, ProcedureError, procedure, read
from casework.store import db
from casework.upkeep import tick as clockwork

procedure_group = AppGroup("procedure", help="The procedure as data.")
journal_group = AppGroup("journal", help="The journals of all dockets.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(procedure_group)
    app.cli.add_command(journal_group)
    app.cli.add_command(serve)
    app.cli.add_command(tick)


@procedure_group.command("check")
@click.argument("file", default=str(FILE), type=click.Path(exists=True, dir_okay=False))
def check(file: str) -> None:
    """Check FILE (the shipped procedure) and name the line of every fault."""
    try:
        p = read(Path(file).read_text("utf-8"))
        check_procedure(p)
    except ProcedureError as error:
        raise click.ClickException("\n" + "\n".join(error.faults)) from error
    click.echo(f"{len(p.tracks)} tracks, {len(p.steps)} steps, {len(p.clocks)} clocks, {len(p.papers)} papers: no fault")


@procedure_group.command("draw")
@click.option("--svg", type=click.Path(dir_okay=False), help="write the picture to this file")
@click.option("--language", default="zh", help="zh or en")
def draw_command(svg: str | None, language: str) -> None:
    """Draw the procedure: as lines, or as a picture with --svg."""
    if svg:
        Path(svg).write_text(draw.picture(procedure(), language), "utf-8")
        click.echo(f"written: {svg}")
    else:
        click.echo(draw.text(procedure(), language))


@journal_group.command("verify")
def verify() -> None:
    """Verify every chain against itself and the heads kept outside the database; name the first broken entry of each."""
    faults = list(journal.verify(db.session(), current_app.extensions["vault"], clockwork.kept_heads()))
    for fault in faults:
        click.echo(f"{fault.docket}: entry {fault.seq}: {fault.what}")
    if faults:
        raise click.ClickException(f"{len(faults)} journals do not hold")
    click.echo("all journals hold")


@click.command("tick")
def tick() -> None:
    """Do what time has brought about (for cron; the server does it by itself)."""
    done = clockwork.tick()
    swept = clockwork.sweep_orphans()
    click.echo(", ".join(f"{k}: {v}" for k, v in done.items()) + f", files swept: {swept}")


@click.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(port: int, host: str) -> None:
    """Serve with waitress, 8 threads, and tick in the background."""
    from waitress import serve as run

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    clockwork.run_in_background(app)
    largest = 96 * 1024 * 1024  # bytes of a request; kept in memory as a whole, never spooled in clear to a disk
    run(app, host=host, port=port, threads=8, ident="casework", max_request_body_size=largest, inbuf_overflow=largest + 1)
