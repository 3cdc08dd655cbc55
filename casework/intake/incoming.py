"""What a new tip sets off beside its own journal: one notice for a batch, and the count of refusals
in its township."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.docket import journal, notices
from casework.docket.models import Act, Assignment, Docket, Outbox
from casework.docket.work import Mobilisation, Notice, RefusalMark
from casework.people.facts import calendar_of, settings_of
from casework.procedure.clock_rules import add_months, due
from casework.procedure.settings import Settings
from casework.procedure.terms import Period, Unit
from casework.web.filters import SHANGHAI

REFUSING = frozenset({"refusal", "obstruction"})


def arrived(session: Session, changed: Iterable[tuple[Docket, Act]]) -> None:
    """Tips among what changed have come in: clerks are told once for all that come together,
    refusals are counted. What they are told bears the time that the tip bears: a notice to the
    minute would undo its rounding."""
    tips = [(docket, act) for docket, act in changed if act.step == "receive"]
    together = Counter((docket.bureau_id, act.actor_id, act.at) for docket, act in tips)
    for (bureau_id, taker, at), count in together.items():
        clerks = [p for p in notices.holders(bureau_id, "report.triage") if p != taker]
        notices.tell_of_batch(
            session, clerks, "new_tips", _settings(bureau_id, at).number("burst.hours"), at, count
        )
    _count_refusals(session, [(docket, act) for docket, act in tips if docket.township])


def _count_refusals(session: Session, placed: list[tuple[Docket, Act]]) -> None:
    """Counts the tips of refusals, each in its township."""
    if not placed:
        return
    vault = current_app.extensions["vault"]
    asked = journal.first(session, vault, [docket.id for docket, _act in placed])
    for docket, act in placed:
        if REFUSING & set(asked.get(docket.id, {}).get("kinds") or []):
            _count_refusal(session, docket, _settings(docket.bureau_id, act.at), act.at)


def _settings(bureau_id: int, at: datetime) -> Settings:
    return settings_of(bureau_id, at.astimezone(SHANGHAI).date())


def _count_refusal(session: Session, docket: Docket, settings: Settings, now: datetime) -> None:
    session.merge(
        RefusalMark(
            docket_id=docket.id,
            bureau_id=docket.bureau_id,
            township=docket.township,
            on=docket.opened_on,
        )
    )
    session.flush()
    today = now.astimezone(SHANGHAI).date()
    count = refusals(
        session, docket.bureau_id, docket.township, before(today, settings.period("noncoop.window"))
    )
    if count >= settings.number("noncoop.threshold") and not _open_task(session, docket):
        _open(session, docket, settings, count, now)


def before(day: date, period: Period) -> date:
    """First day of the window of that length that ends on ``day``."""
    return (
        add_months(day, -period.amount)
        if period.unit is Unit.MONTH
        else day - timedelta(days=period.amount)
    )


def refusals(session: Session, bureau_id: int, township: str, since: date) -> int:
    """Tips about refusals from one township since a day; declined ones do not count."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RefusalMark)
            .join(Docket, Docket.id == RefusalMark.docket_id)
            .where(
                RefusalMark.bureau_id == bureau_id,
                RefusalMark.township == township,
                RefusalMark.on >= since,
            )
            .where(Docket.stage != "declined")
        )
        or 0
    )


def _open_task(session: Session, docket: Docket) -> bool:
    return (
        session.scalar(
            select(Mobilisation.id).where(
                Mobilisation.bureau_id == docket.bureau_id,
                Mobilisation.township == docket.township,
                Mobilisation.closed_on.is_(None),
            )
        )
        is not None
    )


def _open(session: Session, docket: Docket, settings: Settings, count: int, now: datetime) -> None:
    today = now.astimezone(SHANGHAI).date()
    last = due(today, settings.period("noncoop.handle"), calendar_of(docket.bureau_id)).on
    task = Mobilisation(
        bureau_id=docket.bureau_id,
        township=docket.township,
        opened_on=today,
        refusals=count,
        due=last,
        result="",
    )
    session.add(task)
    session.flush()
    who = notices.holders(docket.bureau_id, "mobilise")
    notices.tell(
        session,
        who,
        "mobilisation",
        data={"task": task.id, "count": count, "township": docket.township},
        at=now,
    )


def on_open_case(session: Session, row: Outbox) -> None:
    """A further tip feeds a case: its officers are told, or the head while it has none; once."""
    case = session.get_one(Docket, int(row.data["case"]))
    officers = list(
        session.scalars(
            select(Assignment.person_id).where(
                Assignment.docket_id == case.id, Assignment.until.is_(None)
            )
        )
    )
    report = session.get_one(Docket, row.docket_id)
    told = session.scalars(
        select(Notice.data).where(Notice.docket_id == case.id, Notice.topic == "new_report_on_case")
    )
    if any(data.get("act") == row.act_id for data in told):
        return
    who = officers or notices.holders(case.bureau_id, "case.open")
    notices.tell(
        session, who, "new_report_on_case", case.id, {"report": report.number, "act": row.act_id}
    )
