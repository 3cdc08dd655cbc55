"""What is said of lists and their rows, on the page and by the command alike."""

from __future__ import annotations

from flask_babel import gettext as _

from casework.docket.models import Docket
from casework.intake import sheets
from casework.intake.bulk import Row
from casework.intake.columns import BadHeads
from casework.intake.sheets import BadSheet
from casework.intake.tables import Part
from casework.procedure.codes import CodeState
from casework.store import db

OTHER_SPREADSHEETS = (
    "old",
    "web",
    "open",
    "binary",
)  # Excel and WPS open them and save them as XLSX


def why_bad(error: BadSheet | BadHeads) -> str:
    """The sentence for a file that is no list of tips."""
    if isinstance(error, BadHeads):
        said = _why_heads(error)
        return (
            _("Sheet «%(sheet)s»: %(said)s", sheet=error.sheet, said=said) if error.sheet else said
        )
    if error.why == "cell" and error.row:
        return _(
            "Row %(row)s: a cell holds more than %(n)s characters.",
            row=error.row,
            n=sheets.LONGEST_CELL,
        )
    said = {
        "size": _("The file is larger than %(n)s MB.", n=sheets.MOST_BYTES // 1024 // 1024),
        "bomb": _("The file unpacks to far more than a list of tips can hold; it is not opened."),
        "kind": _("The file cannot be read. Save it as XLSX or CSV and choose it again."),
        "rows": _("More than %(n)s rows. Split the list.", n=sheets.MOST_ROWS),
        "columns": _(
            "More than %(n)s columns. Take out those that hold nothing of a tip.",
            n=sheets.MOST_COLUMNS,
        ),
        "cell": _("A cell holds more than %(n)s characters.", n=sheets.LONGEST_CELL),
        "empty": _("The list has no rows."),
        "locked": _(
            "The file needs a password. Open it, take the password away, save it and choose it "
            "again."
        ),
        "old": _(
            "The file is an Excel file of the old kind (.xls or .et), which is not read here."
        ),
        "web": _("The file is called a spreadsheet, but is a web page or XML inside."),
        "open": _("The file is an OpenDocument table (.ods), which is not read here."),
        "binary": _("The file is a binary Excel file (.xlsb), which is not read here."),
        "other": _("The file is no table. Choose the list as XLSX or CSV."),
    }[error.why]
    way = _("Open it in Excel or WPS, save it as «.xlsx», and choose that file.")
    return f"{said} {way}" if error.why in OTHER_SPREADSHEETS else said


def _why_heads(error: BadHeads) -> str:
    names = "、".join(error.heads)
    return {
        "unknown": _("Columns that are not known: %(names)s. Rename or delete them.", names=names),
        "twice": _("Columns that stand twice: %(names)s.", names=names),
        "missing": _("Columns that are missing: %(names)s.", names=names),
    }[error.why]


def part_words(part: Part) -> str:
    """What would go unseen of a file."""
    which = "、".join(part.which)
    if part.kind == "title":
        row, words = part.which
        return _(
            "Row %(row)s stands over the heads and is not read: «%(words)s».", row=row, words=words
        )
    return {
        "rows": _("Rows that are hidden in «%(sheet)s»: %(which)s.", sheet=part.sheet, which=which),
        "columns": _(
            "Columns that are hidden in «%(sheet)s»: %(which)s.", sheet=part.sheet, which=which
        ),
        "sheets": _("A sheet that is hidden: «%(sheet)s».", sheet=part.sheet),
        "others": _(
            "A sheet whose heads are not those of a list of tips: «%(sheet)s».", sheet=part.sheet
        ),
    }[part.kind]


def fate_word(row: Row) -> str:
    """The row's fate in a word."""
    return {
        "good": _("will be taken in"),
        "wrong": _("to be mended"),
        "here": _("here already"),
        "hidden": _("hidden, to be decided"),
        "left": _("left out"),
    }[row.fate]


def code_word(row: Row) -> str:
    """What is known of the code that is taken in."""
    if row.noughts and row.code.state is CodeState.GOOD:
        return _("code to be confirmed")
    return {
        CodeState.NONE: _("no code"),
        CodeState.GOOD: _("in order"),
        CodeState.DOUBTFUL: _("code to be confirmed"),
        CodeState.WRONG: _("wrong"),
        CodeState.IDENTITY: _("wrong"),
    }[row.code.state]


def code_as_taken(row: Row) -> str:
    """The code as it will be taken in, and what is known of it."""
    return f"{row.code.text} · {code_word(row)}" if row.code.text else code_word(row)


def code_note(row: Row) -> str:
    """What a person should look at before the code is believed."""
    if row.noughts:
        return _(
            "It ends in 000, as a number does that a spreadsheet has cut. Compare it with the "
            "original."
        )
    if row.code.state is CodeState.DOUBTFUL:
        return _(
            "Its check digit does not fit, or it may be a person's number. Compare it with the "
            "original."
        )
    return ""


def details(row: Row) -> list[str]:
    """Which cells are wrong and why; or as what the row is here already."""
    if row.fate == "wrong":
        return [f"{where}：{why}" if where else why for where, why in row.errors]
    if row.fate == "here" and row.docket_id:
        return [db.session.get_one(Docket, row.docket_id).number]
    if row.same_as:
        return [_("the same as row %(n)s", n=row.same_as)]
    note = code_note(row) if row.fate == "good" else ""
    return [note] if note else []
