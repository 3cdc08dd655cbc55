"""Binds documents into one PDF: page stamps, bookmarks, PDF/A markers; pictures and scans brought to A4.

Memory stays flat: finished runs of pages go to a working file in a folder of ours (mode 700), never to the system's
temporary folder. Odd pages of a run are fronts: each document begins on one, so that the file can be printed on both sides.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf, Rectangle
from PIL import Image, ImageCms, ImageOps

from casework.papers.stamps import Stamp

A4 = (595.276, 841.890)  # points
PICTURE = (1654, 2339)  # pixels of an A4 side at 200 dpi
MARGIN = (79.4, 45.4, 45.4, 45.4)  # points left, bottom, right, top: the binding edge is on the left
RUN = 24 * 1024 * 1024  # clear bytes held before a run of pages goes to its working file
_PAINTS = re.compile(rb"(?:^|\s)(?:Tj|TJ|Do|BI|sh|[fFSsBb]\*?)(?=\s|$)|'|\"")


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


@dataclass(frozen=True)
class Entry:
    """A bound document with its first and last stamped page, as the index names it."""

    item: Item
    first: int
    last: int


@dataclass(frozen=True)
class Volume:
    """正卷 or 副卷: its documents, and who draws the sheets before and after them from the entries and pages."""

    name: str
    items: Sequence[Item]
    front: Callable[[Sequence[Entry], int], Sequence[bytes]]  # cover, index
    end: Callable[[Sequence[Entry], int], Sequence[bytes]]  # end sheet


class Unreadable(Exception):
    """Documents that cannot be bound, each as (title, why); ``why``: empty · unreadable."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{title}: {why}" for title, why in faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Bound:
    """The whole file: pages of the PDF, documents and stamped pages over all volumes."""

    pages: int
    documents: int
    stamped: int


@dataclass
class _Placed:
    """Where a volume stands among the documents' pages, before its sheets are put around it."""

    volume: Volume
    begins: int
    ends: int = 0
    entries: list[Entry] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    stamped: int = 0


def bind(
    volumes: Sequence[Volume], title: str, folder: Path, target: BinaryIO, tell: Callable[[int], object], index: bool = False
) -> Bound:
    """Write the bound file to ``target`` (a seekable file); ``tell`` hears how many documents are done.

    ``folder`` is an existing private one; what is written there is removed. With ``index`` only the index of each volume is
    written, with the pages that its documents have. Raises Unreadable naming every bad document.
    """
    with ExitStack() as stack:
        work = _Work(folder, stack)
        placed = list(_place(work, volumes, tell))
        out = _indexes(stack, placed) if index else work.whole()
        if not index:
            _sheets(out, stack, placed)
        _mark(out, title)
        out.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return Bound(len(out.pages), sum(len(p.entries) for p in placed), sum(p.stamped for p in placed))


def _place(work: _Work, volumes: Sequence[Volume], tell: Callable[[int], object]) -> Iterator[_Placed]:
    faults: list[tuple[str, str]] = []
    done = 0
    for volume in volumes:
        placed = _Placed(volume, work.count)
        for item in volume.items:
            try:
                _one(work, placed, item)
            except _Bad as bad:
                faults.append((item.title, bad.why))
            done += 1
            tell(done)
        placed.ends = work.count
        yield placed
    if faults:
        raise Unreadable(faults)


def _one(work: _Work, placed: _Placed, item: Item) -> None:
    start, first = work.count, placed.stamped + 1
    placed.stamped = work.add(item, placed.stamped)
    placed.starts.append(start)
    placed.entries.append(Entry(item, first, placed.stamped))


