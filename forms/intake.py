"""The report track: what is asked at the registration desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from casework.procedure.channels import Channel, all_fields, channels
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import Facts
from casework.procedure.jurisdiction import ProposedHandler, propose_handler
from casework.procedure.model import Label
from casework.text import is_blank, unless_blank
from forms import sources
from forms.base import (
    YES_OR_NO,
    ChecksField,
    DayField,
    Filled,
    HourField,
    Section,
    SeenBy,
    StepForm,
    WholeField,
    in_sections,
    text_area,
    text_line,
)
from forms.codes import CodeField, NoIdentityNumber
from forms.common import KINDS, Late, PartyForm
from forms.proposed import Proposed
from forms.tip import MATTERS, SUBJECT_KINDS, TipForm
from forms.units import OfUnit

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
NUMBER = [("withheld", _l("Withheld")), ("given", _l("Shown or given"))]
ENVELOPES = [
    ("", "—"),
    ("ordinary", _l("Ordinary post")),
    ("registered", _l("Registered post")),
    ("courier", _l("Courier or express")),
    ("by_hand", _l("Put in the box or handed over")),
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
COMPETENCE = [
    ("survey_team", _l("A state survey team runs the survey")),
    ("elsewhere", _l("It happened in another place")),
    ("other_body", _l("Another authority is competent")),
    ("several", _l("Another competent authority filed it first, or competence is disputed")),
]


# The cards of the form: what is said is written down first, while the caller speaks.
CARDS = (
    Section(
        "said", _l("What the problem is"), ("narrative", "kinds", "form", "period", "survey_by")
    ),
    Section("about", _l("Who it is about"), ("subject", "subject_kind", "credit_code", "township")),
    Section("came", _l("How it came"), ()),  # whatever no other card has
    Section("tells", _l("Who tells it"), ("earlier", "who_name", "who_contact")),
)


class Receive(StepForm):
    """收到线索 (receive: 统计法实施条例 §38): every channel, one form. The channel table says which
    of the last fields each asks; the others are not there.

    What points to the informant (``who``) never becomes payload: it goes to the custodians, or
    nowhere.
    """

    channel = HiddenField(_l("Channel"))
    subject = StringField(
        _l("Subject"), [Filled(), Length(max=200), NoIdentityNumber(), OfUnit("name")]
    )
    subject_kind = SelectField(_l("Kind of unit"), [OfUnit("kind")], choices=SUBJECT_KINDS)
    credit_code = CodeField(_l("Credit code"), [Length(max=200), OfUnit("credit_code")])
    township = SelectField(_l("Township"), [OfUnit("township")], choices=[])
    kinds = ChecksField(_l("What kind of problem"), choices=MATTERS)
    form = text_line(_l("Survey form"), required=False)
    period = text_line(_l("Which month or year"), required=False)
    survey_by = SelectField(_l("Whose survey"), choices=SURVEYED)
    narrative = text_area(
        _l("What was reported"),
        rows=6,
        description=_l("In the words of the informant or of the document."),
    )
    plan_name = text_line(_l("Name of the random inspection plan"), required=False)
    indicators = text_line(_l("Indicators and how the check found them"), required=False)
    source_body = text_line(_l("Sending body, office or outlet"), required=False)
    source_number = text_line(_l("Document number or link"), required=False, most=300)
    source_day = DayField(_l("Date of the document"), lies=Lies.BEFORE)
    instruction = text_area(_l("Words of the instruction"), required=False, most=2000, rows=3)
    needs_reply = BooleanField(_l("The sender wants a reply"))
    deadline = DayField(
        _l("Deadline given"), description=_l("Starts a clock of its own."), lies=Lies.TERM
    )
    found_by = text_line(_l("Found by"), required=False)
    call_began = HourField(_l("Began at"), description=_l("Hour and minute, like 9:05."))
    call_ended = HourField(_l("Ended at"))
    taker = text_line(_l("Taken by"), required=False, most=60)
    number_shown = RadioField(_l("Number"), choices=NUMBER, validate_choice=False)
    read_back = RadioField(_l("Read back and confirmed"), choices=YES_OR_NO, validate_choice=False)
    postmark = text_line(_l("Postmark: place and day"), required=False)
    envelope = SelectField(_l("Envelope"), choices=ENVELOPES)
    sheets = WholeField(_l("Sheets"))
    original_at = text_line(
        _l("Where the original lies"),
        required=False,
        description=_l("When no scan is added below: file, shelf or number."),
    )
    earlier = text_line(
        _l("Number of an earlier tip, as the informant says"),
        required=False,
        most=60,
        description=_l("Only when they say it themselves."),
    )
    who_name = text_line(
        _l("Name of the informant"),
        required=False,
        most=60,
        description=_l("Sealed at once: only the identity custodian can open it."),
    )
    who_contact = text_line(
        _l("Telephone, e-mail or address"),
        required=False,
        description=_l("Sealed too. Whoever leaves either is told what became of the tip."),
    )

    def __init__(
        self,
        facts: Facts,
        formdata: Any = None,
        *,
        may_name: bool = False,
        scans: int = 0,
        channel: str = "",
        **kw: Any,
    ) -> None:
        self.may_name, self.scans = may_name, scans
        self.of = recorded().get(channel or (formdata or {}).get("channel", ""), Channel())
        kw.setdefault("taker", facts.actor.name if facts.actor else "")
        super().__init__(facts, formdata, **kw)

    def cards(self) -> list[tuple[Section, list[Field]]]:
        """What the page asks, card by card; what no card names says how the tip came."""
        named = {"channel", *(name for card in CARDS for name in card.fields)}
        rest = tuple(f.short_name for f in self if f.short_name not in named)
        return in_sections(self, [replace(c, fields=c.fields or rest) for c in CARDS])

    @classmethod
    def that_asked(cls, asked: Mapping[str, Any]) -> type[Form]:
        """What came over the public form was asked by that."""
        return TipForm if asked.get("channel") == "web" else cls

    @classmethod
    def called(cls, asked: Mapping[str, Any]) -> Mapping[str, Label]:
        """The channel's own names."""
        return channels().get(str(asked.get("channel")), Channel()).called

    def fill(self) -> None:
        """Only the channel's fields stay, with its own names for them."""
        self.channel.data = self.of.id
        self.on.label.text = _l("Day it was received")
        self.township.choices = [("", "—"), *self.known.townships.items()]
        for name in all_fields() - set(self.of.asks) | self._unasked():
            del self[name]
        for name in self.of.must:
            self[name].validators = [Filled(), *self[name].validators]
            self[name].flags.required = True
        for name, called in self.of.called.items():
            self[name].label.text = called.in_language(str(get_locale() or ""))

    def _unasked(self) -> set[str]:
        """Fields beside the channel's own that have no place here."""
        gone = set() if self.of.original else {"original_at"}
        if not self.of.informant:
            gone |= {"earlier"}
        return gone if self.of.informant and self.may_name else gone | {"who_name", "who_contact"}

    def validate_all(self) -> bool:
        """A known channel; an original that can be found again; hours, days and number that
        agree."""
        return all(
            [self._channel_good(), self._original_good(), self._number_good(), self._times_good()]
        )

    def _channel_good(self) -> bool:
        return bool(self.of.id) or self.refuse(self.channel, _l("Choose how the tip came."))

    def _original_good(self) -> bool:
        if not self.of.original or self.scans or not is_blank(self.original_at.data or ""):
            return True
        return self.refuse(
            self.original_at, _l("Add a scan of the original, or say where it lies.")
        )

    def _number_good(self) -> bool:
        if (
            "number_shown" not in self
            or "who_contact" not in self
            or self.number_shown.data != "given"
        ):
            return True
        return not is_blank(self.who_contact.data or "") or self.refuse(
            self.who_contact, _l("Write the number that was given.")
        )

    def _times_good(self) -> bool:
        began, ended = (
            self[n].plain() if n in self else None for n in ("call_began", "call_ended")
        )
        if began and ended and ended < began:
            return self.refuse(self.call_ended, _l("It ended before it began."))
        if "deadline" in self and self.deadline.day and self.deadline.day < self.day():
            return self.refuse(self.deadline, _l("The deadline lies before the day the tip came."))
        return True

    def who(self) -> bytes | None:
        """What is to be sealed, or None: the same shape as the public form's."""
        name, contact = (
            unless_blank(self[n].data) if n in self else "" for n in ("who_name", "who_contact")
        )
        return (
            json.dumps({"name": name, "contact": contact}, ensure_ascii=False).encode()
            if name or contact
            else None
        )

    def payload(self) -> dict[str, Any]:
        """Nothing about the informant."""
        return {k: v for k, v in super().payload().items() if k not in ("who_name", "who_contact")}


