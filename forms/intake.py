"""The report track, officers and links: what is asked at the registration desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.facts import Facts, PersonFacts
from casework.procedure.jurisdiction import Proposal, propose
from forms.base import ChecksField, DayField, Filled, StepForm
from forms.common import KINDS, PartyForm
from forms.tip import MATTERS, SUBJECT_KINDS

CHANNELS = [
    ("phone", _l("Telephone")),
    ("letter", _l("Letter")),
    ("visit", _l("Visit")),
    ("fax", _l("Fax")),
    ("email", _l("E-mail")),
    ("leader", _l("Leader's instruction")),
    ("media", _l("Media report")),
    ("department", _l("Department's handover")),
    ("petition", _l("Petition office")),
    ("higher", _l("Higher-level order")),
    ("random", _l("Random inspection")),
    ("data_check", _l("Data check")),
]
SURVEYED = [
    ("bureau", _l("This bureau's survey")),
    ("survey_team", _l("A state survey team's survey")),
]
GROUNDS = [
    ("not_statistics", _l("Not a statistics matter")),
    ("no_subject", _l("No identifiable subject")),
    ("nothing_new", _l("Dealt with before, nothing new")),
    ("time_barred", _l("More than two years ago")),
    ("no_lead", _l("No concrete lead")),
]
GRANTED = [
    ("granted", _l("Granted")),
    ("refused", _l("Refused")),
]


class Receive(StepForm):
    """收到线索: every channel, one form; what a channel does not have stays empty."""

    channel = SelectField(_l("Channel"), [Filled()], choices=CHANNELS)
    subject = StringField(_l("Subject"), [Filled(), Length(max=200)])
    subject_kind = SelectField(_l("Kind of unit"), choices=SUBJECT_KINDS)
    credit_code = StringField(_l("Credit code"), [Length(max=200)])
    township = SelectField(_l("Township"), choices=[])
    kinds = ChecksField(_l("What kind of problem"), choices=MATTERS)
    form = StringField(_l("Survey form"), [Length(max=200)])
    period = StringField(_l("Which month or year"), [Length(max=200)])
    survey_by = SelectField(_l("Whose survey"), choices=SURVEYED)
    narrative = TextAreaField(
        _l("What was reported"),
        [Filled(), Length(max=20000)],
        description=_l("Phone: the caller's own words."),
        render_kw={"rows": 4},
    )
    source_body = StringField(_l("Sending body, office or outlet"), [Length(max=200)])
    source_number = StringField(_l("Document number or link"), [Length(max=200)])
    deadline = DayField(_l("Deadline given"))
    needs_reply = BooleanField(_l("The sender wants a reply"))
    caller = StringField(
        _l("Number shown"),
        [Length(max=200)],
        description=_l("Leave empty when it was withheld."),
    )
    call_began = StringField(_l("Call began"), [Length(max=200)])
    call_ended = StringField(_l("Call ended"), [Length(max=200)])
    read_back = BooleanField(_l("Read back and confirmed"))
    postmark = StringField(_l("Postmark"), [Length(max=200)])

    def fill(self) -> None:
        """Townships of the bureau."""
        self.township.choices = [("", "—"), *self.known.townships.items()]


class Register(StepForm):
    """登记: the first receiver's proposal."""

    proposal = TextAreaField(
        _l("Proposal of the first receiver"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class Accept(StepForm):
    """受理: who is to be looked into."""

    respondents = FieldList(FormField(PartyForm), _l("Respondents"), min_entries=2)
    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    opinion = TextAreaField(_l("Review opinion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def __init__(self, facts: Any, formdata: Any = None, **kw: Any) -> None:
        first = {"name": facts.value("subject") or "", "township": facts.value("township") or ""}
        known = ("enterprise", "institution", "organisation", "sole_trader", "state_organ", "person")
        first["kind"] = facts.value("subject_kind") if facts.value("subject_kind") in known else "enterprise"
        first["credit_code"] = facts.value("credit_code") or ""
        if formdata is None:
            kw["data"] = {**kw.get("data", {}), "respondents": [first]}
        super().__init__(facts, formdata, **kw)

    def fill(self) -> None:
        """Townships for every row."""
        for row in self.respondents:
            row.form.township.choices = [("", "—"), *self.known.townships.items()]

    @property
    def proposal(self) -> Proposal:
        """What the jurisdiction table proposes."""
        return propose(
            subject=str(self.known.value("subject") or ""),
            bureau=self.known.bureau.name,
            government=self.known.bureau.government,
            survey_by=str(self.known.value("survey_by") or "bureau"),
        )


class Decline(StepForm):
    """不予受理."""

    ground = SelectField(_l("Ground"), [Filled()], choices=GROUNDS)
    destination = StringField(_l("Where to turn to"), [Length(max=200)])
    opinion = TextAreaField(_l("Review opinion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class TransferOut(StepForm):
    """转办、移送."""

    body = StringField(_l("Body it goes to"), [Filled(), Length(max=200)])
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    material = TextAreaField(
        _l("List of material (nothing about the informant)"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class TransferBack(StepForm):
    """退回恢复."""

    letter = StringField(_l("Letter of the other body"), [Filled(), Length(max=200)])
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class LinkReport(StepForm):
    """关联到案件."""

    case = SelectField(_l("Case"), [Filled()], coerce=int)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Open cases of the bureau."""
        self.case.choices = [(x.id, f"{x.number} {x.title}") for x in self.known.open_cases]


class UnlinkReport(StepForm):
    """撤销关联."""

    case = SelectField(_l("Case"), [Filled()], coerce=int)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Cases that this report feeds."""
        self.case.choices = [(x.id, f"{x.number} {x.title}") for x in self.known.links]


class Absorb(LinkReport):
    """并入他案: the other case goes on with both matters."""


class OpenDirectly(StepForm):
    """检查发现立核查件."""

    channel = SelectField(_l("Channel"), [Filled()], choices=CHANNELS[-3:])
    party_name = StringField(_l("Respondent"), [Filled(), Length(max=200)])
    party_kind = SelectField(_l("Kind"), [Filled()], choices=KINDS)
    credit_code = StringField(_l("Credit code"), [Length(max=200)])
    township = SelectField(_l("Township"), choices=[])
    cause = StringField(_l("Cause"), [Filled(), Length(max=200)])
    narrative = TextAreaField(_l("What was found"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Townships of the bureau."""
        self.township.choices = [("", "—"), *self.known.townships.items()]

    def payload(self) -> dict[str, Any]:
        """The respondent as one record."""
        flat = super().payload()
        party = {
            "name": flat.pop("party_name"),
            "kind": flat.pop("party_kind"),
            "credit_code": flat["credit_code"],
            "township": flat["township"],
        }
        return {**flat, "party": party}


class Assign(StepForm):
    """指派承办人员."""

    assigned = ChecksField(_l("Officers"), [Filled()], coerce=int)
    note = TextAreaField(_l("Note"), [Length(max=20000)], render_kw={"rows": 4})

    def fill(self) -> None:
        """Officers who may take the case, with their cards; those who may not are named with the reason."""
        fit = [p for p in self.known.people.values() if "officer" in p.roles and not p.recused]
        self.assigned.choices = [(p.id, _with_card(self.known, p)) for p in fit]
        if not self.assigned.data:
            self.assigned.data = [p.id for p in self.known.officers]


class Recuse(StepForm):
    """回避."""

    person = SelectField(_l("Person"), [Filled()], coerce=int)
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    result = RadioField(_l("Proposed decision"), choices=GRANTED, default="granted")

    def fill(self) -> None:
        """Everybody of the bureau who takes part."""
        self.person.choices = [(p.id, p.name) for p in self.known.people.values()]


def _with_card(facts: Facts, person: PersonFacts) -> str:
    """Name and card, or that there is none today."""
    card = person.card_on(facts.today)
    return f"{person.name}（{card.number}）" if card else f"{person.name}（无有效执法证）"
