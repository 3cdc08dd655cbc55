"""Whether a file may be destroyed (到期鉴定): asked when a batch is proposed, confirmed, and once
more under the lock."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive.retention_rows import cases_of, in_open_batch, retention_of
from casework.docket.models import Docket, Link
from casework.informants.unread import may_be_deleted
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds
from casework.procedure.retention import PERMANENT, disposal_held_back
from casework.vault.sealing import vault

# Why a file may not go; the words stand in templates/archive/parts.html.
REASONS = (
    "gone",
    "not_put_away",
    "permanent",
    "not_due",
    "held",
    "case_held",
    "proposal",
    "remedy",
    "track",
    "unread",
    "linked",
    "other_batch",
)


def hindrances(
    session: Session, docket: Docket, today: date, batch: Collection[int] = (), number: int = 0
) -> list[str]:
    """Ids of :data:`REASONS` for which the file may not be destroyed; empty where it may.
    ``batch``: dockets that go together; ``number``: of their batch."""
    if not docket.data_key:
        return ["gone"]
    facts = gather(session, vault(), docket)
    found = [*_of_time(session, facts, today), *_of_matters(session, facts)]
    if not may_be_deleted(docket.id):
        found.append("unread")
    if _lives_on(session, docket, batch):
        found.append("linked")
    if in_open_batch(session, docket.id, number):
        found.append("other_batch")
    return found


def _of_time(session: Session, facts: Facts, today: date) -> Iterator[str]:
    found = retention_of(session, facts)
    if found is None:
        yield "not_put_away"
    elif found.term == PERMANENT:
        yield "permanent"
    elif found.due > today:
        yield "not_due"


def _of_matters(session: Session, facts: Facts) -> Iterator[str]:
    """Held back, a proposal that waits, a remedy or any other track that runs (the first track of a
    report may stand still)."""
    if disposal_held_back(facts):
        yield "held"
    if any(
        disposal_held_back(gather(session, vault(), case)) for case in cases_of(session, facts.id)
    ):
        yield "case_held"
    if facts.proposals:
        yield "proposal"
    running = {t.kind for t in facts.tracks[1:] if not t.ended}
    if "remedy" in running:
        yield "remedy"
    if running - {"remedy"}:
        yield "track"


def _lives_on(session: Session, docket: Docket, batch: Collection[int]) -> bool:
    """A linked docket that is still worked on; for a report also a case of its own that stays: it
    is part of that file."""
    other = select(Docket).join(Link, or_(Link.from_id == Docket.id, Link.to_id == Docket.id))
    mine = or_(Link.from_id == docket.id, Link.to_id == docket.id)
    for linked in session.scalars(other.where(mine, Link.until.is_(None), Docket.id != docket.id)):
        if linked.id in batch or not linked.data_key:
            continue
        stays = kinds()[docket.kind].feeds == linked.kind
        if stays or not _rests(session, linked, docket):
            return True
    return False


def _rests(session: Session, linked: Docket, docket: Docket) -> bool:
    """Put away; an accepted report rests when all its cases do (an anonymous one is never
    answered)."""
    others = [c for c in cases_of(session, linked.id) if c.id != docket.id]
    return _is_put_away(linked) or (
        linked.stage == "accepted" and all(_is_put_away(c) for c in others)
    )


def _is_put_away(docket: Docket) -> bool:
    return docket.stage in kinds()[docket.kind].put_away
