"""One document of every row and variant of the catalogue (``samples.toml``), from the
demonstration's dockets.

What the demonstration issued is taken as it was issued; a variant that it did not take is drawn
from the facts of the same docket with another answer (``with``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.draw import wording
from casework.acts.facts import gather
from casework.acts.printed_answers import build_paper
from casework.archive import anchor_sheet
from casework.disclosure.gate import PublicEntry, public
from casework.disclosure.models import DisclosureEntry
from casework.disclosure.outputs import content
from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.people import facts as people
from casework.people.heads import Signed
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.facts import ActFacts, Facts, Taking
from casework.procedure.ids import StepId
from casework.procedure.load import procedure
from casework.toml_file import Row, read_toml
from casework.upkeep import archive_samples
from casework.vault.sealing import vault
from letters.base import BureauHead, Letter
from letters.build import Issue
from letters.disclosure import DisclosureList
from letters.parts import DishonestFirm
from letters.registry import LETTERS

# of no chain
HEAD = Signed("fengdu", 12345, "0123456789abcdef" * 4, 1780272000, "fedcba9876543210" * 8)
FILE = Path(__file__).with_name("samples.toml")


class NoSample(LookupError):
    """The dockets at hand have no document of that row."""


class Sample(Row, frozen=True):
    """Paper, step and, for a variant, the answers it must have, or those it is drawn with
    (``with`` in the file)."""

    paper: str
    step: StepId
    where: dict[str, Any] = msgspec.field(default_factory=dict)
    other: dict[str, Any] | None = msgspec.field(default=None, name="with")


def sample_rows() -> dict[str, Sample]:
    """The samples of ``samples.toml`` by their names. Error: TomlError."""
    return read_toml(FILE, dict[str, Sample])


def sample_papers(session: Session) -> Iterator[tuple[str, bytes]]:
    """Every sample as (name, PDF). Errors: NoSample naming the first row without a document."""
    for name, row in sample_rows().items():
        yield name, _document(session, name, row)
    bureau = session.scalars(select(Bureau).order_by(Bureau.id).limit(1)).one()
    yield "26-disclosure_list", _list(session, bureau)
    yield "35-anchor_sheet", anchor_sheet.sheet(bureau, HEAD, "冉晓梅", today())
    yield "00-poster", poster(bureau, "https://www.example.gov.cn/")
    yield from archive_samples.sample_lists(session, bureau, today())


def _document(session: Session, name: str, row: Sample) -> bytes:
    docket, act, facts = _find(session, name, row)
    if row.other is None:
        query = select(Paper).where(
            Paper.docket_id == docket.id, Paper.kind == row.paper, Paper.seq == act.seq
        )
        paper = session.scalars(query.order_by(Paper.id)).first()
        if paper is not None:
            return bytes(current_app.extensions["sealed_store"].read(paper.stored))
    rule = procedure().papers[row.paper]
    issue = Issue(rule, docket.number, act.on, wording=wording(), by=act.actor, track=act.track)
    proposed = next((a for a in facts.acts if a.seq == act.proposal), act)
    facts = replace(
        facts,
        actor=facts.people.get(proposed.actor or 0),
        taking=Taking(proposal=act.proposal),
    )
    return build_paper(issue, facts, row.step, {**act.asked, **(row.other or {})}).draw()


def _find(session: Session, name: str, row: Sample) -> tuple[Docket, ActFacts, Facts]:
    """The first docket whose journal has the step with the wanted answers."""
    query = select(Docket).join(Paper).where(Paper.step == row.step).order_by(Docket.id).distinct()
    for docket in session.scalars(query):
        facts = gather(session, vault(), docket)
        for act in facts.done(row.step):
            if all(act.asked.get(k) == v for k, v in row.where.items()):
                return docket, act, facts
    raise NoSample(f"{name}: no {row.step} among the dockets")


def _head(bureau: Bureau) -> BureauHead:
    return BureauHead(bureau.name, bureau.name, bureau.address, bureau.phone, bureau.area)


def _list(session: Session, bureau: Bureau) -> bytes:
    """公示名单 of the entries that are shown."""
    shown = session.scalars(
        select(DisclosureEntry)
        .where(DisclosureEntry.kind == "dishonesty", DisclosureEntry.state == "shown")
        .order_by(DisclosureEntry.id)
    )
    firms = tuple(_firm(public(e)) for e in shown)
    number = f"{bureau.prefix}失公〔{today().year}〕1号"
    return DisclosureList(bureau=_head(bureau), number=number, on=today(), firms=firms).draw()


def _firm(e: PublicEntry) -> DishonestFirm:
    f = e.fields
    return DishonestFirm(
        name=e.name,
        credit_code=e.credit_code,
        address=f["address"],
        representative=f["representative"],
        violation=f["facts"],
        handling=content(f),
        decision_number=f.get("determination") or f["decision"],
        shown_from=e.shown_from.isoformat(),
        shown_until=e.shown_until.isoformat(),
    )


def poster(bureau: Bureau, url: str) -> bytes:
    """The public poster of the channels as PDF: those that the bureau has confirmed, and the pages
    behind a QR code of ``url``."""
    settings = people.settings_of(bureau.id, today())
    values = {
        "url": url,
        "phone": settings.text("channels.phone") or bureau.phone,
        "letter": settings.text("channels.letter") or bureau.address,
        "email": settings.text("channels.email") or bureau.email,
        "hours": bureau.hours,
    }
    kind: Any = LETTERS["poster"]
    made: Letter = kind(
        bureau=_head(bureau), number="—", on=today(), values=values, wording=wording()
    )
    return made.draw()
