"""The unit register (调查对象名录) as the public form asks it: by the beginning of a name or a whole code."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from casework.people.models import Bureau, Unit
from casework.procedure.codes import credit_code_state
from casework.store import db

LEAST = 4  # characters a search needs


def names_like(bureau: Bureau, typed: str, most: int = 10) -> list[str]:
    """Names of units that begin so (with or without the place before it), or have exactly this credit code. Names alone:
    whoever searches learns nothing else, and too short a beginning finds nothing."""
    typed = "".join(typed.split())
    if credit_code_state(typed) != "wrong":
        fits: Any = Unit.credit_code == typed.upper()
    elif len(typed) >= LEAST:
        fits = or_(*(and_(Unit.name >= start, Unit.name < start + "\U0010ffff") for start in _beginnings(bureau, typed)))
    else:
        return []
    query = select(Unit.name).where(Unit.bureau_id == bureau.id, fits).distinct().order_by(Unit.name).limit(most)
    return list(db.session.scalars(query))


def _beginnings(bureau: Bureau, typed: str) -> list[str]:
    """People leave out the place: 重庆汇锦… for 汇锦…, 丰都县… likewise."""
    whole = [b.removesuffix("统计局") for b in (bureau.superior, bureau.name) if b.endswith("统计局")]
    places = ["", *whole, *(w[:-1] for w in whole if len(w) > 2), "".join(whole)]
    return [p + typed for p in dict.fromkeys(places)]
