"""The three bundles of a case file: internal (both volumes), outgoing (the main volume, nothing of the source), index alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive.contents import Content, contents, order
from casework.docket.models import Docket
from casework.papers.bind import Entry, Item, Volume
from casework.procedure.facts import Facts
from casework.vault.files import SealedStore
from casework.vault.sealing import Vault
from letters.base import BureauHead
from letters.casefile import FileCover, FileEnd, FileIndex, cover_fields

KINDS = ("internal", "outgoing", "index")
TELLING = 12  # characters: a passage of the tip this long betrays it


@dataclass(frozen=True)
class Plan:
    """What will be bound, and what was left out of an outgoing bundle because it quotes the tip."""

    volumes: tuple[Volume, ...]
    left_out: tuple[str, ...] = ()
    documents: int = 0


@dataclass(frozen=True)
class _Sheets:
    """Draws cover, index and end sheet of one volume."""

    facts: Facts
    name: str
    binder: str
    fields: dict[str, Any] = field(default_factory=dict)

    def front(self, entries: Sequence[Entry], pages: int) -> list[bytes]:
        """Cover and index."""
        counted: dict[str, Any] = {"documents": str(len(entries)), "pages": str(pages)}
        return [FileCover(**self._common(), **self.fields, **counted).draw(), self.index(entries)]

    def index(self, entries: Sequence[Entry]) -> bytes:
        """卷内目录."""
        return FileIndex(**self._common(), **self._name(), entries=tuple(_row(e) for e in entries)).draw()

    def end(self, entries: Sequence[Entry], pages: int) -> list[bytes]:
        """备考表."""
        sheet = FileEnd(**self._common(), **self._name(), documents=str(len(entries)), pages=str(pages), binder=self.binder)
        return [sheet.draw()]

    def _name(self) -> dict[str, Any]:
        return {k: self.fields[k] for k in ("case_name", "archive_number")}

    def _common(self) -> dict[str, Any]:
        bureau = self.facts.bureau
        head = BureauHead(bureau.name, bureau.name)
        return {"bureau": head, "number": self.facts.number, "on": self.facts.today, "volume_name": self.name}


def _row(e: Entry) -> dict[str, str]:
    span = str(e.first) if e.first >= e.last else f"{e.first}-{e.last}"
    return {
        "doc_number": e.item.number or "—", "author": e.item.author or "—", "title": e.item.title,
        "day": e.item.on.isoformat(), "span": span, "note": e.item.note or "",
    }  # fmt: skip


def plan(session: Session, vault: Vault, store: SealedStore, docket: Docket, kind: str, binder: str = "") -> Plan:
    """The volumes of a bundle. An outgoing one holds the main volume only, and no document that quotes the tip."""
    facts = gather(session, vault, docket)
    found = contents(session, store, facts)
    left_out: tuple[str, ...] = ()
    if kind == "outgoing":
        marks = _marks(session, vault, facts)
        found = [c for c in found if c.volume == "main" and not c.source]
        telling = [c for c in found if _betrays(c.item, marks)]
        found = [c for c in found if c not in telling]
        left_out = tuple(c.item.title for c in telling)
    return Plan(tuple(_volumes(facts, found, binder)), left_out, len(found))


def _volumes(facts: Facts, found: Sequence[Content], binder: str) -> list[Volume]:
    fields = cover_fields(facts)
    volumes = []
    for volume, rule in order().items():
        items = [c.item for c in found if c.volume == volume]
        sheets = _Sheets(facts, rule["zh"], binder, fields)
        if items:
            volumes.append(Volume(rule["zh"], items, sheets.front, sheets.end))
    return volumes


# -- nothing of the informant goes out
def _marks(session: Session, vault: Vault, facts: Facts) -> tuple[str, ...]:
    """What would betray the tip: numbers of the linked reports, and passages of what was written."""
    marks: list[str] = []
    for link in facts.links:
        marks.append(_bare(link.number))
        report = gather(session, vault, session.get_one(Docket, link.id))
        told = re.split(r"[。！？；，,;!?\n]", str(report.value("narrative") or ""))
        marks += [_bare(t) for t in told if len(_bare(t)) >= TELLING]
    return tuple(m for m in marks if m)


def _betrays(item: Item, marks: Sequence[str]) -> bool:
    if not marks or item.media_type != "application/pdf":
        return False
    text = _bare(text_of(item.read()))
    return any(m in text for m in marks)


def _bare(text: str) -> str:
    return "".join(text.split())


def text_of(data: bytes) -> str:
    """The text of a PDF; empty for one that cannot be read (binding names it then)."""
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            return "".join(page.get_textpage().get_text_bounded() for page in pdf)
    except pypdfium2.PdfiumError:
        return ""
