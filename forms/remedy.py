"""Reconsideration and suits."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from forms.base import Filled, StepForm, YuanField, text_area, text_line, yes_or_no
from forms.chosen import chosen

KINDS = [
    ("reconsideration", _l("Reconsideration")),
    ("suit", _l("Suit")),
    ("appeal", _l("Appeal")),
]
RESULTS = [
    ("upheld", _l("Upheld (reconsideration, or judgment of the first court)")),
    ("withdrawn", _l("Withdrawn")),
    ("changed", _l("Changed")),
    ("set_aside", _l("Set aside")),
    ("redo", _l("Set aside, to be dealt with anew")),
    ("unlawful", _l("Unlawful, but it stands")),
    ("dismissed", _l("Appeal dismissed: the first judgment holds")),
    ("stands", _l("First judgment reversed: the decision holds")),
    ("retrial", _l("First judgment set aside, sent back for retrial")),
]


class Start(StepForm):
    """复议受理或应诉 (remedy_start: 行政处罚法 §73；行政复议法 §42；行政诉讼法 §56)."""

    kind = RadioField(_l("Kind"), [Filled()], choices=KINDS)
    body = text_line(_l("Body"))
    number = text_line(_l("Case number"))
    stay = yes_or_no(_l("Execution stayed"))


class End(StepForm):
    """结果 (remedy_end: 行政复议法 §63–69；行政诉讼法 §69–77；行政处罚法 §48)."""

    only_where: ClassVar = {"fine_fen": chosen("result", "changed")}

    kind = RadioField(_l("Kind"), [Filled()], choices=KINDS)
    result = RadioField(_l("Result"), [Filled()], choices=RESULTS)
    number = text_line(_l("Number of the decision"))
    fine_fen = YuanField(_l("Changed sum (yuan)"))
    reason = text_area(_l("Reason"), required=False)
