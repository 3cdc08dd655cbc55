"""Answers to what the second reading of a file found."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import Asked, Facts


@check
def faults_found(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The last reading found something that nobody has answered."""
    return refused_unless(bool(facts.faults))


@check
def fault_stands(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What is answered is one of these: nothing is answered before it was found."""
    return refused_unless(str(asked.get("fault") or "") in facts.faults)
