"""The comparison of facts before a lost receipt code is replaced."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from forms.base import ChecksField, Filled, StepForm, text_area

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
    account = text_area(
        _l("Questions, answers and what differed"),
        rows=5,
        description=_l(
            "Nothing about who the person is. The second officer decides on this account."
        ),
    )

    def validate_all(self) -> bool:
        """Fewer facts would let anybody in who has read the case."""
        if len(self.agreed.data or []) < ENOUGH:
            return self.refuse(self.agreed, _l("Three facts at least must agree."))
        return True
