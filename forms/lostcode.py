"""The comparison of facts before a lost receipt code is replaced."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from forms.base import ChecksField, Filled, StepForm

FACTS = [
    ("when", _l("When and by which way the tip was handed in")),
    ("words", _l("Particulars of the tip that its short description does not show")),
    ("files", _l("Which files were handed in, and what they show")),
    ("messages", _l("What was written in the messages")),
    ("survey", _l("Which table, period and figures the tip names")),
]
ENOUGH = 3  # facts that agree


class RenewCode(StepForm):
    """补发查询码 (renew_code: 系统设定（为举报人保密：统计法实施条例 §38）): what was asked without
    giving anything away, and what agreed."""

    agreed = ChecksField(
        _l("Facts that the person named correctly"),
        [Filled()],
        choices=FACTS,
        description=_l(
            "At least three. Ask openly; never read out from the file, nor say what is right."
        ),
    )
    how = RadioField(
        _l("How the person came"),
        [Filled()],
        choices=[
            ("visit", _l("In person")),
            ("phone", _l("By telephone")),
            ("letter", _l("By letter")),
        ],
    )
    account = TextAreaField(
        _l("Questions, answers and what differed"),
        [Filled(), Length(max=20000)],
        description=_l(
            "Nothing about who the person is. The second officer decides on this account."
        ),
        render_kw={"rows": 5},
    )

    def validate_all(self) -> bool:
        """Fewer facts would let anybody in who has read the case."""
        if len(self.agreed.data or []) < ENOUGH:
            return self.refuse(self.agreed, _l("Three facts at least must agree."))
        return True
