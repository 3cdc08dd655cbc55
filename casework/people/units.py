"""The unit register (调查对象名录) brought in from a CSV or XLSX: all of it or nothing.

A province has a million units: the file is read a line at a time into a table of this
transaction's own, and the database
itself finds which stand twice, which are new and which are known. A unit is known by its code, and
one without a code by
its name, as names are compared, within its township.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.people.cli import bureau_named
from casework.people.models import Bureau, Township, Unit
from casework.people.unit_lines import (
    BadRegister,
    Fault,
    Faults,
    Reader,
    detect_encoding,
    judged,
)
from casework.store import table, writing
from casework.text import folded_name

BATCH = 1000  # rows of a statement: more at once keep Python's collector busy
_FIELDS = (
    "name",
    "credit_code",
    "township",
    "kind",
    "folded_name",
    "address",
    "representative",
)
_KEPT = ("address", "representative")  # a file that does not say them leaves them as they are
_COMING = Table(
    "unit_coming",
    MetaData(),
    Column("line", Integer),
    *(Column(name, String) for name in _FIELDS),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_UNIT = table(Unit)
TWICE = "the code stands in line %(first)s too"
TWICE_WITHOUT_CODE = "the unit, which has no code, stands in line %(first)s too"
group = AppGroup("units", help="The unit register.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--bureau", "code", default="", help="whose register it is, where there are several bureaus"
)
@click.option(
    "--hidden",
    type=click.Choice(["take", "leave"]),
    default=None,
    help="what to do with hidden rows and sheets",
)
def import_command(file: Path, code: str, hidden: str | None) -> None:
    """Take in FILE (CSV or XLSX), all or nothing: new units are added, known ones are brought up
    to date."""
    bureau_id, notes = bureau_named(code).id, list[Fault]()
    try:
        encoding, lines = detect_encoding(file)
        with writing() as session, click.progressbar(length=lines, label="units") as bar:
            bureau = session.get_one(Bureau, bureau_id)
            added, changed = take_in(
                session, bureau, file, encoding, bar.update, hidden or "", notes
            )
    except BadRegister as error:
        said = "\n".join(
            [
                "nothing was changed",
                *error.faults,
                "mend these lines in the file and take it in again",
            ]
        )
        raise click.ClickException(said) from error
    click.echo("\n".join([*map(str, notes), f"{added} units added, {changed} brought up to date"]))


def take_in(
    session: Session,
    bureau: Bureau,
    file: Path,
    encoding: str,
    done: Callable[[int], None] = lambda _lines: None,
    hidden: str = "",
    notes: list[Fault] | None = None,
) -> tuple[int, int]:
    """Read and write a register in the caller's transaction; how many units were added and changed.

    BadRegister names the lines that are wrong, and the caller rolls back. `notes` is given what
    was left out.
    """
    connection, faults = session.connection(), Faults()
    reader = Reader(file, encoding, faults, hidden, [] if notes is None else notes)
    _COMING.create(connection)
    sign = (
        "?" if connection.dialect.name == "sqlite" else "%s"
    )  # rows go straight to the driver: a third of the time
    values = ", ".join([sign] * len(_COMING.c))
    # names of ours
    put = f"INSERT INTO unit_coming VALUES ({values})"  # noqa: S608
    towns = _towns(session, bureau)
    rows = (row for line in reader.lines() if (row := judged(line, towns, faults)))
    while part := list(islice(rows, BATCH)):
        connection.exec_driver_sql(put, part)
        done(len(part))
    _find_twins(connection, faults)
    if len(faults):
        raise BadRegister(*faults.all())
    counts = _merge(connection, bureau.id)
    _COMING.drop(connection)
    return counts


def _towns(session: Session, bureau: Bureau) -> dict[str, str]:
    """Codes of townships by every way in which a line may name them; of twelve digits the last
    three name a village."""
    towns = {"": ""}
    for name, code in session.execute(
        select(Township.name, Township.code).where(Township.bureau_id == bureau.id)
    ):
        towns |= {name: code, folded_name(name): code, code: code, f"{code}000": code}
    return towns


def _find_twins(connection: Connection, faults: Faults) -> None:
    """Lines that name the same unit: by its code, or without one by name and township."""
    code, line = _COMING.c.credit_code, _COMING.c.line
    first, last = func.min(line), func.max(line)
    coded = select(first, last).where(code.is_not(None)).group_by(code)
    plain = (
        select(first, last)
        .where(code.is_(None))
        .group_by(_COMING.c.folded_name, _COMING.c.township)
    )
    for query, what in ((coded, TWICE), (plain, TWICE_WITHOUT_CODE)):
        for a, b in connection.execute(query.having(func.count() > 1).order_by(last)):
            faults.add(b, what, first=str(a))


def _merge(connection: Connection, bureau_id: int) -> tuple[int, int]:
    """How many were added and how many are brought up to date."""
    _adopt(connection, bureau_id)
    total = connection.scalar(select(func.count()).select_from(_COMING)) or 0
    before = (
        connection.scalar(
            select(func.count()).select_from(_UNIT).where(_UNIT.c.bureau_id == bureau_id)
        )
        or 0
    )
    code = _COMING.c.credit_code
    _put(connection, bureau_id, code.is_not(None), ["bureau_id", "credit_code"])
    without = and_(
        code.is_(None), ~exists().where(_same_name(bureau_id), _UNIT.c.credit_code.is_not(None))
    )
    _put(
        connection,
        bureau_id,
        without,
        ["bureau_id", "township", "folded_name"],
        _UNIT.c.credit_code.is_(None),
    )
    after = (
        connection.scalar(
            select(func.count()).select_from(_UNIT).where(_UNIT.c.bureau_id == bureau_id)
        )
        or 0
    )
    return after - before, total - (after - before)


def _same_name(bureau_id: int) -> ColumnElement[bool]:
    here = _UNIT.c.bureau_id == bureau_id
    return and_(
        here, _UNIT.c.folded_name == _COMING.c.folded_name, _UNIT.c.township == _COMING.c.township
    )


def _put(
    connection: Connection,
    bureau_id: int,
    which: ColumnElement[bool],
    key: list[str],
    where: Any = None,
) -> None:
    """Coming rows into the register; one whose key is there brings its row up to date."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    fields = [_COMING.c[name] for name in _FIELDS]
    rows = (
        select(literal(bureau_id), *fields)
        .where(which)
        .order_by(_COMING.c.credit_code, _COMING.c.line)
    )
    put = dialect.insert(_UNIT).from_select(["bureau_id", *_FIELDS], rows)
    new = {name: put.excluded[name] for name in _FIELDS if name != "credit_code"}
    new |= {name: func.coalesce(func.nullif(new[name], ""), _UNIT.c[name]) for name in _KEPT}
    connection.execute(put.on_conflict_do_update(index_elements=key, index_where=where, set_=new))


def _adopt(connection: Connection, bureau_id: int) -> None:
    """A known unit that had no code is given the one with which it comes now, where only one line
    names it."""
    here = and_(_UNIT.c.bureau_id == bureau_id, _UNIT.c.credit_code.is_(None))
    if not connection.scalar(select(_UNIT.c.id).where(here).limit(1)):
        return
    connection.exec_driver_sql("CREATE INDEX ix_unit_coming_name ON unit_coming (folded_name)")
    coming = and_(_same_name(bureau_id), _COMING.c.credit_code.is_not(None))
    code = select(func.min(_COMING.c.credit_code)).where(coming).correlate(_UNIT).scalar_subquery()
    lines = (
        select(func.count()).select_from(_COMING).where(coming).correlate(_UNIT).scalar_subquery()
    )
    known = _UNIT.alias("known")
    taken = exists().where(known.c.bureau_id == bureau_id, known.c.credit_code == code)
    connection.execute(update(_UNIT).where(here, lines == 1, ~taken).values(credit_code=code))
