"""Retention in tables: each night the files that were put away are noted, and lists show what is
due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from casework.acts.facts import gather
from casework.archive.records import Destruction, DestructionItem, HandoverItem, Keeping
from casework.docket.models import Act, Docket, Link
from casework.docket.visible import visible_to
from casework.people.facts import settings_of
from casework.people.may import Scope
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds, kinds_with
from casework.procedure.retention import NEVER, RetentionTerm, retention_term
from casework.store import db, writing
from casework.vault.sealing import vault

PAGE = 100
FILTERS = ("due", "soon", "held", "permanent", "all")
EACH = 200  # dockets in one transaction


# -- what the journal says
def retention_of(session: Session, facts: Facts) -> RetentionTerm | None:
    """How long a docket is kept; None for one that is not put away."""
    fed = cases_of(session, facts.id) if kinds()[facts.kind].feeds else ()
    return retention_term(facts, [retention_term(gather(session, vault(), case)) for case in fed])


def cases_of(session: Session, report: int) -> Sequence[Docket]:
    """The cases that a report feeds, as far as they are there."""
    wanted = select(Docket).join(Link, Link.to_id == Docket.id)
    wanted = wanted.where(
        Link.from_id == report, Link.kind == "feeds", Link.until.is_(None), Docket.data_key != b""
    )
    return session.scalars(wanted.order_by(Docket.id)).all()


# -- the table
def note_retention(today: date) -> int:
    """Note what was put away, or changed, since the last time; answers how many dockets were looked
    at."""
    wanted = _changed(db.session(), today)
    for start in range(0, len(wanted), EACH):
        # opened outside the lock
        found = [_found(db.session(), number) for number in wanted[start : start + EACH]]
        with writing() as session:
            for docket_id, row in found:
                session.execute(delete(Keeping).where(Keeping.docket_id == docket_id))
                session.add_all([row] if row else [])
    return len(wanted)


def _changed(session: Session, today: date) -> list[int]:
    """Dockets put away whose journal went on, reports whose time the bureau has set anew, and
    reports of changed cases."""
    put_away = or_(
        *(and_(Docket.kind == k.id, Docket.stage.in_(k.put_away)) for k in kinds().values())
    )
    moved = or_(
        Keeping.docket_id.is_(None) & put_away,
        Keeping.docket_id.is_not(None) & (Keeping.seq != Docket.last_seq),
    )
    found = list(
        session.scalars(
            select(Docket.id)
            .outerjoin(Keeping, Keeping.docket_id == Docket.id)
            .where(Docket.data_key != b"", moved)
        )
    )
    found += _set_anew(session, today)
    reports = select(Link.from_id).where(
        Link.to_id.in_(found), Link.kind == "feeds", Link.until.is_(None)
    )
    return list(dict.fromkeys([*found, *session.scalars(reports)]))


def _set_anew(session: Session, today: date) -> list[int]:
    numbers: list[int] = []
    for bureau in session.scalars(select(Keeping.bureau_id).distinct()):
        for kind in map(kinds().__getitem__, kinds_with("kept_for")):
            years = str(int(settings_of(bureau, today).number(kind.kept_for)))
            wanted = select(Keeping.docket_id).join(Docket, Docket.id == Keeping.docket_id)
            wanted = wanted.where(Docket.kind == kind.id, Keeping.bureau_id == bureau)
            numbers += session.scalars(wanted.where(Keeping.why == "report", Keeping.term != years))
    return numbers


def _found(session: Session, number: int) -> tuple[int, Keeping | None]:
    docket = session.get_one(Docket, number)
    found = retention_of(session, gather(session, vault(), docket)) if docket.data_key else None
    if found is None:
        return number, None
    row = Keeping(
        docket_id=number,
        bureau_id=docket.bureau_id,
        term=found.term,
        why=found.why,
        since=found.since,
    )
    row.due, row.seq = found.due, docket.last_seq
    return number, row


# -- lists
def held_now() -> ColumnElement[bool]:
    """A condition on ``Docket``: a hold that nothing lifted since. (The rules read the journal
    again before anything.)"""
    later, put_on = (
        aliased(Act),
        (Act.docket_id == Docket.id, Act.step == "hold_disposal", Act.verb == "take"),
    )
    lifted = select(later.id).where(
        later.docket_id == Docket.id,
        later.step == "lift_hold",
        later.verb == "done",
        later.seq > Act.seq,
    )
    return (
        select(Act.id)
        .where(*put_on, ~lifted.correlate(Docket, Act).exists())
        .correlate(Docket)
        .exists()
    )


def retention_list(
    session: Session, scope: Scope, which: str, kind: str, today: date, after: int = 0
) -> Sequence[Any]:
    """Rows (Keeping, Docket, held, on a transfer list) of what a person may see, earliest first;
    ``after`` rows are skipped."""
    wanted = (
        select(Keeping, Docket, held_now().label("held"), HandoverItem.handover_id)
        .join(Docket, Docket.id == Keeping.docket_id)
        .outerjoin(HandoverItem, HandoverItem.docket_id == Docket.id)
        .where(visible_to(scope), *_narrowed(which, today))
    )
    wanted = wanted.where(Docket.kind == kind) if kind else wanted
    return session.execute(
        wanted.order_by(Keeping.due, Keeping.docket_id).offset(after).limit(PAGE + 1)
    ).all()


def _narrowed(which: str, today: date) -> list[ColumnElement[bool]]:
    soon = date(today.year + 1, 12, 31)
    return {
        "due": [Keeping.due <= today],
        "soon": [Keeping.due > today, Keeping.due <= soon],
        "held": [held_now()],
        "permanent": [Keeping.due == NEVER],
        "all": [],
    }[which]


def in_open_batch(session: Session, docket_id: int, but: int = 0) -> bool:
    """Whether it stands in another batch that is proposed or confirmed."""
    query = (
        select(DestructionItem.docket_id)
        .join(Destruction, Destruction.id == DestructionItem.destruction_id)
        .where(
            DestructionItem.docket_id == docket_id,
            Destruction.state.in_(("proposed", "confirmed")),
            Destruction.id != but,
        )
        .where(DestructionItem.left_out == "")
    )
    return session.scalar(query.limit(1)) is not None
