"""动员乡镇街道: who, until when, with what result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from casework.text import is_blank, unless_blank
from forms.base import DayField, Filled, text_area
from forms.spoken import Spoken


class MobiliseForm(Spoken):
    """The task of one township."""

    handler = SelectField(_l("Handler"), coerce=int)
    due = DayField(_l("Deadline"), [Filled()])
    result = text_area(_l("Result"), required=False, most=2000, rows=5)
    done = BooleanField(_l("The matter is settled: close the task"))

    def __init__(
        self, formdata: Any = None, *, task: Any, staff: Mapping[int, str], **kw: Any
    ) -> None:
        kw.setdefault(
            "data",
            {"handler": task.handler_id or 0, "due": task.due.isoformat(), "result": task.result},
        )
        super().__init__(formdata, **kw)
        self.handler.choices = [(0, "—"), *staff.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Who closes it says what came of it."""
        good = bool(super().validate(extra_validators))
        if self.done.data and is_blank(self.result.data or ""):
            self.result.errors = [*self.result.errors, _l("Say what came of it before closing.")]
            return False
        return good

    def values(self) -> dict[str, Any]:
        """As ``Change`` takes them."""
        due: date = self.due.day  # type: ignore[assignment]
        return {
            "handler": self.handler.data or None,
            "due": due,
            "result": unless_blank(self.result.data),
            "done": self.done.data,
        }
