"""Small forms that many steps share."""

from __future__ import annotations

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.penalties import penalties
from casework.procedure.terms import SubjectKind
from forms.base import DayField, Filled, StepForm
from forms.spoken import Spoken

KINDS = [
    (SubjectKind.ENTERPRISE.value, _l("Enterprise")),
    (SubjectKind.INSTITUTION.value, _l("Public institution")),
    (SubjectKind.ORGANISATION.value, _l("Other organisation")),
    (SubjectKind.SOLE_TRADER.value, _l("Sole trader")),
    (SubjectKind.STATE_ORGAN.value, _l("State organ")),
    (SubjectKind.PERSON.value, _l("Person")),
]


def _violation(code: str) -> str:
    """A violation with its code, in the language of the page."""
    known = penalties().violations[code]
    return f"{code} {known.en if str(get_locale()) == 'en' else known.zh}"


VIOLATIONS = [("", "—"), *((code, LazyString(_violation, code)) for code in penalties().violations)]


class Reason(StepForm):
    """Why."""

    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Note(StepForm):
    """A remark, when there is something to remark."""

    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})


class PartyForm(Spoken):
    """A respondent, as one row."""

    name = StringField(_l("Name of the unit"), [Length(max=200)])
    kind = SelectField(_l("Kind"), choices=KINDS)
    credit_code = StringField(_l("Credit code"), [Length(max=200)])
    address = StringField(_l("Address"), [Length(max=200)])
    representative = StringField(_l("Person in charge"), [Length(max=200)])
    township = SelectField(_l("Township"), choices=[], validate_choice=False)


class ViolationForm(Spoken):
    """A violation, as one row."""

    code = SelectField(_l("Violation"), choices=VIOLATIONS)
    what = StringField(_l("Facts"), [Length(max=200)])
    conduct_start = DayField(_l("First day of the conduct"))
    conduct_end = DayField(_l("Last day of the conduct"))
    census = BooleanField(_l("Census"))
