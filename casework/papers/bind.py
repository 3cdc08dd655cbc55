"""Binds documents into one PDF: page stamps, bookmarks, PDF/A markers; pictures and scans brought
to A4.

Memory stays flat: each document is written to the bound file when its turn comes, and let go. Odd
pages of a document are fronts: each begins on one, so that the file can be printed on both sides.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pikepdf

from casework.papers import sheets
from casework.papers.archival import Rules, broken_outside
from casework.papers.sheets import A4, Bad
from casework.papers.stamps import Stamp, standing
from casework.papers.writer import Group, Key, Mark, Nowhere, Sink, Writer
from letters.archival import xmp

__all__ = ["A4", "Bound", "IndexEntry", "Item", "Unreadable", "Volume", "bind", "private"]


@dataclass(frozen=True)
class Item:
    """One document of a volume. ``read`` gives its clear bytes when its turn comes."""

    title: str
    on: date
    read: Callable[[], bytes]
    number: str = ""
    author: str = ""
    note: str = ""
    media_type: str = "application/pdf"
    # a sheet for what turns out to be unreadable; None: it stops the binding
    instead: Callable[[], bytes] | None = None


@dataclass(frozen=True)
class IndexEntry:
    """A bound document with its first and last stamped page, as the index names it."""

    item: Item
    first: int
    last: int


@dataclass(frozen=True)
class Volume:
    """正卷 or 副卷: its documents, and who draws the sheets before and after them from the entries
    and pages."""

    name: str
    items: Sequence[Item]
    front: Callable[[Sequence[IndexEntry], int], Sequence[bytes]]  # cover, index
    end: Callable[[Sequence[IndexEntry], int], Sequence[bytes]]  # end sheet


class Unreadable(Exception):
    """Documents that cannot be bound, each as (title, why); ``why``: empty · unreadable."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{title}: {why}" for title, why in faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Bound:
    """The whole file: pages of the PDF, documents and stamped pages over all volumes.

    ``foreign`` names the documents that do not keep the rules of PDF/A: with any of them the file
    does not say that it does.
    """

    pages: int
    documents: int
    stamped: int
    foreign: tuple[str, ...] = ()


@dataclass
class _Placed:
    """A volume as far as it is written: its documents, where each lies in the file, the last
    stamped number."""

    volume: Volume
    entries: list[IndexEntry] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    stamped: int = 0


def bind(
    volumes: Sequence[Volume],
    title: str,
    target: Sink,
    tell: Callable[[int], object],
    index: bool = False,
) -> Bound:
    """Write the bound file to ``target``, front to back; ``tell`` hears how many documents are
    done.

    With ``index`` only the index of each volume is written, with the pages that its documents have.
    Raises Unreadable naming every bad document; what was written until then is no file.
    """
    work = _Work(Writer(Nowhere() if index else target))
    placed = list(_place(work, volumes, tell))
    if index:
        foreign, work = work.foreign, _Work(Writer(target))
        groups = [
            g
            for p in placed
            for g in work.sheets(p.volume.front(p.entries, p.stamped)[-1:], whole_leaf=False)
        ]
        return _bound(placed, work.finish(groups, title, []), foreign)
    groups, marks = _around(work, placed)
    return _bound(placed, work.finish(groups, title, marks), work.foreign)


def _bound(placed: Sequence[_Placed], pages: int, foreign: Sequence[str]) -> Bound:
    return Bound(
        pages, sum(len(p.entries) for p in placed), sum(p.stamped for p in placed), tuple(foreign)
    )


def _place(
    work: _Work, volumes: Sequence[Volume], tell: Callable[[int], object]
) -> Iterator[_Placed]:
    faults: list[tuple[str, str]] = []
    done = 0
    for volume in volumes:
        placed = _Placed(volume)
        for item in volume.items:
            try:
                _add(work, placed, item)
            except Bad as bad:
                faults.append((item.title, bad.why))
            done += 1
            tell(done)
        yield placed
    if faults:
        raise Unreadable(faults)


def _add(work: _Work, placed: _Placed, item: Item) -> None:
    """A document, or the sheet that stands for it."""
    try:
        work.add(placed, item)
    except Bad:
        if item.instead is None:
            raise
        work.add(placed, item, item.instead)


