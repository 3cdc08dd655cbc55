"""Discipline proposals and referral for prosecution."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.day_bounds import Lies
from casework.procedure.interference import articles, told
from casework.procedure.terms import SubjectKind
from forms.base import DayField, Filled, StepForm
from forms.common import Late, Note

BODIES = [
    ("appointing", _l("Appointing body")),
    ("supervision", _l("Supervision commission")),
    ("party", _l("Party discipline")),
]
TARGETS = [
    ("police", _l("Police")),
    ("procuracy", _l("Procuracy")),
    ("supervision", _l("Supervision commission")),
]
YESNO = [
    ("yes", _l("Yes")),
    ("no", _l("No")),
]


class ProposeDiscipline(StepForm):
    """处分处理建议 (propose_discipline: 统计法 §46；公职人员政务处分法 §16)."""

    person_name = StringField(_l("Person"), [Filled(), Length(max=200)])
    person_post = StringField(_l("Office and post"), [Filled(), Length(max=200)])
    public_employee = RadioField(_l("Public employee"), [Filled()], choices=YESNO)
    body_kind = RadioField(_l("Kind of body"), [Filled()], choices=BODIES)
    body = StringField(_l("Body it goes to"), [Filled(), Length(max=200)])
    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    articles = StringField(_l("Basis"), [Filled(), Length(max=200)])
    proposal = TextAreaField(_l("Proposal"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Interference that was found: its facts and articles, and the leader where the case is
        about one."""
        party, found = self.known.party, told(self.known)
        if party is None or not found:
            return
        self.start_with(articles="；".join(articles(self.known)), facts=found)
        if party.kind is SubjectKind.PERSON:
            self.start_with(person_name=party.name, person_post=party.representative)


class Settle(Late, Note):
    """处理完毕 (settle_interference: 统计法 §40–42、§46): what the article of interference gives is
    done."""


class SendDiscipline(StepForm):
    """移送 (send_discipline: 统计违纪违法责任人处分处理建议办法)."""

    enclosures = TextAreaField(
        _l("Enclosures, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    contact = StringField(_l("Contact"), [Filled(), Length(max=200)])


class ExtendReply(StepForm):
    """延长反馈期限 (extend_reply: 统计违纪违法责任人处分处理建议办法)."""

    until = DayField(_l("Until"), [Filled()], lies=Lies.AHEAD)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Reply(StepForm):
    """处分反馈 (discipline_reply: 统计法 §46)."""

    result = TextAreaField(_l("Result"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    number = StringField(_l("Document number"), [Length(max=200)])


class SendProsecution(StepForm):
    """移送司法或监察 (send_prosecution: 行政处罚法 §27；统计法实施条例 §51；监察法 §37)."""

    about = StringField(_l("Person or unit"), [Filled(), Length(max=200)])
    target = RadioField(_l("Kind of body"), [Filled()], choices=TARGETS)
    body = StringField(_l("Body it goes to"), [Filled(), Length(max=200)])
    reason = TextAreaField(
        _l("Facts and suspicion"), [Filled(), Length(max=20000)], render_kw={"rows": 4}
    )
    material = TextAreaField(
        _l("List of material (nothing about the informant)"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class Taken(StepForm):
    """受案 (prosecution_taken: 行政处罚法 §27)."""

    number = StringField(_l("Document number"), [Filled(), Length(max=200)])
    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})
