"""Violations with their ceilings, and the money of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.procedure.decision_state import fell
from casework.procedure.facts import Facts
from casework.procedure.fines import Balance, balance
from casework.procedure.interference import article, says
from casework.procedure.penalties import penalties
from casework.procedure.terms import Money
from casework.web.language import current


def violation_row(facts: Facts, v: Any) -> dict[str, Any]:
    """A violation with its article and ceiling."""
    end = date.fromisoformat(v["conduct_end"])
    name = violation_name(v["code"])
    if facts.party and not penalties().is_offence(v["code"]):
        cited, given = article(facts.party, v["code"], end), says(facts.party, v["code"], end)
        return {**v, "name": name, "article": cited, "says": given}
    kind = facts.party.kind if facts.party else None
    return {
        **v,
        "name": name,
        "says": "",
        "article": penalties().article(v["code"], end),
        "ceiling": penalties().ceiling(kind, v["code"], end, False, bool(v.get("census")))
        if kind
        else None,
        "upper": penalties().ceiling(kind, v["code"], end, True, bool(v.get("census")))
        if kind
        else None,
    }


def violation_name(code: str) -> str:
    """What a violation is called, in the person's language."""
    known = penalties().violations[code]
    return known.en if current().startswith("en") else known.zh


@dataclass(frozen=True)
class Owing:
    """The sum of a decision, whether it fell, and what of it is owed today."""

    fine: Money
    fell: bool
    now: Balance


def money(facts: Facts) -> Owing | None:
    """The sums of a case with a fine or money to be paid back; None for others."""
    now = balance(facts)
    return Owing(facts.fine, fell(facts), now) if facts.fine.fen or now.back.fen else None