def recorded() -> dict[str, Channel]:
    """Channels that staff take down."""
    return {c.id: c for c in channels().values() if c.recorded}


class Register(StepForm):
    """登记 (register: 统计法实施条例 §38；信访工作条例 §23): the first receiver's proposal."""

    proposal = text_area(_l("Proposal of the first receiver"))


class Instruct(StepForm):
    """领导批示 (instruct_report: 地方举报制度（登记、拟办、批示）): what the leader writes on the
    registration sheet."""

    leader_instruction = text_area(_l("Leader's instruction"), most=2000)
    deadline = DayField(
        _l("Deadline given"), description=_l("Starts a clock of its own."), lies=Lies.AHEAD
    )


class ReplyToSender(StepForm):
    """反馈办理情况 (reply_to_sender: 信访工作条例 §30；系统设定): to the leader who instructed, or
    the body that handed the tip over."""

    to_body = text_line(_l("Goes to"), Proposed(sources.last_recorded("source_body")))
    handled = text_area(_l("What was done (nothing about the informant)"), rows=6)


def _reply() -> TextAreaField:
    return TextAreaField(
        _l("Message to the informant (they read exactly this)"),
        [Length(max=10000), SeenBy("message.see")],
        description=_l("Nothing about others, nothing of the internal reason. Empty: no message."),
        render_kw={"rows": 4},
    )


