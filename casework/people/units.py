"""The unit register (调查对象名录) brought in from a CSV: all of it or nothing.

A province has a million units: the file is read a line at a time into a table of this transaction's own, and the database
itself finds which codes stand twice, which are new and which are known.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, exists, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.people.cli import named
from casework.people.models import Bureau, Township, Unit
from casework.procedure.codes import shaped_as_credit_code
from casework.procedure.terms import SubjectKind
from casework.store import table, writing

COLUMNS = {  # heading → column; a file of the statistics platform or one of ours
    "单位名称": "name", "单位详细名称": "name", "name": "name",
    "统一社会信用代码": "credit_code", "credit_code": "credit_code",
    "乡镇街道": "township", "township": "township",
    "单位类别": "kind", "kind": "kind",
}  # fmt: skip
_FIELDS = ("name", "credit_code", "township", "kind")
KINDS = {
    "企业": "enterprise", "事业单位": "institution", "个体工商户": "sole_trader", "个体": "sole_trader",
    "机关": "state_organ", "国家机关": "state_organ", "": "enterprise", **{k.value: k.value for k in SubjectKind},
}  # fmt: skip
BATCH, FAULTS_SHOWN = 1000, 20  # rows of a statement (more at once keep Python's collector busy); faults named
_COMING = Table(
    "unit_coming", MetaData(), Column("line", Integer), *(Column(name, String) for name in _FIELDS),
    prefixes=["TEMPORARY"], postgresql_on_commit="DROP",
)  # fmt: skip
_UNIT = table(Unit)
group = AppGroup("units", help="The unit register.")


class BadRegister(ValueError):
    """The file cannot be taken; ``faults`` name line and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bureau", "code", default="", help="whose register it is, where there are several bureaus")
def import_command(file: Path, code: str) -> None:
    """Take in FILE (CSV; UTF-8 or GB 18030), all or nothing: new units are added, known credit codes brought up to date."""
    bureau_id = named(code).id
    try:
        encoding, lines = look(file)
        with writing() as session, click.progressbar(length=lines, label="units") as bar:
            added, changed = take_in(session, session.get_one(Bureau, bureau_id), file, encoding, bar.update)
    except BadRegister as error:
        raise click.ClickException("nothing was changed\n" + "\n".join(error.faults)) from error
    click.echo(f"{added} units added, {changed} brought up to date")


def look(file: Path) -> tuple[str, int]:
    """How the file is encoded, and about how many lines it has; BadRegister when it is no text that we know."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with file.open(encoding=encoding) as text:
                return encoding, sum(1 for _line in text)
        except UnicodeDecodeError:
            continue
    raise BadRegister(["the file is neither UTF-8 nor GB 18030"])


def take_in(
    session: Session, bureau: Bureau, file: Path, encoding: str, done: Callable[[int], None] = lambda _lines: None
) -> tuple[int, int]:
    """Read and write a register in the caller's transaction; how many units were added and changed. BadRegister names up to
    twenty lines, and the caller rolls back."""
    towns = session.execute(select(Township.name, Township.code).where(Township.bureau_id == bureau.id))
    names = {name: code for name, code in towns}
    codes = names | {code: code for code in names.values()} | {"": ""}
    connection, faults = session.connection(), list[str]()
    _COMING.create(connection)
    sign = "?" if connection.dialect.name == "sqlite" else "%s"  # rows go straight to the driver: a third of the time
    put = f"INSERT INTO unit_coming VALUES ({', '.join([sign] * len(_COMING.c))})"  # noqa: S608 - names of ours
    rows = _rows(file, encoding, codes, faults)
    while part := list(islice(rows, BATCH)):
        connection.exec_driver_sql(put, part)
        done(len(part))
    faults = [*faults, *_twice(connection)][:FAULTS_SHOWN]
    if faults:
        raise BadRegister(faults)
    counts = _merge(connection, bureau.id)
    _COMING.drop(connection)
    return counts


def _lines(file: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Number and the four fields of every line, in the order of ``_FIELDS``; BadRegister for a head that lacks one."""
    with file.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text)
        heads = [COLUMNS.get(h.strip(), "") for h in next(reader, [])]
        if not {"name", "credit_code"} <= set(heads):
            raise BadRegister(["line 1: the headings 单位名称 and 统一社会信用代码 are needed"])
        a, b, c, d = (heads.index(name) if name in heads else len(heads) for name in _FIELDS)
        more = [""] * (len(heads) + 1)  # short lines, and columns that the file has not
        for cells in reader:
            padded = [*cells[: len(heads)], *more]
            yield reader.line_num, [padded[a].strip(), padded[b].strip(), padded[c].strip(), padded[d].strip()]


def _rows(file: Path, encoding: str, towns: Mapping[str, str], faults: list[str]) -> Iterator[tuple[Any, ...]]:
    """The good lines as they come into the table; ends early where enough faults are found."""
    for line, fields in _lines(file, encoding):
        if row := _row(line, fields, towns, faults):
            yield row
        elif len(faults) >= FAULTS_SHOWN:
            return


def _row(line: int, fields: list[str], towns: Mapping[str, str], faults: list[str]) -> tuple[Any, ...] | None:
    """A line as it comes into the table, or None for an empty or a faulty one."""
    name, code, town, kind = fields
    if not any(fields):
        return None  # an empty line
    before, code = len(faults), code.upper()
    if not 0 < len(name) <= 200:
        faults.append(f"line {line}: no name, or one longer than 200 characters")
    if not shaped_as_credit_code(code):
        faults.append(f"line {line}: «{code}» is not a credit code")
    if kind not in KINDS:
        faults.append(f"line {line}: unknown kind «{kind}»")
    if town not in towns:
        faults.append(f"line {line}: unknown township «{town}»")
    if len(faults) > before:
        return None
    return line, name, code, towns[town], KINDS[kind]


def _twice(connection: Connection) -> list[str]:
    first, last = func.min(_COMING.c.line), func.max(_COMING.c.line)
    query = select(first, last).group_by(_COMING.c.credit_code).having(func.count() > 1).order_by(last).limit(FAULTS_SHOWN)
    return [f"line {b}: the credit code stands in line {a} too" for a, b in connection.execute(query)]


def _merge(connection: Connection, bureau_id: int) -> tuple[int, int]:
    """How many were added and how many are brought up to date."""
    known = exists().where(_UNIT.c.bureau_id == bureau_id, _UNIT.c.credit_code == _COMING.c.credit_code)
    total = connection.scalar(select(func.count()).select_from(_COMING)) or 0
    changed = connection.scalar(select(func.count()).select_from(_COMING).where(known)) or 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = select(literal(bureau_id), *(_COMING.c[name] for name in _FIELDS)).where(true()).order_by(_COMING.c.credit_code)
    put = dialect.insert(_UNIT).from_select(["bureau_id", *_FIELDS], rows)
    new = {name: put.excluded[name] for name in ("name", "township", "kind")}
    connection.execute(put.on_conflict_do_update(index_elements=["bureau_id", "credit_code"], set_=new))
    return total - changed, changed
