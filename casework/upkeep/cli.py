"""Commands: serve, tick, the procedure's check and picture, the verification of all journals."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from casework.acts.startup_check import check_procedure
from casework.archive import second_reading
from casework.docket.jobs import OPEN, STANDING, Job
from casework.evidence.uploads import scanner_of_before
from casework.mail import account
from casework.mail import cli as mail
from casework.people import anchors, clock, heads
from casework.people.lost_span import losses
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure import draw
from casework.procedure.load import FILE, ProcedureError, parse_procedure, procedure
from casework.reading.rule import ANSWERED, RED
from casework.store import db, utcnow
from casework.upkeep import nightly
from casework.upkeep import tick as clockwork
from casework.upkeep import verify as everything
from casework.upkeep.fault_words import fault_sentence, loss
from casework.web.filters import local

procedure_group = AppGroup("procedure", help="The procedure as data.")
journal_group = AppGroup("journal", help="The journals of all dockets.")
clock_group = AppGroup("clock", help="The machine's clock, held against the last round of time.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(procedure_group)
    app.cli.add_command(journal_group)
    app.cli.add_command(clock_group)
    app.cli.add_command(serve)
    app.cli.add_command(tick)
    app.cli.add_command(list_jobs)


@procedure_group.command("check")
@click.argument("file", default=str(FILE), type=click.Path(exists=True, dir_okay=False))
def check(file: str) -> None:
    """Check FILE (the shipped procedure) and name the line of every fault."""
    try:
        p = parse_procedure(Path(file).read_text("utf-8"))
        check_procedure(p)
    except ProcedureError as error:
        raise click.ClickException("\n" + "\n".join(error.faults)) from error
    click.echo(
        f"{len(p.tracks)} tracks, {len(p.steps)} steps, {len(p.clocks)} "
        f"clocks, {len(p.papers)} papers: no fault"
    )


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
@click.option(
    "--anchor",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="a file with lines that were carried away",
)
@click.option(
    "--quick",
    is_flag=True,
    help="what was written since the last whole look; without such a look everything",
)
def verify(files: tuple[str, ...], quick: bool) -> None:
    """Verify every journal, the chain over all of them, the signed heads beside the database, the
    rows, sums and numbers that entries made, and the sealed files; name what does not hold. The
    result stands on the first page of administrators and auditors.

    With --anchor FILE also against every line of an anchor found in FILE (a mail, a sheet typed
    in): that alone shows what somebody changed who holds this machine's keys."""
    carried = _anchors(files)
    try:
        found, faults = everything.verify_and_store(utcnow(), quick, carried)
    except OSError as error:
        raise click.ClickException(f"the result could not be kept: {error.strerror}") from None
    for bureau in db.session.scalars(select(Bureau).order_by(Bureau.id)):
        for lost in losses(db.session(), bureau.id):
            click.echo(loss(bureau.code, lost))
    for fault in faults:
        click.echo(fault_sentence(fault))
    if faults:
        raise click.ClickException(f"{len(faults)} faults: the journals do not hold")
    held = (
        "all journals hold" if found.whole else "what was written since the last whole look holds"
    )
    click.echo(held + (f", and so do {len(carried)} anchors" if carried else ""))
    if not found.signed:
        click.echo(
            "the newest entries are not signed beside the database yet: "
            "«tick», or a running server, does it",
            err=True,
        )


def _anchors(files: tuple[str, ...]) -> list[heads.Signed]:
    found = [
        a for file in files for a in anchors.found_in(Path(file).read_text("utf-8", "replace"))
    ]
    if files and not found:
        raise click.ClickException("no line of an anchor was found in what was given")
    return found


@journal_group.command("review")
def review() -> None:
    """Read every case and tip again by the rules of the law, apart from the checks of the steps; a
    line for each fault.

    Answered ones are named as such; the command fails while one is not."""
    found = {RED: 0, ANSWERED: 0}
    for docket, verdicts in second_reading.all_of_them(
        db.session(), current_app.extensions["vault"], today()
    ):
        for verdict in verdicts:
            for point in verdict.faults:
                found[point.state] += 1
                answered = " (answered)" if point.state == ANSWERED else ""
                name, one = docket.number or docket.code, verdict.rule
                click.echo(
                    f"{name}: entry {point.seq}: {one.id}: not so: {one.en}. {one.basis}{answered}"
                )
    if found[RED]:
        raise click.ClickException(
            f"{found[RED]} faults that nobody has answered, {found[ANSWERED]} answered"
        )
    click.echo(f"every case and tip holds, {found[ANSWERED]} faults are answered")


