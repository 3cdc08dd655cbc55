"""罚款: what was levied in a period, what came in, what is still owed and what was added for being late.

Every sum is the sum of the rows below it, and the rows are worked out from the journals themselves: nothing is kept beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import exists, func, select

from casework.acts.facts import gather
from casework.desk.context import my_scope
from casework.desk.statistics import Span, periods, span_asked
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.papers.models import Paper
from casework.people.may import require, today
from casework.procedure.checks.execution import owed, paid, surcharge_due
from casework.procedure.facts import Facts
from casework.procedure.force import set_aside
from casework.procedure.terms import Money
from casework.store import db

bp = Blueprint("fines", __name__, url_prefix="/desk/statistics/fines")
MOST = 500  # cases of one page; a longer period is to be split
SUMS = ("levied", "surcharge", "paid", "outstanding")


@dataclass(frozen=True)
class Fine:
    """One case with its money, in fen."""

    code: str
    number: str
    title: str
    decided: date
    levied: int
    surcharge: int
    paid: int
    outstanding: int


@bp.get("/")
@require("statistics.see")
def page() -> str:
    """The sums of a period, and the cases they are the sums of; ``of`` narrows to those that have a part in one sum."""
    span, of = span_asked(), request.args.get("of", "")
    rows = list(fines(span))
    shown = [r for r in rows if of not in SUMS or getattr(r, of)]
    return render_template(
        "desk/fines.html", span=span, periods=periods(today()), rows=shown, of=of if of in SUMS else "", most=MOST,
        sums=_sums(rows), totals=_sums(shown), counts={s: sum(bool(getattr(r, s)) for r in rows) for s in SUMS},
        too_many=_count(span) > MOST,
    )  # fmt: skip


def _sums(rows: list[Fine]) -> dict[str, int]:
    return {s: sum(getattr(r, s) for r in rows) for s in SUMS}


def _decided(span: Span) -> tuple[object, ...]:
    made = exists().where(
        Paper.docket_id == Docket.id, Paper.kind == "decision", Paper.state != "withdrawn",
        Paper.on >= span.since, Paper.on <= span.until,
    )  # fmt: skip
    return Docket.kind == "case", visible_to(my_scope()), made


def _count(span: Span) -> int:
    return db.session.scalar(select(func.count()).select_from(Docket).where(*_decided(span))) or 0  # type: ignore[arg-type]


def fines(span: Span) -> Iterator[Fine]:
    """Cases decided in the period that I may see and that bear a fine, in the order in which they were opened."""
    query = select(Docket).where(*_decided(span)).order_by(Docket.id).limit(MOST)  # type: ignore[arg-type]
    for docket in db.session.scalars(query).all():
        row = fine_of(docket, gather(db.session(), current_app.extensions["vault"], docket))
        if row.levied or row.paid:
            yield row


def fine_of(docket: Docket, facts: Facts) -> Fine:
    """What one case owes: nothing once its decision is set aside, nothing more once its execution has ended."""
    decision, ended = facts.paper("decision"), _ended_on(facts)
    gone = set_aside(facts)
    added = Money(0) if gone else surcharge_due(facts, ended)
    return Fine(
        docket.code, docket.number, docket.title, decision.on if decision else docket.opened_on,
        levied=0 if gone else facts.fine.fen, surcharge=added.fen, paid=paid(facts).fen,
        outstanding=0 if gone or ended else owed(facts).fen,
    )  # fmt: skip


def _ended_on(facts: Facts) -> date | None:
    """The day on which the last execution ended; None while one is open, or before any began."""
    tracks = [t for t in facts.tracks if t.kind == "execution"]
    if not tracks or not all(t.ended for t in tracks):
        return None
    return max((a.on for a in facts.done(track=tracks[-1].label)), default=facts.today)