class Accept(StepForm):
    """受理 (accept: 统计法实施条例 §38；重庆市统计管理条例 §38): who is to be looked into. The
    opinion is internal; what the informant reads is written apart."""

    informant_reads, internal_reason = "reply", "opinion"
    respondents = FieldList(
        FormField(PartyForm), _l("Respondents"), [Proposed(sources.told_unit)], min_entries=2
    )
    cause = text_line(_l("Cause"), Proposed(sources.told_cause))
    opinion = text_area(_l("Review opinion"))
    reply = _reply()

    def fill(self) -> None:
        """Townships for every row."""
        for row in self.respondents:
            row.form.township.choices = [("", "—"), *self.known.townships.items()]

    @property
    def proposal(self) -> ProposedHandler:
        """What the jurisdiction table proposes."""
        return propose_handler(
            subject=str(self.known.value("subject") or ""),
            bureau=self.known.bureau.name,
            government=self.known.bureau.government,
            survey_by=str(self.known.value("survey_by") or "bureau"),
            person=self.known.value("subject_kind") == "person",
        )


class Decline(StepForm):
    """不予受理 (decline: 信访工作条例 §23). The opinion is internal; what the informant reads is
    written apart."""

    informant_reads, internal_reason = "reply", "opinion"
    ground = SelectField(_l("Why it is not accepted"), [Filled()], choices=GROUNDS)
    destination = text_line(_l("Where to turn to"), required=False)
    opinion = text_area(_l("Review opinion"))
    reply = _reply()


class TransferOut(StepForm):
    """转办、移送. Why another body is competent decides which article the letter rests on."""

    competence = RadioField(_l("Why another body is competent"), [Filled()], choices=COMPETENCE)
    body = text_line(_l("Body it goes to"))
    reason = text_area(_l("Reason"))
    material = text_area(_l("List of material (nothing about the informant)"))


class TransferCase(Late, TransferOut):
    """移送案件 (transfer_out: 统计法（2024）§36；行政处罚法 §§22、23、25): and why so late, where
    the time for a filed case ran out."""


class TransferTip(TransferOut):
    """转办线索 (transfer_report: 信访工作条例 §23、§30；统计法（2024）§36；行政处罚法
    §§22、23、25). The reason goes to the other body; what the informant reads is written apart."""

    informant_reads, internal_reason = "reply", "reason"
    reply = _reply()


class ReportUp(StepForm):
    """报请上级办理 (report_up_tip: 重庆市统计管理条例 §38): why, and apart from it what the
    informant reads."""

    informant_reads, internal_reason = "reply", "reason"
    reason = text_area(_l("Reason"))
    reply = _reply()


class TransferBack(StepForm):
    """退回恢复 (transfer_back, case_back: 系统设定)."""

    letter = text_line(_l("Letter of the other body"))
    reason = text_area(_l("Reason"))


class OpenDirectly(StepForm):
    """检查发现立核查件 (open_case_directly: 统计法 §36、§38（双随机、数据核查发现）)."""

    channel = SelectField(_l("Channel"), [Filled()], choices=CHANNELS[-3:])
    party_name = StringField(
        _l("Respondent"), [Filled(), Length(max=200), NoIdentityNumber(), OfUnit("name")]
    )
    party_kind = SelectField(_l("Kind"), [Filled(), OfUnit("kind")], choices=KINDS)
    credit_code = CodeField(_l("Credit code"), [Length(max=200), OfUnit("credit_code")])
    address = text_line(_l("Address"), OfUnit("address"), required=False)
    representative = text_line(_l("Person in charge"), OfUnit("representative"), required=False)
    township = SelectField(_l("Township"), [OfUnit("township")], choices=[])
    cause = text_line(_l("Cause"))
    narrative = text_area(_l("What was found"))

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
            "address": flat.pop("address"),
            "representative": flat.pop("representative"),
            "township": flat["township"],
        }
        return {**flat, "party": party}
