"""The five faces of a paper: loaded once per process, with a fallback for every character and none left out.

The files in ``fonts/`` are static TrueType subsets under their own licences (``fonts/licenses/``).
Nothing is drawn with a face that lacks the character: `check_text` refuses first and names it.
"""

from __future__ import annotations

import mmap
import threading
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from letters import archival

FONT_DIR = Path(__file__).parent / "fonts"
GETA = "〓"  # the compositor's mark for a character that is not in the case


class Face(StrEnum):
    """A face by its part in GB/T 9704: text 仿宋, headings 黑体 and 楷体, title 小标宋, figures 宋体."""

    FANG = "Fang"
    SONG = "Song"
    HEI = "Hei"
    KAI = "Kai"
    BIAO = "XiaoBiaoSong"


# Digits and Latin letters of 仿宋 and 楷体 are a typewriter style there; official papers set them in 宋体.
LATIN_IN_SONG = frozenset({Face.FANG, Face.KAI})


class MissingGlyph(ValueError):  # says what is missing, as the house does
    """No face can draw this character; raised before anything is drawn.

    `field` says where it was typed, e.g. ``party.name``.
    """

    def __init__(self, char: str, field: str = "") -> None:
        self.char, self.field = char, field
        super().__init__(f"no face has U+{ord(char):04X} ({char!r}) in {field or 'text'}")


class Glyph(NamedTuple):
    """Where a character is drawn from, how wide it is in thousandths of the size, whether it stands in the grid."""

    face: str
    width: float
    wide: bool = True  # full-width: neither digit nor Latin letter


class _Homes(dict[str, Glyph]):
    """Character → glyph for text set in one face; filled as characters are met."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, char: str) -> Glyph:
        code = ord(char)
        for name in _order(self.face, code):
            metrics = pdfmetrics.getFont(name).face
            if code in metrics.charToGlyph and unicodedata.category(char) not in ("Cc", "Cf"):
                glyph = Glyph(name, float(metrics.charWidths[code]), not in_run(char))
                self[char] = glyph
                return glyph
        raise MissingGlyph(char)


def in_run(char: str) -> bool:
    """A digit, letter or sign that is read together with its neighbours of the same sort."""
    return "\x20" < char < "\u0250"


_homes: dict[Face, _Homes] = {}
_loading = threading.Lock()
# reportlab's face object keeps a read position while it cuts a subset, so only one thread may cut at a time.
cutting = threading.Lock()


def _order(face: Face, code: int) -> tuple[str, ...]:
    """Faces to ask for a character: figures of 仿宋 and 楷体 come from 宋体, all else from the face."""
    if face in LATIN_IN_SONG and 0x20 < code < 0x250:
        return (Face.SONG, face)
    return (face, Face.SONG)


def load(fangsong: Path | None = None) -> None:
    """Register the faces, once; later calls do nothing.

    `fangsong`: the bureau's own licensed 仿宋 (static TrueType), used in place of the free one; pass it at
    start-up, before the first paper.
    """
    if _homes:
        return
    with _loading:
        if _homes:
            return
        ttfonts.makeToUnicodeCMap = to_unicode_map
        archival.whole_streams()
        rl_config.useA85 = 0  # streams as bytes: a fifth smaller, and quicker, than as printable text
        for face in Face:
            path = fangsong if fangsong and face is Face.FANG else FONT_DIR / f"{face}.ttf"
            pdfmetrics.registerFont(_MappedFont(face.value, str(path), asciiReadable=False, shapable=False))
        _homes.update({face: _Homes(face) for face in Face})


class _Pieces:
    """The table of outlines, of which only the pieces asked for are copied; reportlab copies all of it for every paper."""

    def __init__(self, face: Any) -> None:
        self.data, self.start = face._ttf_data, face.get_table_pos("glyf")[0]

    def __getitem__(self, piece: slice) -> bytes:
        found: bytes = self.data[self.start + piece.start : self.start + piece.stop]
        return found


class _MappedFont(ttfonts.TTFont):  # reportlab ships no types
    """A face whose file is mapped, not copied: pages of unused glyphs never enter memory."""

    def __init__(self, name: str, filename: str, **options: Any) -> None:
        super().__init__(name, filename, **options)
        with open(filename, "rb") as file:
            self.face._ttf_data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        whole = self.face.get_table

        def table(tag: str) -> Any:
            if tag == "name":  # copyright and names again in every paper, read by nobody; reportlab goes on without it
                raise KeyError(tag)
            return _Pieces(self.face) if tag == "glyf" else whole(tag)

        self.face.get_table = table
        self.face.glyphToChar = {}  # serves only text shaping, which Chinese does not need; 10 MB


def homes(face: Face) -> dict[str, Glyph]:
    """Glyph of each character of a text set in `face`; a character in no face raises `MissingGlyph`."""
    load()
    return _homes[face]


def runs(text: str, face: Face) -> list[tuple[str, str]]:
    """Cut a text into (face name, characters) pieces that one face can draw."""
    table, pieces = homes(face), list[tuple[str, str]]()
    for char in text:
        name = table[char].face
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + char)
        else:
            pieces.append((name, char))
    return pieces


def check_text(texts: Iterable[tuple[str, str]], face: Face = Face.FANG) -> None:
    """Refuse the first character that no face has, naming its field; line ends are layout and pass."""
    table = homes(face)
    for field, text in texts:
        for char in dict.fromkeys(text):
            if char == "\n":
                continue
            try:
                table[char]
            except MissingGlyph:
                raise MissingGlyph(char, field) from None


def printable(text: str) -> str:
    """The text with every character that cannot be drawn put as 〓, for words that came from outside."""
    table = homes(Face.FANG)

    def shown(char: str) -> str:
        try:
            return char if char == "\n" or table[char] else GETA
        except MissingGlyph:
            return GETA

    return "".join(map(shown, text))


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """The table that lets a reader copy text out of the PDF.

    reportlab's own writes characters above U+FFFF as five hex digits, which readers take for another
    character; the format wants UTF-16 and at most a hundred entries in a block (PDF 32000-1, 9.10.3).
    """
    entries = [f"<{i:02X}> <{chr(c).encode('utf-16-be').hex().upper()}>" for i, c in enumerate(subset)]
    blocks = [entries[i : i + 100] for i in range(0, len(entries), 100)]
    body = [line for b in blocks for line in (f"{len(b)} beginbfchar", *b, "endbfchar")]
    system = f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def"
    head = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", system]
    name = [f"/CMapName /{font_name} def", "/CMapType 2 def", "1 begincodespacerange"]
    ends = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join([*head, *name, f"<00> <{len(subset) - 1:02X}>", "endcodespacerange", *body, *ends])
