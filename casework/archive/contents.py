"""What a case file holds and in which order: 正卷 and 副卷 of one case, as items to be bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket.models import Link
from casework.evidence.kinds import ALLOWED, copy_type
from casework.evidence.models import Attachment
from casework.evidence.scan import INFECTED
from casework.evidence.uploads import Upload, title
from casework.papers.bind import Item
from casework.papers.models import Paper, Service, SignedCopy
from casework.papers.sheets import fault
from casework.procedure.checks.signed import MENDED, mends
from casework.procedure.facts import ActFacts, Facts
from casework.procedure.load import procedure
from casework.procedure.standing import STEP as STANDING
from casework.toml_file import Row, read_toml
from casework.vault.files import SealedStore
from casework.web.filters import SHANGHAI
from letters.base import BureauHead
from letters.casefile import FileSlip, case_name
from letters.format import word

FILE = Path(__file__).parents[1] / "procedure" / "casefile.toml"
BOUND_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp")
RECEIPT, COVER = "service_receipt", "file_cover"


@dataclass(frozen=True)
class Content:
    """A document with where it belongs: volume, slot of the order, and whether it is material of
    the case's source.

    ``drawn`` is the same as we drew it, text and no picture, so that parts of it can be blacked
    out; None for what came in.
    """

    volume: str
    slot: str
    item: Item
    source: bool = False
    drawn: Item | None = None


class VolumeOrder(Row, frozen=True):
    """A volume of the case file: its name, and the slots of its documents in order."""

    zh: str
    order: tuple[str, ...]


@cache
def case_volumes() -> dict[str, VolumeOrder]:
    """Both volumes, from ``casefile.toml``."""
    return read_toml(FILE, dict[str, VolumeOrder])


def contents(session: Session, store: SealedStore, facts: Facts) -> list[Content]:
    """Every document of a case, in the order of the file; withdrawn papers and the issued cover are
    not among them."""
    reports = list(
        session.scalars(
            select(Link.from_id).where(
                Link.to_id == facts.id, Link.kind == "feeds", Link.until.is_(None)
            )
        )
    )
    found = [*_papers(session, store, facts, reports), *_files(session, store, facts, reports)]
    return [
        c
        for volume in case_volumes()
        for c in _ordered(volume, [c for c in found if c.volume == volume])
    ]


def _ordered(volume: str, found: Sequence[Content]) -> Iterator[Content]:
    """By the slots of the volume; what has a slot of its own is not taken by «*» or «+»."""
    slots = case_volumes()[volume].order
    by_slot = defaultdict(list)
    for c in found:
        by_slot[
            c.slot if c.slot in slots else ("*" if _served(c.slot) and "*" in slots else "+")
        ].append(c)
    for slot in slots:
        yield from by_slot[slot]


def _served(kind: str) -> bool:
    rule = procedure().papers.get(kind)
    return bool(rule and rule.served)


# -- papers
def _papers(
    session: Session, store: SealedStore, facts: Facts, reports: Sequence[int]
) -> Iterator[Content]:
    rows = session.scalars(
        select(Paper)
        .where(
            Paper.docket_id.in_([facts.id, *reports]),
            Paper.state != "withdrawn",
            Paper.kind != COVER,
        )
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


def _paper(
    store: SealedStore,
    facts: Facts,
    row: Paper,
    copies: dict[int, SignedCopy],
    reports: Sequence[int],
) -> Content:
    rule, copy = procedure().papers[row.kind], copies.get(row.id)
    source = row.docket_id in reports
    item = Item(
        title=rule.name.zh,
        on=row.on,
        read=_reader(store, copy.stored if copy else row.stored),
        number=row.number,
        author=facts.bureau.name,
        note=word("signed_copy") if copy else "",
    )
    drawn = replace(item, read=_reader(store, row.stored), note="")
    return Content("inner" if source else rule.volume, row.kind, item, source, drawn)


def _receipts(session: Session, papers: Iterable[Paper]) -> dict[int, list[Paper]]:
    """Service receipts by the paper whose service they prove: both stand in the same act."""
    by_act = {p.act_id: p for p in papers if p.kind == RECEIPT}
    rows = session.execute(
        select(Service.paper_id, Service.act_id)
        .where(Service.act_id.in_(by_act))
        .order_by(Service.on, Service.id)
    )
    proofs = defaultdict(list)
    for paper_id, act_id in rows:
        proofs[paper_id].append(by_act[act_id])
    return proofs


def signed(session: Session, papers: Sequence[int]) -> dict[int, SignedCopy]:
    """The newest signed copy of each paper that has one."""
    rows = session.scalars(
        select(SignedCopy).where(SignedCopy.paper_id.in_(papers)).order_by(SignedCopy.id)
    )
    return {row.paper_id: row for row in rows}


def _reader(store: SealedStore, name: str) -> Callable[[], bytes]:
    return lambda: store.read(name)


# -- files
def _files(
    session: Session, store: SealedStore, facts: Facts, reports: Sequence[int]
) -> Iterator[Content]:
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.docket_id.in_([facts.id, *reports]))
        .order_by(Attachment.at, Attachment.id)
    )
    given = _titles_given(facts)
    who = {a.seq for a in facts.done(STANDING)}
    mended = _Mended.of(facts)
    titles: dict[str, str] = {}  # of what the officers brought, by digest
    for no, row in enumerate(rows, 1):
        if row.from_informant or row.docket_id in reports:
            yield _came_with_tip(store, facts, row, no)
            continue
        shown = titles.setdefault(row.sha256, given.get(row.seq) or title(row))
        if row.seq in mended.copies:
            shown = word("mended_copy", name=titles.get(mended.copies[row.seq], shown))
        if not mended.stays_sealed(row):
            kind = "standing" if row.seq in who else "evidence"
            yield _brought(store, facts, row, kind, shown, mended)


def _titles_given(facts: Facts) -> dict[int, str]:
    """Titles that entries give to what came with them, by the entry; «» where none."""
    return {a.seq: str(a.asked.get("title") or "") for a in facts.done()}


def _came_with_tip(store: SealedStore, facts: Facts, row: Attachment, no: int) -> Content:
    """A file of an informant: in the inner volume, under a number."""
    bound = _bound(row, True)
    item, slip = _file(store, facts, row, word("source_file", n=no), bound, None)
    return Content("inner", "source", replace(item, instead=slip), True, None if bound else item)


def _brought(
    store: SealedStore, facts: Facts, row: Attachment, kind: str, shown: str, mended: _Mended
) -> Content:
    """A file that the officers brought, under the title shown."""
    sheet = mended.acts.get(row.sha256)
    bound = "" if sheet else _bound(row, False)
    item, _slip_of_it = _file(store, facts, row, shown, bound, sheet)
    return Content("main", kind, item, False, None if bound else item)


@dataclass(frozen=True)
class _Mended:
    """What was put in the place of files that cannot be read. ``acts``: the newest act about each,
    by the file's digest; ``copies``: entries that brought a copy, with the digest of its original;
    ``old``: entries whose copy a later one replaced.
    """

    acts: Mapping[str, ActFacts]
    copies: Mapping[int, str]
    old: frozenset[int]

    @classmethod
    def of(cls, facts: Facts) -> _Mended:
        """From the journal. The files of a step that was approved came with its proposal."""
        acts = mends(facts)
        current = {a.seq for a in acts.values()}
        copies = {
            seq: d for d, a in acts.items() if a.asked.get("way") == "copy" for seq in _entries(a)
        }
        old = {seq for a in facts.done(MENDED) if a.seq not in current for seq in _entries(a)}
        return cls(acts, copies, frozenset(old))

    def bound_by_copy(self, row: Attachment) -> bool:
        """Whether a copy of this file is bound in its place."""
        act = self.acts.get(row.sha256)
        return act is not None and act.asked.get("way") == "copy" and row.seq not in self.copies

    def stays_sealed(self, row: Attachment) -> bool:
        """Whether the file is not bound: a copy of it is, or one that came later."""
        return self.bound_by_copy(row) or row.seq in self.old


def _entries(act: ActFacts) -> tuple[int, ...]:
    return (act.seq, act.proposal) if act.proposal else (act.seq,)


def _file(
    store: SealedStore,
    facts: Facts,
    row: Attachment,
    shown: str,
    bound: str,
    sheet: ActFacts | None,
) -> tuple[Item, Callable[[], bytes]]:
    """A picture or PDF as it is; anything else as a slip with its digests; and that slip.
    ``sheet``: the act that put a slip there."""
    on, slip = row.at.astimezone(SHANGHAI).date(), partial(_slip, facts, row, shown, sheet)
    if bound:
        media_type = copy_type(row.media_type) if row.cleaned else row.media_type
        return Item(shown, on, _reader(store, bound), media_type=media_type), slip
    return Item(shown, on, slip, note=word("kept_apart")), slip


def _bound(row: Attachment, source: bool) -> str:
    """Which stored file is bound: the working copy. Of what officers brought, the original where it
    could not be cleaned; of a tip never (it may tell who sent it), and never where a virus was
    found. "" where a slip stands for it."""
    if (
        row.scan.startswith(INFECTED)
        or (copy_type(row.media_type) if row.cleaned else row.media_type) not in BOUND_KINDS
    ):
        return ""
    return row.cleaned or ("" if source else row.stored)


def looked_at(store: SealedStore, upload: Upload) -> Upload:
    """A file that comes in, with a note where it is of a kind that is bound and cannot be: said
    while the person is there who has the original."""
    media_type = copy_type(upload.media_type) if upload.cleaned else upload.media_type
    if media_type not in BOUND_KINDS or upload.scan.startswith(INFECTED):
        return upload
    return replace(
        upload, unbound=bool(fault(store.read(upload.cleaned or upload.stored), media_type))
    )


def _slip(facts: Facts, row: Attachment, shown: str, sheet: ActFacts | None) -> bytes:
    said = sheet.asked if sheet else {}
    return FileSlip(
        kept=str(said.get("kept_at") or ""),
        why=str(said.get("reason") or ""),
        bureau=BureauHead(facts.bureau.name, facts.bureau.name),
        number=facts.number,
        on=row.at.astimezone(SHANGHAI).date(),
        volume_name=word("volume_all"),
        case_name=case_name(facts),
        name=shown,
        media=ALLOWED.get(row.media_type, row.media_type),
        size=f"{row.size:,}",
        sha256=row.sha256,
        sm3=row.sm3,
    ).draw()
