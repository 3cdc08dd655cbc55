"""Violations with their ceilings, and the money of a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.procedure.checks.execution import owed, paid, surcharge_due
from casework.procedure.facts import Facts
from casework.procedure.penalties import penalties
from casework.web.language import current


def violation_row(facts: Facts, v: Any) -> dict[str, Any]:
    """A violation with its article and ceiling."""
    end = date.fromisoformat(v["conduct_end"])
    known = penalties().violations[v["code"]]
    kind = facts.party.kind if facts.party else None
    return {
        **v,
        "name": known.en if current().startswith("en") else known.zh,
        "article": penalties().article(v["code"], end),
        "ceiling": penalties().ceiling(kind, v["code"], end, False, bool(v.get("census"))) if kind else None,
        "upper": penalties().ceiling(kind, v["code"], end, True, bool(v.get("census"))) if kind else None,
    }


def money(facts: Facts) -> dict[str, Any] | None:
    """Fine, surcharge, paid and owed, once there is a fine in a decision."""
    if not facts.fine.fen:
        return None
    return {"fine": facts.fine, "surcharge": surcharge_due(facts), "paid": paid(facts), "owed": owed(facts)}
