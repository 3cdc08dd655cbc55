"""Writes a PDF as its pages come: each document is written and let go, so that memory does not grow
with their number.

What is kept is the place of each object in the file (8 bytes) and a line a document for the page
tree.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pikepdf
from pikepdf import Name, Object, Pdf

from letters.archival import srgb, text

_HEAD = b"%PDF-1.7\n%\xe5\xbe\xb7\xe5\n"
MOST_WAITING = 1 << 16  # bytes that are written at once
# A string as a serialised object has it (its brackets escaped), or a reference to another object.
_REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|(?<![\d.])(\d+) (\d+) R\b", re.DOTALL)


Key = tuple[int, int]  # number and generation of an object in its own PDF


class Sink(Protocol):
    """Where the bytes go: a file, or nowhere."""

    def write(self, data: bytes | bytearray, /) -> object:
        """Take some bytes."""


def _unseen(_body: bytes) -> None:
    """Nobody looks."""


class Nowhere:
    """Takes everything and keeps nothing: for counting pages."""

    def write(self, data: bytes | bytearray, /) -> None:
        """Drop it."""


@dataclass
class Mark:
    """A bookmark: its words, the page it leads to (by the number of its object), and those below
    it."""

    title: str
    page: int
    below: list[Mark] = field(default_factory=list)


class Writer:
    """One PDF in the making. Pages may be put in one order and stand in another: the groups say at
    the end."""

    def __init__(self, target: Sink) -> None:
        self._target, self._at = target, 0
        self._waiting = bytearray()
        self._digest = hashlib.sha256()
        self._places = array("Q", [0])  # place of each object; 0 is none
        self._write(_HEAD)
        self._root = self.reserve()

    # -- objects
    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.append(0)
        return len(self._places) - 1

    def put(self, body: bytes, number: int = 0) -> int:
        """An object as serialised; answers its number."""
        number = number or self.reserve()
        self._places[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def stream(self, data: bytes, entries: bytes = b"") -> int:
        """A stream with further entries of its dictionary."""
        return self.put(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))

    def take(
        self,
        source: Pdf,
        root: Object,
        known: dict[Key, int],
        look: Callable[[bytes], object] = _unseen,
    ) -> int:
        """An object of another PDF with everything that it refers to; ``known`` says what has a
        number already.

        ``look`` is shown every object as serialised, of a stream its entries.
        """
        number = known.setdefault(root.objgen, 0) or self.reserve()
        known[root.objgen] = number
        wanted: list[tuple[int, Object]] = [(number, root)]
        while wanted:
            place, thing = wanted.pop()
            wanted += [
                (known[key], source.get_object(key))
                for key in self._copy(place, thing, known, look)
            ]
        return number

    def _copy(
        self, number: int, thing: Object, known: dict[Key, int], look: Callable[[bytes], object]
    ) -> list[Key]:
        """Write it with its references renumbered; answers those that were met for the first
        time."""
        found: list[Key] = []

        def renumbered(match: re.Match[bytes]) -> bytes:
            if match[1] is None:
                return match[0]
            key = (int(match[1]), int(match[2]))
            if key not in known:
                known[key] = self.reserve()
                found.append(key)
            return b"%d 0 R" % known[key]

        stream = isinstance(thing, pikepdf.Stream)
        data = thing.read_raw_bytes() if stream else b""
        entries = thing.stream_dict if stream else thing
        if stream:
            entries[Name.Length] = len(data)
        body = entries.unparse(resolved=True)
        look(body)
        body = _REFERENCE.sub(renumbered, body)
        self.put(b"%s\nstream\n%s\nendstream" % (body, data) if stream else body, number)
        return found

    # -- pages
    def group(self, pages: Sequence[int], node: int) -> Group:
        """Pages of one document, written with ``node`` as their parent."""
        kids = b" ".join(b"%d 0 R" % n for n in pages)
        self.put(
            b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [ %s ] >>"
            % (self._root, len(pages), kids),
            node,
        )
        self._flush()
        return Group(node, len(pages), pages[0] if pages else 0)

    def finish(
        self, groups: Iterable[Group], title: str, marks: Sequence[Mark], metadata: bytes
    ) -> int:
        """Page tree in the order of the groups, bookmarks, properties (``metadata`` as XMP);
        answers the number of pages."""
        shown = [g for g in groups if g.count]
        count = sum(g.count for g in shown)
        kids = b" ".join(b"%d 0 R" % g.node for g in shown)
        self.put(b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (count, kids), self._root)
        about = (
            self._root,
            self.stream(metadata, b"/Type /Metadata /Subtype /XML "),
            self._intent(),
            self._outline(marks),
        )
        catalog = self.put(
            b"<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R "
            b"/OutputIntents [ %d 0 R ] /Outlines %d 0 R "
            b"/PageMode /UseOutlines /Lang (zh-CN) >>" % about
        )
        info = self.put(b"<< /Title %s >>" % text(title))
        self._table(catalog, info)
        return count

    def _outline(self, marks: Sequence[Mark]) -> int:
        root = self.reserve()
        first, last, count = self._level(root, marks)
        ends = b"/First %d 0 R /Last %d 0 R " % (first, last) if marks else b""
        self.put(b"<< /Type /Outlines %s/Count %d >>" % (ends, count), root)
        return root

    def _level(self, parent: int, marks: Sequence[Mark]) -> tuple[int, int, int]:
        """One level of bookmarks: first, last, and how many are shown with those below."""
        numbers = [self.reserve() for _ in marks]
        shown = len(marks)
        for i, (number, mark) in enumerate(zip(numbers, marks, strict=True)):
            entries = [
                b"/Title %s /Parent %d 0 R /Dest [ %d 0 R /Fit ]"
                % (text(mark.title), parent, mark.page)
            ]
            entries += [b"/Prev %d 0 R" % numbers[i - 1]] if i else []
            entries += [b"/Next %d 0 R" % numbers[i + 1]] if i + 1 < len(numbers) else []
            if mark.below:
                first, last, below = self._level(number, mark.below)
                entries.append(b"/First %d 0 R /Last %d 0 R /Count %d" % (first, last, below))
                shown += below
            self.put(b"<< %s >>" % b" ".join(entries), number)
        return (numbers[0], numbers[-1], shown) if numbers else (0, 0, 0)

    def _intent(self) -> int:
        """The colours meant: sRGB."""
        profile = self.stream(srgb(), b"/N 3 ")
        return self.put(
            (
                b"<< /Type /OutputIntent /S /GTS_PDFA1 "
                b"/OutputConditionIdentifier (sRGB) /DestOutputProfile %d 0 R "
                b">>"
            )
            % profile
        )

    def _table(self, catalog: int, info: int) -> None:
        """Cross-reference table and trailer; a number that was never written is a free one."""
        self._flush()
        at, name = self._at, self._digest.hexdigest()[:32].encode()
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        for begin in range(1, len(self._places), 1000):
            rows = self._places[begin : begin + 1000]
            self._write(
                b"".join(b"%010d 00000 n \n" % p if p else b"0000000000 00000 f \n" for p in rows)
            )
        trailer = b"/Size %d /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ]" % (
            len(self._places),
            catalog,
            info,
            name,
            name,
        )
        self._write(b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, at))
        self._flush()

    def _write(self, data: bytes) -> None:
        self._waiting += data
        self._at += len(data)
        if len(self._waiting) > MOST_WAITING:
            self._flush()

    def _flush(self) -> None:
        self._target.write(self._waiting)
        self._digest.update(self._waiting)
        self._waiting = bytearray()


@dataclass(frozen=True)
class Group:
    """The pages of one document in the page tree: its node, how many, the first page."""

    node: int
    count: int
    first: int
