"""The public form (我要举报): four groups, no account, nothing about the person unless they choose to give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from casework.procedure.terms import SubjectKind
from forms.base import ChecksField, Filled
from forms.spoken import Spoken

SUBJECT_KINDS = [
    (SubjectKind.ENTERPRISE.value, _l("Enterprise")),
    (SubjectKind.INSTITUTION.value, _l("Public institution")),
    (SubjectKind.SOLE_TRADER.value, _l("Sole trader")),
    (SubjectKind.STATE_ORGAN.value, _l("Government body, township or department")),
    (SubjectKind.ORGANISATION.value, _l("Other organisation")),
    ("unknown", _l("I do not know")),
]
MATTERS = [
    ("false_data", _l("False or incomplete data")),
    ("refusal", _l("Refusing to report, or still not reporting after a reminder")),
    ("late", _l("Reporting late")),
    ("ordered", _l("Ordering others to report given figures, or filling in for them")),
    ("records", _l("Destroying, hiding or making up records")),
    ("obstruction", _l("Obstructing a survey or an inspection")),
    ("reprisal", _l("Reprisals against people who report truthfully")),
    ("other", _l("Something else")),
]


NO_TRACE = {"autocomplete": "off"}  # else the browser keeps what was typed and offers it to the next person at the computer
ASKED = ("subject", "subject_kind", "township", "kinds", "form", "period", "narrative", "answer_wanted")


class TipForm(Spoken):
    """What a tip asks. Only the narrative and the subject must be filled."""

    subject = StringField(
        _l("Name of the unit or person"),
        [Filled(_l("Write whom the tip is about.")), Length(max=200)],
        description=_l("The full name, or what you know them by."),
        render_kw=NO_TRACE,
    )
    subject_kind = SelectField(_l("Kind of unit"), choices=SUBJECT_KINDS, default="enterprise")
    township = SelectField(_l("Township or sub-district"), default="")
    kinds = ChecksField(_l("What kind of problem"), choices=MATTERS)
    form = StringField(
        _l("Survey form"), [Length(max=60)], description=_l("Its name or number, if you know it."), render_kw=NO_TRACE
    )
    period = StringField(_l("Which month or year"), [Length(max=60)], render_kw=NO_TRACE)
    narrative = TextAreaField(
        _l("What happened"),
        [Filled(_l("Write what the problem is.")), Length(max=20000)],
        description=_l("Which form, which month or year, how much was reported, how much was real, where the proof is."),
        render_kw={"rows": 8},
    )
    answer_wanted = RadioField(
        _l("Do you wish for an answer?"),
        choices=[("yes", _l("Yes, I come back with the receipt code")), ("no", _l("No, it is enough that you know"))],
        default="yes",
    )
    files = MultipleFileField(_l("Files"), description=_l("Photographs, tables, documents or recordings."))
    identity = RadioField(
        _l("Will you leave your name?"),
        choices=[
            ("anonymous", _l("Anonymous, nothing about me")),
            ("named", _l("With my name, and I want a written answer")),
        ],
        default="anonymous",
    )
    name = StringField(_l("Your name"), [Length(max=60)], render_kw=NO_TRACE)
    contact = StringField(_l("Telephone, e-mail or address"), [Length(max=200)], render_kw=NO_TRACE)
    website = StringField()  # a trap for programs: people never see it

    def __init__(self, formdata: Any = None, *, townships: Mapping[str, str], may_name: bool = True, **kw: Any) -> None:
        super().__init__(formdata, **kw)
        self.township.choices = [("", _l("I do not know")), *townships.items()]
        if not may_name:
            del self.identity, self.name, self.contact

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and a name with a contact where the person chose to leave them."""
        good = bool(super().validate(extra_validators))
        if is_named(self.data):
            for field in (self.name, self.contact):
                if not (field.data or "").strip():
                    field.errors = [*field.errors, _l("Fill this in, or choose to stay anonymous.")]
                    good = False
        return good

    def pick(self, name: str) -> None:
        """Take the name of a unit that was found in the register."""
        if name.strip():
            self.subject.data = name.strip()[:200]

    def plain(self) -> dict[str, Any]:
        """Everything typed but files, to keep in a draft."""
        return {f.short_name: f.data for f in self if f.short_name not in ("files", "website")}


def is_named(words: Mapping[str, Any]) -> bool:
    """Whether the person chose to leave a name; ``words`` as :meth:`TipForm.plain` gives them."""
    return words.get("identity") == "named"


def payload_of(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of them: nothing about the informant."""
    return {"channel": "web", **{name: words[name] for name in ASKED}}


class AnswerForm(Spoken):
    """A message from the informant, with files."""

    text = TextAreaField(_l("Your answer"), [Length(max=10000)], render_kw={"rows": 5})
    files = MultipleFileField(_l("Files"))


def labels(choices: Sequence[tuple[str, Any]], values: Any) -> list[Any]:
    """The words of chosen values."""
    wanted = values if isinstance(values, list) else [values]
    return [word for value, word in choices if value in wanted]
