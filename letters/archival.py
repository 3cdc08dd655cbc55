"""What makes a paper a PDF/A-2b file beside its embedded faces: the colours meant, and its
properties as XMP."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase.pdfdoc import PDFInfo

from casework.text import without_invisible

CREATOR, PRODUCER = "Casework", PDFInfo.producer
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
    """The colour profile of all our files, the same bytes every day."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in _MADE)
    return bytes(profile)


@cache
def packed_srgb() -> bytes:
    """The same, deflated."""
    return zlib.compress(srgb(), 9)


def text(words: str) -> bytes:
    """A text as a PDF has it outside of pages (UTF-16 with its mark, in hexadecimal)."""
    return b"<%s>" % (b"\xfe\xff" + words.encode("utf-16-be")).hex().upper().encode()


def info(about: About) -> bytes:
    """The dictionary of properties, which says the same as the XMP."""
    named = {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.subject,
        "Creator": CREATOR,
        "Producer": PRODUCER,
    }
    texts = b" ".join(
        b"/%s %s" % (key.encode(), text(without_invisible(words)))
        for key, words in named.items()
        if words
    )
    at = b"(D:%s000000+08'00')" % about.on.strftime("%Y%m%d").encode()
    return b"<< %s /CreationDate %s /ModDate %s >>" % (texts, at, at)


def xmp_of(about: About) -> bytes:
    """The properties of a paper."""
    at = f"{about.on.isoformat()}T00:00:00+08:00"
    return xmp(about.title, author=about.author, subject=about.subject, at=at, producer=PRODUCER)


def entries(metadata: int, profile: int) -> bytes:
    """What the catalog of a paper says: its properties, the colours meant, its language; numbers of
    the two streams."""
    intent = (
        b"<< /Type /OutputIntent /S /GTS_PDFA1 "
        b"/OutputConditionIdentifier (sRGB) /DestOutputProfile %d 0 R "
        b">>"
    ) % profile
    shown = b"/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>"
    return b"/Metadata %d 0 R /OutputIntents [%s] %s" % (metadata, intent, shown)


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
