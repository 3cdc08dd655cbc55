"""The form that every step page shows: a WTForms form over facts, whose data become the plain
payload of an act.

Field names are payload keys. Types of fields decide the plain value: days become ISO dates, sums
whole fen, numbers decimal strings, tables lists of rows with empty rows dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import Length, Optional, StopValidation, ValidationError

from casework.procedure.day_bounds import Lies, bounds
from casework.procedure.facts import Facts
from casework.procedure.model import Label
from casework.procedure.terms import Money
from casework.text import as_sent, folded_digits, is_blank, unless_blank
from forms.chosen import Chosen, leave_out
from forms.proposed import fill_in_known
from forms.spoken import Spoken

_DAY = re.compile(r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$")


_HOUR = re.compile(r"^\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?\s*$")
YES_OR_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class DayField(StringField):
    """A day as people write it (2026-11-23, 2026/11/23, 2026年11月23日); bad input is shown again
    as typed.

    ``lies``: where the day can lie; on the form of a step it is always said (a test holds that).
    """

    def __init__(
        self, label: Any = None, validators: Any = None, *, lies: Lies | None = None, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.lies = lies
        self.day: date | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the day. Error: ValidationError for what is no day of the calendar."""
        super().process_formdata(valuelist)
        self.day = None
        text = folded_digits(self.data or "")
        if not text:
            return
        found = _DAY.match(text)
        try:
            self.day = date(*map(int, found.groups())) if found else None
        except ValueError:
            self.day = None
        if self.day is None:
            raise ValidationError(_l("Write the day like 2026-11-23."))

    def plain(self) -> str | None:
        """The day in ISO (2026-11-23); None where nothing, or no day, was typed."""
        return self.day.isoformat() if self.day else None


class HourField(StringField):
    """An hour of the day (9:05, 09：05, 9时5分, 9点5分); its plain value is always HH:MM, so that
    texts compare as times."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the hour. Error: ValidationError for what is none."""
        super().process_formdata(valuelist)
        self.hour: str | None = None
        text = folded_digits(self.data or "")
        found = _HOUR.match(text)
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            self.hour = f"{int(found[1]):02d}:{int(found[2] or 0):02d}"
        elif text:
            raise ValidationError(_l("Write the hour like 9:05."))

    def plain(self) -> str | None:
        """The hour as HH:MM; None where none was typed."""
        return getattr(self, "hour", None)


# of a number that means something; tables hold no more, and 1E999999 would take for ever to write
# out
_DIGITS = 15


class NumberField(StringField):
    """A decimal number with or without thousands separators; kept as text so that nothing typed is
    lost."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the number. Error: ValidationError for what is none, or has more than `_DIGITS`
        digits."""
        super().process_formdata(valuelist)
        self.number: Decimal | None = None
        text = folded_digits(self.data or "").replace(",", "")
        if not text:
            return
        try:
            self.number = Decimal(text)
        except InvalidOperation:
            self.number = None
        if (
            self.number is None
            or not self.number.is_finite()
            or abs(self.number.adjusted()) > _DIGITS
        ):
            self.number = None
            raise ValidationError(_l("Write a number, digits only."))

    def plain(self) -> str | int | None:
        """The number as decimal text without separators; None where none was typed."""
        number = getattr(self, "number", None)
        return None if number is None else format(number.normalize(), "f")


class WholeField(NumberField):
    """A whole number; its plain value is an int."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the number. Error: ValidationError for one with decimals too."""
        super().process_formdata(valuelist)
        if self.number is not None and self.number != self.number.to_integral_value():
            raise ValidationError(_l("Write a whole number."))

    def plain(self) -> str | int | None:
        """The number as an int; None where none was typed."""
        number = getattr(self, "number", None)
        return None if number is None else int(number)


class YuanField(NumberField):
    """A sum typed in yuan; its plain value is whole fen."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the sum. Error: ValidationError for one below zero or with parts of a fen too."""
        super().process_formdata(valuelist)
        if self.number is None:
            return
        if self.number < 0:
            raise ValidationError(_l("A sum is not below zero."))
        try:
            Money.of_yuan(self.number)
        except ValueError:
            raise ValidationError(_l("A sum has at most two decimals.")) from None

    def plain(self) -> str | int | None:
        """The sum in fen; None where none was typed."""
        number = getattr(self, "number", None)
        return None if number is None else Money.of_yuan(number).fen


@dataclass(frozen=True)
class Section:
    """A part of a page: its heading, and what it asks, in order."""

    id: str
    heading: Any
    fields: tuple[str, ...]


