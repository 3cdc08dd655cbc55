"""Whether a case's file was bound as it stands: the newest binding that came to an end, and what
came since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from casework.docket.jobs import BIND, Job
from casework.docket.models import Act, Link
from casework.evidence.models import Attachment
from casework.papers.models import Paper, SignedCopy
from casework.procedure.facts import TAKEN, BoundFacts

COVER = "file_cover"  # made when the file is put away; the bound file has one of its own
MENDS = "replace_copy"  # the step by which a file is bound otherwise
_OF: Any = bindparam("docket")
_REPORTS = select(Link.from_id).where(Link.to_id == _OF, Link.kind == "feeds", Link.until.is_(None))


def _here(column: Any) -> Any:
    return or_(column == _OF, column.in_(_REPORTS))


# Papers, signed copies and files are never changed, only added or withdrawn: how many, and the
# newest of each, tell them.
_PARTS = (
    select(func.count(Paper.id)).where(
        _here(Paper.docket_id), Paper.state != "withdrawn", Paper.kind != COVER
    ),
    select(func.max(Paper.id)).where(
        _here(Paper.docket_id), Paper.state != "withdrawn", Paper.kind != COVER
    ),
    select(func.max(SignedCopy.id))
    .join(Paper, Paper.id == SignedCopy.paper_id)
    .where(_here(Paper.docket_id)),
    select(func.count(Attachment.id)).where(_here(Attachment.docket_id)),
    select(func.max(Attachment.id)).where(_here(Attachment.docket_id)),
    select(func.count(Act.id)).where(Act.docket_id == _OF, Act.step == MENDS, Act.verb.in_(TAKEN)),
)
_PARTS_COLUMNS = [part.scalar_subquery().label(f"part_{n}") for n, part in enumerate(_PARTS)]
_HOLDS = select(*_PARTS_COLUMNS)
_NEWEST = (
    select(Job.state, Job.total, Job.result, *_PARTS_COLUMNS)
    .where(
        Job.docket_id == _OF,
        Job.kind == BIND,
        Job.what == "internal",
        Job.state.in_(("done", "failed")),
    )
    .order_by(Job.id.desc())
    .limit(1)
)


def file_state(session: Session, docket_id: int) -> str:
    """A short text of what the file of a case holds now; it changes whenever a paper, file or entry
    comes to it or goes."""
    return _text(session.execute(_HOLDS, {"docket": docket_id}).one())


def newest_binding(session: Session, docket_id: int) -> BoundFacts | None:
    """The newest binding of the internal bundle that is done or failed, and whether the file is
    still as it was then; None where there was none."""
    row = session.execute(_NEWEST, {"docket": docket_id}).one_or_none()
    if row is None:
        return None
    state, total, result, *parts = row
    failed = state == "failed"
    faults = tuple(title for _why, title in result.get("notes", []) if title) if failed else ()
    fresh = result.get("holds") == _text(parts)
    return BoundFacts(result.get("stamped", 0), total, fresh, failed, faults)


def _text(parts: Any) -> str:
    return "-".join(str(p or 0) for p in parts)
