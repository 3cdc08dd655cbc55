"""Tables as an XLSX workbook."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

Sheet = tuple[str, Sequence[Sequence[Any]]]  # name; head and rows
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """An XLSX workbook with one sheet for each table, heads bold and frozen. Texts are written as
    texts: none becomes a formula."""
    import xlsxwriter  # with the first workbook: most servers never write one

    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, rows in sheets:
            _sheet(book.add_worksheet(name.translate(_FORBIDDEN)[:31]), rows, bold)
    return buffer.getvalue()


def _sheet(sheet: Any, rows: Sequence[Sequence[Any]], bold: Any) -> None:
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            write = sheet.write_number if isinstance(value, int) else sheet.write_string
            write(r, c, value, *([bold] if r == 0 else []))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 8, 12)
