"""Forms of the bureau's own affairs: people, cards, ties, settings, calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from casework.procedure.bank import bank_account
from casework.procedure.roles import held_roles
from casework.procedure.settings import Setting, SettingError, checked, shipped
from casework.text import folded_digits, is_blank
from forms.base import DayField, Filled, WholeField, plain_value, text_line
from forms.codes import CodeField
from forms.common import ACCOUNT
from forms.spoken import Spoken

LONGEST = 60  # days that one entry of the calendar may span


class OfficeForm(Spoken):
    """Fields whose plain values are what is stored."""

    def values(self) -> dict[str, Any]:
        """Plain values, days as dates; a text that a page did not send is an empty one."""
        return {f.short_name: self._value(f) for f in self}

    @staticmethod
    def _value(field: Field) -> Any:
        if isinstance(field, DayField):
            return field.day
        value = plain_value(field)
        return "" if value is None and isinstance(field, StringField) else value

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, then the form's own rules."""
        return bool(super().validate(extra_validators)) and self.validate_all()

    def validate_all(self) -> bool:
        """Rules over several fields: whether they hold; what does not stands in the field's
        errors."""
        return True


def in_order(first: DayField, last: DayField) -> bool:
    """Whether the last day is not before the first; says so beside the field when it is."""
    if first.day and last.day and last.day < first.day:
        last.errors = [*last.errors, _l("The last day lies before the first.")]
        return False
    return True


def reason_field(of: str) -> StringField:
    """The reason of a change that may take a second person; ``of`` tells its id from those of other
    forms on a page."""
    said = _l("Needed where a second person must confirm: they read it.")
    return StringField(
        _l("Reason, for who confirms it"), [Length(max=300)], id=f"why-{of}", description=said
    )


class ForTwo(OfficeForm):
    """A change that may take a second person, who decides by the reason. Whether it does is not the
    form's question."""

    why: StringField

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if "why" in self:
            # needed or not as the change is: never marked «optional»
            self["why"].flags.depends = True

    def change(self) -> dict[str, Any]:
        """The values without the reason."""
        return {k: v for k, v in self.values().items() if k != "why"}

    def reason(self) -> str:
        """The reason as it was typed; "" where none is asked."""
        return str(self.why.data or "") if "why" in self else ""


class PersonForm(OfficeForm):
    """Who somebody is."""

    name = text_line(_l("Name"), most=60)
    login = text_line(_l("Sign-in name"), most=60, description=_l("Letters, digits, dot or hyphen"))
    qualified = BooleanField(_l("Has the national legal qualification (for legal review)"))
    team = text_line(
        _l("Team"),
        required=False,
        most=40,
        description=_l(
            "Where a role sees the dockets of its team: everybody with the same word here."
        ),
    )

    def validate_login(self, field: Field) -> None:
        """Error: ValidationError for a name that is not easy to type or would need escaping in an
        address."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9.\-]{1,59}", (field.data or "").strip()):
            raise ValidationError(
                _l("Two characters or more: small letters, digits, dot or hyphen.")
            )


class PersonDataForm(ForTwo, PersonForm):
    """The same of somebody who has an account."""

    why = reason_field("data")


def role_choices() -> list[tuple[str, str]]:
    """Roles that people hold, with their names in the reader's language."""
    language = str(get_locale())
    return [(role.id, role.name.in_language(language)) for role in held_roles()]


class RoleForm(ForTwo):
    """A role for a time."""

    role = SelectField(_l("Role"), choices=role_choices)
    from_day = DayField(_l("From"), [Filled()])
    until_day = DayField(_l("Ends on"))
    lent_from = text_line(
        _l("Lent by"), required=False, most=100, description=_l("The other body, for a lent person")
    )
    why = reason_field("role")

    def validate_all(self) -> bool:
        """A lent person's role has an end."""
        if self.lent_from.data and not self.until_day.day:
            self.until_day.errors = [
                *self.until_day.errors,
                _l("A lent person's role needs a last day."),
            ]
            return False
        return in_order(self.from_day, self.until_day)


class CardForm(OfficeForm):
    """An enforcement card."""

    number = text_line(_l("Card number"), most=40)
    valid_from = DayField(_l("Valid from"), [Filled()])
    valid_until = DayField(_l("Valid until"), [Filled()])

    def validate_all(self) -> bool:
        """The days stand in order."""
        return in_order(self.valid_from, self.valid_until)


class TieForm(OfficeForm):
    """A declared tie to a unit (回避)."""

    name = text_line(_l("Name of the unit"))
    credit_code = CodeField(_l("Credit code"), [Length(max=40)])
    reason = text_line(_l("What ties you to it"))


class BureauForm(ForTwo):
    """What letters and pages say of the bureau."""

    name = text_line(_l("Name of the bureau"), most=100)
    prefix = text_line(_l("Prefix of numbers"), most=20, description=_l("For instance 丰统"))
    credit_code = CodeField(_l("Credit code"), [Length(max=40)])
    address = text_line(_l("Address"))
    phone = text_line(_l("Telephone"), most=40)
    email = text_line(_l("E-mail"), required=False, most=100)
    hours = text_line(_l("Office hours"), required=False, most=100)
    superior = text_line(_l("Higher statistical body"), most=100)
    government = text_line(_l("Government (for reconsideration)"), most=100)
    court = text_line(_l("Court"), most=100)
    bank = text_line(_l("Bank where fines are paid"), required=False, description=ACCOUNT)
    why = reason_field("bureau")

    def validate_all(self) -> bool:
        """The account is named in full, or not at all."""
        typed = self.bank.data or ""
        if is_blank(typed) or bank_account(typed):
            return True
        self.bank.errors = [
            _l("Write all three, parted by commas: bank, name and number of the account.")
        ]
        return False


