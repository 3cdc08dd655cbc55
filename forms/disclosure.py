"""Publication and serious dishonesty."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from forms.base import DayField, Filled, StepForm

GROUNDS = [
    ("fabricated", _l("Fabricated data")),
    ("untrue", _l("Untrue data, serious")),
    ("refused", _l("Refusal or obstruction, serious")),
    ("records", _l("Hid or destroyed records")),
    ("inquiry", _l("Refused or false answers to an inquiry")),
    ("other", _l("Other serious acts")),
]
RESULTS = [
    ("kept", _l("The entry stays")),
    ("mended", _l("The entry is mended")),
]


OWN_FACTS = _l("Left empty: the facts that each case itself has found.")
OWN_PENALTY = _l("Left empty: the penalty of each case's own decision.")


class ApprovePublication(StepForm):
    """公示审批: the eleven fields are taken from the decision."""

    influence = TextAreaField(_l("Social influence"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    summary = TextAreaField(_l("Facts, as shown"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class ApproveMany(StepForm):
    """公示审批 of several cases: the facts of each are its own."""

    influence = TextAreaField(_l("Social influence"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    summary = TextAreaField(
        _l("Facts, as shown"), [Optional(), Length(max=20000)], description=OWN_FACTS, render_kw={"rows": 4}
    )


class Assess(StepForm):
    """失信评估."""

    ground = SelectField(_l("Ground"), [Filled()], choices=GROUNDS)
    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class DishonestyNotice(StepForm):
    """认定告知."""

    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    articles = StringField(_l("Basis"), [Filled(), Length(max=200)])


class DishonestyDefence(StepForm):
    """企业申辩."""

    opinion = TextAreaField(_l("What the firm said"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    adopted = TextAreaField(
        _l("Whether it was adopted, and why"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class Determine(StepForm):
    """认定."""

    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    articles = StringField(_l("Basis"), [Filled(), Length(max=200)])


class ListEntry(StepForm):
    """列入名单."""

    summary = TextAreaField(_l("Facts, as shown"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    handling = TextAreaField(
        _l("How it was dealt with"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class ListMany(StepForm):
    """列入名单 of several firms."""

    summary = TextAreaField(
        _l("Facts, as shown"), [Optional(), Length(max=20000)], description=OWN_FACTS, render_kw={"rows": 4}
    )
    handling = TextAreaField(
        _l("How it was dealt with"), [Optional(), Length(max=20000)], description=OWN_PENALTY, render_kw={"rows": 4}
    )


class Repair(StepForm):
    """信用修复."""

    request = StringField(_l("Application"), [Filled(), Length(max=200)])
    verified = TextAreaField(
        _l("How the correction was verified"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class Objection(StepForm):
    """公示异议."""

    objector = StringField(_l("Who objects"), [Filled(), Length(max=200)])
    points = TextAreaField(_l("Points raised"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    result = RadioField(_l("Result"), [Filled()], choices=RESULTS)
    summary = TextAreaField(_l("Facts as mended, if they are"), [Length(max=20000)], render_kw={"rows": 4})
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class ExtendListing(StepForm):
    """延长公示."""

    until = DayField(_l("Until"), [Filled()])
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
