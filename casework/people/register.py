"""The unit register (调查对象名录) as the public form asks it: by a whole code or the beginning of
a name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from casework.people.models import Bureau, Unit
from casework.procedure.codes import CodeState, unit_code
from casework.store import db
from casework.text import folded_name

LEAST = 4  # characters a search needs


def names_like(bureau: Bureau, typed: str, most: int = 10) -> list[str]:
    """Names of units that begin so (with or without the place before it), or have exactly this
    code. Names alone: whoever searches learns nothing else, and too short a beginning finds
    nothing."""
    code, name = unit_code(typed), folded_name(typed)
    fits: list[ColumnElement[bool]] = []
    if code.state in (CodeState.GOOD, CodeState.DOUBTFUL):
        fits.append(Unit.credit_code == code.text)
    if len(name) >= LEAST:
        fits += [_begins(start) for start in _beginnings(bureau, name)]
    if not fits:
        return []
    query = (
        select(Unit.folded_name, Unit.name)
        .where(Unit.bureau_id == bureau.id, or_(*fits))
        .distinct()
    )
    found = db.session.execute(query.order_by(Unit.folded_name, Unit.name).limit(most))
    return [row.name for row in found]


def _begins(start: str) -> ColumnElement[bool]:
    return and_(Unit.folded_name >= start, Unit.folded_name < start + "\U0010ffff")


def _beginnings(bureau: Bureau, typed: str) -> list[str]:
    """People leave out the place: 重庆汇锦… for 汇锦…, 丰都县… likewise."""
    whole = [
        b.removesuffix("统计局") for b in (bureau.superior, bureau.name) if b.endswith("统计局")
    ]
    places = ["", *whole, *(w[:-1] for w in whole if len(w) > 2), "".join(whole)]
    return [folded_name(p) + typed for p in dict.fromkeys(places)]
