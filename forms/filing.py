"""Filing, and extending the case."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forms.base import DayField, Filled, StepForm
from forms.common import VIOLATIONS


class File(StepForm):
    """立案."""

    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    code = SelectField(_l("Suspected violation"), [Filled()], choices=VIOLATIONS)
    conduct_end = DayField(
        _l("Last day of the conduct"),
        [Filled()],
        description=_l("It decides the time bar and which version of the law applies."),
    )
    facts = TextAreaField(_l("Facts and reasons for filing"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """The cause as it stands on record."""
        self.cause.data = self.cause.data or self.known.value("cause", "")


class NotFile(StepForm):
    """不予立案."""

    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    facts = TextAreaField(_l("Facts and reasons"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """The cause as it stands on record."""
        self.cause.data = self.cause.data or self.known.value("cause", "")


class ExtendCase(StepForm):
    """延长办案期限: at most by the period of the settings, once."""

    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def payload(self) -> dict[str, Any]:
        """Named by its setting."""
        return {**super().payload(), "by": "case.extension"}
