"""Reads the sheets of an XLSX a row at a time, against bombs, with what openpyxl's own reading
leaves out.

A formula cell gives its kept value and says that it is a formula; the date formats that Chinese
Excel and WPS use
without naming them are dates; hidden rows, columns and sheets say that they are hidden.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.worksheet._reader import (  # of a pinned release
    FORMULA_TAG,
    WorkSheetParser,
)

from casework.lists.cells import BLANK, Cell, of_value

CHINESE_DATES = frozenset(
    [*range(27, 37), *range(50, 59)]
)  # ECMA-376 part 1, 18.8.30, zh-cn: no numFmt element
MOST_PARTS = 200
_TRUE = ("1", "true")


class BadBook(ValueError):
    """The file cannot be read as a workbook; `why`: bomb · kind · columns (more than asked for)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class XlsxRow:
    """A row with the number under which people see it."""

    number: int
    cells: list[Cell]
    hidden: bool = False


@dataclass
class XlsxSheet:
    """A sheet, read while it is iterated over. `hidden_columns` (from 0) is whole once the first
    row has come."""

    name: str
    hidden: bool
    source: Any  # openpyxl's read-only worksheet
    most_columns: int
    hidden_columns: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[XlsxRow]:
        """Rows that have a cell; BadBook where the sheet is broken or wider than asked for."""
        book = self.source.parent
        dates = _date_styles(book)
        shows = [_shows(book, style.numFmtId) for style in book._cell_styles]
        with self.source._get_source() as stream:
            parser = _Parser(
                stream,
                self.source._shared_strings,
                True,
                book.epoch,
                dates,
                book._timedelta_formats,
            )
            parser.hidden_columns = self.hidden_columns
            for number, found in _rows(parser):
                yield XlsxRow(
                    number,
                    self._cells(found, shows),
                    _row_hidden(parser.row_dimensions.pop(str(number), {})),
                )

    def _cells(self, found: list[dict[str, Any]], shows: list[str]) -> list[Cell]:
        cells: list[Cell] = []
        for raw in found:
            error = raw["data_type"] == "e"
            cell = of_value(
                raw["value"], formula=raw["formula"], error=error, shows=shows[int(raw["style_id"])]
            )
            if cell == BLANK:
                continue
            if raw["column"] > self.most_columns:
                raise BadBook("columns")
            cells += [BLANK] * (raw["column"] - len(cells))
            cells[raw["column"] - 1] = cell
        return cells


class _Parser(WorkSheetParser):  # type: ignore[misc, unused-ignore]
    """Also notes which cells are formulas and which columns are hidden."""

    hidden_columns: set[int]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """With the kept value of a formula."""
        cell: dict[str, Any] = super().parse_cell(element)
        cell["formula"] = element.find(FORMULA_TAG) is not None
        return cell

    def parse_column_dimensions(self, col: Any) -> None:
        """Columns stand before the rows."""
        if col.get("hidden") in _TRUE or col.get("width") == "0":
            last = min(
                int(col.get("max")), 1000
            )  # the rest of a sheet may be hidden up to its 16,384th column
            self.hidden_columns.update(range(int(col.get("min")) - 1, last))


def sheets(data: IO[bytes], most_bytes: int, most_columns: int) -> list[XlsxSheet]:
    """The sheets of a workbook, unread. BadBook when it is none or unpacks to more than
    `most_bytes`."""
    _check_package(data, most_bytes)
    data.seek(0)
    try:
        book = load_workbook(data, read_only=True, data_only=True, keep_links=False)
        return [
            XlsxSheet(s.title, s.sheet_state != "visible", s, most_columns) for s in book.worksheets
        ]
    except Exception as error:  # whatever breaks openpyxl is a broken file, not a fault of ours
        raise BadBook("kind") from error


def _rows(parser: _Parser) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    try:
        yield from parser.parse()
    except Exception as error:  # as above
        raise BadBook("kind") from error


def _date_styles(book: Any) -> set[int]:
    chinese = {n for n, style in enumerate(book._cell_styles) if style.numFmtId in CHINESE_DATES}
    return set(book._date_formats) | chinese


def _shows(book: Any, number: int) -> str:
    """A number format as it is written, or its number where it is built in."""
    own = number - 164
    return str(book._number_formats[own]) if 0 <= own < len(book._number_formats) else str(number)


def _row_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in _TRUE or attributes.get("ht") in ("0", "0.0")


def _check_package(data: IO[bytes], most_bytes: int) -> None:
    """Size and number of its parts before anything is unpacked; entities, the bombs of XML, are
    refused unread."""
    try:
        with zipfile.ZipFile(data) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > most_bytes:
                raise BadBook("bomb")
            for part in parts:
                _check_part(package, part)
    except BadBook:
        raise
    except Exception as error:  # zipfile and zlib have many words for a broken file
        raise BadBook("kind") from error


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A head that says how much follows may lie: it is counted, in pieces."""
    left, tail = part.file_size, b""
    with package.open(part) as stream:
        while piece := stream.read(1 << 16):
            left -= len(piece)
            if left < 0 or b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise BadBook("bomb")
            tail = piece[-16:]
