"""After the prior notice: the defence and its review."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from forms.base import Filled, StepForm

HOW = [
    ("waived", _l("Waived in writing")),
    ("expired", _l("Said nothing in time")),
]
ADOPTED = [
    ("adopted", _l("Adopted in full")),
    ("partly", _l("Partly adopted")),
    ("rejected", _l("Not adopted")),
]


class DefenceHeard(StepForm):
    """陈述申辩."""

    opinion = TextAreaField(_l("What the party said"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    evidence = TextAreaField(_l("Evidence offered"), [Length(max=20000)], render_kw={"rows": 4})


class DefenceWaived(StepForm):
    """放弃或逾期."""

    how = RadioField(_l("How"), [Filled()], choices=HOW)
    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})


class DefenceReview(StepForm):
    """复核意见."""

    adopted = RadioField(_l("Whether it is adopted"), [Filled()], choices=ADOPTED)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
