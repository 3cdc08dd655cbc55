"""The unit register (调查对象名录) as forms ask it. The public form: by a whole code or the
beginning of a name. The desk: by any part of a name, a short name, or the beginning of a code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from casework.people.models import Bureau, Unit
from casework.procedure.codes import CodeState, unit_code
from casework.store import db
from casework.text import folded_code, folded_name

LEAST = 4  # characters a search of the public form needs
LEAST_AT_DESK = 2
LEAST_OF_CODE, MOST_OF_CODE = 6, 18
MOST_OF_NAME = 200  # no name is longer, and databases refuse a pattern of a whole book


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


def units_like(bureau: Bureau, typed: str, most: int = 8) -> Sequence[Unit]:
    """Units that fit what somebody of the bureau typed, the nearest first: the whole code or its
    beginning; a name that begins so, with or without its place; one that has it within; one for
    which it is a short name. At most ``most``; later ways are asked only where earlier ones found
    fewer."""
    found: dict[int, Unit] = {}
    for fits in _ways(bureau, typed):
        query = select(Unit).where(Unit.bureau_id == bureau.id, fits, Unit.id.not_in(found))
        query = query.order_by(Unit.folded_name, Unit.id).limit(most - len(found))
        found |= {unit.id: unit for unit in db.session.scalars(query)}
        if len(found) >= most:
            break
    return list(found.values())


def unit_row(bureau: Bureau, number: int) -> Unit | None:
    """A unit of that bureau's register by its number; None where there is none."""
    query = select(Unit).where(Unit.bureau_id == bureau.id, Unit.id == number)
    return db.session.scalars(query).one_or_none()


def _ways(bureau: Bureau, typed: str) -> Iterator[ColumnElement[bool]]:
    code, name = folded_code(typed), folded_name(typed)
    if LEAST_OF_CODE <= len(code) <= MOST_OF_CODE and code.isascii() and code.isalnum():
        yield and_(Unit.credit_code >= code, Unit.credit_code < code + "\U0010ffff")
    if not LEAST_AT_DESK <= len(name) <= MOST_OF_NAME:
        return
    yield or_(*(_begins(start) for start in _beginnings(bureau, name)))
    yield Unit.folded_name.contains(name, autoescape=True)
    if len(name) > LEAST_AT_DESK:
        yield and_(*_in_order(name))


def _in_order(short: str) -> Iterator[ColumnElement[bool]]:
    """Its first two characters stand together in the name, the others follow in their order:
    豪达房产 for 丰都县豪达房地产开发有限公司."""
    parts = (short[:2], *short[2:])
    escaped = (part.replace("/", "//").replace("%", "/%").replace("_", "/_") for part in parts)
    yield Unit.folded_name.like(f"%{'%'.join(escaped)}%", escape="/")
