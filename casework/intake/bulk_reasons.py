"""Why a cell of a list is to be mended, in a sentence that says what to do."""

from __future__ import annotations

from flask_babel import gettext as _

from casework.lists.cells import Cell
from casework.procedure.codes import CodeState

SHOWN = 60  # characters of a cell


def column(letter: str, head: str) -> str:
    """Where a cell stands: its column as a spreadsheet names it, and its head."""
    plain = " ".join(head.split())
    return (
        _("column %(letter)s (%(head)s)", letter=letter, head=plain)
        if plain
        else _("column %(letter)s", letter=letter)
    )


def damaged(cell: Cell) -> str:
    """For a cell whose text is not what was typed."""
    words = cell.text[:SHOWN]
    return {
        "digits": _(
            "«%(words)s» is kept as a number of more than 15 digits, and the spreadsheet has "
            "changed the last ones. "
            "Make the column text, and type the number again from the original.",
            words=words,
        ),
        "power": _(
            "«%(words)s» is the short form of a long number; its digits are lost. "
            "Make the column text, and type the number again from the original.",
            words=words,
        ),
        "formula": _(
            "«%(words)s» is a formula. Put its result in its place, as plain text.", words=words
        ),
        "no_value": _(
            "The cell is a formula, and the file does not hold its result. Open the list in "
            "Excel or WPS and save it, "
            "or paste the results as values."
        ),
        "error": _(
            "«%(words)s» is an error message of the spreadsheet. Write what belongs there.",
            words=words,
        ),
    }[cell.fault]


def bad_code(state: CodeState, text: str) -> str:
    """For a code that is none; an identity number is not repeated."""
    if state is CodeState.IDENTITY:
        return _(
            "This is the identity number of a person, not the code of a unit. Take it out of "
            "the list."
        )
    return _(
        "«%(words)s» is not the code of a unit: that has 18 digits and letters without I, O, "
        "S, V and Z "
        "(older ones 9 or 15). Where there is none, leave the cell empty.",
        words=text[:SHOWN],
    )


def no_day(why: str, text: str) -> str:
    """For a cell that is not read as a day."""
    words = text[:SHOWN]
    return {
        "number": _(
            "«%(words)s» is a bare number. If it was a day, the cell has lost its date format: "
            "write it like 2026-11-23.",
            words=words,
        ),
        "no_year": _("«%(words)s» has no year. Write it like 2026-11-23.", words=words),
        "short_year": _(
            "«%(words)s» has only two digits of a year. Write it like 2026-11-23.", words=words
        ),
        "no_such": _("There is no day «%(words)s».", words=words),
        "unknown": _(
            "«%(words)s» is not understood as a day. Write it like 2026-11-23.", words=words
        ),
    }[why]


def no_head(text: str) -> str:
    """For a cell in a column without a head."""
    return _(
        "«%(words)s» stands in a column that has no head. Name the column, or empty the cell.",
        words=text[:SHOWN],
    )


def no_custodian() -> str:
    """For names of informants that nobody could keep."""
    return _(
        "The bureau has no identity custodian: names and numbers of informants cannot be kept. "
        "Empty these columns."
    )
