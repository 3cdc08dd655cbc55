"""Filing, and extending the case."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.day_bounds import Lies
from casework.procedure.decision_state import stands
from casework.procedure.interference import proposed_ground
from forms.base import DayField, Filled, StepForm
from forms.common import VIOLATIONS, Late, Reason
from forms.execution import ENDS


class File(StepForm):
    """立案 (file: 行政处罚法 §36、§54、§60；统计法 §40–42)."""

    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    code = SelectField(_l("Suspected violation"), [Filled()], choices=VIOLATIONS)
    conduct_end = DayField(
        _l("Last day of the conduct"),
        [Filled()],
        lies=Lies.BEFORE,
        description=_l("It decides the time bar and which version of the law applies."),
    )
    facts = TextAreaField(
        _l("Facts and reasons for filing"), [Filled(), Length(max=20000)], render_kw={"rows": 4}
    )

    def fill(self) -> None:
        """The cause as it stands on record, and the ground of interference that the tip's own
        choices name."""
        self.cause.data = self.cause.data or self.known.value("cause", "")
        self.start_with(code=proposed_ground(self.known))


class NotFile(StepForm):
    """不予立案 (not_file: 行政处罚法 §54)."""

    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    facts = TextAreaField(
        _l("Facts and reasons"), [Filled(), Length(max=20000)], render_kw={"rows": 4}
    )

    def fill(self) -> None:
        """The cause as it stands on record."""
        self.cause.data = self.cause.data or self.known.value("cause", "")


class EndUndecided(Late, Reason):
    """撤销立案、终结、报请上级 (report_up, withdraw_filing: 重庆市统计管理条例 §38；行政处罚法
    §57): why, and why so late."""


class Terminate(EndUndecided):
    """终结 (terminate: 行政强制法 §40；系统设定): after a decision on a ground of 行政强制法 §40
    alone, after which nobody owes the fine, with what proves it."""

    ground = SelectField(_l("Ground in law"), choices=[("", "—"), *ENDS[:2]])
    proof = StringField(_l("What proves it"), [Length(max=200)])

    def fill(self) -> None:
        """Both are asked where a decision stands."""
        super().fill()
        if not stands(self.known):
            del self.ground
            del self.proof


class ExtendCase(StepForm):
    """延长办案期限 (extend_case: 统计执法监督检查办法（节录）): at most by the period of the
    settings, once."""

    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def payload(self) -> dict[str, Any]:
        """Named by its setting."""
        return {**super().payload(), "by": "case.extension"}
