"""罚款: what was levied in a period, what came in, what is still owed and what was added for being
late.

Every sum is the sum of the rows below it. The rows are kept by the acts themselves
(``acts/fines.py``), without a day; the database works out what they come to today, as
:meth:`casework.procedure.fines.Account.on` does for one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from casework.desk.context import me, my_scope
from casework.desk.statistics import Span, periods, span_asked
from casework.docket.models import Docket, Fine
from casework.docket.visible import visible_to
from casework.people.facts import settings_of
from casework.people.may import require, today
from casework.procedure.clock_rules import per_myriad
from casework.store import db
from casework.web.numbers import whole_number

bp = Blueprint("fines", __name__, url_prefix="/desk/statistics/fines")
PAGE = 50
SUMS = ("levied", "surcharge", "paid", "settled", "outstanding", "back")


@dataclass(frozen=True)
class Sums:
    """Of a period: each sum, how many cases have a part in it, and the sums of those that have a
    part in the one asked for."""

    sums: dict[str, int]
    counts: dict[str, int]
    chosen: dict[str, int]
    shown: int  # how many cases the list has


@bp.get("/")
@require("statistics.see")
def page() -> str:
    """The sums of a period, and the cases they are the sums of; ``of`` narrows to those that have a
    part in one sum."""
    span, of = span_asked(), request.args.get("of", "")
    of = of if of in SUMS else ""
    rows, after = _listed(span, of, _after())
    return render_template(
        "desk/fines.html",
        span=span,
        periods=periods(today()),
        rows=rows,
        of=of,
        after=after,
        found=summed(span, of),
    )


def _after() -> int:
    after = whole_number(request.args.get("after", "0"))
    return abort(400) if after is None or after < 0 else after


def _listed(span: Span, of: str, after: int) -> tuple[list[Row[Any]], int | None]:
    """A page of cases in the order in which they were opened, and the key of the next."""
    f = fines(span, today())
    chosen = [f.c[of] > 0] if of else []
    query = select(f).where(f.c.id > after, *chosen).order_by(f.c.id).limit(PAGE + 1)
    rows = list(db.session.execute(query).all())
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def summed(span: Span, of: str = "") -> Sums:
    """All sums of a period, in one statement."""
    f = fines(span, today())
    mine = f.c[of] > 0 if of else literal(1) == 1
    asked = {
        **{f"sum_{s}": func.sum(f.c[s]) for s in SUMS},
        **{f"count_{s}": func.sum(case((f.c[s] > 0, 1), else_=0)) for s in SUMS},
        **{f"of_{s}": func.sum(case((mine, f.c[s]), else_=0)) for s in SUMS},
        "shown": func.sum(case((mine, 1), else_=0)),
    }
    row = db.session.execute(select(*(column.label(name) for name, column in asked.items()))).one()
    got = {name: int(value or 0) for name, value in row._mapping.items()}
    sums, counts, chosen = (
        {s: got[f"{kind}_{s}"] for s in SUMS} for kind in ("sum", "count", "of")
    )
    return Sums(sums, counts, chosen, got["shown"])


def fines(span: Span, day: date) -> Subquery:
    """Cases decided in the period that I may see and that bear a fine, with what they come to on a
    day."""
    percent = per_myriad(settings_of(me().bureau_id, day).number("pay.surcharge"))
    raw = Fine.levied * percent * _late_days(day) // 10_000
    surcharge = case((raw > Fine.levied, Fine.levied), else_=raw)
    rest = Fine.levied + surcharge - Fine.paid
    left = case((rest > 0, rest), else_=0)
    back = Fine.apart + case((rest < 0, -rest), else_=0)
    query: Select[Any] = (
        select(
            Docket.id,
            Docket.code,
            Docket.number,
            Docket.title,
            Fine.decided,
            Fine.levied,
            surcharge.label("surcharge"),
            Fine.paid,
            case((Fine.over, left), else_=0).label("settled"),
            case((Fine.over, 0), else_=left).label("outstanding"),
            back.label("back"),
        )
        .join(Docket, Docket.id == Fine.docket_id)
        .where(
            Fine.bureau_id == me().bureau_id, Fine.decided >= span.since, Fine.decided <= span.until
        )
        .where(visible_to(my_scope()), or_(Fine.levied > 0, Fine.paid > 0, Fine.apart > 0))
    )
    return query.subquery()


def _late_days(day: date) -> ColumnElement[int]:
    now = cast(literal(day.toordinal()), Integer)
    return Fine.late_days + case((Fine.runs_from < now, now - Fine.runs_from), else_=0)
