"""What a case file holds and in which order: 正卷 and 副卷 of one case, as items to be bound."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.archive.models import SignedCopy
from casework.docket.models import Link
from casework.evidence.kinds import ALLOWED, copy_type
from casework.evidence.models import Attachment
from casework.evidence.scan import INFECTED
from casework.evidence.uploads import title
from casework.papers.bind import Item
from casework.papers.models import Paper, Service
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.vault.files import SealedStore
from casework.web.shown import SHANGHAI
from letters.base import BureauHead
from letters.casefile import FileSlip, case_name
from letters.format import word

FILE = Path(__file__).parents[1] / "procedure" / "casefile.toml"
BOUND_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp")
RECEIPT, COVER = "service_receipt", "file_cover"


@dataclass(frozen=True)
class Content:
    """A document with where it belongs: volume, slot of the order, and whether it is material of the case's source.

    ``drawn`` is the same as we drew it, text and no picture, so that parts of it can be blacked out; None for what came in.
    """

    volume: str
    slot: str
    item: Item
    source: bool = False
    drawn: Item | None = None


@cache
def order() -> dict[str, Any]:
    """The order of both volumes, from ``casefile.toml``."""
    return tomllib.loads(FILE.read_text("utf-8"))


def contents(session: Session, store: SealedStore, facts: Facts) -> list[Content]:
    """Every document of a case, in the order of the file; withdrawn papers and the issued cover are not among them."""
    reports = list(
        session.scalars(select(Link.from_id).where(Link.to_id == facts.id, Link.kind == "feeds", Link.until.is_(None)))
    )
    found = [*_papers(session, store, facts, reports), *_files(session, store, facts, reports)]
    return [c for volume in order() for c in _ordered(volume, [c for c in found if c.volume == volume])]


def _ordered(volume: str, found: Sequence[Content]) -> Iterator[Content]:
    """By the slots of the volume; what has a slot of its own is not taken by «*» or «+»."""
    slots = order()[volume]["order"]
    by_slot = defaultdict(list)
    for c in found:
        by_slot[c.slot if c.slot in slots else ("*" if _served(c.slot) and "*" in slots else "+")].append(c)
    for slot in slots:
        yield from by_slot[slot]


def _served(kind: str) -> bool:
    rule = procedure().papers.get(kind)
    return bool(rule and rule.served)


# -- papers
def _papers(session: Session, store: SealedStore, facts: Facts, reports: Sequence[int]) -> Iterator[Content]:
    rows = session.scalars(
        select(Paper)
        .where(Paper.docket_id.in_([facts.id, *reports]), Paper.state != "withdrawn", Paper.kind != COVER)
        .order_by(Paper.on, Paper.id)
    ).all()
    copies = signed(session, [p.id for p in rows])
    proofs = _receipts(session, rows)
    attached = {r.id for receipts in proofs.values() for r in receipts}
    for row in rows:
        if row.id in attached:
            continue
        first = _paper(store, facts, row, copies, reports)
        yield first
        for receipt in proofs.get(row.id, ()):
            proof = _paper(store, facts, receipt, copies, reports)
            yield replace(proof, volume=first.volume, slot=first.slot)


def _paper(store: SealedStore, facts: Facts, row: Paper, copies: dict[int, SignedCopy], reports: Sequence[int]) -> Content:
    rule, copy = procedure().papers[row.kind], copies.get(row.id)
    source = row.docket_id in reports
    item = Item(
        title=rule.name.zh, on=row.on, read=_reader(store, copy.stored if copy else row.stored), number=row.number,
        author=facts.bureau.name, note=word("signed_copy") if copy else "",
    )  # fmt: skip
    drawn = replace(item, read=_reader(store, row.stored), note="")
    return Content("inner" if source else rule.volume, row.kind, item, source, drawn)


def _receipts(session: Session, papers: Iterable[Paper]) -> dict[int, list[Paper]]:
    """Service receipts by the paper whose service they prove: both stand in the same act."""
    by_act = {p.act_id: p for p in papers if p.kind == RECEIPT}
    rows = session.execute(
        select(Service.paper_id, Service.act_id).where(Service.act_id.in_(by_act)).order_by(Service.on, Service.id)
    )
    proofs = defaultdict(list)
    for paper_id, act_id in rows:
        proofs[paper_id].append(by_act[act_id])
    return proofs


def signed(session: Session, papers: Sequence[int]) -> dict[int, SignedCopy]:
    """The newest signed copy of each paper that has one."""
    rows = session.scalars(select(SignedCopy).where(SignedCopy.paper_id.in_(papers)).order_by(SignedCopy.id))
    return {row.paper_id: row for row in rows}


def _reader(store: SealedStore, name: str) -> Callable[[], bytes]:
    return lambda: store.read(name)


# -- files
def _files(session: Session, store: SealedStore, facts: Facts, reports: Sequence[int]) -> Iterator[Content]:
    rows = session.scalars(
        select(Attachment).where(Attachment.docket_id.in_([facts.id, *reports])).order_by(Attachment.at, Attachment.id)
    )
    named = {a.seq: str(a.asked.get("title") or "") for a in facts.done()}
    for no, row in enumerate(rows, 1):
        source = row.from_informant or row.docket_id in reports
        shown = word("source_file", n=no) if source else named.get(row.seq) or title(row)
        bound = _bound(row, source)
        item, slip = _file(store, facts, row, shown, bound), not bound
        place = ("inner", "source") if source else ("main", "evidence")
        yield Content(*place, item, source, item if slip else None)


def _file(store: SealedStore, facts: Facts, row: Attachment, shown: str, bound: str) -> Item:
    """A picture or PDF as it is; anything else as a slip with its digests."""
    on = row.at.astimezone(SHANGHAI).date()
    if bound:
        return Item(shown, on, _reader(store, bound), media_type=copy_type(row.media_type) if row.cleaned else row.media_type)
    return Item(shown, on, lambda: _slip(facts, row, shown), note=word("kept_apart"))


def _bound(row: Attachment, source: bool) -> str:
    """Which stored file is bound: the working copy. Of what officers brought, the original where it could not be cleaned;
    of a tip never (it may tell who sent it), and never where a virus was found. "" where a slip stands for it."""
    if row.scan.startswith(INFECTED) or (copy_type(row.media_type) if row.cleaned else row.media_type) not in BOUND_KINDS:
        return ""
    return row.cleaned or ("" if source else row.stored)


def _slip(facts: Facts, row: Attachment, shown: str) -> bytes:
    return FileSlip(
        bureau=BureauHead(facts.bureau.name, facts.bureau.name), number=facts.number, on=row.at.astimezone(SHANGHAI).date(),
        volume_name=word("volume_all"), case_name=case_name(facts), name=shown,
        media=ALLOWED.get(row.media_type, row.media_type), size=f"{row.size:,}", sha256=row.sha256, sm3=row.sm3,
    ).draw()  # fmt: skip
