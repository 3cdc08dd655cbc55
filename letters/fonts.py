"""The five faces of a paper: loaded once per process, with a fallback for every character and none left out.

The files in ``fonts/`` are static TrueType subsets under their own licences (``fonts/licenses/``).
Nothing is drawn with a face that lacks the character: `check_text` refuses first and names it.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics

from letters.embedded import Font

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


class _Kinds(dict[str, tuple[str, bool]]):
    """Character → its face and whether it is full-width: what is written together."""

    def __init__(self, table: _Homes) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, char: str) -> tuple[str, bool]:
        glyph = self.table[char]
        self[char] = kind = (glyph.face, glyph.wide)
        return kind


def in_run(char: str) -> bool:
    """A digit, letter or sign that is read together with its neighbours of the same sort."""
    return "\x20" < char < "\u0250"


_homes: dict[Face, _Homes] = {}
_kinds: dict[Face, _Kinds] = {}
_loading = threading.Lock()


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
        for face in Face:
            path = fangsong if fangsong and face is Face.FANG else FONT_DIR / f"{face}.ttf"
            pdfmetrics.registerFont(Font(face.value, str(path)))
        _homes.update({face: _Homes(face) for face in Face})
        _kinds.update({face: _Kinds(table) for face, table in _homes.items()})


def load_aside() -> None:
    """Begin to load the faces in a thread of their own, if nobody has: no request waits for them."""
    if not _homes:
        threading.Thread(target=load, name="fonts", daemon=True).start()


def homes(face: Face) -> dict[str, Glyph]:
    """Glyph of each character of a text set in `face`; a character in no face raises `MissingGlyph`."""
    load()
    return _homes[face]


def kinds(face: Face) -> dict[str, tuple[str, bool]]:
    """Face and full-width or not of each character of a text set in `face`."""
    load()
    return _kinds[face]


def check_text(texts: Iterable[tuple[str, str]], face: Face = Face.FANG) -> None:
    """Refuse the first character that no face has, naming its field; line ends are layout and pass."""
    table = homes(face)
    known = table.keys()
    for field, text in texts:
        for char in dict.fromkeys(text) if set(text) - known else ():
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
