"""Hearings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import Length

from casework.procedure.checks.hearing import earliest, hosts
from casework.procedure.day_bounds import Lies
from forms.base import DayField, Filled, HourField, StepForm, text_area, text_line
from forms.colleagues import ColleagueField, colleagues
from forms.common import chosen_number
from forms.said_before import SaidBefore

FORMS = [("written", _l("In writing")), ("oral", _l("Orally")), ("email", _l("By e-mail"))]
OPEN = [("public", _l("Public")), ("closed", _l("Closed (secrets)"))]

REFUSALS = [
    ("late", _l("Asked for after the days for asking")),
    ("not_entitled", _l("The law opens no hearing for what is proposed")),
]
GIVEN_UP = [
    ("waived", _l("Given up in writing")),
    ("absent", _l("Stayed away on the day without a good reason")),
]
SESSIONS = [
    ("closed", _l("Held to its end")),
    ("adjourned", _l("Adjourned: it goes on another day, which is notified anew")),
]


class Request(StepForm):
    """听证申请 (hearing_request: 行政处罚法 §63–64)."""

    form = RadioField(_l("Form"), [Filled()], choices=FORMS)
    points = text_area(_l("What the hearing is asked for"), required=False)


class Refuse(StepForm):
    """不予听证 (hearing_refuse: 行政处罚法 §63–64): on one of the two grounds that the law
    leaves."""

    ground = RadioField(_l("Ground"), [Filled()], choices=REFUSALS)
    reason = text_area(_l("Reason"))


class GivenUp(StepForm):
    """放弃听证 (hearing_given_up: 行政处罚法 §64第六项): by the party's own signed words, or by
    staying away."""

    how = RadioField(_l("How"), [Filled()], choices=GIVEN_UP)
    signer = text_line(_l("Signed by (name and post)"), required=False)
    signed_on = DayField(_l("Day of the signature"), lies=Lies.DURING)
    document = text_line(_l("The paper, and where it lies"), required=False)
    reason = text_area(_l("Reason"))

    def validate_all(self) -> bool:
        """A waiver says who signed, when, and which paper it is."""
        if self.how.data != "waived":
            return True
        lacking = [f for f in (self.signer, self.signed_on, self.document) if not f.data]
        return not [self.refuse(f, _l("Fill this in.")) for f in lacking]


class HearingNotice(StepForm):
    """听证通知 (hearing_notice: 行政处罚法 §64)."""

    hearing_on = DayField(_l("Day of the hearing"), [Filled()], lies=Lies.AHEAD)
    time = HourField(_l("Time (hour:minute)"), [Filled()])
    place = text_line(_l("Place"), SaidBefore())
    host = SelectField(_l("Host"), [Filled()], coerce=chosen_number)
    openness = RadioField(_l("Public or not"), [Filled()], choices=OPEN)

    def fill(self) -> None:
        """Everybody who may hold a hearing and is not, and never was, an officer of the case;
        nobody is proposed."""
        self.host.choices = [("", "—"), *((p.id, p.name) for p in hosts(self.known))]
        first = earliest(self.known).isoformat()
        words = _l(
            "Seven whole working days lie between service and hearing; "
            "served today, at the earliest %(day)s.",
            day=first,
        )
        self.hearing_on.description = words

    def validate_all(self) -> bool:
        """The day beside its field."""
        day = getattr(self.hearing_on, "day", None)
        if day is not None and day < earliest(self.known):
            return self.refuse(
                self.hearing_on,
                _l("Too early: the party must be told seven whole working days before."),
            )
        return True


class Held(StepForm):
    """举行听证 (hearing_held: 行政处罚法 §64)."""

    present = text_area(_l("Who took part (at most two agents)"))
    record = text_area(_l("Record"))
    last_words = text_area(_l("Last words of the party"), required=False, rows=2)
    recorder = ColleagueField(_l("Who keeps the record"), [Length(max=200)])
    session = RadioField(_l("How the session ended"), [Filled()], choices=SESSIONS)

    def fill(self) -> None:
        """People of the bureau are offered."""
        self.recorder.people = colleagues(self.known)


class Report(StepForm):
    """听证报告 (hearing_report: 行政处罚法 §64第八项、§65)."""

    opinion = text_area(_l("Opinion of the host"))


class ReportInstead(Report):
    """代拟听证报告 (hearing_report_instead: 行政处罚法 §64第八项、§65): with the reason why the
    host does not write it."""

    reason = text_area(_l("Why the host cannot write the report"), most=2000, rows=2)
