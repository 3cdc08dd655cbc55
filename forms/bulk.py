"""What a handover of many tips says once for all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from casework.text import unless_blank
from forms.base import DayField, Filled, StepForm, text_line
from forms.spoken import Spoken


class ListForm(StepForm):
    """批量导入: used for rows whose own columns are empty."""

    body = text_line(_l("Sending body"), required=False)
    number = text_line(_l("Document number"), required=False)
    day_of_document = DayField(_l("Date of the document"))

    def fill(self) -> None:
        """Days stand in the list, row by row."""
        del self["on"]

    def source(self) -> dict[str, str]:
        """As ``Source`` keeps it."""
        return {
            "body": unless_blank(self.body.data),
            "number": unless_blank(self.number.data),
            "day": str(self.day_of_document.plain() or ""),
        }


LEAVE_OR_TAKE = [("leave", _l("Leave them out")), ("take", _l("Take them in too"))]


class PartsForm(Spoken):
    """What to do with the parts of a file that are hidden, or are no list of tips; asks only about
    what there is."""

    rows = RadioField(
        _l("Hidden rows"), [Filled(_l("Say what to do with them."))], choices=LEAVE_OR_TAKE
    )
    columns = RadioField(
        _l("Hidden columns"), [Filled(_l("Say what to do with them."))], choices=LEAVE_OR_TAKE
    )
    sheets = RadioField(
        _l("Hidden sheets"), [Filled(_l("Say what to do with them."))], choices=LEAVE_OR_TAKE
    )
    others = BooleanField(
        _l("Go on without the sheets that are no list of tips"),
        [Filled(_l("Tick this, or mend the file."))],
    )

    def __init__(self, kinds: Collection[str], formdata: Any = None) -> None:
        super().__init__(formdata)
        for name in list(self._fields):
            if name in ("rows", "columns", "sheets", "others") and name not in kinds:
                del self[name]

    def choice(self) -> dict[str, str]:
        """By kind of part: take or leave."""
        said = {
            name: field.data
            for name, field in self._fields.items()
            if name in ("rows", "columns", "sheets")
        }
        return said | ({"others": "leave"} if "others" in self._fields else {})
