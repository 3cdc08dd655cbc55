"""Discipline proposals and referral for prosecution."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from casework.procedure.day_bounds import Lies
from forms import sources
from forms.base import DayField, Filled, StepForm, text_area, text_line, yes_or_no
from forms.common import Late, Note
from forms.proposed import Proposed

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


class ProposeDiscipline(StepForm):
    """处分处理建议 (propose_discipline: 统计法 §46；公职人员政务处分法 §16)."""

    person_name = text_line(_l("Person"), Proposed(sources.found_leader("name")))
    person_post = text_line(_l("Office and post"), Proposed(sources.found_leader("representative")))
    public_employee = yes_or_no(_l("Public employee"))
    body_kind = RadioField(_l("Kind of body"), [Filled()], choices=BODIES)
    body = text_line(_l("Body it goes to"))
    facts = text_area(_l("Facts"), Proposed(sources.found_interference))
    articles = text_line(_l("Basis"), Proposed(sources.found_articles))
    proposal = text_area(_l("Proposal"))


class Settle(Late, Note):
    """处理完毕 (settle_interference: 统计法 §40–42、§46): what the article of interference gives is
    done."""


class SendDiscipline(StepForm):
    """移送 (send_discipline: 统计违纪违法责任人处分处理建议办法)."""

    enclosures = text_area(_l("Enclosures, one per line"))
    contact = text_line(_l("Contact"), Proposed(sources.officer_contact))


class ExtendReply(StepForm):
    """延长反馈期限 (extend_reply: 统计违纪违法责任人处分处理建议办法)."""

    until = DayField(_l("Until"), [Filled()], lies=Lies.AHEAD)
    reason = text_area(_l("Reason"))


class Reply(StepForm):
    """处分反馈 (discipline_reply: 统计法 §46)."""

    result = text_area(_l("Result"))
    number = text_line(_l("Document number"), required=False)


class SendProsecution(StepForm):
    """移送司法或监察 (send_prosecution: 行政处罚法 §27；统计法实施条例 §51；监察法 §37)."""

    about = text_line(_l("Person or unit"), Proposed(sources.of_party("name")))
    target = RadioField(_l("Kind of body"), [Filled()], choices=TARGETS)
    body = text_line(_l("Body it goes to"))
    reason = text_area(_l("Facts and suspicion"))
    material = text_area(_l("List of material (nothing about the informant)"))


class Taken(StepForm):
    """受案 (prosecution_taken: 行政处罚法 §27)."""

    number = text_line(_l("Document number"))
    note = text_area(_l("Note"), required=False)
