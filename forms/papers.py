"""What may stand on papers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField
from wtforms.validators import Length, ValidationError

from casework.procedure.personal import personal
from forms.base import Filled, StepForm


class ReleaseNumbers(StepForm):
    """放行号码: each number or address, and why it may be printed."""

    numbers = TextAreaField(
        _l("Numbers or addresses that may be printed"),
        [Filled(), Length(max=2000)],
        description=_l("One a line, as the refusal names them."),
        render_kw={"rows": 3},
    )
    reason = TextAreaField(
        _l("Whose they are, and why the paper must bear them"),
        [Filled(), Length(max=2000)],
        description=_l("Never those of an informant."),
        render_kw={"rows": 3},
    )

    def validate_numbers(self, field: Field) -> None:
        """Every line holds a number or address that the search would stop."""
        lines = [x for x in (field.data or "").splitlines() if x.strip()]
        if not all(personal(line) for line in lines):
            raise ValidationError(_l("A line holds no telephone number, identity number or e-mail address."))