@journal_group.command("anchor")
def anchor() -> None:
    """Print the newest head of each bureau, a line each: keep it where nobody who runs this machine
    can reach it."""
    vault = current_app.extensions["vault"]
    for code, head in heads.newest_heads(db.session()).items():
        click.echo(heads.sign(vault.keyring, code, head, utcnow()).line)


@journal_group.command("sign-anew")
@click.option("--why", required=True, help="the auditor reads it")
def sign_anew(why: str) -> None:
    """Sign the journals of bureaus whose signed heads are gone (heads.json was deleted or damaged),
    as they stand now.

    Hold the newest anchor against them before («journal verify --anchor FILE»): whatever was cut
    off since the last whole verification is missed by nobody afterwards. It is entered in the
    journal of each bureau."""
    try:
        signed, broken = heads.sign_anew(why, utcnow())
    except (OSError, heads.Unreadable) as error:
        raise click.ClickException(f"heads.json cannot be read or written: {error}") from None
    for code in signed:
        click.echo(f"{code}: signed as it stands now; carry away a new anchor")
    for code in broken:
        click.echo(
            f"{code}: the chain does not hold, and is not signed; «journal verify» says where",
            err=True,
        )
    if broken:
        raise click.ClickException("not everything was signed")
    if not signed:
        click.echo("no head is missing: nothing was signed")


@click.command("jobs")
def list_jobs() -> None:
    """Name the jobs that are not over: what, how far, and whether their process died."""
    idle = Job.kind.in_(STANDING) & (Job.state == "waiting")
    for job in db.session.scalars(select(Job).where(Job.state.in_(OPEN), ~idle).order_by(Job.id)):
        click.echo(
            f"{job.id} {job.kind} {job.what} {job.shown_state}, {job.done} of {job.total}, "
            f"ordered {local(job.at)}"
        )


@click.command("tick")
def tick() -> None:
    """Do what time has brought about, and once a night verify the journals (for cron; the server
    does both by itself)."""
    done: dict[str, int | str] = {**clockwork.tick()}
    if kind := nightly.look_when_due():
        done["journals verified"] = kind
    click.echo(", ".join(f"{k}: {v}" for k, v in done.items()))


@clock_group.command("show")
def show_clock() -> None:
    """Say what the clock shows and whether it is doubted; with status 1 while it is."""
    if doubt := clock.doubt():
        raise click.ClickException(
            f"the clock shows {doubt.said['now']}, and the last round was "
            f"{doubt.said['last']}: if it is right, say "
            f"«clock confirm {today().isoformat()}»; else set it, and nothing needs confirming"
        )
    click.echo(f"the clock shows {local(utcnow())}: nothing speaks against it")


@clock_group.command("confirm")
@click.argument("day")
def confirm_clock(day: str) -> None:
    """Confirm that today is DAY (as 2026-11-30): what time has brought about happens with the next
    round."""
    if day != today().isoformat():
        raise click.ClickException(
            f"the clock shows {local(utcnow())}: that is another day, so set the clock first"
        )
    clock.confirm_today()
    click.echo(f"confirmed: today is {day}")


@click.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(port: int, host: str) -> None:
    """Serve with waitress and tick in the background."""
    from casework.web import catalogues, server

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        catalogues.compile_missing(Path(app.root_path, "translations"))
    except catalogues.NoWords as fault:
        raise click.ClickException(str(fault)) from None
    if not app.config["PUBLIC_URL"]:
        click.echo(
            "CASEWORK_URL is not set: papers carry no QR for the "
            "public and say nothing of scanning",
            err=True,
        )
    if scanner_of_before():
        click.echo(
            "the address of the virus scanner is no setting of a bureau any "
            "more, and the one that was set is ignored: "
            "nothing is scanned until CASEWORK_CLAMD names it",
            err=True,
        )
    for code in account.set_before():
        click.echo(
            f"the mail server of «{code}» is no setting of a bureau any "
            "more, and the one that was set is ignored: "
            f"no mail is read until mail-{code}.toml names it (docs/operators.md)",
            err=True,
        )
    clockwork.run_in_background(app)
    mail.run_in_background(app)  # beside it: a slow mail server holds up no deadline
    nightly.run_in_background(app)
    server.serve(app, host, port)
