"""The file of a paper, as small as PDF 1.7 writes it: small objects together in one compressed
stream, their places in another.

PDF/A-2 allows both (ISO 19005-2, 6.1). A page is let go as soon as it is closed, so that a long
list takes little memory.
"""

from __future__ import annotations

import hashlib
import zlib
from itertools import accumulate
from struct import pack
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from letters import archival

HEAD = b"%PDF-1.7\n%\xe5\xbe\xb7\xe5\n"
IN_FILE, IN_STREAM = 1, 2  # where an object is, in the table of places


class PdfFile:
    """A PDF in the making: the same pages always give the same bytes."""

    def __init__(self) -> None:
        self.out = bytearray(HEAD)
        # kind, offset or stream, place in the stream
        self.places: list[tuple[int, int, int]] = [(0, 0, 0xFFFF)]
        self.small: list[tuple[int, bytes]] = []
        self.pages: list[int] = []
        self.tree, self.fonts = self.reserve(), self.reserve()

    def reserve(self) -> int:
        """The number of an object that comes later."""
        self.places.append((0, 0, 0))
        return len(self.places) - 1

    def put(self, body: bytes, number: int = 0) -> int:
        """A small object as it stands in a file; answers its number."""
        number = number or self.reserve()
        self.small.append((number, body))
        return number

    def stream(self, data: bytes, entries: bytes = b"", packed: bytes = b"") -> int:
        """A stream with further entries of its dictionary, deflated unless ``packed`` is it
        already."""
        return self._write(b"%s/Filter /FlateDecode " % entries, packed or zlib.compress(data))

    def page(self, canvas: Canvas, picture: int = 0) -> None:
        """What was drawn on the canvas becomes a page; the canvas is empty again. The pages know a
        picture as «/P»."""
        content = self.stream("\n".join(canvas._code).encode("ascii"))
        shown = b" /XObject << /P %d 0 R >>" % picture if picture else b""
        width, height = canvas._pagesize
        self.pages.append(
            self.put(
                (
                    b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources "
                    b"<< /Font %d 0 R%s >> /Contents %d 0 R >>"
                )
                % (self.tree, b"%.4f" % width, b"%.4f" % height, self.fonts, shown, content)
            )
        )
        canvas._startPage()

    def finish(self, doc: Any, about: archival.About) -> bytes:
        """The bytes, with the faces that the document used."""
        faces = b" ".join(entry for font in doc.delayedFonts for entry in font.embed(self, doc))
        self.put(b"<< %s >>" % faces, self.fonts)
        kids = b" ".join(b"%d 0 R" % n for n in self.pages)
        self.put(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.pages), kids), self.tree)
        xmp = self._write(b"/Type /Metadata /Subtype /XML ", archival.xmp_of(about))
        profile = self.stream(b"", b"/N 3 ", archival.packed_srgb())
        catalog = self.put(
            b"<< /Type /Catalog /Pages %d 0 R %s >>" % (self.tree, archival.entries(xmp, profile))
        )
        ends = b"/Root %d 0 R /Info %d 0 R" % (catalog, self.put(archival.info(about)))
        self._together()
        self._table(ends)
        return bytes(self.out)

    def _together(self) -> None:
        """All small objects as one stream, and where each is."""
        begins = accumulate((len(body) + 1 for _n, body in self.small), initial=0)
        head = b" ".join(
            [b"%d %d" % (n, begin) for (n, _body), begin in zip(self.small, begins, strict=False)]
        )
        data = zlib.compress(b"\n".join([head, *(body for _n, body in self.small)]))
        number = self._write(
            b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode "
            % (len(self.small), len(head) + 1),
            data,
        )
        for i, (n, _body) in enumerate(self.small):
            self.places[n] = (IN_STREAM, number, i)

    def _table(self, ends: bytes) -> None:
        """Where each object is, and the file's name: a digest of all that stands before."""
        at, name = len(self.out), hashlib.sha256(self.out).hexdigest()[:32].encode()
        self.places.append((IN_FILE, at, 0))
        data = zlib.compress(b"".join([pack(">BLH", *place) for place in self.places]))
        table = b"/Type /XRef /Size %d /W [1 4 2] %s /ID [<%s> <%s>] /Filter /FlateDecode "
        self._append(len(self.places) - 1, table % (len(self.places), ends, name, name), data)
        self.out += b"startxref\n%d\n%%%%EOF\n" % at

    def _write(self, entries: bytes, data: bytes) -> int:
        self.places.append((IN_FILE, len(self.out), 0))
        self._append(len(self.places) - 1, entries, data)
        return len(self.places) - 1

    def _append(self, number: int, entries: bytes, data: bytes) -> None:
        self.out += b"%d 0 obj\n<< %s/Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
            number,
            entries,
            len(data),
            data,
        )
