"""Forms of a random draw (双随机: 统计法 §36)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from casework.procedure.terms import SubjectKind
from forms.base import ChecksField, DayField, Filled, WholeField, text_area, text_line
from forms.common import KINDS
from forms.office import OfficeForm

UNITS = [kind for kind in KINDS if kind[0] != SubjectKind.PERSON.value]  # of the register
MOST = 1000  # units of one draw


class DrawForm(OfficeForm):
    """Who is to be drawn, and by whose public number."""

    name = text_line(_l("Name of the inspection plan"), most=100)
    take = WholeField(_l("How many units"), [Filled()])
    townships = ChecksField(
        _l("Townships"), description=_l("None chosen: all of them."), choices=[]
    )
    kinds = ChecksField(_l("Kinds"), description=_l("None chosen: all of them."), choices=UNITS)
    by_risk = BooleanField(
        _l("More lots for units with a penalty or an entry of dishonesty on the public list"),
        default=True,
    )
    public_day = DayField(
        _l("Day of the public number"),
        [Filled()],
        description=_l("A day after today: nobody knows the number before."),
    )

    def validate_take(self, field: Field) -> None:
        """Error: ValidationError below one, or above what is opened in one go."""
        if not 1 <= (field.plain() or 0) <= MOST:
            raise ValidationError(_l("One to a thousand."))


class NumberForm(OfficeForm):
    """The public number, read from its source."""

    number = text_line(_l("Public number"), most=60, description=_l("Its digits, in their order."))


class WithdrawForm(OfficeForm):
    """Why a draw is taken back."""

    reason = text_area(_l("Reason"))


class OpenCasesForm(OfficeForm):
    """What the inspections that come of a draw have in common."""

    cause = text_line(_l("Cause"))
    narrative = text_area(_l("What is to be inspected"))