def in_sections(form: Form, sections: Iterable[Section]) -> list[tuple[Section, list[Field]]]:
    """The fields of a form as its page has them; sections of which nothing is asked are not
    there."""
    asked = ((s, [form[name] for name in s.fields if name in form]) for s in sections)
    return [(section, fields) for section, fields in asked if fields]


class ChecksField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class Filled:
    """Like WTForms' DataRequired, with our words; a field without it is shown as （选填）. Boxes
    must be ticked."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Error: StopValidation where nothing was typed or ticked."""
        if field.errors:
            return
        data = field.data
        if data is False or data in (None, "", []) or (isinstance(data, str) and is_blank(data)):
            raise StopValidation(self.message or _l("Fill this in."))


class SeenBy:
    """Marks a field of a step: on the desk its answer is shown to those alone who have the
    permission (roles.toml)."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, _form: Form, _field: Field) -> None:
        """Whatever was typed is good."""


def marks(field: Any) -> Iterator[Any]:
    """The validators of an unbound field, those that only mark it among them."""
    given = (*getattr(field, "args", ()), getattr(field, "kwargs", {}).get("validators"))
    return (mark for a in given if isinstance(a, list | tuple) for mark in a)


def seen_by(field: Any) -> str:
    """The permission that it takes to see the answers of an unbound field; "" where none."""
    return next((mark.permission for mark in marks(field) if isinstance(mark, SeenBy)), "")


class AtMost:
    """A text of at most so many characters; the message says how many there are and how many to
    take out.

    Unlike WTForms' Length it never makes a browser cut what is pasted: what is lost so, nobody
    notices.
    """

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        """Error: ValidationError with how many characters are too many."""
        there = len(as_sent(field.data or ""))
        if there > self.most:
            words = {
                "most": f"{self.most:,}",
                "there": f"{there:,}",
                "over": f"{there - self.most:,}",
            }
            raise ValidationError(
                _l(
                    "%(over)s characters too many: %(most)s can be sent, %(there)s stand here.",
                    **words,
                )
            )


def text_line(
    label: Any, *mark: Any, required: bool = True, most: int = 200, description: Any = ""
) -> StringField:
    """A field of one line of words, at most ``most`` characters long, with its marks (who sees the
    answer, what prints it, what the record proposes)."""
    return StringField(label, [*_limits(required, most), *mark], description=description)


def text_area(
    label: Any,
    *mark: Any,
    required: bool = True,
    most: int = 20000,
    rows: int = 4,
    description: Any = "",
) -> TextAreaField:
    """A field of several lines of words, at most ``most`` characters long, shown ``rows`` lines
    high, with its marks."""
    limits = [*_limits(required, most), *mark]
    return TextAreaField(label, limits, description=description, render_kw={"rows": rows})


def yes_or_no(label: Any) -> RadioField:
    """A field with two choices, «yes» and «no», of which one must be made."""
    return RadioField(label, [Filled()], choices=YES_OR_NO)


def _limits(required: bool, most: int) -> list[Any]:
    return [Filled(), Length(max=most)] if required else [Length(max=most)]


def plain_value(field: Field) -> Any:
    """What a field contributes to a payload: JSON values only (text, number, list, mapping, None);
    a text as it came, or "" when nothing of it can be seen."""
    if isinstance(field, FieldList):
        return [plain_value(entry) for entry in field if not _untouched(entry)]
    if isinstance(field, FormField):
        return {f.short_name: plain_value(f) for f in field.form}
    if hasattr(field, "plain"):
        return field.plain()
    return unless_blank(field.data) if isinstance(field.data, str) else field.data


def _untouched(entry: Field) -> bool:
    """A row of a table in which nothing was typed: a choice that stands there from the start is
    nobody's answer."""
    if isinstance(entry, FormField):
        choices = (
            f
            for f in entry.form
            if isinstance(f, SelectField) and not isinstance(f, SelectMultipleField)
        )
        there = {f.name for f in choices}
        typed = (plain_value(f) for f in entry.form if f.name not in there)
        return all(v in (None, "", [], False) for v in typed)
    return plain_value(entry) in (None, "", [])


