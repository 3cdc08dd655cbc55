"""Print runs: many papers as one PDF with sheets between them, every paper beginning on a front;
envelope labels at the end."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pikepdf
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive.contents import signed
from casework.archive.models import PrintMark
from casework.docket.lists import in_hands_of
from casework.docket.models import Act, Approval, Docket
from casework.docket.visible import visible_to
from casework.papers.bind import A4
from casework.papers.models import Paper
from casework.people.may import Scope
from casework.people.models import Person
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.store import utcnow
from casework.vault.files import SealedStore
from casework.vault.sealing import Vault
from letters.base import BureauHead
from letters.casefile import Labels, Separator

MOST = 100  # papers in one run


@dataclass(frozen=True)
class Queued:
    """A paper in the queue: printed when, signed copy back when."""

    paper: Paper
    docket: Docket
    printed: datetime | None
    returned: datetime | None

    def age(self, now: datetime) -> int | None:
        """Days since it was printed, while the signed copy is missing."""
        return (now - self.printed).days if self.printed and not self.returned else None


WAITING, MISSING, ALL = "waiting", "missing", "all"  # not printed · not come back · every one


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to: one of ``WAITING``, ``MISSING``, ``ALL``; whose papers (0:
    anybody's); of which day (None: any); of which docket (its code)."""

    which: str = ALL
    person_id: int = 0
    on: date | None = None
    code: str = ""


EVERY_PAPER = QueueFilter()


def queue(
    session: Session, scope: Scope, wanted: QueueFilter = EVERY_PAPER, limit: int = 200
) -> list[Queued]:
    """Papers that stand, newest first; those printed and not come back, oldest printing first."""
    found = (
        select(Paper, Docket, PrintMark.at)
        .join(Docket, Docket.id == Paper.docket_id)
        .outerjoin(PrintMark, PrintMark.paper_id == Paper.id)
        .where(visible_to(scope), Paper.state != "withdrawn", *_narrowed(wanted))
    )
    missing = wanted.which == MISSING
    order = (PrintMark.at, Paper.id) if missing else (Paper.id.desc(),)
    rows = session.execute(found.order_by(*order).limit(limit)).all()
    copies = signed(session, [p.id for p, _d, _at in rows])
    queued = [Queued(p, d, at, copies[p.id].at if p.id in copies else None) for p, d, at in rows]
    return [q for q in queued if not (missing and q.returned)]


def _narrowed(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.which == WAITING:
        found.append(PrintMark.at.is_(None))
    elif wanted.which == MISSING:
        found.append(PrintMark.at.is_not(None))
    if wanted.person_id:
        found.append(made_by_or_for(wanted.person_id))
    if wanted.on:
        found.append(Paper.on == wanted.on)
    if wanted.code:
        found.append(Docket.code == wanted.code)
    return found


def made_by_or_for(person_id: int) -> ColumnElement[bool]:
    """A condition on ``Paper`` joined with its docket: the person handles the docket, or made the
    paper, or proposed what made it."""
    proposed = exists().where(Approval.act_id == Paper.act_id, Approval.proposer_id == person_id)
    made = exists().where(and_(Act.id == Paper.act_id, Act.actor_id == person_id))
    return or_(Docket.id.in_(in_hands_of(person_id)), made, proposed)


def chosen_papers(session: Session, scope: Scope, ids: Sequence[int]) -> list[Paper]:
    """The papers of those ids that the person may see, in the order chosen."""
    rows = session.scalars(
        select(Paper)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(visible_to(scope), Paper.id.in_(ids[:MOST]), Paper.state != "withdrawn")
    )
    found = {p.id: p for p in rows}
    return [found[i] for i in ids if i in found]


def mark(session: Session, papers: Sequence[Paper], person: Person) -> None:
    """Note that they were printed now."""
    for paper in papers:
        session.merge(PrintMark(paper_id=paper.id, by_id=person.id, at=utcnow()))


def print_run(
    session: Session, vault: Vault, store: SealedStore, papers: Sequence[Paper], today: date
) -> bytes:
    """The whole run as one PDF."""
    labels: list[tuple[str, str, str]] = []
    with pikepdf.new() as out:
        kept = []
        for paper in papers:
            source = pikepdf.open(io.BytesIO(store.read(paper.stored)))
            kept.append(source)
            head, label = _separator(session, vault, paper, len(source.pages), today)
            sheet = pikepdf.open(io.BytesIO(head))
            kept.append(sheet)
            for pdf in (sheet, source):
                out.pages.extend(pdf.pages)
                _whole_leaf(out)
            labels += [label] if procedure().papers[paper.kind].served and label[1] else []
        if labels:
            last = pikepdf.open(io.BytesIO(_labels(session, papers[0], labels, today)))
            kept.append(last)
            out.pages.extend(last.pages)
        target = io.BytesIO()
        out.save(target)
    return target.getvalue()


def _whole_leaf(out: pikepdf.Pdf) -> None:
    if len(out.pages) % 2:
        out.add_blank_page(page_size=A4)


def _separator(
    session: Session, vault: Vault, paper: Paper, pages: int, today: date
) -> tuple[bytes, tuple[str, str, str]]:
    """The sheet before a paper, and its envelope's label. A report has no respondent: its informant
    is never named."""
    facts = gather(session, vault, session.get_one(Docket, paper.docket_id))
    party = facts.party if kinds()[facts.kind].respondent else None
    name, address = (party.name, party.address) if party else (facts.number, "")
    bureau = BureauHead(facts.bureau.name, facts.bureau.name)
    sheet = Separator(
        bureau=bureau,
        number=facts.number,
        on=today,
        name=procedure().papers[paper.kind].name.zh,
        doc_number=paper.number or "—",
        party=name,
        address=address or "—",
        pages=str(pages),
    )
    return sheet.draw(), (name, address, paper.number)


def _labels(
    session: Session, paper: Paper, labels: Sequence[tuple[str, str, str]], today: date
) -> bytes:
    from casework.people.models import Bureau

    bureau = session.get_one(Bureau, paper.bureau_id).name
    return Labels(
        bureau=BureauHead(bureau, bureau), number="—", on=today, addressees=tuple(labels)
    ).draw()
