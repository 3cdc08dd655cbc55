"""Whether a document keeps the rules of PDF/A-2b (ISO 19005-2) as far as they can be read from its
parts.

A bound file says that it is PDF/A only when every document in it passes; what cannot be judged
counts as a breach.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pikepdf
from pikepdf import Page, Pdf

MOST = 200_000  # bytes of page content that are read for colours
_FORBIDDEN = re.compile(
    rb"/(?:JavaScript|JS|Launch|LZWDecode|Crypt|DeviceCMYK|PS|OPI|Alternates|TR|HTP|Movie|Sound|RichMedia|Rendition|"
    rb"EmbeddedFile|XFA|PresSteps|F|Interpolate true)(?=[\s/<>\[\]()])"
)
_CMYK = re.compile(rb"[\d.]\s+[kK](?=\s|$)")
_CLAIM = re.compile(rb"pdfaid:part[>=\"']+[123]")
_DESCRIBED = re.compile(rb"/FontDescriptor \d")


class Rules:
    """Looks at each object of a document as it is written; ``broken`` once one of them breaks a
    rule."""

    def __init__(self) -> None:
        self.broken = False

    def look(self, body: bytes) -> None:
        """Look at an object as serialised bytes: a dictionary, an array, the entries of a
        stream."""
        if not self.broken:
            self.broken = bool(_FORBIDDEN.search(body)) or _lacks_program(body)


def _lacks_program(body: bytes) -> bool:
    """A font without a description, or a description without the font's program; three-part fonts
    are met part by part."""
    if b"/BaseFont" not in body and b"/FontDescriptor" not in body:
        return False
    fonts = body.count(b"/BaseFont") - body.count(b"/Subtype /Type0")
    if fonts > len(_DESCRIBED.findall(body)):
        return True
    return b"/Type /FontDescriptor" in body and b"/FontFile" not in body


def broken_outside(pdf: Pdf, pages: Sequence[Page]) -> bool:
    """Whether a document breaks a rule that its objects do not show: it is encrypted, or its pages
    may hold CMYK colours and it does not call itself PDF/A."""
    return pdf.is_encrypted or not (_claims(pdf) or all(map(_plain_colours, pages)))


def _claims(pdf: Pdf) -> bool:
    meta = pdf.Root.get("/Metadata")
    return isinstance(meta, pikepdf.Stream) and _CLAIM.search(meta.read_bytes()) is not None


def _plain_colours(page: Page) -> bool:
    contents = page.obj.get("/Contents")
    streams = (
        contents
        if isinstance(contents, pikepdf.Array)
        else [contents]
        if contents is not None
        else []
    )
    total = 0
    for stream in streams:
        data = stream.read_bytes() if isinstance(stream, pikepdf.Stream) else b""
        total += len(data)
        if total > MOST or _CMYK.search(data):
            return False
    return True
