"""Reads a list of tips as sheets of cells: XLSX and CSV (UTF-8, GB 18030, Big5, UTF-16), within
narrow limits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casework.intake.charsets import decoded
from casework.lists.cells import Cell, of_text
from casework.lists.foreign import kind_of
from casework.text import as_sent, folded

MOST_BYTES = 10 * 1024 * 1024  # of the file
MOST_UNPACKED = 40 * 1024 * 1024  # of an XLSX, all parts together
MOST_ROWS = 1000  # of tips, all sheets together
MOST_BESIDES = 200  # rows of heads, titles and notes
MOST_COLUMNS = 60
LONGEST_CELL = 20_000  # characters
_BOM = b"\xef\xbb\xbf"


class BadSheet(ValueError):
    """The file cannot be read as a list.

    `why`: size · bomb · kind · rows · columns · cell · empty, or what the file is instead
    (`casework.lists.foreign`).
    `row`: where, as people see it; 0 for the whole file.
    """

    def __init__(self, why: str, row: int = 0) -> None:
        super().__init__(why)
        self.why, self.row = why, row


@dataclass(frozen=True)
class SheetRow:
    """A row that is not blank, with the number under which people see it."""

    number: int
    cells: list[Cell]
    hidden: bool = False


@dataclass(frozen=True)
class ListSheet:
    """A sheet in which something stands; "" is the name of a CSV. `hidden_columns` count from 0."""

    name: str
    lines: list[SheetRow]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()


def read_sheets(data: bytes) -> list[ListSheet]:
    """Every sheet in which something stands; BadSheet when it is no list, or too large in any
    direction."""
    if len(data) > MOST_BYTES:
        raise BadSheet("size")
    if kind := kind_of(data):
        raise BadSheet(kind)
    found = _xlsx(data) if data.startswith(b"PK") else [ListSheet("", _kept(_csv(data)))]
    sheets = [s for s in found if s.lines]
    if not sheets:
        raise BadSheet("empty")
    if sum(len(s.lines) for s in sheets) > MOST_ROWS + MOST_BESIDES:
        raise BadSheet("rows")
    return sheets


def letter(column: int) -> str:
    """A column's name, from 0: A … Z, AA …"""
    name, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(65 + rest) + name
    return name


def _kept(lines: Iterable[SheetRow]) -> list[SheetRow]:
    """Rows that are not blank; BadSheet as soon as there are too many, or a cell is too long."""
    kept = []
    for line in lines:
        if not any(c.text or c.fault for c in line.cells):
            continue
        if any(len(c.text) > LONGEST_CELL for c in line.cells):
            raise BadSheet("cell", line.number)
        kept.append(line)
        if len(kept) > MOST_ROWS + MOST_BESIDES:
            raise BadSheet("rows")
    return kept


def _xlsx(data: bytes) -> list[ListSheet]:
    from casework.lists import xlsx  # with the first list: ten megabytes and a tenth of a second

    sheets = []
    try:
        for found in xlsx.sheets(io.BytesIO(data), MOST_UNPACKED, MOST_COLUMNS):
            lines = _kept(SheetRow(r.number, r.cells, r.hidden) for r in found)
            sheets.append(
                ListSheet(found.name, lines, found.hidden, frozenset(found.hidden_columns))
            )
    except xlsx.BadBook as error:
        raise BadSheet(error.why) from error
    return sheets


def _csv(data: bytes) -> Iterator[SheetRow]:
    """Rows are counted as a spreadsheet counts them: a cell of two lines makes no row more."""
    text, delimiter = _parted(_text(data))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(row[MOST_COLUMNS:]):
                raise BadSheet("columns", number)
            yield SheetRow(number, [of_text(words) for words in row[:MOST_COLUMNS]])
    except csv.Error as error:
        raise BadSheet("cell" if "field larger" in str(error) else "kind", number + 1) from error


def _text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data.decode("utf-16", "replace") if wide else decoded(data.removeprefix(_BOM))
    if "\0" in text:
        raise BadSheet("kind")
    return as_sent(text)


def _parted(text: str) -> tuple[str, str]:
    """The text and its delimiter: what a first line «sep=;» says (it is no row), else what the
    first rows have."""
    first, _end, rest = text.partition("\n")
    said = folded(first.strip('"'))
    if said.startswith("sep=") and len(said) <= len("sep=;"):
        return rest, said[4:] or "\t"
    start = next(
        (row for row in text[:10_000].split("\n") if any(sign in row for sign in ",\t;")), ""
    )
    return text, max(",\t;", key=start.count)