class _Bad(Exception):
    """This document cannot be bound."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Work:
    """The pages bound so far: the run in memory, and runs already in working files."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.run, self.stamp = self._fresh()
        self.sources: list[Any] = []
        self.held, self.count = 0, 0
        self.parts: list[Path] = []

    def _fresh(self) -> tuple[Pdf, Stamp]:
        pdf = self.stack.enter_context(Pdf.new())
        return pdf, Stamp(pdf)

    def add(self, item: Item, number: int) -> int:
        """Add a document's pages, stamped after ``number``; answers the last number."""
        try:
            data = item.read()
        except (ValueError, OSError) as error:  # altered, cut short or gone from the sealed store
            raise _Bad("unreadable") from error
        begin = len(self.run.pages)
        if item.media_type.startswith("image/"):
            _picture(self.run, data)
        else:
            self._pdf(data)
        number = self._stamped(begin, number)
        self.count += len(self.run.pages) - begin
        self.held += len(data)
        if self.held > RUN:
            self._put_away()
        return number

    def _pdf(self, data: bytes) -> None:
        if not data:
            raise _Bad("empty")
        try:
            source = Pdf.open(io.BytesIO(data))
            pages = [Page(p) for p in source.pages]
        except pikepdf.PdfError as error:
            raise _Bad("unreadable") from error
        if not pages:
            raise _Bad("empty")
        self.sources.append(source)
        if all(_is_a4(p) for p in pages):
            self.run.pages.extend(source.pages)
            return
        for page in pages:
            if _is_a4(page):
                self.run.pages.append(page)
            else:
                _fit(self.run, page)

    def _stamped(self, begin: int, number: int) -> int:
        pages = self.run.pages
        for i in range(begin, len(pages)):
            page = pages[i]
            if not _blank(page):
                number += 1
                self.stamp.put(page, number, front=(i - begin) % 2 == 0)
        if (len(pages) - begin) % 2:
            self.run.add_blank_page(page_size=A4)
        return number

    def _put_away(self) -> None:
        """The run goes to a working file; its sources are let go."""
        path = self.folder / f"{len(self.parts)}.part"
        with private(path) as file:
            self.run.save(file, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        self.run.close()
        for source in self.sources:
            source.close()
        self.sources, self.held = [], 0
        self.parts.append(path)
        self.run, self.stamp = self._fresh()

    def whole(self) -> Pdf:
        """All runs as one PDF, to be saved while the working files stand."""
        if not self.parts:
            return self.run
        if len(self.run.pages):
            self._put_away()
        out = self.stack.enter_context(Pdf.new())
        for path in self.parts:
            part = self.stack.enter_context(Pdf.open(path))
            path.unlink()  # nothing to be found in the folder, whatever happens; the open file stays readable
            out.pages.extend(part.pages)
        return out


def private(path: Path) -> BinaryIO:
    """A new file that only we can read, for writing and reading."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


# -- single pages
def _is_a4(page: Page) -> bool:
    """A4 either way up, not turned by the viewer, its corner at the origin."""
    x0, y0, x1, y1 = (float(v) for v in page.mediabox)
    sides = sorted((x1 - x0, y1 - y0))
    straight = not int(page.obj.get("/Rotate", 0)) and abs(x0) < 1 and abs(y0) < 1
    return straight and abs(sides[0] - A4[0]) < 3 and abs(sides[1] - A4[1]) < 3


def _fit(pdf: Pdf, page: Page) -> None:
    """Any other page as a picture of itself on an A4 sheet."""
    sheet = pdf.add_blank_page(page_size=A4)
    left, bottom, right, top = MARGIN
    Page(sheet).add_overlay(page, Rectangle(left, bottom, A4[0] - right, A4[1] - top))


def _picture(pdf: Pdf, data: bytes) -> None:
    """A photograph on an A4 sheet, upright, at most 200 dpi."""
    try:
        with Image.open(io.BytesIO(data)) as raw:
            raw.draft("RGB", PICTURE)
            upright = ImageOps.exif_transpose(raw).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise _Bad("unreadable") from error
    upright.thumbnail(PICTURE)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82)
    stream = pdf.make_stream(
        out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=upright.width, Height=upright.height,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    _on_sheet(pdf, stream, upright.width, upright.height)


def _on_sheet(pdf: Pdf, stream: Any, width: int, height: int) -> None:
    left, bottom, right, top = MARGIN
    room = (A4[0] - left - right, A4[1] - bottom - top)
    scale = min(room[0] / width, room[1] / height)
    w, h = width * scale, height * scale
    x, y = left + (room[0] - w) / 2, bottom + (room[1] - h) / 2
    sheet = pdf.add_blank_page(page_size=A4)
    sheet.Resources = Dictionary(XObject=Dictionary(Picture=stream))
    sheet.Contents = pdf.make_stream(f"q {w:.2f} 0 0 {h:.2f} {x:.2f} {y:.2f} cm /Picture Do Q".encode())


def _blank(page: Page) -> bool:
    """Nothing is drawn on it. Only short content is looked at: a long one draws something."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return True
    if isinstance(contents, Array) or int(contents.get("/Length", 0)) > 200:
        return False
    return not _PAINTS.search(contents.read_bytes())


# -- the whole
def _sheets(out: Pdf, stack: ExitStack, placed: Sequence[_Placed]) -> None:
    """Cover and index before each volume, the end sheet after it, from the last volume to the first; then bookmarks."""
    shifts: list[tuple[int, int]] = []
    for p in reversed(placed):
        front = _drawn(stack, p.volume.front(p.entries, p.stamped))
        end = _drawn(stack, p.volume.end(p.entries, p.stamped))
        _insert(out, p.ends, end)
        _insert(out, p.begins, front)
        shifts.insert(0, (_even(len(front)), _even(len(end))))
    with out.open_outline() as outline:
        before = 0
        for p, (front_pages, end_pages) in zip(placed, shifts, strict=True):
            root = OutlineItem(p.volume.name, p.begins + before)
            before += front_pages
            for no, (entry, start) in enumerate(zip(p.entries, p.starts, strict=True), 1):
                name = " ".join(x for x in (f"{no}.", entry.item.title, entry.item.number) if x)
                root.children.append(OutlineItem(name, start + before))
            before += end_pages
            outline.root.append(root)


def _indexes(stack: ExitStack, placed: Sequence[_Placed]) -> Pdf:
    """The last sheet before each volume, its index, alone."""
    out = stack.enter_context(Pdf.new())
    for p in placed:
        for page in _drawn(stack, p.volume.front(p.entries, p.stamped)[-1:]):
            out.pages.append(page)
    return out


def _drawn(stack: ExitStack, sheets: Sequence[bytes]) -> list[Page]:
    pages: list[Page] = []
    for data in sheets:
        pages += [Page(p) for p in stack.enter_context(Pdf.open(io.BytesIO(data))).pages]
    return pages


def _insert(out: Pdf, at: int, pages: Sequence[Page]) -> None:
    """Pages put in, filled up to whole leaves."""
    for i, page in enumerate(pages):
        out.pages.insert(at + i, page)
    if len(pages) % 2:
        blank = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *A4]), Resources=Dictionary())
        out.pages.insert(at + len(pages), Page(out.make_indirect(blank)))


def _even(count: int) -> int:
    return count + count % 2


def _mark(out: Pdf, title: str) -> None:
    """Title, language, and the markers of PDF/A-2b: identification and the colour space meant."""
    with out.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
        meta["pdfaid:part"] = "2"
        meta["pdfaid:conformance"] = "B"
    profile = out.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=pikepdf.String("sRGB"), DestOutputProfile=profile
    )
    out.Root.OutputIntents = Array([out.make_indirect(intent)])
    out.Root.Lang = pikepdf.String("zh-CN")
    out.Root.PageMode = Name.UseOutlines