class SettingForm(ForTwo):
    """A bureau's own value of a number of the procedure."""

    amount = text_line(_l("Value"))
    empty = BooleanField(_l("Back to what is shipped"))  # of a text alone: it may be empty
    # `checked` says what it may be
    choice = SelectField(_l("Value"), [Filled()], choices=[], validate_choice=False)
    unit = SelectField(
        _l("Unit"),
        choices=[("day", _l("days")), ("workday", _l("working days")), ("month", _l("months"))],
    )
    from_day = DayField(_l("In force from"), [Filled()])
    why = reason_field("setting")

    def __init__(self, setting: Setting, formdata: Any = None, *, today: date) -> None:
        self.setting = setting
        amount, _space, unit = (
            setting.value.partition(" ") if setting.kind == "period" else (setting.value, "", "")
        )
        super().__init__(
            formdata,
            amount=amount,
            choice=setting.value,
            unit=unit or "day",
            from_day=today.isoformat(),
        )
        if setting.kind != "period":
            del self.unit
        if not setting.two_persons:
            del self.why
        self._may_be_emptied()
        if setting.choices:
            english = str(get_locale()) == "en"
            self.choice.choices = [(c.value, c.en if english else c.zh) for c in setting.choices]
            del self.amount
        else:
            del self.choice

    def _may_be_emptied(self) -> None:
        """A text may be emptied, with a tick beside what then stands: what this release ships."""
        if self.setting.kind != "text" or self.setting.choices:
            del self.empty
            return
        self.amount.validators = [v for v in self.amount.validators if not isinstance(v, Filled)]
        self.amount.flags.required = None
        words = shipped().setting(self.setting.key).value or _l("(nothing)")
        self.empty.description = _l("As shipped: %(value)s", value=words)

    def value(self) -> str:
        """The value in the form in which settings are kept. Error: SettingError where it is
        none."""
        if self.setting.choices:
            return checked(self.setting, str(self.choice.data))
        if self.setting.kind == "text":
            return self._text()
        text = folded_digits(str(self.amount.data or "")).replace(",", "")
        if self.setting.kind == "period":
            text = f"{text} {self.unit.data}"
        return checked(self.setting, text)

    def _text(self) -> str:
        typed, back = str(self.amount.data or ""), bool(self.empty.data)
        if is_blank(typed):
            if not back:
                raise SettingError(f"{self.setting.key}: a text, or the tick", "text")
            return shipped().setting(self.setting.key).value
        if back:
            raise SettingError(f"{self.setting.key}: a text, or the tick, not both", "one")
        return checked(self.setting, typed)

    def validate_choice(self, field: Field) -> None:
        """One of those that the setting knows."""
        self.validate_amount(field)

    def validate_amount(self, _field: Field) -> None:
        """Error: ValidationError for what the setting does not understand, with what it wants."""
        try:
            self.value()
        except SettingError as error:
            raise ValidationError(self._sentence(error.wants)) from None

    def _sentence(self, wants: str) -> Any:
        """What would have been understood."""
        if wants == "text":
            return _l("Write something, or tick «Back to what is shipped».")
        if wants == "one":
            return _l("Write something or tick the box, not both.")
        if wants in ("switch", "choice"):
            return _l("Choose one of the values that are listed.")
        least, most = self.setting.least, self.setting.most
        if wants == "range" and most is not None:
            return _l(
                "Write a number from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:g}"
            )
        return (
            _l("Write a whole number, digits only.")
            if wants == "whole"
            else _l("Write a number, digits only.")
        )


class CalendarForm(OfficeForm):
    """Days that the State Council's list, or the bureau, sets apart."""

    first = DayField(_l("First day"), [Filled()])
    last = DayField(_l("Last day"), description=_l("Leave it empty for one day"))
    kind = RadioField(
        _l("These days are"),
        choices=[("off", _l("days off")), ("work", _l("days of work"))],
        default="off",
    )
    note = text_line(_l("Where it stands"), description=_l("For instance 国办发明电〔2026〕7号"))

    def validate_all(self) -> bool:
        """In order, and not longer than two months."""
        if not in_order(self.first, self.last):
            return False
        if self.first.day and self.last.day and (self.last.day - self.first.day).days >= LONGEST:
            self.last.errors = [*self.last.errors, _l("Write at most sixty days at once.")]
            return False
        return True


class AnchorForm(OfficeForm):
    """What stands on an anchor sheet that was carried away."""

    words = TextAreaField(
        _l("Words of an old sheet"),
        [Filled(), Length(max=20000)],
        description=_l(
            "The five lines from CASEWORK on, or what its code gives when "
            "it is scanned, or the text of the mail."
        ),
        render_kw={"rows": 7, "autocomplete": "off", "spellcheck": "false"},
    )


class AuditForm(OfficeForm):
    """What the audit search is narrowed to; everything may stay empty."""

    person = SelectField(_l("Who"), choices=[], default="")
    step = SelectField(_l("Step"), choices=[], default="")
    first = DayField(_l("From"))
    last = DayField(_l("To"))
    after = WholeField(_l("Before entry"))
