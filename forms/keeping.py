"""What happens to a file after it was archived: held back, kept longer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from forms.base import Filled, StepForm, text_area

GROUNDS = [
    ("suit", _l("A suit or reconsideration is running or expected")),
    ("review", _l("A review, inspection or supervision needs it")),
    ("audit", _l("An audit needs it")),
    ("linked", _l("Another case needs it")),
    ("other", _l("Something else")),
]
LONGER = [
    ("10", _l("Ten more years")),
    ("30", _l("Thirty more years")),
    ("permanent", _l("Permanent")),
]


class Hold(StepForm):
    """暂缓处置 (hold_disposal: 档案法 §21；系统设定)."""

    hold_ground = SelectField(_l("Why it is held back"), [Filled()], choices=GROUNDS)
    reason = text_area(_l("Reason"), rows=3)


class KeepLonger(StepForm):
    """重新划定保管期限 (keep_longer: 档案法实施条例 §24)."""

    term = RadioField(_l("Kept for"), [Filled()], choices=LONGER)
    reason = text_area(_l("Why it is still of value"), rows=3)
