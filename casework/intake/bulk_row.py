"""One row of a list as the form of a tip would be given it: codes and days are checked here,
damaged cells are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.intake import bulk_reasons
from casework.intake.columns import typed
from casework.intake.sheets import SheetRow, letter
from casework.intake.tables import Table
from casework.lists.cells import BLANK, Cell
from casework.lists.days import NoDay, day_of
from casework.procedure.codes import CodeKind, CodeState, UnitCode, unit_code

DAYS = ("on", "source_day", "deadline")
APOSTROPHES = "'’‘＇"  # before a text that looks like a number; a spreadsheet shows none
NO_CODE_GIVEN = UnitCode("", CodeKind.NONE, CodeState.NONE)


@dataclass
class ReadRow:
    """What a row says by field, what is wrong with it (where, why), and in which fields; the
    unit's code as checked."""

    filled: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    code: UnitCode = NO_CODE_GIVEN
    noughts: bool = False


def read_row(table: Table, line: SheetRow, townships: Mapping[str, str]) -> ReadRow:
    """Every cell under its head; a cell under no head belongs to no field and is wrong, for it may
    not be lost."""
    row = ReadRow()
    for at in range(max(len(line.cells), len(table.fields))):
        cell = line.cells[at] if at < len(line.cells) else BLANK
        name = table.fields[at] if at < len(table.fields) else ""
        if not name and cell != BLANK:
            row.errors.append(
                (bulk_reasons.column(letter(at), ""), bulk_reasons.no_head(cell.text))
            )
        elif name and name != "skip":
            row.labels[name] = bulk_reasons.column(letter(at), table.heads[at])
            _put(row, name, cell, townships)
    return row


def _put(row: ReadRow, name: str, cell: Cell, townships: Mapping[str, str]) -> None:
    if cell.fault:
        row.filled[name] = [cell.text]
        _refuse(row, name, bulk_reasons.damaged(cell))
    elif name == "credit_code":
        _code(row, cell.text)
    elif name in DAYS and cell != BLANK:
        _day(row, name, cell)
    else:
        row.filled[name] = typed(name, cell.text, townships)


def _code(row: ReadRow, text: str) -> None:
    """What is taken in is the code's own form, which the page shows: a spreadsheet adds blanks and
    signs nobody sees."""
    row.code = unit_code(text.strip().lstrip(APOSTROPHES))
    row.filled["credit_code"] = [row.code.text]
    row.noughts = (
        len(row.code.text) > 15 and row.code.text.isdecimal() and row.code.text.endswith("000")
    )
    if row.code.state in (CodeState.WRONG, CodeState.IDENTITY):
        _refuse(row, "credit_code", bulk_reasons.bad_code(row.code.state, text))


def _day(row: ReadRow, name: str, cell: Cell) -> None:
    row.filled[name] = [cell.text]
    try:
        row.filled[name] = [day_of(cell).isoformat()]
    except NoDay as error:
        _refuse(row, name, bulk_reasons.no_day(error.why, cell.text))


def _refuse(row: ReadRow, name: str, why: str) -> None:
    row.errors.append((row.labels[name], why))
    row.faulty.add(name)
