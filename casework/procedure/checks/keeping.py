"""Checks of what happens to a file after archiving."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import Asked, Facts
from casework.procedure.retention import disposal_held_back


@check
def not_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Nothing holds it back yet."""
    return refused_unless(not disposal_held_back(facts))


@check
def is_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """There is a hold to lift."""
    return refused_unless(disposal_held_back(facts))
