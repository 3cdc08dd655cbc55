"""Whether a page shows everything that a form asked for: worked out from the form's fields, apart
from the desk's own way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import BooleanField, Form, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from casework.web.filters import shown_signs
from forms.base import DayField, HourField, StepForm, YuanField


def missing(page: str, form: type[Form], asked: Mapping[str, Any]) -> list[str]:
    """What was answered and is not among the words of the page, blanks apart; names of fields
    before it. A sign that nobody sees stands there by its name."""
    words = "".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    told = [
        (name, text, "".join(shown_signs(text).split())) for name, text in expected(form, asked)
    ]
    return [f"{name}: {text}" for name, text, shown in told if shown not in words]


def expected(form: type[Form], asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Field and words of each answer: of a choice its words, of a sum the figures, of a box the
    field's label."""
    for name, value in asked.items():
        field = getattr(form, name, None)
        asks = isinstance(field, UnboundField) and not issubclass(field.field_class, HiddenField)
        if asks and value not in (None, "", []):
            for one in value if isinstance(value, list) else [value]:
                yield from _one(name, field, one)


def _one(name: str, field: UnboundField[Any], value: Any) -> Iterator[tuple[str, str]]:
    inside = next((a for a in field.args if isinstance(a, UnboundField)), None)
    if isinstance(value, dict):
        row = (inside or field).args[0]
        yield from expected(row, {k: v for k, v in value.items() if v is not False})
    elif issubclass(field.field_class, BooleanField):
        yield name, str(field.args[0])
    elif issubclass(field.field_class, YuanField):
        yield name, f"{value / 100:,.2f}".removesuffix(".00")
    else:
        yield from ((name, text) for text in _words(field, value))


def _words(field: UnboundField[Any], value: Any) -> list[str]:
    # those that only the docket knows (townships) are not in the class
    if issubclass(field.field_class, SelectFieldBase):
        return [str(words) for code, words in field.kwargs.get("choices") or () if code == value]
    # a number stands for a person, a paper, an entry
    return [] if isinstance(value, int) else [str(value)]


def values_for(form: type[Form], mark: str) -> dict[str, Any]:
    """An answer to every field of a form; ``mark`` makes its texts known again."""
    fields = {
        name: getattr(form, name)
        for name in dir(form)
        if isinstance(getattr(form, name), UnboundField)
    }
    return {
        name: value
        for name, field in fields.items()
        if (value := _value(name, field, mark)) is not None
    }


def _value(name: str, field: UnboundField[Any], mark: str) -> Any:
    kind, choices = field.field_class, [c for c, _words in field.kwargs.get("choices") or () if c]
    inside = next((a for a in field.args if isinstance(a, UnboundField)), None)
    if inside is not None:
        one = _value(name, inside, mark)
        return [one, one] if one is not None else None
    if field.args and isinstance(field.args[0], type) and issubclass(field.args[0], Form):
        return values_for(field.args[0], mark)
    if "choices" in field.kwargs or field.kwargs.get("coerce") is int:
        return None if not choices else choices[-1:] if "Checks" in kind.__name__ else choices[-1]
    if issubclass(kind, BooleanField):
        return True
    if issubclass(kind, DayField):
        return "2026-03-04"
    if issubclass(kind, HourField):
        return "09:05"
    return 1_234_567 if issubclass(kind, YuanField) else f"{mark}{name}"


def of_step(form: type[StepForm], asked: Mapping[str, Any]) -> type[Form]:
    """The form that asked."""
    return form.that_asked(asked)