class StepForm(Spoken):
    """Base of every step's form; the docket as it stands is ``known``.

    Subclasses add fields and may override :meth:`fill` and :meth:`validate_all`. What the record
    knows of a field is said where the field is made (``Proposed``).
    """

    informant_reads = ""  # name of the field that becomes a message to the informant, word for word
    # name of the field that chooses an entry of the journal: the page shows below it what the entry
    # says now
    stands_for = ""
    # fields that stand only for some choices of another field; others are neither shown nor kept
    only_where: ClassVar[Mapping[str, Chosen]] = {}
    internal_reason = ""  # name of the field beside it that says why, for staff alone

    on = DayField(_l("Day it happened"), [Filled()], lies=Lies.DURING)
    officers = ChecksField(_l("Officers present"), [Optional()], coerce=int)

    def __init__(
        self,
        facts: Facts,
        formdata: Any = None,
        *,
        officers: int = 0,
        only_today: bool = False,
        **kw: Any,
    ) -> None:
        self.known = facts
        self.wanted_officers = officers
        kw.setdefault("on", facts.today.isoformat())
        kw.setdefault("officers", [p.id for p in facts.officers])
        super().__init__(formdata, **kw)
        if only_today:
            del self.on
        if officers:
            self.officers.choices = [(p.id, p.name) for p in facts.officers]
            self.officers.flags.required = True
        else:
            del self.officers
        for field in self:
            fill_in_known(field, facts, typed=bool(formdata))
        self.fill()

    @classmethod
    def that_asked(cls, asked: Mapping[str, Any]) -> type[Form]:
        """The form whose fields were answered with that payload: this one, unless another door
        leads to the step."""
        return cls

    @classmethod
    def called(cls, asked: Mapping[str, Any]) -> Mapping[str, Label]:
        """Names of fields that differ with what was answered elsewhere on the form."""
        return {}

    def fill(self) -> None:
        """Set choices and defaults from facts. Defaults only where the person has typed nothing."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is right: each field, then the rules that every step shares, then the form's
        own. What is wrong stands in the errors of the field."""
        for name in self.only_where.keys() & self._fields.keys():
            if not self.stands(name):
                leave_out(self[name])
        fields_good = bool(super().validate(extra_validators))
        return all([fields_good, self._days_good(), self._officers_good(), self.validate_all()])

    def stands(self, name: str) -> bool:
        """Whether a field is asked for what is chosen on the form."""
        return name not in self.only_where or self.only_where[name].made(self)

    def validate_all(self) -> bool:
        """Rules over several fields; append to ``field.errors`` and answer False."""
        return True

    def refuse(self, field: Field, message: Any) -> bool:
        """Put a message beside a field; always False, so that rules can return it."""
        field.errors = [*field.errors, message]
        return False

    def _days_good(self) -> bool:
        """Every day, those in tables among them, lies where its field says; said beside the
        field."""
        good = [self._day_good(f, f.day, f.lies) for f in _day_fields(self) if f.day and f.lies]
        return all(good)

    def _day_good(self, field: DayField, day: date, lies: Lies) -> bool:
        first, last = bounds(lies, self.known)
        if first <= day <= last:
            return True
        if day > last == self.known.today:
            return self.refuse(field, _l("The day lies in the future."))
        if day < first:
            return self.refuse(
                field, _l("Too early: %(day)s at the earliest.", day=first.isoformat())
            )
        return self.refuse(field, _l("Too late: %(day)s at the latest.", day=last.isoformat()))

    def _officers_good(self) -> bool:
        if "officers" not in self._fields or len(self.officers.data or []) >= self.wanted_officers:
            return True
        return self.refuse(self.officers, _l("Two officers must be present."))

    def payload(self) -> dict[str, Any]:
        """The act's payload; the day it happened is not part of it (see :meth:`day`)."""
        return {f.short_name: plain_value(f) for f in self if f.short_name != "on"}

    def further_payloads(self) -> list[dict[str, Any]]:
        """Payloads of the same step that are taken with this one, each as an act of its own: what
        one form records of several papers."""
        return []

    def day(self) -> date:
        """The day it happened; today for steps that only happen today."""
        chosen = self.on.day if "on" in self._fields else None
        return chosen or self.known.today


def required(fields: Iterable[Field]) -> list[Field]:
    """The fields that must be filled."""
    return [f for f in fields if f.flags.required]


def _day_fields(field: Any) -> Iterator[DayField]:
    """The days that a form asks for, those in its tables too."""
    if isinstance(field, DayField):
        yield field
    elif isinstance(field, (Form, FieldList, FormField)):
        for inner in field:
            yield from _day_fields(inner)


def days_asked(form: type[Form], asked: Mapping[str, Any]) -> Iterator[tuple[Lies, str]]:
    """Each day in a payload, ISO, with where the form that asked for it says it can lie; those in
    tables too."""
    for key, value in asked.items():
        field: Any = getattr(form, key, None)
        kind = getattr(field, "field_class", type(None))
        if issubclass(kind, FieldList) and getattr(field.args[0], "field_class", None) is FormField:
            for row in value or []:
                yield from days_asked(field.args[0].args[0], row)
        elif issubclass(kind, DayField) and value:
            yield field.kwargs["lies"], str(value)
