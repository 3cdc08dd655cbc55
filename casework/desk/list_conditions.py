"""Conditions that narrow a list to what a number of the statistics counted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from casework.docket.models import Clock, Docket
from casework.papers.models import Paper

KEPT = ("met", "late", "running")


def clock_kept(kept: str, today: date) -> ColumnElement[bool]:
    """A condition on ``Clock``: met in time · late (met afterwards, or open past its day) · still
    running.

    Stopped clocks are none of these. KeyError for another word.
    """
    late = or_(
        and_(Clock.state == "met", Clock.met_on > Clock.due),
        and_(Clock.state == "open", Clock.due < today),
    )
    return {
        "met": and_(Clock.state == "met", Clock.met_on <= Clock.due),
        "late": late,
        "running": or_(Clock.state == "paused", and_(Clock.state == "open", Clock.due >= today)),
    }[kept]


def has_clock(rule: str, kept: str, today: date) -> ColumnElement[bool]:
    """Dockets with a clock of that rule, kept in that way (any, when empty)."""
    conditions = [Clock.docket_id == Docket.id, Clock.rule == rule]
    if kept:
        conditions.append(clock_kept(kept, today))
    return exists().where(*conditions)


def has_paper(kind: str, since: date | None, until: date | None) -> ColumnElement[bool]:
    """Dockets for which such a paper was made between two days and stands."""
    conditions = [Paper.docket_id == Docket.id, Paper.kind == kind, Paper.state != "withdrawn"]
    if since:
        conditions.append(Paper.on >= since)
    if until:
        conditions.append(Paper.on <= until)
    return exists().where(*conditions)


def open_track(kind: str) -> ColumnElement[bool]:
    """Dockets in which a side track of that kind is open."""
    return or_(Docket.tracks.startswith(f"{kind}:"), Docket.tracks.contains(f",{kind}:"))
