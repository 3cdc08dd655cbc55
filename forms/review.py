"""Legal review and panel."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forms.base import Filled, StepForm
from forms.spoken import Spoken

POINT = [
    ("pass", _l("Pass")),
    ("fail", _l("Fail")),
]
OUTCOME = [
    ("pass", _l("Passed")),
    ("return", _l("Sent back")),
]
PANEL = [
    ("agreed", _l("Agreed")),
    ("return", _l("Sent back")),
]
CENSUS = [
    ("", _l("Not a census case")),
    ("census", _l("The census regulation's amounts")),
    ("law", _l("The law's amounts")),
]


class VoiceForm(Spoken):
    """One voice."""

    name = StringField(_l("Name"), [Length(max=200)])
    post = StringField(_l("Post"), [Length(max=200)])
    opinion = StringField(_l("Opinion voiced"), [Length(max=200)])


class LegalReview(StepForm):
    """法制审核: six points, each passes or fails."""

    point_subject = RadioField(_l("Subject and competence"), [Filled()], choices=POINT)
    point_facts = RadioField(_l("Facts"), [Filled()], choices=POINT)
    point_evidence = RadioField(_l("Evidence"), [Filled()], choices=POINT)
    point_basis = RadioField(_l("Basis"), [Filled()], choices=POINT)
    point_procedure = RadioField(_l("Procedure"), [Filled()], choices=POINT)
    point_discretion = RadioField(_l("Discretion"), [Filled()], choices=POINT)
    census_law = SelectField(_l("Census amounts"), choices=CENSUS)
    opinion = TextAreaField(_l("Opinion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    result = RadioField(_l("Conclusion of the review"), [Filled()], choices=OUTCOME)


class Panel(StepForm):
    """集体讨论."""

    place = StringField(_l("Place"), [Filled(), Length(max=200)])
    voices = FieldList(FormField(VoiceForm), _l("Voices"), min_entries=3)
    conclusion = TextAreaField(_l("Conclusion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    result = RadioField(_l("Result of the discussion"), [Filled()], choices=PANEL)
