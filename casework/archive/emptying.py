"""What of a docket goes when it is destroyed, and what stays. Every table that leads to a docket is
in one of two lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from casework.docket.jobs import MANY, OPEN, Job
from casework.docket.models import DESTROYED, FAR, Docket
from casework.evidence.models import Attachment
from casework.papers.models import Paper, SignedCopy
from casework.people.models import OfficeEntry, Person, SavedView
from casework.people.row_journal import note_where
from casework.store import db, utcnow
from casework.store.tables import metadata
from casework.vault.tokens import short_name_tokens, stands_for

# table → its column that leads to the docket («act_id», «paper_id» and «request_id» over that row's
# own); in this order
GONE = {
    "identity_box": "request_id",
    "identity_half": "request_id",
    "identity_verdict": "request_id",
    "identity_opening": "docket_id",
    "identity_request": "docket_id",
    "identity": "docket_id",
    "receipt": "docket_id",
    "old_receipt": "docket_id",
    "code_renewal": "docket_id",
    "message": "docket_id",
    "arrival": "docket_id",
    "reply_due": "docket_id",
    "refusal_mark": "docket_id",
    "notice": "docket_id",
    "step_draft": "docket_id",
    "search_token": "docket_id",
    "outbox": "docket_id",
    "service": "paper_id",
    "print_mark": "paper_id",
    "signed_copy": "paper_id",
    "attachment": "docket_id",
    "job": "docket_id",
    "entry": "docket_id",
    "recusal": "docket_id",
    "assignment": "docket_id",
    "clock": "docket_id",
    "track": "docket_id",
    "turn": "docket_id",
    "fine": "docket_id",
    "link": "from_id",
    "keeping": "docket_id",
    "act_body": "act_id",
}
# The skeleton of the journal and who approved (ids and days), numbers of papers, lists of numbers,
# which unit of a draw it was.
STAYS = frozenset(
    {
        "docket",
        "act",
        "chain_link",
        "proposal",
        "approval",
        "paper",
        "destruction_item",
        "handover_item",
        "drawn_unit",
    }
)
_OVER = {"act_id": "act", "paper_id": "paper", "request_id": "identity_request"}


class UnknownTable(RuntimeError):
    """A table refers to dockets and is in neither list; nothing is destroyed until it is."""


def leading_to_dockets() -> frozenset[str]:
    """Every table with a reference to a docket, or to a row that has one."""
    found, more = set[str](), {"docket"}
    while more:
        found |= more
        more = {n for n, t in metadata().tables.items() if _leads_to(t) & found} - found
    return frozenset(found)


def _leads_to(table: Table) -> set[str]:
    return {f.column.table.name for f in table.foreign_keys}


def files_of(session: Session, docket_id: int) -> list[str]:
    """Names in the sealed store of everything the docket has."""
    papers = select(Paper.id).where(Paper.docket_id == docket_id)
    names: set[str] = set()
    for query in (
        select(Paper.stored).where(Paper.docket_id == docket_id),
        select(Attachment.stored).where(Attachment.docket_id == docket_id),
        select(Attachment.cleaned).where(Attachment.docket_id == docket_id),
        select(Job.stored).where(Job.docket_id == docket_id),
        select(SignedCopy.stored).where(SignedCopy.paper_id.in_(papers)),
    ):
        names |= set(session.scalars(query))
    return sorted(names - {""})


def empty(session: Session, docket: Docket) -> None:
    """Delete its rows and blank what stays, in the caller's transaction. The item of the batch
    opens the triggers."""
    strange = leading_to_dockets() - set(GONE) - STAYS
    if strange:
        raise UnknownTable(", ".join(sorted(strange)))
    for name in GONE:
        table = metadata().tables[name]
        note_where(session, table, _of(table, GONE[name], docket.id))
        session.execute(delete(table).where(_of(table, GONE[name], docket.id)))
    session.execute(
        update(Paper)
        .where(Paper.docket_id == docket.id)
        .values(sha256="", sm3="", stored="", size=0)
    )
    _empty_office(session, docket)
    _drop_orders(session, docket.id)
    _drop_views(session, docket)
    _blank(docket)
    session.flush()


def _of(table: Table, column: str, docket_id: int) -> ColumnElement[bool]:
    if column in _OVER:
        over = metadata().tables[_OVER[column]]
        return table.c[column].in_(select(over.c.id).where(over.c.docket_id == docket_id))
    if table.name == "link":
        return or_(table.c.from_id == docket_id, table.c.to_id == docket_id)
    return table.c[column] == docket_id


def _empty_office(session: Session, docket: Docket) -> None:
    """Entries of the office about its informant's identity stay with day and person; why it was
    asked for goes."""
    if docket.number:
        mine = (OfficeEntry.about == docket.number, OfficeEntry.bureau_id == docket.bureau_id)
        session.execute(
            update(OfficeEntry).where(*mine, OfficeEntry.what.like("identity.%")).values(details={})
        )


def _drop_orders(session: Session, docket_id: int) -> None:
    """Orders for many tips at once that are long done: what was asked stands in each journal of its
    own."""
    for row in session.scalars(select(Job).where(Job.kind == MANY, Job.state.not_in(OPEN))):
        if docket_id in row.result["dockets"]:
            session.delete(row)


def _drop_views(session: Session, docket: Docket) -> None:
    """Saved filters that look for it by name or number and now lead to nothing else. Ties that
    staff declared stay: they say something of the person, and are about the unit, not about this
    file."""
    views = (
        select(SavedView)
        .join(Person, Person.id == SavedView.person_id)
        .where(Person.bureau_id == docket.bureau_id)
    )
    for view in session.scalars(views).all():
        words = dict(parse_qsl(view.query)).get("q", "").strip()
        named = words and (
            words in f"{docket.title}\n{docket.number}\n{docket.code}"
            or (short_name_tokens(words) and stands_for(docket.title, words))
        )
        if (named and not _others(session, docket, words)) or (
            docket.title and docket.title in view.name
        ):
            session.delete(view)


def _others(session: Session, docket: Docket, words: str) -> bool:
    """Whether another docket of the bureau bears the words."""
    bears = or_(
        Docket.title.contains(words, autoescape=True),
        Docket.number.contains(words, autoescape=True),
    )
    found = (
        select(Docket.id)
        .where(Docket.id != docket.id, Docket.bureau_id == docket.bureau_id, bears)
        .limit(1)
    )
    return session.scalar(found) is not None


def _blank(docket: Docket) -> None:
    words = (
        "tracks",
        "title",
        "unit_code",
        "cause",
        "township",
        "channel",
        "handlers",
        "next_clock",
        "faults",
    )
    empty: dict[str, Any] = dict.fromkeys(words, "")
    empty |= {
        "waits_for": "",
        "group_label": "",
        "stage": DESTROYED,
        "data_key": b"",
        "next_due": FAR,
        "turns_until": FAR,
        "updated_at": utcnow(),
    }
    for key, value in empty.items():
        setattr(docket, key, value)


def log_is_clean() -> bool:
    """On SQLite: the write-ahead log, which holds pages as they were, is worked off and cut to
    nothing; False while somebody still reads from it. On PostgreSQL operators vacuum
    (docs/operators.md)."""
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()
    busy = outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
    return not busy


def outside_transactions(statement: str) -> list[Any]:
    """A statement on SQLite that may stand in no transaction: not through SQLAlchemy, which would
    begin one first."""
    raw = db.engine.raw_connection()
    try:
        return list(raw.cursor().execute(statement).fetchall())
    finally:
        raw.close()
