"""What a docket's row caches for lists, rebuilt in one place from the tables that effects made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from casework.docket.models import FAR, Assignment, Clock, Docket, Proposal, Track
from casework.people.models import Person

_OF: Any = bindparam("docket")
_TRACKS = select(Track.kind, Track.stage, Track.ended).where(Track.docket_id == _OF).order_by(Track.id)
_DUE = select(Clock.due, Clock.rule).where(Clock.docket_id == _OF, Clock.state == "open").order_by(Clock.due, Clock.id).limit(1)
_WAITS = select(Proposal.waits_for).where(Proposal.docket_id == _OF, Proposal.state == "open")
_HANDLERS = (
    select(Person.name)
    .join(Assignment, Assignment.person_id == Person.id)
    .where(Assignment.docket_id == _OF, or_(Assignment.until.is_(None), Assignment.until > bindparam("today")))
    .order_by(Assignment.id)
)


def refresh(session: Session, docket: Docket, today: date, now: datetime, payload: Mapping[str, Any]) -> None:
    """Bring the row up to date after an act; ``payload`` is the act's, when it took effect."""
    if any(row is not docket for row in (*session.new, *session.dirty, *session.deleted)):
        session.flush()  # else the docket's own row is written once, at the end
    connection, of = session.connection(), {"docket": docket.id}
    tracks = connection.execute(_TRACKS, of).all()
    docket.stage = tracks[0].stage if tracks else ""
    docket.tracks = ",".join(f"{t.kind}:{t.stage}" for t in tracks[1:] if not t.ended)[:200]
    due = connection.execute(_DUE, of).first()
    docket.next_due, docket.next_clock = (due.due, due.rule) if due else (FAR, "")
    docket.waits_for = ",".join(connection.scalars(_WAITS, of))[:20]
    docket.handlers = "、".join(connection.scalars(_HANDLERS, {**of, "today": today}))[:120]
    _from_payload(docket, payload)
    docket.updated_at = now


def _from_payload(docket: Docket, payload: Mapping[str, Any]) -> None:
    """Name, place and cause of the respondent or of the accused, whenever an act records them."""
    party = payload.get("party") or {}
    docket.title = (party.get("name") or payload.get("subject") or docket.title)[:200]
    docket.township = party.get("township") or payload.get("township") or docket.township
    docket.channel = payload.get("channel") or docket.channel
    docket.cause = (payload.get("cause") or docket.cause)[:200]
    docket.group_label = (payload.get("group_label") or docket.group_label)[:60]
