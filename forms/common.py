"""Small forms that many steps share."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, widgets
from wtforms.validators import Length

from casework.procedure.checks.decision import limits_over
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import ClockFacts
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from casework.procedure.terms import SubjectKind
from forms.base import DayField, Filled, StepForm, text_area, text_line
from forms.codes import CodeField, NoIdentityNumber
from forms.spoken import Spoken
from forms.units import OfUnit

KINDS = [
    (SubjectKind.ENTERPRISE.value, _l("Enterprise")),
    (SubjectKind.INSTITUTION.value, _l("Public institution")),
    (SubjectKind.ORGANISATION.value, _l("Other organisation")),
    (SubjectKind.SOLE_TRADER.value, _l("Sole trader")),
    (SubjectKind.STATE_ORGAN.value, _l("State organ")),
    (SubjectKind.PERSON.value, _l("Person")),
]
# sentences beside fields of several forms
ACCOUNT = _l("Bank, name and number of the account, parted by commas.")
UNSIGNED = _l(
    "Only where the refusal is known before printing; else it is written on the sheet by hand."
)


def _violation(code: str) -> str:
    """A violation with its code, in the language of the page; of interference also whom the article
    is about."""
    known, english = penalties().violations[code], str(get_locale()) == "en"
    norm = penalties().interference.norm.get(known.norm)
    about = norm and (norm.en if english else norm.zh)
    return f"{code} {known.en if english else known.zh}" + (f"（{about}）" if about else "")


VIOLATIONS = [("", "—"), *((code, LazyString(_violation, code)) for code in penalties().violations)]


def chosen_number(value: object) -> int | None:
    """The number of what was chosen, such as a person or a paper; None for the blank line."""
    return int(str(value)) if value else None


class Reason(StepForm):
    """Why: the step's one question where its reason is all that is asked."""

    reason = text_area(_l("Reason"))


class Note(StepForm):
    """A remark, when there is something to remark."""

    note = text_area(_l("Note"), required=False)


class Late(StepForm):
    """What ends a case: asks why so late, where the time for it ran out before."""

    late_reason = text_area(_l("Why the time for the case was exceeded"), required=False, rows=3)

    def fill(self) -> None:
        """Asked only then; the field names the days that have passed."""
        super().fill()
        over = limits_over(self.known)
        if not over:
            del self.late_reason
            return
        self.late_reason.validators = [Filled(), *self.late_reason.validators]
        self.late_reason.flags.required = True
        self.late_reason.description = time_over(over)


def time_over(over: Sequence[ClockFacts]) -> LazyString:
    """The limits that ran out, each with its last day."""
    rules, language = procedure().clocks, str(get_locale())
    names = "、".join(
        f"{rules[c.rule].name.in_language(language)} {c.due.isoformat()}" for c in over
    )
    return _l("Over: %(limits)s.", limits=names)


def on_one_line(text: str | None) -> str | None:
    """A text without line breaks: it stands within sentences."""
    lines = text.splitlines() if text else []
    return "".join(line.strip() for line in lines) if len(lines) > 1 else text


class PartyForm(Spoken):
    """A respondent, as one row."""

    name = StringField(
        _l("Name of the unit"), [Length(max=200), NoIdentityNumber(), OfUnit("name")]
    )
    kind = SelectField(_l("Kind"), [OfUnit("kind")], choices=KINDS)
    credit_code = CodeField(_l("Credit code"), [Length(max=200), OfUnit("credit_code")])
    address = text_line(_l("Address"), OfUnit("address"), required=False)
    representative = text_line(_l("Person in charge"), OfUnit("representative"), required=False)
    township = SelectField(_l("Township"), [OfUnit("township")], choices=[], validate_choice=False)


class ViolationForm(Spoken):
    """A violation, as one row."""

    code = SelectField(_l("Violation"), choices=VIOLATIONS)
    what = StringField(
        _l("Facts"),
        [Length(max=2000)],
        widget=widgets.TextArea(),
        filters=[on_one_line],
        render_kw={"rows": 3},
    )
    conduct_start = DayField(_l("First day of the conduct"), lies=Lies.BEFORE)
    conduct_end = DayField(_l("Last day of the conduct"), lies=Lies.BEFORE)
    census = BooleanField(_l("Census"))
