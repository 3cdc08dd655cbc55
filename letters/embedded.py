"""How a face goes into a paper: the outlines of the characters that it uses, their widths, and the
way back to text.

reportlab does the same with more: it copies the table of all outlines for every paper, makes an
object of every width, and adds tables that a PDF does not need (ISO 32000-1, 9.9).
"""

from __future__ import annotations

import mmap
import threading
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from struct import pack
from typing import Any, Protocol

from reportlab.pdfbase import ttfonts

MOST = 255  # characters that one byte tells apart; 0 is the empty box
COPIED = ("head", "hhea", "maxp")  # tables, with a few numbers of the subset put in
# How outlines are deflated: more effort takes twice the time for two per cent.
LEVEL, MEMORY = 4, 9
# reportlab's way with glyphs that consist of others keeps a read position in the face: one thread
# at a time.
_cutting = threading.Lock()


class PdfObjects(Protocol):
    """Takes the objects of a PDF and answers their numbers."""

    def put(self, body: bytes, number: int = 0) -> int:
        """An object as it stands in a file."""

    def stream(self, data: bytes, entries: bytes = b"", packed: bytes = b"") -> int:
        """A stream, deflated unless ``packed`` is it already."""


class Used(dict[str, int]):
    """Character → its number in a document: the lower byte is its code, those above its subset."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, char: str) -> int:
        subset, code = divmod(len(self), MOST)
        self[char] = number = (subset << 8) + code + 1
        return number

    def coded(self, chars: Iterable[str]) -> list[tuple[str, str]]:
        """Characters as (name of a subset, codes in hexadecimal), piece by piece."""
        numbers = list(map(self.__getitem__, chars))
        if max(numbers) <= MOST:
            return [(f"{self.name}+0", bytes(numbers).hex())]
        parts = groupby(numbers, lambda n: n >> 8)
        return [
            (f"{self.name}+{subset}", bytes([n & 0xFF for n in part]).hex())
            for subset, part in parts
        ]

    def subsets(self) -> Iterator[list[int]]:
        """Characters by their codes, code 0 being none."""
        codes = [ord(char) for char in self]
        return ([0, *codes[i : i + MOST]] for i in range(0, len(codes), MOST))


class Font(ttfonts.TTFont):
    """A face whose file is mapped, not copied: pages of unused glyphs never enter memory."""

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename, asciiReadable=False, shapable=False)
        with open(filename, "rb") as file:
            self.face._ttf_data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _compact(self.face)
        self.tables = {tag: self.face.get_table(tag) for tag in COPIED}

    def used(self, doc: Any) -> Used:
        """What a document uses of the face."""
        try:
            found: Used = self.state[doc]
        except KeyError:
            found = self.state[doc] = Used(f"/F{len(doc.delayedFonts) + 1}")
            doc.delayedFonts.append(self)
        return found

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """Pieces of a text as (subset, codes); reportlab's canvas calls this and the next by these
        names."""
        coded = self.used(doc).coded(text) if text else []
        return [(int(name.rpartition("+")[2]), bytes.fromhex(codes)) for name, codes in coded]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802
        """What the pages of a document call a subset."""
        return f"{self.used(doc).name}+{subset}"

    def embed(self, file: PdfObjects, doc: Any) -> Iterator[bytes]:
        """Write what the document uses; entries for the list of fonts of its pages."""
        used = self.state.pop(doc)
        for n, subset in enumerate(used.subsets()):
            tagged = (ttfonts.SUBSETN(n) + b"+" + self.face.name).decode("ascii")
            yield b"%s+%d %d 0 R" % (used.name.encode(), n, self._font(file, tagged, subset))

    def _font(self, file: PdfObjects, name: str, subset: list[int]) -> int:
        widths = " ".join(
            [str(self.face.charWidths.get(code, self.face.defaultWidth)) for code in subset]
        )
        parts = file.stream(to_unicode(name, subset).encode()), self._descriptor(file, name, subset)
        return file.put(
            f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /FirstChar 0 "
            f"/LastChar {len(subset) - 1} /Widths [{widths}] "
            f"/ToUnicode {parts[0]} 0 R /FontDescriptor {parts[1]} 0 R >>".encode()
        )

    def _descriptor(self, file: PdfObjects, name: str, subset: list[int]) -> int:
        face, program = self.face, self.program(subset)
        number = file.stream(program, b"/Length1 %d " % len(program), _deflated(program))
        flags = face.flags & ~ttfonts.FF_NONSYMBOLIC | ttfonts.FF_SYMBOLIC
        box = " ".join(f"{side:g}" for side in face.bbox)
        return file.put(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags {flags} "
            f"/FontBBox [{box}] /ItalicAngle {face.italicAngle:g} "
            f"/Ascent {face.ascent:g} /Descent {face.descent:g} /CapHeight "
            f"{face.capHeight:g} /StemV {face.stemV:g} "
            f"/MissingWidth {face.defaultWidth:g} /FontFile2 {number} 0 R >>".encode()
        )

    def program(self, subset: Sequence[int]) -> bytes:
        """A TrueType file with the glyphs of these characters, whose place in the list is their
        code."""
        face = self.face
        places = {0: 0}  # glyph in the face → glyph in the subset; 0 is the empty box
        codes = [places.setdefault(face.charToGlyph.get(code, 0), len(places)) for code in subset]
        start = face.get_table_pos("glyf")[0]
        outlines = [
            face._ttf_data[start + face.glyphPos[g] : start + face.glyphPos[g + 1]] for g in places
        ]
        # made of others: five signs of 楷体
        if any(outline and outline[0] >= 0x80 for outline in outlines):
            with _cutting:
                return bytes(face.makeSubset(subset))
        return _program(self.tables, codes, outlines, [face.hmetrics[g] for g in places])


class _Pairs:
    """Width and left bearing of each glyph, as reportlab asks for them, in 4 bytes instead of
    130."""

    def __init__(self, pairs: Iterable[tuple[float, int]]) -> None:
        self.flat, last = array("H"), 0
        for width, bearing in pairs:
            # Behind the last width of the table all glyphs are as wide as it; reportlab gives it
            # there scaled to 1/1000.
            last = width if isinstance(width, int) else last
            self.flat.append(last)
            self.flat.append(bearing & 0xFFFF)

    def __getitem__(self, glyph: int) -> tuple[int, int]:
        return self.flat[2 * glyph], self.flat[2 * glyph + 1]


def _compact(face: Any) -> None:
    """What reportlab keeps of a face in memory, in a fourth of the room."""
    face.glyphToChar = {}  # serves only text shaping, which Chinese does not need
    face.glyphPos = array("I", face.glyphPos)
    face.hmetrics = _Pairs(face.hmetrics)
    # nearly all characters are as wide as all others: one number for all of them
    same: dict[int, int] = {}
    face.charWidths = {
        char: same.setdefault(width, width) for char, width in face.charWidths.items()
    }


def _deflated(program: bytes) -> bytes:
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, MEMORY, zlib.Z_FILTERED)
    return deflate.compress(program) + deflate.flush()


def _program(
    tables: dict[str, bytes],
    codes: list[int],
    outlines: list[bytes],
    metrics: list[tuple[int, int]],
) -> bytes:
    even = [outline + b"\0" * (len(outline) % 2) for outline in outlines]
    ends = [0, *accumulate(map(len, even))]
    long = ends[-1] > 0x1FFFE
    full = _full_metrics(metrics)
    made = ttfonts.TTFontMaker()
    made.add("glyf", b"".join(even))
    made.add(
        "loca",
        pack(
            f">{len(ends)}{'L' if long else 'H'}", *(ends if long else [end >> 1 for end in ends])
        ),
    )
    made.add(
        "hmtx",
        b"".join(
            [pack(">HH", *m) for m in metrics[:full]] + [pack(">H", m[1]) for m in metrics[full:]]
        ),
    )
    made.add("head", _with(tables["head"], 50, int(long)))
    made.add("hhea", _with(tables["hhea"], 34, full))
    made.add("maxp", _with(tables["maxp"], 4, len(outlines)))
    made.add(
        "cmap",
        pack(
            f">HHHHLHHHHH{len(codes)}H",
            0,
            1,
            1,
            0,
            12,
            6,
            10 + 2 * len(codes),
            0,
            0,
            len(codes),
            *codes,
        ),
    )
    return bytes(made.makeStream())


def _full_metrics(metrics: list[tuple[int, int]]) -> int:
    """How many glyphs have a width of their own in the table: the last one's holds for all that
    follow."""
    count = len(metrics)
    while count > 1 and metrics[count - 1][0] == metrics[count - 2][0]:
        count -= 1
    return count


def _with(table: bytes, place: int, number: int) -> bytes:
    return table[:place] + pack(">H", number) + table[place + 2 :]


def to_unicode(name: str, subset: list[int]) -> str:
    """The table that lets a reader copy text out of the PDF: UTF-16 of every code in turn (ISO
    32000-1, 9.10.3).

    reportlab's own writes characters above U+FFFF as five hex digits, which readers take for
    another character.
    """
    texts = "".join([f"<{chr(code).encode('utf-16-be').hex()}>" for code in subset]).upper()
    system = f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def"
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        system,
        f"/CMapName /{name} def",
    ]
    codes = f"<00> <{len(subset) - 1:02x}>"
    space = ["/CMapType 2 def", "1 begincodespacerange", codes, "endcodespacerange"]
    ends = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join([*head, *space, "1 beginbfrange", f"{codes} [{texts}]", "endbfrange", *ends])
