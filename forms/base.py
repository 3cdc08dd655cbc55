"""The form that every step page shows: a WTForms form over facts, whose data become the plain payload of an act.

Field names are payload keys. Types of fields decide the plain value: days become ISO dates, sums whole fen,
numbers decimal strings, tables lists of rows with empty rows dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import Optional, StopValidation, ValidationError

from casework.procedure.facts import Facts
from casework.procedure.terms import Money
from forms.spoken import Spoken

_DAY = re.compile(r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$")


_HOUR = re.compile(r"^\s*(\d{1,2})\s*[:：时]\s*(\d{1,2})?\s*分?\s*$")


class DayField(StringField):
    """A day as people write it (2026-11-23, 2026/11/23, 2026年11月23日); bad input is shown again as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.day: date | None = None
        text = (self.data or "").strip()
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
        """ISO date or None."""
        day = getattr(self, "day", None)
        return day.isoformat() if day else None


class HourField(StringField):
    """An hour of the day (9:05, 09：05, 9时5分); its plain value is always HH:MM, so that texts compare as times."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.hour: str | None = None
        found = _HOUR.match(self.data or "")
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            self.hour = f"{int(found[1]):02d}:{int(found[2] or 0):02d}"
        elif (self.data or "").strip():
            raise ValidationError(_l("Write the hour like 9:05."))

    def plain(self) -> str | None:
        """HH:MM or None."""
        return getattr(self, "hour", None)


class NumberField(StringField):
    """A decimal number with or without thousands separators; kept as text so that nothing typed is lost."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.number: Decimal | None = None
        text = (self.data or "").replace(",", "").replace("，", "").strip()
        if not text:
            return
        try:
            self.number = Decimal(text)
        except InvalidOperation:
            self.number = None
        if self.number is None or not self.number.is_finite():
            self.number = None
            raise ValidationError(_l("Write a number, digits only."))

    def plain(self) -> str | int | None:
        """Decimal text or None."""
        number = getattr(self, "number", None)
        return None if number is None else format(number.normalize(), "f")


class WholeField(NumberField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.number is not None and self.number != self.number.to_integral_value():
            raise ValidationError(_l("Write a whole number."))

    def plain(self) -> str | int | None:
        """int or None."""
        number = getattr(self, "number", None)
        return None if number is None else int(number)


class YuanField(NumberField):
    """A sum typed in yuan; its plain value is whole fen."""

    def process_formdata(self, valuelist: list[str]) -> None:
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
        """Fen as int, or None."""
        number = getattr(self, "number", None)
        return None if number is None else Money.of_yuan(number).fen


class ChecksField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class Filled:
    """Like WTForms' DataRequired, with our words; a field without it is shown as （选填）. Boxes must be ticked."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.errors:
            return
        data = field.data
        if data is False or data in (None, "", []) or (isinstance(data, str) and not data.strip()):
            raise StopValidation(self.message or _l("Fill this in."))


def plain_value(field: Field) -> Any:
    """What a field contributes to a payload: JSON values only."""
    if isinstance(field, FieldList):
        return [plain_value(entry) for entry in field if not _untouched(entry)]
    if isinstance(field, FormField):
        return {f.short_name: plain_value(f) for f in field.form}
    if hasattr(field, "plain"):
        return field.plain()
    return field.data.strip() if isinstance(field.data, str) else field.data


def _untouched(entry: Field) -> bool:
    """A row of a table in which nothing was typed: a choice that stands there from the start is nobody's answer."""
    if isinstance(entry, FormField):
        choices = (f for f in entry.form if isinstance(f, SelectField) and not isinstance(f, SelectMultipleField))
        there = {f.name for f in choices}
        typed = (plain_value(f) for f in entry.form if f.name not in there)
        return all(v in (None, "", [], False) for v in typed)
    return plain_value(entry) in (None, "", [])


class StepForm(Spoken):
    """Base of every step's form; the docket as it stands is ``known``.

    Subclasses add fields and may override :meth:`fill` and :meth:`validate_all`.
    """

    informant_reads = ""  # name of the field that becomes a message to the informant, word for word
    stands_for = ""  # name of the field that chooses an entry of the journal: the page shows below it what the entry says now
    internal_reason = ""  # name of the field beside it that says why, for staff alone

    on = DayField(_l("Day it happened"), [Filled()])
    officers = ChecksField(_l("Officers present"), [Optional()], coerce=int)

    def __init__(self, facts: Facts, formdata: Any = None, *, officers: int = 0, only_today: bool = False, **kw: Any) -> None:
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
        self.fill()

    def fill(self) -> None:
        """Set choices and defaults from facts. Defaults only where the person has typed nothing."""

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, then the rules that every step shares, then the form's own."""
        fields_good = bool(super().validate(extra_validators))
        return all([fields_good, self._day_good(), self._officers_good(), self.validate_all()])

    def validate_all(self) -> bool:
        """Rules over several fields; append to ``field.errors`` and answer False."""
        return True

    def refuse(self, field: Field, message: Any) -> bool:
        """Put a message beside a field; always False, so that rules can return it."""
        field.errors = [*field.errors, message]
        return False

    def _day_good(self) -> bool:
        if "on" not in self._fields or self.on.day is None:
            return True
        if self.on.day > self.known.today:
            return self.refuse(self.on, _l("The day lies in the future."))
        return True

    def _officers_good(self) -> bool:
        if "officers" not in self._fields or len(self.officers.data or []) >= self.wanted_officers:
            return True
        return self.refuse(self.officers, _l("Two officers must be present."))

    def payload(self) -> dict[str, Any]:
        """The act's payload; the day it happened is not part of it (see :meth:`day`)."""
        return {f.short_name: plain_value(f) for f in self if f.short_name != "on"}

    def day(self) -> date:
        """The day it happened; today for steps that only happen today."""
        chosen = self.on.day if "on" in self._fields else None
        return chosen or self.known.today


def required(fields: Iterable[Field]) -> list[Field]:
    """The fields that must be filled."""
    return [f for f in fields if f.flags.required]
