"""What a form says of the answer to a field: who sees it on the desk (``base.SeenBy``), and which
sheets print it (``PrintedOn``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import Field, FieldList, Form, FormField

from forms.base import StepForm, marks, seen_by


class PrintedOn:
    """Marks a field whose answer a paper prints. ``sheet``: the paper's name in procedure.toml.

    With ``words``, what the paper calls the answer, it is a row of its own, without a line in the
    paper's wording; ``values`` are the paper's words for its choices, where ``letters/labels.toml``
    has none. With ``place``, the wording itself prints it there, as {place}. Error: ValueError for
    both or neither.
    """

    def __init__(
        self, sheet: str, words: str = "", *, values: Mapping[str, str] = {}, place: str = ""
    ) -> None:
        if bool(words.strip()) == bool(place):
            raise ValueError(f"what {sheet} prints has words of its own, or a place in the wording")
        self.sheet, self.words, self.values, self.place = sheet, words, values, place

    def __call__(self, _form: Form, _field: Field) -> None:
        """Whatever was typed is good."""


def printed_on(field: Any) -> tuple[PrintedOn, ...]:
    """The marks of an unbound field, one for each sheet that prints its answer."""
    return tuple(mark for mark in marks(field) if isinstance(mark, PrintedOn))


def form_fields(form: type[Form]) -> Mapping[str, Any]:
    """The fields of a form class, unbound, in the order in which it asks them; worked out once for
    each class."""
    if form not in _FIELDS:
        found = {name: getattr(form, name) for name in dir(form) if not name.startswith("_")}
        fields = {
            name: field for name, field in found.items() if hasattr(field, "creation_counter")
        }
        _FIELDS[form] = dict(sorted(fields.items(), key=lambda item: item[1].creation_counter))
    return _FIELDS[form]


_FIELDS: dict[type[Form], Mapping[str, Any]] = {}


def fields_that_asked(form: type[StepForm], asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a step's form, and of the form that really asked (the public form's)."""
    return {**form_fields(form), **form_fields(form.that_asked(asked))}


def row_form(form: type[Form], key: str) -> type[Form] | None:
    """The form of one row of a table: that of the field which the list repeats; None for what is no
    table."""
    field: Any = form_fields(form).get(key)
    while getattr(field, "field_class", None) is FieldList:
        field = field.args[0]
    return field.args[0] if getattr(field, "field_class", None) is FormField else None


def marked_fields(form: type[Form]) -> Iterator[tuple[str, Any]]:
    """Name and unbound field of each answer that few see or a sheet prints."""
    for name, field in form_fields(form).items():
        if seen_by(field) or printed_on(field):
            yield name, field
