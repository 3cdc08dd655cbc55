"""Fields that stand only for some choices of another field of their form."""

from __future__ import annotations

from dataclasses import dataclass

from wtforms import BooleanField, Field, Form


@dataclass(frozen=True)
class Chosen:
    """Choices of another field: «by mail», «a fine among the penalties»."""

    field: str
    choices: tuple[str, ...]

    def made(self, form: Form) -> bool:
        """Whether one of them is chosen on a form; a form without that field asks everything."""
        if self.field not in form:
            return True
        data = form[self.field].data
        chosen = data if isinstance(data, list) else [data]
        return any(str(one) in self.choices for one in chosen)


def chosen(field: str, *choices: str) -> Chosen:
    """The choices of a field, by its name."""
    return Chosen(field, choices)


def leave_out(field: Field) -> None:
    """What stands in a field that is not asked for the choice made was said by nobody."""
    field.process_formdata([] if isinstance(field, BooleanField) else [""])
    field.process_errors, field.validators = [], []
