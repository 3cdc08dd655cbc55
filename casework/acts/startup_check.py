"""The start-up check: no step of the procedure leads anybody into a dead end."""

from __future__ import annotations

from casework.acts import case_opening, special_effects  # noqa: F401
from casework.acts.apply import effect_names as known_effects
from casework.acts.printed_answers import answer_faults

# registers the effects that steps name
from casework.procedure.checks import CHECKS, CONDITIONS
from casework.procedure.help import help_faults
from casework.procedure.ids import GeneralCheck, names_of
from casework.procedure.kinds import kind_faults
from casework.procedure.load import ProcedureError
from casework.procedure.model import Procedure
from casework.procedure.roles import registry
from casework.procedure.settings import shipped
from casework.procedure.validate import validate_procedure
from forms.registry import all_forms
from letters.build import letter_kinds


def check_procedure(p: Procedure) -> None:
    """ProcedureError when a step would lead somebody into a dead end or a kind of docket does not
    fit its tracks, or a field marks its answer in vain, or a step has no help; RolesError when a
    role or permission is not whole."""
    validate_procedure(
        p,
        forms=set(all_forms()),
        letters=letter_kinds(),
        checks={*CHECKS, *names_of(GeneralCheck)},
        conditions=set(CONDITIONS),
        settings={s.key for s in shipped()},
    )
    strange = [
        f"line {s.line}: step {s.id}: unknown effect «{e}»"
        for s in p.steps.values()
        for e in s.does
        if e not in known_effects()
    ]
    strange += [
        f"setting {s.key}: unknown permission «{s.among}»"
        for s in shipped()
        if s.among and s.among not in registry().permissions
    ]
    strange += [*kind_faults(p), *answer_faults(p), *help_faults(p)]
    if strange:
        raise ProcedureError(strange)
