"""Who takes a case, and who must not."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from casework.procedure.facts import Facts, PersonFacts
from forms.base import ChecksField, Filled, StepForm, text_area

GRANTED = [("granted", _l("Granted")), ("refused", _l("Refused"))]


class Assign(StepForm):
    """指派承办人员 (assign: 统计法 §38；行政处罚法 §42)."""

    assigned = ChecksField(_l("Officers"), [Filled()], coerce=int)
    note = text_area(_l("Note"), required=False)

    def fill(self) -> None:
        """Officers who may take the case, with their cards; those who may not are named with the
        reason."""
        fit = [p for p in self.known.people.values() if p.may("case.inspect") and not p.recused]
        self.assigned.choices = [(p.id, _with_card(self.known, p)) for p in fit]
        if not self.assigned.data:
            self.assigned.data = [p.id for p in self.known.officers]


class Recuse(StepForm):
    """回避 (recuse: 行政处罚法 §43)."""

    person = SelectField(_l("Person to be recused"), [Filled()], coerce=int)
    reason = text_area(_l("Reason"))
    result = RadioField(_l("Proposed decision"), [Filled()], choices=GRANTED)

    def fill(self) -> None:
        """Everybody of the bureau who takes part."""
        self.person.choices = [(p.id, p.name) for p in self.known.people.values()]


def _with_card(facts: Facts, person: PersonFacts) -> str:
    """Name and card, or that there is none today."""
    card = person.card_on(facts.today)
    return f"{person.name}（{card.number}）" if card else f"{person.name}（无有效执法证）"
