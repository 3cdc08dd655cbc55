"""Filing, and extending the case."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from casework.procedure.day_bounds import Lies
from casework.procedure.decision_state import stands
from forms import sources
from forms.base import DayField, Filled, StepForm, text_area, text_line
from forms.common import VIOLATIONS, Late, Reason
from forms.execution import ENDS
from forms.proposed import Proposed, first_of


class File(StepForm):
    """立案 (file: 行政处罚法 §36、§54、§60；统计法 §40–42)."""

    cause = text_line(_l("Cause"), Proposed(sources.last_recorded("cause")))
    code = SelectField(
        _l("Suspected violation"), [Filled(), Proposed(sources.tip_ground)], choices=VIOLATIONS
    )
    conduct_end = DayField(
        _l("Last day of the conduct"),
        [Filled()],
        lies=Lies.BEFORE,
        description=_l("It decides the time bar and which version of the law applies."),
    )
    facts = text_area(
        _l("Facts and reasons for filing"),
        Proposed(
            first_of(sources.from_figures, sources.answer_to("findings", "verification_report"))
        ),
    )


class NotFile(StepForm):
    """不予立案 (not_file: 行政处罚法 §54)."""

    cause = text_line(_l("Cause"), Proposed(sources.last_recorded("cause")))
    facts = text_area(
        _l("Facts and reasons"), Proposed(sources.answer_to("findings", "verification_report"))
    )


class EndUndecided(Late, Reason):
    """撤销立案、终结、报请上级 (report_up, withdraw_filing: 重庆市统计管理条例 §38；行政处罚法
    §57): why, and why so late."""


class Terminate(EndUndecided):
    """终结 (terminate: 行政强制法 §40；系统设定): after a decision on a ground of 行政强制法 §40
    alone, after which nobody owes the fine, with what proves it."""

    ground = SelectField(_l("Ground in law"), choices=[("", "—"), *ENDS[:2]])
    proof = text_line(_l("What proves it"), required=False)

    def fill(self) -> None:
        """Both are asked where a decision stands."""
        super().fill()
        if not stands(self.known):
            del self.ground
            del self.proof


class ExtendCase(StepForm):
    """延长办案期限 (extend_case: 统计执法监督检查办法（节录）): at most by the period of the
    settings, once."""

    reason = text_area(_l("Reason"))

    def payload(self) -> dict[str, Any]:
        """Named by its setting."""
        return {**super().payload(), "by": "case.extension"}
