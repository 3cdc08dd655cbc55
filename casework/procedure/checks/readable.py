"""Whether a docket can be read, as it stands or with a correction laid over one of its entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.procedure.checks.registry import CHECKS
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.overlay import laid_over
from casework.procedure.payload import UNREADABLE as UNREADABLE


def corrected_facts(facts: Facts, seq: int, fields: Mapping[str, Any]) -> Facts:
    """The facts as they would be with those texts in an entry."""
    acts = (replace(a, asked=laid_over(a.asked, fields)) if a.seq == seq else a for a in facts.acts)
    return replace(facts, acts=tuple(acts))


def readable(facts: Facts) -> bool:
    """Whether what pages, papers and checks read of a docket can be read at all."""
    try:
        _read(facts)
    except UNREADABLE:
        return False
    return True


def _read(facts: Facts) -> None:
    for name in (
        "party",
        "figures",
        "violations",
        "found_on",
        "proposed_fine",
        "fine",
        "investigators",
    ):
        getattr(facts, name)
    for step in procedure().steps.values():
        for name in step.needs:
            CHECKS[name](facts, {}, facts.today)
