"""Reads a list as rows of text: XLSX (read-only, against bombs) and CSV (UTF-8, GB 18030, UTF-16). Formulas are text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.intake.charsets import decoded

MOST_BYTES = 10 * 1024 * 1024  # of the file
MOST_UNPACKED = 40 * 1024 * 1024  # of an XLSX, all parts together
MOST_PARTS = 200
MOST_ROWS = 1000
MOST_COLUMNS = 60
LONGEST_CELL = 20_000  # characters


class BadSheet(ValueError):
    """The file cannot be read as a list; ``why``: size · bomb · kind · rows · columns · cell · empty."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Sheet:
    """Heads, and rows with the number under which people see them."""

    heads: list[str]
    rows: list[tuple[int, list[str]]]


def read(data: bytes) -> Sheet:
    """The first sheet of an XLSX, or a CSV; BadSheet when it is neither, or too large in any direction."""
    if len(data) > MOST_BYTES:
        raise BadSheet("size")
    lines = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    heads: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if heads is None:
            heads = _trimmed(cells)
            continue
        if len(rows) >= MOST_ROWS:
            raise BadSheet("rows")
        rows.append((number, _as_wide(cells, heads)))
    if heads is None or not rows:
        raise BadSheet("empty")
    return Sheet(heads, rows)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _as_wide(cells: list[str], heads: list[str]) -> list[str]:
    """As wide as the heads; a cell beyond them belongs to no column and may not be lost."""
    if any(cells[len(heads) :]):
        raise BadSheet("columns")
    return [*cells, *[""] * len(heads)][: len(heads)]


def _cell(value: Any) -> str:
    """As a person reads it: days as ISO days, whole numbers without a point, formulas as they are written."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date() if not (value.hour or value.minute or value.second) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(getattr(value, "text", value)).strip()  # an array formula keeps its words in .text
    if len(text) > LONGEST_CELL:
        raise BadSheet("cell")
    return text


# -- XLSX
def _xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # with the first list: ten megabytes and a tenth of a second

    _check_package(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if len(row) > MOST_COLUMNS and any(v is not None for v in row[MOST_COLUMNS:]):
                raise BadSheet("columns")
            yield number, [_cell(v) for v in row[:MOST_COLUMNS]]
    except BadSheet:
        raise
    except Exception as error:  # whatever breaks openpyxl is a broken file, not a fault of ours
        raise BadSheet("kind") from error


def _check_package(data: bytes) -> None:
    """Size and number of its parts before anything is unpacked; entities, the bombs of XML, are refused unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise BadSheet("bomb")
            for part in parts:
                _check_part(package, part)
    except BadSheet:
        raise
    except Exception as error:  # zipfile and zlib have many words for a broken file
        raise BadSheet("kind") from error


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A head that says how much follows may lie: it is counted, in pieces."""
    left, tail = part.file_size, b""
    with package.open(part) as stream:
        while piece := stream.read(1 << 16):
            left -= len(piece)
            if left < 0 or b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise BadSheet("bomb")
            tail = piece[-16:]


# -- CSV
def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data.decode("utf-16", "replace") if wide else decoded(data.removeprefix(b"\xef\xbb\xbf"))
    if "\0" in text:
        raise BadSheet("kind")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise BadSheet("columns")
            yield reader.line_num, [_cell(v) for v in row]
    except csv.Error as error:
        raise BadSheet("cell" if "field larger" in str(error) else "kind") from error
