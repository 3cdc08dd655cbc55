"""The chains: that of each docket's journal, that of each bureau over all of them, and its signed
heads outside the database.

Whether everything that was ever entered is still there and unchanged. What entries made (rows,
files, sums, numbers) is held against them by :mod:`casework.upkeep.verify`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket import journal
from casework.docket.journal import Fault
from casework.docket.models import Act, Docket
from casework.people import chain, heads, office_journal
from casework.people.anchors import marks_of
from casework.people.heads import Signed
from casework.people.lost_span import Loss, losses
from casework.people.models import Bureau, ChainLink, OfficeEntry
from casework.vault.sealing import Vault

GONE = "docket.destroyed"  # the office's entry without which nothing may be missing


def chain_faults(
    session: Session,
    vault: Vault,
    kept: Mapping[str, Signed],
    anchors: Iterable[Signed] = (),
    only: Collection[int] | None = None,
) -> Iterator[Fault]:
    """Every fault there is. ``kept``: the heads beside the database by the bureau's code;
    ``anchors``: heads that were carried away, from wherever they are brought back. ``only``:
    dockets (ids) whose own chains are gone through."""
    anchors = list(anchors)
    yield from journal.verify_chains(session, vault, only)
    emptied = session.scalars(
        select(Docket).where(Docket.data_key == b"").order_by(Docket.id)
    ).all()
    yield from _emptied(session, emptied)
    yield from _office(session)
    for bureau in session.scalars(select(Bureau).order_by(Bureau.id)).all():
        yield from _chain_of(session, vault, bureau, kept.get(bureau.code), anchors)
    codes = set(session.scalars(select(Bureau.code)))
    yield from (
        Fault(h.bureau, h.place, "cut") for h in [*kept.values(), *anchors] if h.bureau not in codes
    )
    yield from _unchained(session)


def up_to(
    session: Session, vault: Vault, bureau: Bureau, kept: Signed | None, anchor: Signed
) -> Iterator[Fault]:
    """The same of one bureau's journals alone, for somebody who brought an anchor: each entry, its
    place, its words."""
    yield from journal.verify_chains(
        session,
        vault,
        session.scalars(select(Docket.id).where(Docket.bureau_id == bureau.id)).all(),
    )
    yield from _office(session, bureau.id)
    yield from _chain_of(session, vault, bureau, kept, [anchor])


def _emptied(session: Session, dockets: Iterable[Docket]) -> Iterator[Fault]:
    """Dockets without content that no destruction names."""
    entries = session.scalars(select(OfficeEntry.details).where(OfficeEntry.what == GONE))
    named = {details.get("docket") for details in entries}
    yield from (Fault(d.number or d.code, 1, "emptied") for d in dockets if d.id not in named)


def _office(session: Session, bureau_id: int | None = None) -> Iterator[Fault]:
    """Entries whose details are not those that were entered. Those about an informant's identity go
    with their docket."""
    destroyed = set(session.scalars(select(Docket.number).where(Docket.data_key == b"")))
    entries = select(OfficeEntry).order_by(OfficeEntry.id)
    mine = entries if bureau_id is None else entries.where(OfficeEntry.bureau_id == bureau_id)
    for entry in session.scalars(mine).yield_per(500):
        may_be_empty = (
            entry.what.startswith("identity.") and entry.about in destroyed and not entry.details
        )
        if not may_be_empty and not office_journal.details_hold(entry):
            yield Fault("office", entry.id, "details")


def _chain_of(
    session: Session, vault: Vault, bureau: Bureau, kept: Signed | None, anchors: list[Signed]
) -> Iterator[Fault]:
    key = heads.signing_key(vault.keyring).verify_key
    carried = [a for a in anchors if a.bureau == bureau.code]
    # one that was typed has no signature
    signed = [*([kept] if kept else []), *(a for a in carried if a.signature)]
    yield from (Fault(bureau.code, h.place, "signature") for h in signed if not h.genuine(key))
    if kept is None:
        yield Fault(bureau.code, 1, "no head")
    yield from _places(session, bureau, kept, carried)
    yield from _entries(session, bureau)


def _places(
    session: Session, bureau: Bureau, kept: Signed | None, carried: Iterable[Signed]
) -> Iterator[Fault]:
    """Links that do not hold. Where the chain ends before a head that was signed: which entries are
    missing. A head of what was lost with a copy that was brought back, as an entry says, is no
    fault beside the database; an anchor says it again."""
    lost, last = losses(session, bureau.id), chain.head(session, bureau.id).place
    anchors = list(carried)
    for anchor in anchors:
        if _went(anchor, lost):
            yield Fault(bureau.code, anchor.place, "lost")
    still = _still_there(anchors if kept is None else [kept, *anchors], lost)
    for place, what in chain.link_faults(session, bureau.id, marks_of(still, bureau.code)):
        if what != "cut" or place <= last:
            yield Fault(bureau.code, place, what)
    behind = max((head.place for head in still), default=0)
    if behind > last:
        yield Fault(bureau.code, last + 1, "behind", str(behind))


def _still_there(heads: Iterable[Signed], lost: Sequence[Loss]) -> list[Signed]:
    return [head for head in heads if not _went(head, lost)]


def _went(head: Signed, lost: Iterable[Loss]) -> bool:
    """Whether a signed head went with a copy that was brought back, as an entry says."""
    return bool(head.signature) and any(loss.explains(head.place, head.at) for loss in lost)


def _entries(session: Session, bureau: Bureau) -> Iterator[Fault]:
    """Links whose entry is gone or is another by now."""
    acts = (
        select(ChainLink.place, ChainLink.entry, Act.hash, Docket.bureau_id)
        .outerjoin(Act, Act.id == ChainLink.act_id)
        .outerjoin(Docket, Docket.id == Act.docket_id)
        .where(ChainLink.bureau_id == bureau.id, ChainLink.act_id.is_not(None))
    )
    for place, entry, found, owner in session.execute(acts.order_by(ChainLink.place)).yield_per(
        1000
    ):
        if found != entry or owner != bureau.id:
            yield Fault(bureau.code, place, "entry")
    office = (
        select(ChainLink.place, ChainLink.entry, OfficeEntry)
        .outerjoin(OfficeEntry, OfficeEntry.id == ChainLink.office_id)
        .where(ChainLink.bureau_id == bureau.id, ChainLink.office_id.is_not(None))
    )
    for place, entry, row in session.execute(office.order_by(ChainLink.place)).yield_per(500):
        if row is None or row.bureau_id != bureau.id or office_journal.hash_of(row) != entry:
            yield Fault(bureau.code, place, "entry")


def _unchained(session: Session) -> Iterator[Fault]:
    """Entries without a place: put in beside the program."""
    acts = (
        select(Docket.number, Act.seq)
        .join(Docket, Docket.id == Act.docket_id)
        .outerjoin(ChainLink, ChainLink.act_id == Act.id)
    )
    for number, seq in session.execute(acts.where(ChainLink.act_id.is_(None)).order_by(Act.id)):
        yield Fault(number, seq, "unchained")
    office = select(OfficeEntry.id).outerjoin(ChainLink, ChainLink.office_id == OfficeEntry.id)
    for entry in session.scalars(
        office.where(ChainLink.office_id.is_(None)).order_by(OfficeEntry.id)
    ):
        yield Fault("office", entry, "unchained")
