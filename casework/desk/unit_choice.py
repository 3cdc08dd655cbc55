"""The unit register at the desk: a form asks for a unit, its page offers what the register has.

Without scripts a button looks the typed name up and shows what fits as choices; with scripts
(static/units.js) they stand there while one types. What is chosen fills the other fields; all that
was typed stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import gettext as _
from wtforms import Form

from casework.desk.context import me, today
from casework.people.facts import townships
from casework.people.may import may, require
from casework.people.models import Unit
from casework.people.register import unit_row, units_like
from casework.web.numbers import whole_number
from forms.common import KINDS
from forms.units import fill_in_unit, names_of_units

LOOK_UP = "unit.look_up"
bp = Blueprint("unit_choice", __name__, url_prefix="/desk/units")


@dataclass(frozen=True)
class FoundUnits:
    """What a page offers for one field: the units that fit, or a sentence that none does."""

    units: Sequence[Mapping[str, Any]] = ()
    says: str = ""


@bp.app_context_processor
def _for_pages() -> dict[str, Any]:
    return {"may_look_up": lambda: may(me(), LOOK_UP, today()), "found_units": found_units}


@bp.get("")
@require(LOOK_UP)
def look_up() -> Response:
    """Units that fit what is being typed (q), for the script of the page."""
    units = units_like(g.bureau, request.args.get("q", ""))
    return jsonify([_shown(unit) for unit in units])


def asked_for_unit(form: Form) -> bool:
    """Whether a button of the register was pressed; a row that was chosen is filled in."""
    looked, chosen = request.form.get("look_up"), request.form.get("unit")
    if not (looked or chosen) or not may(me(), LOOK_UP, today()):
        return False
    field, _colon, number = (chosen or "").rpartition(":")
    known = whole_number(number)
    row = unit_row(g.bureau, known) if known is not None else None
    for name, fields in names_of_units(form):
        if row is not None and name.name == field:
            fill_in_unit(fields, _shown(row))
    return True


def found_units(name: Any) -> FoundUnits | None:
    """What was found for the field whose name was looked up; None where another was, or none."""
    if request.form.get("look_up") != name.name or not may(me(), LOOK_UP, today()):
        return None
    units = units_like(g.bureau, name.data or "")
    says = "" if units else _("The register has no unit of that name or code.")
    return FoundUnits([_shown(unit) for unit in units], says)


def _shown(unit: Unit) -> dict[str, Any]:
    """A row of the register as fields and pages take it."""
    towns = townships(unit.bureau_id)
    kind = str(dict(KINDS).get(unit.kind, ""))
    parts = (unit.credit_code, kind, towns.get(unit.township, ""), unit.address)
    return {
        "id": unit.id,
        "name": unit.name,
        "credit_code": unit.credit_code or "",
        "kind": unit.kind,
        "township": unit.township,
        "address": unit.address,
        "representative": unit.representative,
        "says": " · ".join(part for part in parts if part),
    }
