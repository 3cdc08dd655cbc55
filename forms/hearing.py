"""Hearings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.checks.hearing import earliest
from forms.base import DayField, Filled, StepForm

FORMS = [
    ("written", _l("In writing")),
    ("oral", _l("Orally")),
    ("email", _l("By e-mail")),
]
OPEN = [
    ("public", _l("Public")),
    ("closed", _l("Closed (secrets)")),
]


class Request(StepForm):
    """听证申请."""

    form = RadioField(_l("Form"), [Filled()], choices=FORMS)
    points = TextAreaField(_l("What the hearing is asked for"), [Length(max=20000)], render_kw={"rows": 4})


class HearingNotice(StepForm):
    """听证通知."""

    hearing_on = DayField(_l("Day of the hearing"), [Filled()])
    time = StringField(_l("Time"), [Filled(), Length(max=200)])
    place = StringField(_l("Place"), [Filled(), Length(max=200)])
    host = SelectField(_l("Host"), [Filled()], coerce=int)
    openness = RadioField(_l("Public or not"), [Filled()], choices=OPEN)

    def fill(self) -> None:
        """Everybody in office who is not, and never was, an officer of the case."""
        own, staff = self.known.investigators, self.known.people.values()
        self.host.choices = [(p.id, p.name) for p in staff if p.roles and p.id not in own and not p.recused]
        first = earliest(self.known).isoformat()
        words = _l(
            "Seven whole working days lie between service and hearing; served today, at the earliest %(day)s.", day=first
        )
        self.hearing_on.description = words

    def validate_all(self) -> bool:
        """The day beside its field."""
        day = getattr(self.hearing_on, "day", None)
        if day is not None and day < earliest(self.known):
            return self.refuse(self.hearing_on, _l("Too early: the party must be told seven whole working days before."))
        return True


class Held(StepForm):
    """举行听证."""

    present = TextAreaField(
        _l("Who took part (at most two agents)"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    record = TextAreaField(_l("Record"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    signed = BooleanField(_l("Signed by those present"), [Filled()])


class Report(StepForm):
    """听证报告."""

    opinion = TextAreaField(_l("Opinion of the host"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
