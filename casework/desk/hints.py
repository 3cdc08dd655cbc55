"""What the desk shows beside a tip: similar dockets, jurisdiction, limitation, repeats. Nothing is
decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from casework.desk.context import Here, me, my_scope
from casework.docket.lists import bears
from casework.docket.models import Docket, is_kind
from casework.docket.visible import visible_to
from casework.informants.models import Message
from casework.intake.duplicates import Beside, Twin, beside
from casework.procedure.jurisdiction import ProposedHandler, propose_handler
from casework.procedure.likeness import Likeness, span
from casework.procedure.time_bar import time_bar_on, time_barred
from casework.store import db

STEPS = ("register", "accept", "link_report", "decline")


@dataclass(frozen=True)
class Hints:
    """The contents of that panel."""

    beside: Beside
    jurisdiction: ProposedHandler
    barred_on: date | None  # the time bar has passed, if the period named is the one of the conduct
    earlier: Docket | None  # the informant says they came before
    supplements: int  # further messages under the same receipt code


def hints(here: Here) -> Hints:
    """The panel for a report."""
    facts = here.facts
    asked = next((a.asked for a in facts.done("receive")), {})
    jurisdiction = propose_handler(
        subject=str(facts.value("subject") or ""),
        bureau=facts.bureau.name,
        government=facts.bureau.government,
        survey_by=str(facts.value("survey_by") or "bureau"),
        person=facts.value("subject_kind") == "person",
    )
    return Hints(
        beside(db.session(), visible_to(my_scope()), here.docket, asked),
        jurisdiction,
        _barred(here, asked),
        _earlier(asked),
        _supplements(here.docket.id),
    )


def _barred(here: Here, asked: Any) -> date | None:
    """处罚法 §36, for the last month of the period that the tip names."""
    months = span(str(asked.get("period") or "")) or span(str(asked.get("narrative") or ""))
    if months is None:
        return None
    year, month = divmod(months[1], 12)
    first_after = date(year, month + 1, 1) if month else date(year, 1, 1)
    end = date.fromordinal(first_after.toordinal() - 1)
    return time_bar_on(here.facts, end) if time_barred(here.facts, end) else None


def _earlier(asked: Any) -> Docket | None:
    number = str(asked.get("earlier") or "").strip()
    if not number:
        return None
    query = select(Docket).where(visible_to(my_scope()), is_kind("informant"))
    return db.session.scalars(
        query.where(bears(me().bureau_id, [number], number.upper())).limit(1)
    ).one_or_none()


def _supplements(docket_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Message)
        .where(Message.docket_id == docket_id, Message.from_informant)
    )
    return db.session.scalar(query) or 0


# -- words
def why(like: Likeness) -> str:
    """Why a docket is shown as a twin."""
    unit = {
        "code": _("same credit code"),
        "name": _("same unit"),
        "alike": _("similar name"),
        "": _("another name"),
    }[like.unit]
    period = {
        "same": _("same period"),
        "touches": _("overlapping period"),
        "unknown": _("period not known"),
        "other": _("another period"),
    }[like.period]
    return "、".join((unit, period, _("texts %(n)s %% alike", n=round(like.text * 100))))


def reason(twin: Twin) -> str:
    """The reason that a one-click link is proposed with."""
    return _("%(number)s: %(why)s", number=twin.docket.number, why=why(twin.like))
