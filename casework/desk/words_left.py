"""What somebody typed for a docket that is not there for them any more: relieved of it, or recused,
while its form was open.

Nothing is written; the words go back to whoever typed them, and the page says nothing of the
docket.
"""

from __future__ import annotations

import re

from flask import render_template, request
from wtforms import Form, RadioField, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField

from casework.desk.form_answers import asked_label
from casework.procedure.model import Step
from casework.web.language import current
from forms.answers import form_fields, row_form
from forms.registry import form_class

# named by numbers and codes: nothing that somebody wrote
CHOSEN = (SelectField, SelectMultipleField, RadioField)
_CELL = re.compile(r"(\w+?)-(\d+)-(\w+)")  # of a table: field, row, column


def words_left(step: Step) -> tuple[str, int]:
    """The page with the words that were posted for a step, under their labels; 404, as for any
    docket one does not see."""
    form = form_class(step.asks)
    named = ((_label(form, name), value.strip()) for name, value in request.form.items(multi=True))
    rows = [(label, value) for label, value in named if label and value]
    return render_template(
        "desk/words_left.html", rows=rows, name=step.name.in_language(current())
    ), 404


def _label(form: type[Form], name: str) -> str:
    """What the form calls the field; "" for what is chosen and not written, and for what the form
    does not ask."""
    cell = _CELL.fullmatch(name)
    if cell is None:
        return asked_label(form, name) if _written(form, name) else ""
    row = row_form(form, cell[1])
    if row is None or not _written(row, cell[3]):
        return ""
    return f"{asked_label(row, cell[3])} {int(cell[2]) + 1}"


def _written(form: type[Form], name: str) -> bool:
    field = form_fields(form).get(name)
    return isinstance(field, UnboundField) and not issubclass(field.field_class, CHOSEN)
