"""The start-up check: no step of the procedure leads anybody into a dead end."""

from __future__ import annotations

from casework.acts import opening, specials  # noqa: F401 - registers the effects that steps name
from casework.acts.apply import known as known_effects
from casework.procedure.checks import CHECKS, CONDITIONS
from casework.procedure.load import ProcedureError
from casework.procedure.model import Procedure
from casework.procedure.offers import GENERIC
from casework.procedure.settings import shipped
from casework.procedure.whole import check
from forms.registry import all_forms
from letters.build import kinds


def check_procedure(p: Procedure) -> None:
    """ProcedureError when a step would lead somebody into a dead end."""
    check(
        p,
        forms=set(all_forms()),
        letters=kinds(),
        checks=set(CHECKS) | GENERIC,
        conditions=set(CONDITIONS),
        settings={s.key for s in shipped()},
    )
    strange = [
        f"line {s.line}: step {s.id}: unknown effect «{e}»"
        for s in p.steps.values()
        for e in s.does
        if e not in known_effects()
    ]
    if strange:
        raise ProcedureError(strange)
