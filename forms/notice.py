"""After the prior notice: the defence, what the party gives up, and the review."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from casework.procedure.day_bounds import Lies
from casework.text import is_blank
from forms.base import ChecksField, DayField, Filled, StepForm, text_area, text_line

RIGHTS = [("defence", _l("Statement and defence")), ("hearing", _l("Hearing"))]
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

    opinion = text_area(_l("What the party said"))
    evidence = text_area(_l("Evidence offered"), required=False)
    whole = BooleanField(WHOLE, description=UNTICKED)
    document = text_line(PAPER, required=False)

    def validate_all(self) -> bool:
        """A whole defence says which paper declares it."""
        return whole_is_proved(self)


class DefenceWaived(StepForm):
    """逾期未陈述申辩 (defence_waived: 行政处罚法 §44–45)."""

    note = text_area(_l("Note"), required=False)


class RightsWaived(StepForm):
    """书面放弃 (rights_waived: 行政处罚法 §44–45、§62–64): which rights, by which paper, signed by
    whom and when."""

    rights = ChecksField(_l("What the party gives up"), [Filled()], choices=RIGHTS)
    written = RadioField(_l("How it was said"), [Filled()], choices=WRITTEN)
    signer = text_line(_l("Signed by (name and post)"))
    signed_on = DayField(_l("Day of the signature"), [Filled()], lies=Lies.DURING)
    document = text_line(
        _l("The paper, and where it lies"),
        description=_l("Attach a scan below, or name the paper as it is registered."),
    )
    note = text_area(_l("Note"), required=False)


class DefenceReview(StepForm):
    """复核意见 (defence_review: 行政处罚法 §45)."""

    adopted = RadioField(_l("Whether it is adopted"), [Filled()], choices=ADOPTED)
    reason = text_area(_l("Reason"))
