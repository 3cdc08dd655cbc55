"""Texts of which the last answer of the same person is offered again.

Only what says nothing of a case: where a panel meets, which court is asked, how figures are
compared. A text that tells facts is never marked, for it would carry them to another firm's case.
"""

from __future__ import annotations

from wtforms import Field, Form


class SaidBefore:
    """Marks such a field."""

    field_flags = {"said_before": True}  # noqa: RUF012  WTForms reads it

    def __call__(self, _form: Form, _field: Field) -> None:
        """Whatever was typed is good."""
