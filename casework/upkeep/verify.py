"""Everything that ``journal verify`` holds together: the chains (:mod:`casework.docket.chains`),
and against them the rows, sums and numbers that entries made, and the sealed files.

A whole look does all of it. A quick one goes through the chain of every bureau, every row that was
entered in the office's journal, every number, and asks whether each sealed file is there; the
journals, rows, sums and files of dockets it looks at where an entry was made since the last whole
look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import literal, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from casework.acts import replay
from casework.archive.models import ScanStack, StrayPage
from casework.archive.records import Destruction
from casework.docket import chains, journal
from casework.docket.jobs import Job
from casework.docket.journal import Fault
from casework.docket.models import Act, Docket
from casework.evidence.models import Attachment
from casework.papers.models import Paper, SignedCopy
from casework.people import heads, last_verification, row_journal, seals
from casework.people.chain import Head
from casework.people.heads import Signed
from casework.people.last_verification import Look
from casework.people.lost_span import losses
from casework.people.models import Bureau, ChainLink
from casework.store import db
from casework.upkeep import recalculated
from casework.vault.files import SealedStore
from casework.vault.sealing import Tampered, Vault

# dockets that a quick look asks the database for by their ids; where more were written to it is a
# whole one
MOST = 5000

# what bears a digest of its file, and what is made of other files or comes and goes: that it opens
# is proof enough
_DIGESTED = (Paper, Attachment, SignedCopy, Destruction)
_OPENED = (Attachment.cleaned, Job.stored, ScanStack.stored, StrayPage.stored)
Only = Collection[int] | None  # ids of dockets; None: all


# -- a look and its result
def verify_and_store(
    now: datetime, quick: bool = False, anchors: Iterable[Signed] = ()
) -> tuple[Look, list[Fault]]:
    """Verify this instance and keep the result; answers it with the faults. A fault counts once a
    second look finds it too, since what is written or deleted meanwhile may look like one. Error:
    OSError where the result cannot be written."""
    anchors = list(anchors)
    found, faults_ = _look(now, quick, anchors)
    if faults_ or not found.signed:
        found, faults_ = _look(now, quick, anchors)
    last_verification.write_result(found)
    return found, faults_


def _look(now: datetime, quick: bool, anchors: list[Signed]) -> tuple[Look, list[Fault]]:
    session = _at_one_moment()
    try:
        kept = heads.read_file(heads.heads_path())
    except heads.Unreadable:
        kept = {}
    newest, before = heads.newest_heads(session), _before()
    begins = _clean(session, before) if quick else None
    only = _written_to(session, begins.places) if begins else None
    found = list(all_faults(session, kept, [*anchors, *_seen_before(session, before)], only))
    signed = all(code in kept and kept[code].place >= head.place for code, head in newest.items())
    session.rollback()
    if only is None and not found:
        return Look(now, True, 0, signed, now, newest), found
    # what it saw stays a witness
    whole_at, places = (before.whole_at, before.places) if before else (None, {})
    return Look(now, only is None, len(found), signed, whole_at, places), found


def _clean(session: Session, before: Look | None) -> Look | None:
    """The look where a quick one may begin: the last one, when it found nothing and what it saw is
    still there."""
    if before is None or before.faults or not last_verification.places_hold(session, before):
        return None
    return before


def _at_one_moment() -> Session:
    """A session that sees the database as it is now, whatever others write meanwhile. SQLite's
    readers do anyway."""
    session = db.session()
    session.rollback()
    session.expire_all()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _before() -> Look | None:
    try:
        return last_verification.read_result()
    except last_verification.NotOurs:
        return None


def _seen_before(session: Session, before: Look | None) -> Iterator[Signed]:
    """The links that the last whole look without a fault saw are held against the chain like
    anchors, also where heads.json was lost and signed anew since; but for those that went with a
    copy brought back."""
    if before is None or before.whole_at is None:
        return
    keys = current_app.extensions["vault"].keyring
    for bureau in session.scalars(select(Bureau)):
        head = before.places.get(bureau.code)
        if head and not any(
            x.explains(head.place, int(before.whole_at.timestamp()))
            for x in losses(session, bureau.id)
        ):
            yield heads.sign(keys, bureau.code, head, before.whole_at)


def _written_to(session: Session, places: Mapping[str, Head]) -> Only:
    """Dockets with an entry behind those places; None for more than a quick look takes."""
    found: set[int] = set()
    for bureau in session.scalars(select(Bureau)):
        after = places[bureau.code].place if bureau.code in places else 0
        query = select(Act.docket_id).join(ChainLink, ChainLink.act_id == Act.id)
        found |= set(
            session.scalars(query.where(ChainLink.bureau_id == bureau.id, ChainLink.place > after))
        )
    return found if len(found) <= MOST else None


# -- the faults
def all_faults(
    session: Session, kept: Mapping[str, Signed], anchors: Iterable[Signed] = (), only: Only = None
) -> Iterator[Fault]:
    """Every fault of this instance; ``kept`` and ``anchors`` as in
    :func:`casework.docket.chains.chain_faults`. ``only``: dockets whose journals, rows, sums and
    files are looked at (ids); None for all."""
    vault: Vault = current_app.extensions["vault"]
    yield from _whole("chains", chains.chain_faults(session, vault, kept, anchors, only))
    yield from _whole("journals played again", replay.replay_faults(session, vault, only))
    yield from _whole("sums", recalculated.sums(session, vault, only))
    yield from _whole("numbers", recalculated.numbers(session))
    yield from _whole("rows", _rows(session))
    yield from _whole("files of entries", _brought(session, vault, only))
    yield from _whole("files", _files(session, only))


def _whole(part: str, found: Iterator[Fault]) -> Iterator[Fault]:
    """That part of a look. Where it breaks off at something that nobody can read, that is a fault
    as well: else whoever puts such a thing in would keep the look from telling of anything. A
    database that does not answer is none."""
    try:
        yield from found
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        yield Fault(part, 0, "broke off", type(error).__name__)


def _rows(session: Session) -> Iterator[Fault]:
    yield from (
        Fault(name, 0, f"row {what}", key) for name, key, what in row_journal.row_faults(session)
    )
    yield from (Fault("person", number, "unsealed") for number in seals.broken(session))


def _brought(session: Session, vault: Vault, only: Only) -> Iterator[Fault]:
    """Files that came with an entry: the journal names their digests. Others, those of a tip among
    them, are held by the entry of their row."""
    dockets = (
        select(Docket)
        .join(Attachment, Attachment.docket_id == Docket.id)
        .where(Docket.data_key != b"")
        .distinct()
    )
    for docket in session.scalars(journal.among(dockets, only).order_by(Docket.id)):
        said = {
            (e.act.seq, f["sha256"])
            for e in journal.read_entries(session, vault, docket)
            for f in e.payload.files
        }
        rows = select(Attachment.seq, Attachment.sha256).where(
            Attachment.docket_id == docket.id, Attachment.seq > 0
        )
        there = {(seq, sha256) for seq, sha256 in session.execute(rows)}
        name = docket.number or docket.code
        yield from (Fault(name, seq, "file", "attachment") for seq, _sha in sorted(said - there))


# -- sealed files
def lost(session: Session) -> Iterator[Fault]:
    """Faults for files that rows name and that are not there; whether the others open is not
    asked."""
    return _files(session, frozenset())


def _files(session: Session, only: Only) -> Iterator[Fault]:
    """Those that are gone; and that do not open, or hold other bytes than their row says, where
    their docket is looked at."""
    store: SealedStore = current_app.extensions["sealed_store"]
    for model in _DIGESTED:
        for number, stored, sha256, docket in session.execute(_rows_of(model)).yield_per(500):
            if stored and not _holds(store, stored, sha256, only is None or docket in only):
                yield Fault(model.__tablename__, number, "file", stored)
    for column in _OPENED:
        for stored in session.scalars(
            select(column).where(column != "").order_by(column)
        ).yield_per(500):
            if not _holds(store, stored, None, only is None):
                yield Fault(column.class_.__tablename__, 0, "file", stored)


def _rows_of(model: Any) -> Any:
    """Number, file, digest and docket of each row; a certificate of destruction belongs to none."""
    columns = (model.id, model.stored, model.sha256)
    if model is SignedCopy:
        return (
            select(*columns, Paper.docket_id)
            .join(Paper, Paper.id == SignedCopy.paper_id)
            .order_by(model.id)
        )
    return select(
        *columns, model.docket_id if hasattr(model, "docket_id") else literal(0)
    ).order_by(model.id)


def _holds(store: SealedStore, name: str, sha256: str | None, opened: bool) -> bool:
    if not opened:
        return store.has(name)
    found = _sha256(store, name)
    return bool(found) and sha256 in (None, found)


def _sha256(store: SealedStore, name: str) -> str:
    """Of the clear bytes; empty for a file that is missing, cut short or altered."""
    digest = hashlib.sha256()
    try:
        for piece in store.chunks(name):
            digest.update(piece)
    except (OSError, Tampered, ValueError):
        return ""
    return digest.hexdigest()
