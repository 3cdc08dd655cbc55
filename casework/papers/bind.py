"""Binds documents into one PDF: page stamps, bookmarks, PDF/A markers; pictures and scans brought
to A4.

Some documents at a time are put together and laid aside (a part); at the end the parts are put
together, so that memory holds the objects of all documents, but the bytes of few. Odd pages of a
document are fronts: each begins on one, so that the file can be printed on both sides.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Dictionary, Name, OutlineItem, Page, Pdf, StreamDecodeLevel

from casework.papers import sheets
from casework.papers.archival import Rules, broken_outside
from casework.papers.sheets import A4, Bad
from casework.papers.stamps import Stamp
from casework.vault.spool import BUFFER, Spool
from letters.archival import save, xmp

MOST_BYTES = 16 << 20  # of the documents of a part that lies in memory

__all__ = ["A4", "Bound", "IndexEntry", "Item", "Unreadable", "Volume", "bind", "private"]


@dataclass(frozen=True)
class Item:
    """One document of a volume. ``read`` gives its clear bytes, and is called when it is bound."""

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
    """The whole file: number of pages of the PDF, of documents and of stamped pages over all
    volumes. ``foreign`` names the documents that break a rule of PDF/A: with any of them the file
    does not say that it is one."""

    pages: int
    documents: int
    stamped: int
    foreign: tuple[str, ...] = ()


@dataclass
class _Placed:
    """A volume as far as it is put together: its documents, the page of the volume on which each
    begins, the parts, the last stamped number."""

    volume: Volume
    entries: list[IndexEntry] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    parts: list[Pdf] = field(default_factory=list)
    pages: int = 0
    stamped: int = 0


def bind(
    volumes: Sequence[Volume],
    title: str,
    target: BinaryIO,
    tell: Callable[[int], object],
    index: bool = False,
    aside: Path | None = None,
) -> Bound:
    """Write the bound file to ``target``, front to back, and answer what it holds. ``tell`` is
    called with the number of documents done, ``aside`` is a folder for the parts.

    With ``index`` only the index of each volume is written, with the page numbers that its
    documents have in the whole file. Error: Unreadable naming every document that cannot be bound;
    nothing was written then.
    """
    work = _Work(None if index else aside, keeps=not index)
    placed = list(_place(work, volumes, tell))
    with _begun(placed) as whole:
        if index:
            for p in placed:
                _sheets(whole, p.volume.front(p.entries, p.stamped)[-1:], len(whole.pages), leaf=1)
        else:
            marks = [mark for i, p in enumerate(placed) for mark in _volume(whole, p, begun=not i)]
            with whole.open_outline() as outline:
                outline.root.extend(marks)
            whole.Root.PageMode = Name.UseOutlines
        save(whole, target, {"/Title": title}, xmp(title, claims=index or not work.foreign))
        pages = len(whole.pages)
    return Bound(
        pages,
        sum(len(p.entries) for p in placed),
        sum(p.stamped for p in placed),
        tuple(work.foreign),
    )


def _begun(placed: Sequence[_Placed]) -> Pdf:
    """The file as it begins: with the first part, whose pages need not be copied again."""
    return placed[0].parts.pop(0) if placed and placed[0].parts else Pdf.new()


def _volume(whole: Pdf, placed: _Placed, *, begun: bool) -> Iterator[OutlineItem]:
    """Cover and index, the documents, the end sheet; the bookmark of the volume, if it has pages.
    `begun`: the file has the pages of its first part already."""
    first = 0 if begun else len(whole.pages)
    begin = _sheets(whole, placed.volume.front(placed.entries, placed.stamped), first)
    while placed.parts:  # each is let go once its pages are taken over
        whole.pages.extend(placed.parts.pop(0).pages)
    _sheets(whole, placed.volume.end(placed.entries, placed.stamped), len(whole.pages))
    if len(whole.pages) > first:
        mark = OutlineItem(placed.volume.name, first)
        for no, (entry, at) in enumerate(zip(placed.entries, placed.firsts, strict=True), 1):
            mark.children.append(OutlineItem(_line(no, entry.item), begin + at))
        yield mark


def _sheets(whole: Pdf, drawn: Sequence[bytes], at: int, *, leaf: int = 2) -> int:
    """Put sheets of ours, without numbers, before page `at` (counted from 0); all of them together
    fill whole leaves of so many pages. Answers the page behind them."""
    with Pdf.new() as leaves:
        for data in drawn:
            with sheets.document_as_pdf(data) as pdf:
                leaves.pages.extend(sheets.ready(pdf))
        if len(leaves.pages) % leaf:
            leaves.add_blank_page(page_size=A4)
        for page in leaves.pages:
            whole.pages.insert(at, page)
            at += 1
    return at


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
        work.close(placed)
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


def _line(no: int, item: Item) -> str:
    return " ".join(x for x in (f"{no}.", item.title, item.number) if x)


class _Work:
    """Documents made ready one at a time and collected until there are enough for a part."""

    def __init__(self, folder: Path | None, *, keeps: bool) -> None:
        self.folder, self.keeps = folder, keeps
        self.foreign: list[str] = []  # titles that do not keep the rules of PDF/A
        self._begin()

    def _begin(self) -> None:
        self.part, self.bytes = Pdf.new(), 0
        self.stamp = Stamp(self.part)

    def add(self, placed: _Placed, item: Item, instead: Callable[[], bytes] | None = None) -> None:
        """Make a document ready, its pages stamped after the last one of its volume. ``instead``:
        draws the sheet that is taken in its place. Error: Bad for one that cannot be read."""
        try:
            data = instead() if instead else item.read()
        except (ValueError, OSError) as error:  # altered, cut short or gone from the sealed store
            raise Bad("unreadable") from error
        with sheets.document_as_pdf(data, "application/pdf" if instead else item.media_type) as pdf:
            ready = sheets.ready(pdf)
            broken = broken_outside(pdf, ready)
            pages, broken_inside = self._taken(ready)
        if broken or broken_inside:
            self.foreign.append(item.title)
        last = self._stamped(pages, placed.stamped)
        if len(pages) % 2:
            self.part.add_blank_page(page_size=A4)
        placed.entries.append(IndexEntry(item, placed.stamped + 1, last))
        placed.firsts.append(placed.pages)
        placed.pages += len(pages) + len(pages) % 2
        placed.stamped = last
        self.bytes += len(data)
        if self.bytes >= MOST_BYTES:
            self.close(placed, aside=True)

    def close(self, placed: _Placed, *, aside: bool = False) -> None:
        """Put what was collected together as a part of the volume; ``aside``: write it to the
        folder of parts."""
        if self.keeps:
            placed.parts.append(self._laid_aside() if aside else self.part)
        self._begin()

    def _laid_aside(self) -> Pdf:
        """The part, read from the disk as it is needed."""
        written = io.BytesIO()
        self.part.save(written, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
        spool = Spool(self.folder)
        spool.write(written.getbuffer())
        spool.seek(0)
        part = Pdf.open(io.BufferedReader(spool, BUFFER))
        del part.trailer.ID  # of chance: the whole file gets one of what stands in it
        return part

    def _taken(self, ready: Sequence[Page]) -> tuple[list[Page], bool]:
        """The pages as those of the part, and whether they break a rule of PDF/A. Bad when a stream
        cannot be read."""
        before, first, rules = len(self.part.pages), self._number(), Rules()
        try:
            self.part.pages.extend(ready)
            for number in range(first + 1, self._number()):
                thing = self.part.get_object(number, 0)
                stream = isinstance(thing, pikepdf.Stream)
                if stream:
                    thing.read_raw_bytes()
                rules.look((thing.stream_dict if stream else thing).unparse(resolved=True))
        except pikepdf.PdfError as error:
            del self.part.pages[before:]
            raise Bad("unreadable") from error
        return self.part.pages[before:], rules.broken

    def _number(self) -> int:
        """The number of a new object, which nothing refers to: what comes later has higher ones."""
        return self.part.make_indirect(Dictionary()).objgen[0]

    def _stamped(self, pages: Sequence[Page], number: int) -> int:
        for i, page in enumerate(pages):
            if not sheets.is_blank(page):
                number += 1
                self.stamp.put(page, number, front=i % 2 == 0)
        return number


def private(path: Path) -> BinaryIO:
    """A new file, readable by its owner alone, opened for writing and reading. Error:
    FileExistsError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
