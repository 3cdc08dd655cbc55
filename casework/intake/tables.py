"""Finds the lists in the sheets of a file, and names what would otherwise go unseen: hidden parts,
other sheets, titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from casework.intake.columns import column_fields, is_head
from casework.intake.sheets import ListSheet, SheetRow, letter
from casework.lists.cells import BLANK

HEADS_WITHIN = 15  # rows from the top in which the heads are looked for
KINDS = (
    "rows",
    "columns",
    "sheets",
    "others",
)  # what a person decides about; others: sheets that are no list of tips
CHOICES = ("leave", "take")  # others can only be left


@dataclass(frozen=True)
class Part:
    """Something of a file that would go unseen: of a sheet, its rows or columns as people see
    them, or its title."""

    kind: str  # one of KINDS, or «title»
    sheet: str
    which: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A list of tips: one sheet below its heads. `left` holds the rows that are hidden and not
    taken."""

    name: str
    heads: list[str]
    fields: list[str]
    rows: list[SheetRow]
    left: list[SheetRow]


@dataclass(frozen=True)
class Tables:
    """The lists of a file, and what must be said of it."""

    tables: list[Table] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def tables_of(sheets: list[ListSheet], choice: Mapping[str, str]) -> Tables:
    """Every sheet with the heads of a list of tips; BadHeads (with its sheet) when there is none
    or one is not understood.

    `choice` says by kind of part whether it is taken or left; what is not said is left for now.
    """
    found = Tables()
    for sheet in sheets:
        if sheet.hidden:
            found.parts.append(Part("sheets", sheet.name))
            if choice.get("sheets") != "take":
                continue
        _add(found, sheet, choice)
    if not found.tables and all(p.kind in ("others", "title") for p in found.parts):
        first = next(s for s in sheets if not s.hidden)
        column_fields(_words(first.lines[0]), first.name)
    return found


def _add(found: Tables, sheet: ListSheet, choice: Mapping[str, str]) -> None:
    sheet = _with_columns(found, sheet, choice)
    at = _heads_at(sheet.lines)
    if at is None:
        found.parts.append(Part("others", sheet.name))
        return
    for line in sheet.lines[:at]:
        found.parts.append(Part("title", sheet.name, (str(line.number), _first(line))))
    rows = sheet.lines[at + 1 :]
    hidden = [line for line in rows if line.hidden]
    if hidden:
        found.parts.append(Part("rows", sheet.name, tuple(str(line.number) for line in hidden)))
    left = [] if choice.get("rows") == "take" else hidden
    heads = _words(sheet.lines[at])
    kept = [line for line in rows if line not in left]
    found.tables.append(Table(sheet.name, heads, column_fields(heads, sheet.name), kept, left))


def _with_columns(found: Tables, sheet: ListSheet, choice: Mapping[str, str]) -> ListSheet:
    """The sheet without its hidden columns, unless somebody chose to take them; they are told."""
    columns = _hidden_columns(sheet)
    if columns:
        found.parts.append(Part("columns", sheet.name, tuple(letter(c) for c in columns)))
    if columns and choice.get("columns") != "take":
        return replace(sheet, lines=[_without(line, columns) for line in sheet.lines])
    return sheet


def _heads_at(lines: list[SheetRow]) -> int | None:
    """The first row with two heads that are known; a title over them has none."""
    for at, line in enumerate(lines[:HEADS_WITHIN]):
        if sum(map(is_head, _words(line))) > 1:
            return at
    return None


def _hidden_columns(sheet: ListSheet) -> list[int]:
    """Hidden columns in which something stands."""
    wide = max(len(line.cells) for line in sheet.lines)
    candidates = sorted(c for c in sheet.hidden_columns if c < wide)
    return [
        c
        for c in candidates
        if any(line.cells[c : c + 1] not in ([], [BLANK]) for line in sheet.lines)
    ]


def _without(line: SheetRow, columns: list[int]) -> SheetRow:
    return replace(
        line, cells=[BLANK if at in columns else cell for at, cell in enumerate(line.cells)]
    )


def _words(line: SheetRow) -> list[str]:
    words = [cell.text for cell in line.cells]
    while words and not words[-1]:
        words.pop()
    return words


def _first(line: SheetRow) -> str:
    return next((cell.text for cell in line.cells if cell.text), "")[:60]
