"""What a docket's row caches for lists, rebuilt in one place from the tables that effects made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, false, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from casework.docket.models import FAR, Assignment, Clock, Docket, Proposal, Track
from casework.people.models import Person
from casework.procedure.codes import CodeState, may_be_identity_number, unit_code

_OF: Any = bindparam("docket")
_NO_DAY, _NO_WORD = null().cast(Date), literal("")
_STANDING: Any = union_all(  # all of it in one statement: every act asks
    select(
        literal("track").label("what"),
        Track.kind.label("name"),
        Track.stage.label("state"),
        _NO_DAY.label("due"),
        Track.id.label("row"),
        Track.ended.label("over"),
    ).where(Track.docket_id == _OF),
    select(literal("clock"), Clock.rule, _NO_WORD, Clock.due, Clock.id, false()).where(
        Clock.docket_id == _OF, Clock.state == "open"
    ),
    select(literal("waits"), Proposal.waits_for, _NO_WORD, _NO_DAY, Proposal.act_id, false()).where(
        Proposal.docket_id == _OF, Proposal.state == "open"
    ),
    select(literal("hands"), Person.name, _NO_WORD, _NO_DAY, Assignment.id, false())
    .join(Assignment, Assignment.person_id == Person.id)
    .where(
        Assignment.docket_id == _OF,
        or_(Assignment.until.is_(None), Assignment.until > bindparam("today")),
    ),
).order_by("what", "due", "row")


def refresh(
    session: Session,
    docket: Docket,
    today: date,
    now: datetime,
    payloads: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Bring the docket's row up to date after an act. ``payloads``: answers of the act that took
    effect; of all entries, oldest first, after a correction or annulment."""
    if any(row is not docket for row in (*session.new, *session.dirty, *session.deleted)):
        session.flush()  # else the docket's own row is written once, at the end
    found = _standing(session, docket, today)
    tracks, clocks = found["track"], found["clock"]
    docket.stage = tracks[0].state if tracks else ""
    docket.tracks = ",".join(f"{t.name}:{t.state}" for t in tracks[1:] if not t.over)[:200]
    docket.next_due, docket.next_clock = (clocks[0].due, clocks[0].name) if clocks else (FAR, "")
    docket.waits_for = ",".join(w.name for w in found["waits"])[:20]
    docket.handlers = "、".join(h.name for h in found["hands"])[:120]
    for payload in payloads:
        _from_payload(docket, payload)
    docket.updated_at = now


def _standing(session: Session, docket: Docket, today: date) -> dict[str, list[Any]]:
    """Its tracks, its clocks, who is waited for and who handles it, as the tables say."""
    found: dict[str, list[Any]] = {"track": [], "clock": [], "waits": [], "hands": []}
    for row in session.connection().execute(_STANDING, {"docket": docket.id, "today": today}):
        found[row.what].append(row)
    return found


def _unit_code(payload: Mapping[str, Any]) -> str:
    """The code of the respondent or of the accused that an act records."""
    places = (payload.get("party") or {}, payload)
    return kept_code(
        next((str(place["credit_code"]) for place in places if place.get("credit_code")), "")
    )


def kept_code(typed: str) -> str:
    """The code as the docket's row stores it, folded; "" for what is no code, and for what may be
    the number of a human being (which stands in the sealed journal alone)."""
    code = unit_code(typed)
    known = code.state in (CodeState.GOOD, CodeState.DOUBTFUL) and not may_be_identity_number(
        code.text
    )
    return code.text if known else ""


def _from_payload(docket: Docket, payload: Mapping[str, Any]) -> None:
    """Name, place and cause of the respondent or of the accused, whenever an act records them."""
    party = payload.get("party") or {}
    docket.title = (party.get("name") or payload.get("subject") or docket.title)[:200]
    docket.unit_code = _unit_code(payload) or docket.unit_code
    docket.township = party.get("township") or payload.get("township") or docket.township
    docket.channel = payload.get("channel") or docket.channel
    docket.cause = (payload.get("cause") or docket.cause)[:200]
    docket.group_label = (payload.get("group_label") or docket.group_label)[:60]
