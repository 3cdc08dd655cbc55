"""What ``journal verify`` would find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary

from casework.docket.journal import Fault
from casework.people import heads, row_journal
from casework.store import UtcDateTime, db, utcnow
from casework.upkeep import verify


def faults(anchors: Iterable[heads.Signed] = ()) -> list[Fault]:
    """All faults of this instance, by the heads beside its database and the given anchors."""
    db.session.rollback()
    db.session.expire_all()
    return list(verify.all_faults(db.session(), heads.read_file(heads.heads_path()), anchors))


def all_hold() -> bool:
    """Whether everything holds, after a round of time wrote the heads."""
    heads.sign_heads(db.session(), utcnow())  # the first time before rows are entered
    row_journal.begin_all()
    heads.sign_heads(db.session(), utcnow())
    return faults() == []


def other(column: Column[Any], old: Any) -> Any:
    """Another value of the column's kind."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not old
    if isinstance(kind, JSON):
        return {"x": 2 if old == {"x": 1} else 1}
    if isinstance(kind, LargeBinary):
        return (old or b"") + b"x"
    if isinstance(kind, UtcDateTime):
        return (old or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(hours=1)
    if isinstance(kind, Date):
        return (old or date(2001, 1, 1)) + timedelta(1)
    if isinstance(kind, Integer):
        return (old or 0) + 1000
    return f"{(old or '')[:3]}x"
