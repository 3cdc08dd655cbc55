"""What makes a paper a PDF/A-2b file beside its embedded faces: the colours meant, and its properties as XMP."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase import pdfdoc

CREATOR = "Casework"
_MADE = (2026, 1, 1, 0, 0, 0)  # day in the head of the colour profile; the library puts today's, and bytes would differ
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
{properties}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
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


@cache
def srgb() -> bytes:
    """The colour profile of all our files, the same bytes every day."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in _MADE)
    return bytes(profile)


def mark(document: Any, title: str, author: str, subject: str, on: date) -> None:
    """Put both into a document of reportlab's before it is saved."""
    catalog = document.Catalog
    profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb())
    intent = {
        "Type": pdfdoc.PDFName("OutputIntent"), "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"), "DestOutputProfile": document.Reference(profile),
    }  # fmt: skip
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    entries = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")})
    at = f"{on.isoformat()}T00:00:00+08:00"
    data = xmp(title, author=author, subject=subject, at=at, producer=document.info.producer)
    catalog.Metadata = pdfdoc.PDFStream(entries, data, filters=[])


def xmp(title: str, *, claims: bool = True, **more: str) -> bytes:
    """The properties of a file (``more``: author, subject, at, producer); with ``claims`` it says that it is PDF/A-2b."""
    slots = {"title": title, "tool": CREATOR, "part": "2" if claims else "", **more}
    shown = [_PROPERTIES[key].format(escape(text)) for key, text in slots.items() if text]
    return _XMP.format(properties="\n".join(shown)).encode()


def whole_streams() -> None:
    """Every stream ends with a line end before «endstream», which PDF/A asks for and reportlab leaves out."""
    plain = pdfdoc.PDFStream.format
    end = b"endstream\n"

    def ended(self: Any, document: Any) -> bytes:
        written: bytes = plain(self, document)
        return written[: -len(end)] + b"\n" + end

    if not hasattr(plain, "ended"):
        ended.ended = True  # type: ignore[attr-defined]
        pdfdoc.PDFStream.format = ended
