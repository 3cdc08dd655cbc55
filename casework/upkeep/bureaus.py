"""Commands about bureaus: a city or a province keeps many in one program, each with people, numbers
and pages of its own."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.docket.models import Docket
from casework.people import heads
from casework.people.cli import bureau_named, new_admin
from casework.people.models import Bureau, Person, Township, Unit
from casework.people.row_journal import note_where
from casework.store import db, table, utcnow, writing

CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
group = AppGroup("bureau", help="The bureaus that share this program.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--prefix", required=True, help="what its official numbers begin with, e.g. 万统")
@click.option("--area", default="", help="code of its area, six digits")
@click.option("--superior", default="", help="the statistical body above it")
@click.option("--government", default="", help="the government it belongs to")
@click.option("--court", default="", help="the court that suits go to")
@click.option("--townships", "file", type=_FILE, help="CSV of its townships: code, name")
def add(code: str, name: str, file: Path | None, **facts: str) -> None:
    """Add the bureau NAME under CODE (small letters, in addresses), with an administrator
    «admin-CODE»."""
    if not CODE.fullmatch(code):
        raise click.ClickException(
            "a code has 2 to 31 small letters, digits or dashes and begins with a letter"
        )
    if facts["area"] and not re.fullmatch(r"\d{6}", facts["area"]):
        raise click.ClickException("the code of an area has six digits")
    login = f"admin-{code}"
    with writing() as session:
        _free(session, code, name, facts["prefix"], login)
        bureau = Bureau(code=code, name=name, **facts)
        session.add(bureau)
        session.flush()
        number = _take_townships(session, bureau, file.read_bytes()) if file else 0
        password = new_admin(session, bureau, login)
    heads.sign_heads(db.session(), utcnow())  # from its first hour on
    click.echo(f"{name} added with {number} townships; its public pages are under /?bureau={code}")
    click.echo(
        f"its administrator: name «{login}», one-time password "
        f"«{password}» (to be changed at first sign-in)"
    )
    click.echo(
        "its first leader, who confirms what the administrator wants: "
        f"«people first-leader LOGIN NAME --bureau {code}»"
    )


def _free(session: Session, code: str, name: str, prefix: str, login: str) -> None:
    """Two bureaus of one name or prefix would issue papers that nobody can tell apart."""
    for column, value in (
        (Bureau.code, code),
        (Bureau.name, name),
        (Bureau.prefix, prefix),
        (Person.login, login),
    ):
        if session.scalar(select(column).where(column == value)):
            raise click.ClickException(f"«{value}» is taken already")


@group.command("townships")
@click.argument("code")
@click.argument("file", type=_FILE)
@click.option(
    "--only",
    is_flag=True,
    help="take away those that FILE does not name; not once there are tips or units",
)
def townships(code: str, file: Path, only: bool) -> None:
    """Add the townships of FILE (CSV: code, name) to the bureau CODE, or rename those it has; all
    or nothing."""
    bureau_id = bureau_named(code).id
    with writing() as session:
        if only:
            _forget_townships(session, bureau_id)
        number = _take_townships(session, session.get_one(Bureau, bureau_id), file.read_bytes())
    click.echo(f"{number} townships added or renamed")


def _forget_townships(session: Session, bureau_id: int) -> None:
    """For a bureau that begins: what is recorded already keeps the names that it was recorded
    under."""
    used = [(Docket, Docket.bureau_id), (Unit, Unit.bureau_id)]
    if any(
        session.scalar(select(func.count()).select_from(model).where(of == bureau_id))
        for model, of in used
    ):
        raise click.ClickException(
            "nothing was changed: there are tips or units already, which may name these townships"
        )
    note_where(session, table(Township), Township.bureau_id == bureau_id)
    session.execute(delete(Township).where(Township.bureau_id == bureau_id))


def _take_townships(session: Session, bureau: Bureau, content: bytes) -> int:
    rows = _township_rows(content)
    for line, row in enumerate(rows, 1):
        code, name = (*(cell.strip() for cell in row), "", "")[:2]
        if not re.fullmatch(r"\d{6,12}", code) or not 0 < len(name) <= 60:
            raise click.ClickException(
                f"nothing was changed: row {line} is no code (6 to 12 digits) and name"
            )
        there = session.get(Township, code)
        if there is None:
            session.add(Township(code=code, bureau_id=bureau.id, name=name))
        elif there.bureau_id != bureau.id:
            raise click.ClickException(f"nothing was changed: {code} is another bureau's")
        else:
            there.name = name
    return len(rows)


def _township_rows(content: bytes) -> list[list[str]]:
    """The rows of a table of townships that hold something, without its heading."""
    lines = csv.reader(io.StringIO(_text(content)))
    rows = [row for row in lines if any(cell.strip() for cell in row)]
    heading = bool(rows) and not rows[0][0].strip().isdigit()
    return rows[1:] if heading else rows


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            raise click.ClickException("the file is neither UTF-8 nor GB 18030") from None


@group.command("list")
def listing() -> None:
    """Print code and name of every bureau."""
    for row in db.session.execute(select(Bureau.code, Bureau.name).order_by(Bureau.id)):
        click.echo(f"{row.code}\t{row.name}")
