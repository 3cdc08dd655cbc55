"""The public form (我要举报): four groups, no account, nothing about the person unless they choose
to give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField

from casework.procedure.terms import SubjectKind
from casework.text import is_blank
from forms.base import AtMost, ChecksField, Filled, Section, in_sections
from forms.codes import NoIdentityNumber
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


# else the browser keeps what was typed and offers it to the next person at the computer
NO_TRACE = {"autocomplete": "off"}
WHO = ("identity", "name", "contact")  # asked only where a custodian can keep the answer
TRAP = "website"  # a field for programs: people never see it
APART = frozenset({*WHO, "files", TRAP})  # what the journal keeps elsewhere, or not at all
NARRATIVE, ANSWER = 20_000, 10_000  # characters


@dataclass(frozen=True)
class FormAnswer:
    """What a form asked and what was answered, in words that people read; ``text`` is empty where
    nothing was."""

    name: str
    label: Any
    text: str


def said_in(field: Field) -> str:
    """What was answered in a field: the words of the choices that were made, or the text that was
    typed."""
    if hasattr(field, "choices"):
        return "、".join(str(word) for word in labels(field.choices, field.data))
    return field.data or ""


NAME_ALONE = _l(
    "Please write only the name here. The number of an identity card is not "
    "needed: take it out. Everything else you wrote "
    "is still there."
)


class TipForm(Spoken):
    """What a tip asks. Only the narrative and the subject must be filled."""

    subject = StringField(
        _l("Name of the unit or person"),
        [Filled(_l("Write who the report is about.")), AtMost(200), NoIdentityNumber(NAME_ALONE)],
        description=_l("The full name, or the name you know."),
        render_kw=NO_TRACE,
    )
    subject_kind = SelectField(_l("Kind of unit"), choices=SUBJECT_KINDS, default="enterprise")
    township = SelectField(_l("Township or sub-district"), default="")
    kinds = ChecksField(_l("What kind of problem"), choices=MATTERS)
    form = StringField(
        _l("Survey form"),
        [AtMost(60)],
        description=_l("Its name, or the number at its top right, if you know it."),
        render_kw=NO_TRACE,
    )
    period = StringField(_l("Which month or year"), [AtMost(60)], render_kw=NO_TRACE)
    narrative = TextAreaField(
        _l("What happened"),
        [Filled(_l("Describe the problem.")), AtMost(NARRATIVE)],
        description=_l(
            "Which form, which month or year, how much was reported, how "
            "much was real, where the proof is. At most "
            "%(most)s characters; longer texts can be sent as a file.",
            most=f"{NARRATIVE:,}",
        ),
        render_kw={"rows": 8, "data-most": NARRATIVE},
    )
    answer_wanted = RadioField(
        _l("Would you like an answer?"),
        choices=[
            ("yes", _l("Yes, I will come back with my receipt code")),
            ("no", _l("No, I do not need an answer")),
        ],
        default="yes",
    )
    files = MultipleFileField(
        _l("Files"), description=_l("Photographs, tables, documents or recordings.")
    )
    identity = RadioField(
        _l("Will you leave your name?"),
        choices=[
            ("anonymous", _l("Anonymous: I give nothing about myself")),
            ("named", _l("With my name: I would like a written answer")),
        ],
        default="anonymous",
    )
    name = StringField(
        _l("Your name"),
        [AtMost(60)],
        description=_l(
            "It is sealed apart. Only the identity custodian can open it, and you see each opening."
        ),
        render_kw=NO_TRACE,
    )
    contact = StringField(
        _l("Telephone, e-mail or address"),
        [AtMost(200)],
        description=_l("Sealed together with the name, for the written answer."),
        render_kw=NO_TRACE,
    )
    website = StringField()  # the trap

    def __init__(
        self,
        formdata: Any = None,
        *,
        townships: Mapping[str, str],
        may_name: bool = True,
        **kw: Any,
    ) -> None:
        super().__init__(formdata, **kw)
        self.township.choices = [("", _l("I do not know")), *townships.items()]
        if not may_name:
            del self.identity, self.name, self.contact
            return
        for field in (self.name, self.contact):  # needed by whoever gives a name: not «optional»
            field.flags.depends = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is right: the fields, and a name with a contact where the person chose to
        leave them."""
        good = bool(super().validate(extra_validators))
        if is_named(self.data):
            for field in (self.name, self.contact):
                if is_blank(field.data or ""):
                    field.errors = [*field.errors, _l("Fill this in, or choose to stay anonymous.")]
                    good = False
        return good

    def sections(self) -> list[tuple[Section, list[Field]]]:
        """What the page asks, in its order; sections of which nothing is asked are not there."""
        return in_sections(self, SECTIONS)

    def pick(self, name: str) -> None:
        """Take the name of a unit that was found in the register."""
        if not is_blank(name):
            self.subject.data = name[:200]

    def answers(self, files: Sequence[str] = ()) -> list[FormAnswer]:
        """All that is sent of the form, in its order; ``files``: a line for each file.

        A field that is added to the form stands here by itself. A name is left out where none is
        given.
        """
        left_out = {TRAP} if is_named(self.data) else {TRAP, *WHO[1:]}
        return [
            FormAnswer(
                f.short_name, f.label.text, "\n".join(files) if f is self.files else said_in(f)
            )
            for f in self
            if f.short_name not in left_out
        ]

    def plain(self) -> dict[str, Any]:
        """Everything typed but files, to keep in a draft."""
        return {f.short_name: f.data for f in self if f.short_name not in ("files", TRAP)}


SECTIONS = (
    Section("about", _l("Who it is about"), ("subject", "subject_kind", "township")),
    Section("problem", _l("What the problem is"), ("kinds", "form", "period", "narrative")),
    Section("material", _l("Material"), ("files",)),
    Section("who", _l("Do you want to leave your name?"), WHO),
    Section("answer", _l("An answer"), ("answer_wanted",)),
)
_FIELDS = [name for name, field in vars(TipForm).items() if isinstance(field, UnboundField)]
if sorted(_FIELDS) != sorted([TRAP, *(name for s in SECTIONS for name in s.fields)]):
    raise ValueError(f"each field of the tip stands in one section of its page: {_FIELDS}")
# what the journal keeps: a field that is added to the form is kept by itself
ASKED = tuple(name for name in _FIELDS if name not in APART)


def is_named(words: Mapping[str, Any]) -> bool:
    """Whether the person chose to leave a name; ``words`` as :meth:`TipForm.plain` gives them."""
    return words.get("identity") == "named"


def payload_of(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps of them: nothing about the informant."""
    return {"channel": "web", **{name: words[name] for name in ASKED}}


class AnswerForm(Spoken):
    """A message from the informant, with files."""

    text = TextAreaField(_l("Your message"), [AtMost(ANSWER)], render_kw={"rows": 5})
    files = MultipleFileField(_l("Files"))


def labels(choices: Sequence[tuple[str, Any]], values: Any) -> list[Any]:
    """The words of chosen values."""
    wanted = values if isinstance(values, list) else [values]
    return [word for value, word in choices if value in wanted]
