"""The three bundles of a case file: internal (both volumes), outgoing (the main volume, blacked
out), index alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive import redact
from casework.archive.contents import Content, case_volumes, contents
from casework.archive.terms_to_hide import Hidden, hidden
from casework.docket.models import Docket
from casework.papers.bind import IndexEntry, Item, Volume
from casework.procedure.facts import Facts
from casework.vault.files import SealedStore
from casework.vault.sealing import Vault
from letters.base import BureauHead
from letters.casefile import FileCover, FileEnd, FileIndex, cover_fields
from letters.format import word

KINDS = ("internal", "outgoing", "index")


@dataclass(frozen=True)
class Plan:
    """What will be bound, and what was left out of an outgoing bundle because it cannot be blacked
    out."""

    volumes: tuple[Volume, ...]
    left_out: tuple[str, ...] = ()
    documents: int = 0


@dataclass(frozen=True)
class _Sheets:
    """Draws cover, index and end sheet of one volume. ``listed``: all documents of the index, those
    left out among them."""

    facts: Facts
    name: str
    binder: str
    fields: dict[str, Any]
    listed: tuple[Item, ...]

    def front(self, entries: Sequence[IndexEntry], pages: int) -> list[bytes]:
        """Cover and index of a volume as PDFs."""
        counted: dict[str, Any] = {"documents": str(len(entries)), "pages": str(pages)}
        return [FileCover(**self._common(), **self.fields, **counted).draw(), self.index(entries)]

    def index(self, entries: Sequence[IndexEntry]) -> bytes:
        """卷内目录 as PDFs."""
        return FileIndex(
            **self._common(), **self._name(), entries=tuple(self._rows(entries))
        ).draw()

    def end(self, entries: Sequence[IndexEntry], pages: int) -> list[bytes]:
        """备考表 as PDFs."""
        sheet = FileEnd(
            **self._common(),
            **self._name(),
            documents=str(len(entries)),
            pages=str(pages),
            binder=self.binder,
        )
        return [sheet.draw()]

    def _rows(self, entries: Sequence[IndexEntry]) -> Iterator[dict[str, str]]:
        bound = {id(e.item): e for e in entries}
        for item in self.listed:
            found = bound.get(id(item))
            yield _row(found) if found else {**_row(IndexEntry(item, 0, 0)), "span": "—"}

    def _name(self) -> dict[str, Any]:
        return {k: self.fields[k] for k in ("case_name", "archive_number")}

    def _common(self) -> dict[str, Any]:
        bureau = self.facts.bureau
        head = BureauHead(bureau.name, bureau.name)
        return {
            "bureau": head,
            "number": self.facts.number,
            "on": self.facts.today,
            "volume_name": self.name,
        }


def _row(e: IndexEntry) -> dict[str, str]:
    span = str(e.first) if e.first >= e.last else f"{e.first}-{e.last}"
    return {
        "doc_number": e.item.number or "—",
        "author": e.item.author or "—",
        "title": e.item.title,
        "day": e.item.on.isoformat(),
        "span": span,
        "note": e.item.note or "",
    }


def plan(
    session: Session,
    vault: Vault,
    store: SealedStore,
    docket: Docket,
    kind: str,
    binder: str = "",
    hide: Sequence[str] = (),
) -> Plan:
    """The volumes of a bundle. An outgoing one holds the main volume only, blacked out; ``hide``
    gives further words."""
    facts = gather(session, vault, docket)
    found = contents(session, store, facts)
    if kind != "outgoing":
        return Plan(
            tuple(_volumes(facts, [(c.volume, c.item, True) for c in found], binder)),
            (),
            len(found),
        )
    words = hidden(session, vault, facts, hide)
    given = [_outgoing(facts, c, words) for c in found if c.volume == "main" and not c.source]
    left_out = tuple(item.title for _v, item, there in given if not there)
    volumes = tuple(_volumes(facts, given, binder, words))
    return Plan(volumes, left_out, len(given) - len(left_out))


Given = tuple[str, Item, bool]  # volume, document, whether it is bound or only named in the index


def _volumes(
    facts: Facts, found: Sequence[Given], binder: str, words: Hidden | None = None
) -> list[Volume]:
    """The volumes with their sheets; ``words``: what the cover, whose words people typed, may not
    show either."""
    fields = cover_fields(facts)
    if words:
        fields = {key: words.masked(value) for key, value in fields.items()}
    volumes = []
    for volume, rule in case_volumes().items():
        listed = tuple(item for name, item, _there in found if name == volume)
        sheets = _Sheets(facts, rule.zh, binder, fields, listed)
        if listed:
            bound = [item for name, item, there in found if name == volume and there]
            volumes.append(Volume(rule.zh, bound, sheets.front, sheets.end))
    return volumes


# -- nothing of the informant, and of no third party, goes out
def _outgoing(facts: Facts, content: Content, words: Hidden) -> Given:
    """The document blacked out; named alone where that cannot be done: a scan, a picture, whatever
    came in from outside."""
    drawn = content.drawn
    touched = _touched(drawn, words) if drawn else None
    if drawn is None or touched is None:
        shown = replace(content.item, title=words.masked(content.item.title), note=word("left_out"))
        return content.volume, shown, False
    note = word("redacted_note") if touched else drawn.note
    read = _blacked(drawn, facts.bureau.name, words) if touched else drawn.read
    return (
        content.volume,
        replace(drawn, title=words.masked(drawn.title), note=note, read=read),
        True,
    )


def _touched(item: Item, words: Hidden) -> bool | None:
    """Whether anything in it is to be hidden; None where that cannot be known.

    One that cannot be read counts as having something: binding reads it again, blacks it out or
    names it as unreadable.
    """
    try:
        return redact.touches(item.read(), words)
    except (redact.Unsure, pypdfium2.PdfiumError):
        return None
    except (ValueError, OSError):  # altered, cut short or gone from the sealed store
        return True


def _blacked(item: Item, author: str, words: Hidden) -> Callable[[], bytes]:
    return lambda: redact.blacked(item.read(), words, item.title, author, item.on)
