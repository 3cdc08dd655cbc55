"""What a handover of many tips says once for all of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from forms.base import DayField, StepForm


class ListForm(StepForm):
    """批量导入: used for rows whose own columns are empty."""

    body = StringField(_l("Sending body"), [Length(max=200)])
    number = StringField(_l("Document number"), [Length(max=200)])
    day_of_document = DayField(_l("Date of the document"))

    def fill(self) -> None:
        """Days stand in the list, row by row."""
        del self["on"]

    def source(self) -> dict[str, str]:
        """As ``Source`` keeps it."""
        return {
            "body": (self.body.data or "").strip(),
            "number": (self.number.data or "").strip(),
            "day": str(self.day_of_document.plain() or ""),
        }
