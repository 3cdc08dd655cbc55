"""Reports and the cases that they feed; two cases that become one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from forms.base import Filled, StepForm, text_area


class LinkReport(StepForm):
    """关联到案件 (link_report: 系统设定：一案一档，多条线索可入一案)."""

    case = SelectField(_l("Case"), [Filled()], coerce=int)
    reason = text_area(_l("Reason"))

    def fill(self) -> None:
        """Open cases of the bureau."""
        self.case.choices = [(x.id, f"{x.number} {x.title}") for x in self.known.open_cases]


class UnlinkReport(StepForm):
    """撤销关联 (unlink_report: 系统设定)."""

    case = SelectField(_l("Case"), [Filled()], coerce=int)
    reason = text_area(_l("Reason"))

    def fill(self) -> None:
        """Cases that this report feeds."""
        self.case.choices = [(x.id, f"{x.number} {x.title}") for x in self.known.links]


class Absorb(LinkReport):
    """并入他案 (absorb_case: 系统设定：一案一档): the other case goes on with both matters."""
