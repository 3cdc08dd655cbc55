"""Fields that say which unit a form is about: what a row of the unit register fills.

A field says which part of the row it holds: ``StringField(_l("Respondent"), [OfUnit("name")])``.
Its page offers to look the name up; whoever chooses a row has the other parts of the same form, or
of the same row of a table, filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wtforms import Field, FieldList, Form, FormField

PARTS = ("name", "credit_code", "kind", "township", "address", "representative")


class OfUnit:
    """Marks a field that holds a part of a unit: one of `PARTS`."""

    def __init__(self, part: str) -> None:
        if part not in PARTS:
            raise ValueError(f"a unit of the register has no {part}")
        self.field_flags = {"unit": part}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Whatever was typed is good."""


def names_of_units(form: Form) -> Iterator[tuple[Field, Form]]:
    """Each field that holds the name of a unit, with the form or the row it stands in."""
    for field in form:
        if field.flags.unit == "name":
            yield field, form
        elif isinstance(field, FieldList):
            for entry in field:
                if isinstance(entry, FormField):
                    yield from names_of_units(entry.form)


def fill_in_unit(form: Form, row: Mapping[str, str]) -> None:
    """Put a row of the register into the fields that hold its parts. What the register does not
    know stays as it was typed."""
    for field in form:
        part = field.flags.unit
        if part and row.get(part):
            field.process(None, row[part])