def _around(work: _Work, placed: Sequence[_Placed]) -> tuple[list[Group], list[Mark]]:
    """Cover and index before each volume, the end sheet after it; and the bookmarks."""
    groups: list[Group] = []
    marks: list[Mark] = []
    for p in placed:
        front = work.sheets(p.volume.front(p.entries, p.stamped))
        end = work.sheets(p.volume.end(p.entries, p.stamped))
        around = [*front, *p.groups, *end]
        groups += around
        below = [
            Mark(_line(no, e.item), g.first)
            for no, (e, g) in enumerate(zip(p.entries, p.groups, strict=True), 1)
        ]
        marks += [Mark(p.volume.name, around[0].first, below)] if around else []
    return groups, marks


def _line(no: int, item: Item) -> str:
    return " ".join(x for x in (f"{no}.", item.title, item.number) if x)


class _Work:
    """What a bound file is written with: pages made ready one document at a time."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.stamp = writer, Stamp(writer)
        self.foreign: list[str] = []  # titles that do not keep the rules of PDF/A

    def add(self, placed: _Placed, item: Item, instead: Callable[[], bytes] | None = None) -> None:
        """Write a document, its pages stamped after the last one of its volume. Bad when it cannot
        be. ``instead``: the sheet that is written in its place."""
        try:
            data = instead() if instead else item.read()
        except (ValueError, OSError) as error:  # altered, cut short or gone from the sealed store
            raise Bad("unreadable") from error
        with sheets.document_as_pdf(data, "application/pdf" if instead else item.media_type) as pdf:
            ready, known, rules = sheets.ready(pdf), dict[Key, int](), Rules()
            rules.broken = broken_outside(pdf, ready)
            last = self._stamped(pdf, ready, known, placed.stamped)
            placed.groups.append(self._write(pdf, ready, known, rules))
        if rules.broken:
            self.foreign.append(item.title)
        placed.entries.append(IndexEntry(item, placed.stamped + 1, last))
        placed.stamped = last

    def sheets(self, drawn: Sequence[bytes], *, whole_leaf: bool = True) -> list[Group]:
        """Sheets of ours, without numbers; all of them together fill whole leaves."""
        pages = []
        for data in drawn:
            with sheets.document_as_pdf(data) as pdf:
                pages.append(self._write(pdf, sheets.ready(pdf), {}, Rules(), whole_leaf=False))
        if whole_leaf and sum(g.count for g in pages) % 2:
            node = self.writer.reserve()
            pages.append(self.writer.group([self._blank(node)], node))
        return pages

    def finish(self, groups: Sequence[Group], title: str, marks: Sequence[Mark]) -> int:
        """Close the file; it says that it is PDF/A when all of it is."""
        return self.writer.finish(groups, title, marks, xmp(title, claims=not self.foreign))

    def _stamped(
        self, pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Page], known: dict[Key, int], number: int
    ) -> int:
        self.stamp.on(pdf, known)
        for i, page in enumerate(pages):
            if not sheets.is_blank(page):
                number += 1
                self.stamp.put(page, number, front=i % 2 == 0)
        return number

    def _write(
        self,
        pdf: pikepdf.Pdf,
        pages: Sequence[pikepdf.Page],
        known: dict[Key, int],
        rules: Rules,
        *,
        whole_leaf: bool = True,
    ) -> Group:
        node = self.writer.reserve()
        known |= {page.obj.objgen: self.writer.reserve() for page in pages}
        for page in pages:
            page.obj.Parent = standing(pdf, node, known)
        try:
            written = [self.writer.take(pdf, page.obj, known, rules.look) for page in pages]
        except pikepdf.PdfError as error:
            raise Bad("unreadable") from error
        if whole_leaf and len(written) % 2:
            written.append(self._blank(node))
        return self.writer.group(written, node)

    def _blank(self, node: int) -> int:
        size = b"%.3f %.3f" % A4
        return self.writer.put(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [ 0 0 %s ] /Resources << >> >>" % (node, size)
        )


def private(path: Path) -> BinaryIO:
    """A new file that only we can read, for writing and reading."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
