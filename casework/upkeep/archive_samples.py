"""Samples of the archive room's lists, from the demonstration's archived cases as if their time
were over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive.certificate import entry
from casework.archive.handover import entry_of
from casework.archive.records import DestructionItem
from casework.docket.models import Docket, is_kind
from casework.people.models import Bureau
from casework.procedure.facts import Facts
from casework.procedure.retention import PERMANENT, retention_term
from casework.vault.sealing import vault
from letters.archive import DestructionCertificate, DestructionList, HandoverList
from letters.base import BureauHead
from letters.format import printed_date

TERM = 30  # years that the samples were kept


def sample_lists(session: Session, bureau: Bureau, on: date) -> Iterator[tuple[str, bytes]]:
    """Name and PDF of a transfer list, a list of what is to be destroyed, and a certificate."""
    dockets = session.scalars(
        select(Docket).where(is_kind("case_file"), Docket.stage == "archived").order_by(Docket.id)
    ).all()
    known = [gather(session, vault(), d) for d in dockets]
    common: dict[str, Any] = {"bureau": BureauHead(bureau.name, bureau.name), "on": on}
    files = tuple(entry_of(facts) for facts in known if _for_good(facts))
    yield (
        "33-handover_list",
        HandoverList(
            **common,
            number=f"{bureau.prefix}档移〔{on.year}〕1号",
            body="丰都县档案馆",
            giver="何静",
            entries=files,
        ).draw(),
    )
    items = [(facts, retention_term(facts)) for facts in known if not _for_good(facts)]
    # when the last of them may go
    over = date(max(kept.since.year for _, kept in items if kept) + TERM + 1, 1, 15)
    common |= {
        "on": over,
        "number": f"{bureau.prefix}档销〔{over.year}〕1号",
        "report": f"{bureau.prefix}鉴〔{over.year}〕1号",
        "proposer": "何静",
        "proposed": printed_date(over),
        "entries": tuple(entry(_item(f, kept.since)) for f, kept in items if kept),
    }
    yield "34-destruction_list", DestructionList(**common).draw()
    day, count = printed_date(over), str(len(common["entries"]))
    signed: dict[str, Any] = {
        "confirmer": "周明",
        "confirmed": day,
        "done": day,
        "destroyed": count,
    }
    yield "34-destruction_certificate", DestructionCertificate(**common, **signed).draw()


def _for_good(facts: Facts) -> bool:
    """Whether the case is kept for good: it goes to the archive, and is never destroyed."""
    kept = retention_term(facts)
    return kept is not None and kept.term == PERMANENT


def _item(facts: Facts, since: date) -> DestructionItem:
    due = date(since.year + TERM + 1, 1, 1)
    kept: dict[str, Any] = {"term": str(TERM), "since": since, "due": due, "left_out": ""}
    return DestructionItem(kind=facts.kind, number=facts.number, **kept)
