"""A canvas of reportlab as a PDF/A-2b file: the colours meant, properties as XMP, text that reads
back."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String
from PIL import ImageCms
from reportlab.pdfbase.pdfdoc import PDFInfo
from reportlab.pdfgen.canvas import Canvas

from casework.text import without_invisible
from letters import fonts

CREATOR, PRODUCER = "Casework", PDFInfo.producer
_ABOVE_FFFF = re.compile(rb"<([0-9A-F]{5,6})>")
# reportlab keeps a read position in each face while it cuts a subset: one thread at a time
_cutting = threading.Lock()
# day in the head of the colour profile; the library puts today's, and bytes would differ
_MADE = (2026, 1, 1, 0, 0, 0)
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
{properties}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""  # noqa: E501
_ONE = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
_PROPERTIES = {
    "title": f"<dc:title>{_ONE}</dc:title>",
    "author": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "subject": f"<dc:description>{_ONE}</dc:description>",
    "tool": "<xmp:CreatorTool>{}</xmp:CreatorTool>",
    "at": "<xmp:CreateDate>{0}</xmp:CreateDate><xmp:ModifyDate>{0}</xmp:ModifyDate>",
    "producer": "<pdf:Producer>{}</pdf:Producer>",
    "part": "<pdfaid:part>{}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
}


@dataclass(frozen=True)
class About:
    """The properties of a file."""

    title: str
    author: str
    subject: str
    on: date


@cache
def srgb() -> bytes:
    """The colour profile of all our files (ICC): the same bytes every day, which a file of the same
    pages needs."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in _MADE)
    return bytes(profile)


def blank_canvas(paper: tuple[float, float]) -> Canvas:
    """A canvas for pages of `paper` (width, height in points) that names no face but ours; it is
    not compressed here, pikepdf deflates what it writes."""
    fonts.load_faces()
    return Canvas(
        BytesIO(), paper, initialFontName=fonts.Face.SONG.value, invariant=1, pageCompression=0
    )


def file_of(canvas: Canvas, about: About) -> bytes:
    """The finished canvas as a PDF/A-2b file, with its properties; the same pages give the same
    bytes."""
    with _cutting:
        drawn = canvas.getpdfdata()
    target = BytesIO()
    with Pdf.open(BytesIO(drawn)) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode.write(_ABOVE_FFFF.sub(_utf16, table))
        at = about.on.strftime("D:%Y%m%d000000+08'00'")
        named = {
            "/Title": about.title,
            "/Author": about.author,
            "/Subject": about.subject,
            "/Creator": CREATOR,
            "/Producer": PRODUCER,
            "/CreationDate": at,
            "/ModDate": at,
        }
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        save(pdf, target, named, xmp_of(about))
    return target.getvalue()


def save(pdf: Pdf, target: BinaryIO, named: dict[str, str], metadata: bytes) -> None:
    """Write a file of ours, compact and reproducible: its properties (``named`` and, as XMP,
    ``metadata``), its language and the colours meant."""
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({key: String(without_invisible(text)) for key, text in named.items() if text})
    )
    pdf.Root.Metadata = pdf.make_stream(metadata, Type=Name.Metadata, Subtype=Name.XML)
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1)
    intent.OutputConditionIdentifier = String("sRGB")
    intent.DestOutputProfile = pdf.make_stream(srgb(), N=3)
    pdf.Root.OutputIntents = Array([intent])
    pdf.Root.Lang = String("zh-CN")
    pdf.save(
        target,
        force_version="1.7",
        object_stream_mode=ObjectStreamMode.generate,
        deterministic_id=True,
    )


def _utf16(match: re.Match[bytes]) -> bytes:
    """A character above U+FFFF as tables for copying have it (ISO 32000-1, 9.10.3): reportlab
    writes its bare number, which readers take for another character."""
    return b"<%s>" % chr(int(match[1], 16)).encode("utf-16-be").hex().upper().encode()


def xmp_of(about: About) -> bytes:
    """The properties of a paper."""
    at = f"{about.on.isoformat()}T00:00:00+08:00"
    return xmp(about.title, author=about.author, subject=about.subject, at=at, producer=PRODUCER)


def xmp(title: str, *, claims: bool = True, **more: str) -> bytes:
    """The properties of a file (``more``: author, subject, at, producer); with ``claims`` it says
    that it is PDF/A-2b."""
    slots = {"title": title, "tool": CREATOR, "part": "2" if claims else "", **more}
    shown = [
        _PROPERTIES[key].format(escape(without_invisible(text)))
        for key, text in slots.items()
        if text
    ]
    return _XMP.format(properties="\n".join(shown)).encode()
