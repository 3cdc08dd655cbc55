"""The unit register (调查对象名录): from a CSV, all or nothing; searched by the beginning of a name or a whole code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from casework.people.cli import named
from casework.people.models import Bureau, Township, Unit
from casework.procedure.codes import credit_code_state
from casework.procedure.terms import SubjectKind
from casework.store import db, writing

COLUMNS = {  # heading → column; a file of the statistics platform or one of ours
    "单位名称": "name", "单位详细名称": "name", "name": "name",
    "统一社会信用代码": "credit_code", "credit_code": "credit_code",
    "乡镇街道": "township", "township": "township",
    "单位类别": "kind", "kind": "kind",
}  # fmt: skip
KINDS = {"企业": "enterprise", "事业单位": "institution", "个体工商户": "sole_trader", "个体": "sole_trader",
         "机关": "state_organ", "国家机关": "state_organ"}  # fmt: skip
BATCH, FAULTS_SHOWN, LEAST = 5000, 20, 4  # rows of a statement; faults named; characters a search needs
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
        with writing() as session:
            added, changed = take_in(session, session.get_one(Bureau, bureau_id), file.read_bytes())
    except BadRegister as error:
        raise click.ClickException("nothing was changed\n" + "\n".join(error.faults[:FAULTS_SHOWN])) from error
    click.echo(f"{added} units added, {changed} brought up to date")


def take_in(session: Session, bureau: Bureau, content: bytes) -> tuple[int, int]:
    """Read and write a register in the caller's transaction; how many were added and changed. BadRegister names lines."""
    towns = session.execute(select(Township.name, Township.code).where(Township.bureau_id == bureau.id))
    rows = _checked(_read(content), {name: code for name, code in towns})
    there = session.execute(select(Unit.credit_code, Unit.id).where(Unit.bureau_id == bureau.id))
    known = {code: number for code, number in there}
    fresh = [{"bureau_id": bureau.id, **r} for r in rows if r["credit_code"] not in known]
    stale = [{"id": known[r["credit_code"]], **r} for r in rows if r["credit_code"] in known]
    for part in _parts(fresh):
        session.execute(insert(Unit), part)
    for part in _parts(stale):
        session.execute(update(Unit), part)
    return len(fresh), len(stale)


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (rows[i : i + BATCH] for i in range(0, len(rows), BATCH))


def _read(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise BadRegister(["the file is neither UTF-8 nor GB 18030"]) from None
    reader = csv.DictReader(io.StringIO(text))
    names = {h: COLUMNS[h.strip()] for h in reader.fieldnames or [] if h and h.strip() in COLUMNS}
    if not {"name", "credit_code"} <= set(names.values()):
        raise BadRegister(["line 1: the headings 单位名称 and 统一社会信用代码 are needed"])
    return [{names[h]: (v or "").strip() for h, v in row.items() if h in names and isinstance(v, str | None)} for row in reader]


def _checked(rows: list[dict[str, str]], towns: dict[str, str]) -> list[dict[str, str]]:
    faults: list[str] = []
    seen: dict[str, int] = {}
    good = [_row(line, row, towns, seen, faults) for line, row in enumerate(rows, 2)]
    if faults:
        raise BadRegister(faults)
    return good


def _row(line: int, row: dict[str, str], towns: dict[str, str], seen: dict[str, int], faults: list[str]) -> dict[str, str]:
    code, town = row["credit_code"].upper(), row.get("township", "")
    kind = KINDS.get(row.get("kind", ""), row.get("kind", "") or SubjectKind.ENTERPRISE.value)
    if not row["name"] or len(row["name"]) > 200:
        faults.append(f"line {line}: no name, or one longer than 200 characters")
    if credit_code_state(code) == "wrong":
        faults.append(f"line {line}: «{code}» is not a credit code")
    if code in seen:
        faults.append(f"line {line}: the credit code stands in line {seen[code]} too")
    if kind not in [k.value for k in SubjectKind]:
        faults.append(f"line {line}: unknown kind «{kind}»")
    if town and town not in towns and town not in towns.values():
        faults.append(f"line {line}: unknown township «{town}»")
    seen.setdefault(code, line)
    return {"name": row["name"], "credit_code": code, "township": towns.get(town, town), "kind": kind}


def names_like(bureau: Bureau, typed: str, most: int = 10) -> list[str]:
    """Names of units that begin so (with or without the place before it), or have exactly this credit code. Names alone:
    whoever searches learns nothing else, and too short a beginning finds nothing."""
    typed = "".join(typed.split())
    if credit_code_state(typed) != "wrong":
        fits: Any = Unit.credit_code == typed.upper()
    elif len(typed) >= LEAST:
        fits = or_(*(and_(Unit.name >= start, Unit.name < start + "\U0010ffff") for start in _beginnings(bureau, typed)))
    else:
        return []
    query = select(Unit.name).where(Unit.bureau_id == bureau.id, fits).distinct().order_by(Unit.name).limit(most)
    return list(db.session.scalars(query))


def _beginnings(bureau: Bureau, typed: str) -> list[str]:
    """People leave out the place: 重庆汇锦… for 汇锦…, 丰都县… likewise."""
    whole = [b.removesuffix("统计局") for b in (bureau.superior, bureau.name) if b.endswith("统计局")]
    places = ["", *whole, *(w[:-1] for w in whole if len(w) > 2), "".join(whole)]
    return [p + typed for p in dict.fromkeys(places)]
