"""After the prior notice: the defence, what the party gives up, and the review."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.day_bounds import Lies
from casework.text import is_blank
from forms.base import ChecksField, DayField, Filled, StepForm

RIGHTS = [
    ("defence", _l("Statement and defence")),
    ("hearing", _l("Hearing")),
]
WRITTEN = [
    ("statement", _l("A written statement of the party")),
    ("record", _l("A record that the party has signed")),
]
ADOPTED = [
    ("adopted", _l("Adopted in full")),
    ("partly", _l("Partly adopted")),
    ("rejected", _l("Not adopted")),
]
WHOLE = _l("The party declares that this is its whole defence")
UNTICKED = _l("Only where it says so in writing; unticked, its days run to their end.")
PAPER = _l("The paper, and where it lies")


def whole_is_proved(form: StepForm) -> bool:
    """Whether a form that says that a defence is the whole one names the paper which declares it;
    else its field says so."""
    document: Any = form["document"]
    lacking = bool(form["whole"].data) and is_blank(document.data or "")
    return not lacking or form.refuse(document, _l("Fill this in."))


class DefenceHeard(StepForm):
    """陈述申辩 (defence_heard: 行政处罚法 §45)."""

    opinion = TextAreaField(
        _l("What the party said"), [Filled(), Length(max=20000)], render_kw={"rows": 4}
    )
    evidence = TextAreaField(_l("Evidence offered"), [Length(max=20000)], render_kw={"rows": 4})
    whole = BooleanField(WHOLE, description=UNTICKED)
    document = StringField(PAPER, [Length(max=200)])

    def validate_all(self) -> bool:
        """A whole defence says which paper declares it."""
        return whole_is_proved(self)


class DefenceWaived(StepForm):
    """逾期未陈述申辩 (defence_waived: 行政处罚法 §44–45)."""

    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})


class RightsWaived(StepForm):
    """书面放弃 (rights_waived: 行政处罚法 §44–45、§62–64): which rights, by which paper, signed by
    whom and when."""

    rights = ChecksField(_l("What the party gives up"), [Filled()], choices=RIGHTS)
    written = RadioField(_l("How it was said"), [Filled()], choices=WRITTEN)
    signer = StringField(_l("Signed by (name and post)"), [Filled(), Length(max=200)])
    signed_on = DayField(_l("Day of the signature"), [Filled()], lies=Lies.DURING)
    document = StringField(
        _l("The paper, and where it lies"),
        [Filled(), Length(max=200)],
        description=_l("Attach a scan below, or name the paper as it is registered."),
    )
    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})


class DefenceReview(StepForm):
    """复核意见 (defence_review: 行政处罚法 §45)."""

    adopted = RadioField(_l("Whether it is adopted"), [Filled()], choices=ADOPTED)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
