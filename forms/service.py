"""Serving papers."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.checks.service import unserved
from casework.procedure.load import procedure
from forms.base import Filled, StepForm

METHODS = [
    ("direct", _l("Direct")),
    ("left", _l("Left behind")),
    ("mail", _l("By mail")),
    ("electronic", _l("Electronic")),
    ("entrusted", _l("Entrusted")),
    ("forwarded", _l("Forwarded by the body that holds the person")),
]
# The day of service by each way (民事诉讼法 §§87–94): what is asked as the day it happened.
DAYS = _l(
    "The day is: signed for — direct, entrusted, forwarded; left behind — that day; by mail — as the mail's slip says; "
    "electronic — when it reached the other side's system."
)


class Serve(StepForm):
    """送达."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    method = SelectField(_l("Method"), [Filled()], choices=METHODS, description=DAYS)
    place = StringField(_l("Place of service"), [Filled(), Length(max=200)])
    signer = StringField(_l("Signed for by"), [Length(max=200)])
    witness = StringField(_l("Witness or recording"), [Length(max=200)])
    tracking_no = StringField(_l("Mail number"), [Length(max=200)])
    consent = StringField(_l("Signed consent"), [Length(max=200)])
    refused_reason = StringField(_l("Reason of a refusal"), [Length(max=200)])

    def fill(self) -> None:
        """Papers that wait for service, newest first."""
        self.paper.choices = [(p.id, f"{_paper_name(p.kind)} {p.number}".strip()) for p in reversed(unserved(self.known))]


class ServeFailed(StepForm):
    """送达未成."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    method = SelectField(_l("Method"), [Filled()], choices=METHODS)
    reason = TextAreaField(_l("Why it failed"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Papers that wait for service."""
        self.paper.choices = [(p.id, f"{_paper_name(p.kind)} {p.number}".strip()) for p in reversed(unserved(self.known))]


class ServePublic(StepForm):
    """公告送达."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    where = StringField(_l("Where it is published"), [Filled(), Length(max=200)])
    reason = TextAreaField(
        _l("Why no other way is left"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )

    def fill(self) -> None:
        """Papers that wait for service."""
        self.paper.choices = [(p.id, f"{_paper_name(p.kind)} {p.number}".strip()) for p in reversed(unserved(self.known))]


def _paper_name(kind: str) -> str:
    return procedure().papers[kind].name.in_language(str(get_locale()))
