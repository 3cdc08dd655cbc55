"""What is said of lists and their rows, on the page and by the command alike."""

from __future__ import annotations

from flask_babel import gettext as _

from casework.docket.models import Docket
from casework.intake import sheets
from casework.intake.bulk import Row
from casework.intake.columns import BadHeads
from casework.intake.sheets import BadSheet
from casework.store import db


def why_bad(error: BadSheet | BadHeads) -> str:
    """The sentence for a file that is no list of tips."""
    if isinstance(error, BadHeads):
        names = "、".join(error.heads)
        return {
            "unknown": _("Columns that are not known: %(names)s. Rename or delete them.", names=names),
            "twice": _("Columns that stand twice: %(names)s.", names=names),
            "missing": _("Columns that are missing: %(names)s.", names=names),
        }[error.why]
    return {
        "size": _("The file is larger than %(n)s MB.", n=sheets.MOST_BYTES // 1024 // 1024),
        "bomb": _("The file unpacks to far more than a list of tips can hold; it is not opened."),
        "kind": _("The file cannot be read. Save it as XLSX or CSV and choose it again."),
        "rows": _("More than %(n)s rows. Split the list.", n=sheets.MOST_ROWS),
        "columns": _("A row has cells beyond the last column that has a head."),
        "cell": _("A cell holds more than %(n)s characters.", n=sheets.LONGEST_CELL),
        "empty": _("The list has no rows."),
    }[error.why]


def fate_word(row: Row) -> str:
    """The row's fate in a word."""
    return {"good": _("will be taken in"), "wrong": _("to be mended"), "here": _("here already")}[row.fate]


def details(row: Row) -> list[str]:
    """Which field is wrong and why; or as what the row is here already."""
    if row.fate == "wrong":
        return [f"{label}：{_who() if why == 'who' else why}" if label else _who() for label, why in row.errors]
    if row.fate == "here" and row.docket_id:
        return [db.session.get_one(Docket, row.docket_id).number]
    return [_("the same as row %(n)s", n=row.errors[0][1])] if row.fate == "here" and row.errors else []


def _who() -> str:
    return _("The bureau has no identity custodian: names and numbers of informants cannot be kept. Empty these columns.")
