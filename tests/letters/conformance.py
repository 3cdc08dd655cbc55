"""The rules of PDF/A-2b (ISO 19005-2) that can be checked without veraPDF, each named by its
clause.

Not checked: whether every glyph that is drawn exists, the order of objects in content streams, JPEG
2000.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Stream

_FORBIDDEN_KEYS = {
    "/AA",
    "/JS",
    "/XFA",
    "/Alternates",
    "/OPI",
    "/TR",
    "/PresSteps",
    "/EmbeddedFiles",
    "/HTP",
}
_FORBIDDEN_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/Hide",
    "/SetOCGState",
}
_DC, _RDF = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


def breaches(data: bytes) -> list[str]:
    """Every rule that the file breaks; none for a file that keeps them."""
    found = list(_of_the_file(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += [*_of_the_whole(pdf), *_of_the_metadata(pdf), *_of_the_intent(pdf)]
        for thing in pdf.objects:
            found += _of_an_object(thing)
        for page in pdf.pages:
            found += _of_a_page(page)
    return sorted(set(found))


def _of_the_file(data: bytes) -> Iterator[str]:
    first, second = data.split(b"\n", 2)[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]", first):
        yield "6.1.2 header"
    if not (second.startswith(b"%") and len(second) > 4 and all(b > 127 for b in second[1:5])):
        yield "6.1.2 binary comment"
    if data.count(b"endstream") != len(re.findall(rb"[\r\n]endstream", data)):
        yield "6.1.7 line end before endstream"
    if not re.search(rb"%%EOF[\r\n]*\Z", data):
        yield "6.1.3 data after the end"


def _of_the_whole(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in pdf.trailer or len(bytes(pdf.trailer.ID[0])) < 16:
        yield "6.1.3 file identifier"
    if pdf.is_encrypted:
        yield "6.1.3 encryption"
    for key in ("/OpenAction", "/AA", "/AcroForm", "/OCProperties"):
        if key in pdf.Root:
            yield f"6.5 {key} in the catalog"


def _of_the_metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    stream = pdf.Root.get("/Metadata")
    if stream is None or stream.Type != "/Metadata" or stream.Subtype != "/XML":
        yield "6.6.2 no metadata"
        return
    raw = stream.read_bytes()
    if b"<?xpacket begin=" not in raw:
        yield "6.6.2 no packet"
    tree = ET.fromstring(raw)  # noqa: S314
    said = {kind: _property(tree, _PDFAID + kind) for kind in ("part", "conformance")}
    if said != {"part": "2", "conformance": "B"}:
        yield f"6.6.4 identification {said}"
    title = tree.find(f".//{_DC}title//{_RDF}li")
    if title is None or title.text != str(pdf.docinfo.get("/Title")):
        yield "6.6.3 title differs"


def _property(tree: ET.Element, name: str) -> str:
    found = tree.find(f".//{name}")
    if found is not None:
        return found.text or ""
    return next((e.attrib[name] for e in tree.iter() if name in e.attrib), "")


def _of_the_intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", []))
    if (
        len(intents) != 1
        or intents[0].S != "/GTS_PDFA1"
        or "/OutputConditionIdentifier" not in intents[0]
    ):
        yield "6.2.3 output intent"
        return
    profile = intents[0].DestOutputProfile.read_bytes()
    if (
        intents[0].DestOutputProfile.N != 3
        or profile[16:20] != b"RGB "
        or profile[36:40] != b"acsp"
        or profile[8] > 4
    ):
        yield "6.2.3 profile"
    if int.from_bytes(profile[:4], "big") != len(profile):
        yield "6.2.3 length of the profile"


def _of_an_object(thing: Any) -> Iterator[str]:
    if not isinstance(thing, Dictionary | Stream):
        return
    entries = thing.stream_dict if isinstance(thing, Stream) else thing
    for key in _FORBIDDEN_KEYS & set(entries.keys()):
        yield f"6.5 {key}"
    if str(entries.get("/S", "")) in _FORBIDDEN_ACTIONS:
        yield f"6.5 action {entries.S}"
    if isinstance(thing, Stream):
        yield from _of_a_stream(thing)
    elif entries.get("/Type") == Name.Font:
        yield from _of_a_font(thing)


def _of_a_stream(stream: Stream) -> Iterator[str]:
    if "/F" in stream or "/FFilter" in stream:
        yield "6.1.7 external stream"
    named = stream.get("/Filter", [])
    filters = [str(f) for f in (named if isinstance(named, pikepdf.Array) else [named])]
    if {"/LZWDecode", "/Crypt"} & set(filters):
        yield "6.1.7 filter"
    if len(stream.read_raw_bytes()) != int(stream.Length):
        yield "6.1.7 length"
    if stream.get("/Subtype") == Name.Image:
        if stream.get("/ColorSpace") == Name.DeviceCMYK:
            yield "6.2.4 CMYK without its profile"
        if stream.get("/Interpolate"):
            yield "6.2.8 interpolation"
    if stream.get("/Subtype") == Name.PS:
        yield "6.2.9 PostScript"


def _of_a_font(font: Any) -> Iterator[str]:
    kind, name = str(font.Subtype), str(font.get("/BaseFont", "?"))
    if "/ToUnicode" not in font and not kind.startswith("/CIDFont"):
        yield f"6.2.11.7 {name} cannot be read back"
    if kind in ("/Type0", "/Type3"):
        return
    about = font.get("/FontDescriptor", Dictionary())
    programs = [k for k in ("/FontFile", "/FontFile2", "/FontFile3") if k in about]
    if len(programs) != 1:
        yield f"6.2.11.4 {name} is not embedded"
        return
    if kind == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield f"6.2.11.3 {name} without CIDToGIDMap"
    if kind == "/TrueType":
        yield from _of_a_truetype(font, name, about)


def _of_a_truetype(font: Any, name: str, about: Any) -> Iterator[str]:
    """A symbolic face: no encoding, one table of characters, and the widths that its glyphs
    have."""
    program = TTFont(io.BytesIO(about.FontFile2.read_bytes()))
    symbolic = bool(int(about.Flags) & 4)
    if symbolic and "/Encoding" in font:
        yield f"6.2.11.6 {name} symbolic with an encoding"
    if symbolic and len(program["cmap"].tables) != 1:
        yield f"6.2.11.6 {name} has {len(program['cmap'].tables)} tables of characters"
    scale, glyphs = 1000 / program["head"].unitsPerEm, program["cmap"].tables[0].cmap
    for code, width in enumerate(font.Widths, int(font.FirstChar)):
        if code in glyphs and abs(program["hmtx"][glyphs[code]][0] * scale - float(width)) > 1:
            yield f"6.2.11.5 {name} widths"


def _of_a_page(page: pikepdf.Page) -> Iterator[str]:
    for state in (page.resources.get("/ExtGState") or {}).values():
        if (
            float(state.get("/CA", 1)) < 1
            or float(state.get("/ca", 1)) < 1
            or state.get("/SMask", Name.None_) != Name.None_
        ):
            yield "6.2.10 transparency"
    for note in page.obj.get("/Annots", []):
        yield f"6.3 annotation {note.Subtype}"
    for code in pikepdf.parse_content_stream(page):
        if str(code.operator) in ("k", "K") or (
            str(code.operator) in ("cs", "CS") and str(code.operands[0]) == "/DeviceCMYK"
        ):
            yield "6.2.4 CMYK in the page"
