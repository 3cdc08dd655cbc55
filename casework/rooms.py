"""Which rooms the program has: their pages, their commands, and the start-up check of the procedure."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from casework.acts import opening, specials  # noqa: F401 - registers the effects that steps name
from casework.acts.apply import known as known_effects
from casework.desk import counter, dockets, home
from casework.disclosure import views as disclosure
from casework.intake import public
from casework.people import cli as people_cli
from casework.people import signin
from casework.procedure.checks import CHECKS, CONDITIONS
from casework.procedure.load import ProcedureError, check, procedure
from casework.procedure.model import Procedure
from casework.procedure.offers import GENERIC
from casework.procedure.settings import shipped
from forms.registry import all_forms
from letters.build import kinds

NO_COOKIE = (public.bp, disclosure.bp)  # forms there carry a signed token of their own


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Check the procedure, then open every room."""
    from casework.upkeep import cli, demo  # their commands check the procedure: not before this module is whole

    check_procedure(procedure())
    signin.init_app(app)
    for blueprint in (public.bp, disclosure.bp, home.bp, dockets.bp, counter.bp):
        app.register_blueprint(blueprint)
    for blueprint in NO_COOKIE:
        csrf.exempt(blueprint)
    for commands in (people_cli, cli, demo):
        commands.init_app(app)


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
