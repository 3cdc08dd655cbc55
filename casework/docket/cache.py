"""What a docket's row caches for lists, rebuilt in one place from the tables that effects made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.docket.models import FAR, Assignment, Clock, Docket, Proposal, Track
from casework.people.models import Person


def refresh(session: Session, docket: Docket, today: date, now: datetime, payload: Mapping[str, Any]) -> None:
    """Bring the row up to date after an act; ``payload`` is the act's, when it took effect."""
    session.flush()
    tracks = list(session.scalars(select(Track).where(Track.docket_id == docket.id).order_by(Track.id)))
    docket.stage = tracks[0].stage if tracks else ""
    docket.tracks = ",".join(f"{t.kind}:{t.stage}" for t in tracks[1:] if not t.ended)[:200]
    due = session.execute(
        select(Clock.due, Clock.rule)
        .where(Clock.docket_id == docket.id, Clock.state == "open")
        .order_by(Clock.due, Clock.id)
        .limit(1)
    ).first()
    docket.next_due, docket.next_clock = (due.due, due.rule) if due else (FAR, "")
    docket.waits_for = ",".join(
        session.scalars(select(Proposal.waits_for).where(Proposal.docket_id == docket.id, Proposal.state == "open"))
    )[:20]
    docket.handlers = "、".join(_handlers(session, docket.id, today))[:120]
    _from_payload(docket, payload)
    docket.updated_at = now


def _handlers(session: Session, docket_id: int, today: date) -> list[str]:
    rows = session.scalars(
        select(Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.docket_id == docket_id, or_(Assignment.until.is_(None), Assignment.until > today))
        .order_by(Assignment.id)
    )
    return list(rows)


def _from_payload(docket: Docket, payload: Mapping[str, Any]) -> None:
    """Name, place and cause of the respondent or of the accused, whenever an act records them."""
    party = payload.get("party") or {}
    docket.title = (party.get("name") or payload.get("subject") or docket.title)[:200]
    docket.township = party.get("township") or payload.get("township") or docket.township
    docket.channel = payload.get("channel") or docket.channel
    docket.cause = (payload.get("cause") or docket.cause)[:200]
    docket.group_label = (payload.get("group_label") or docket.group_label)[:60]
