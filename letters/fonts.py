"""The five faces of a paper, loaded once per process, and further ones that are loaded when a text
needs them.

The files in ``fonts/`` are static TrueType subsets under their own licences (``fonts/licenses/``).
The further faces (花園明朝, Debian's fonts-hanazono) hold what GB 18030-2022 asks for names of
people and places at level 3, and signs; a machine without them draws 〓. What no face has never
comes here: `letters.drawable` puts another sign first.
"""

from __future__ import annotations

import mmap
import os
import threading
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT_DIR = Path(__file__).parent / "fonts"


class Face(StrEnum):
    """A face by its part in GB/T 9704: text 仿宋, headings 黑体 and 楷体, title 小标宋, figures 宋
    体."""

    FANG = "Fang"
    SONG = "Song"
    HEI = "Hei"
    KAI = "Kai"
    BIAO = "XiaoBiaoSong"


# Digits and Latin letters of 仿宋 and 楷体 are a typewriter style there; official papers set them
# in 宋体.
LATIN_IN_SONG = frozenset({Face.FANG, Face.KAI})


class Further(NamedTuple):
    """A face that is loaded only for characters between two codes."""

    file: str
    first: int
    last: int


HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
# The first holds signs and letters of the basic plane, the second ideographs of the extensions B to
# F.
FURTHER = (
    Further("HanaMinA", 0x00A0, 0xDFFF),
    Further("HanaMinA", 0xF900, 0xFFFD),
    Further("HanaMinB", 0x20000, 0x2EBE0),
    Further("HanaMinA", 0x2F800, 0x2FA1D),
)


class Glyph(NamedTuple):
    """Where a character is drawn from, how wide it is in thousandths of the size, whether it stands
    in the grid."""

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
        # where it has none, the empty box of 宋体
        name = _home(self.face, code) or _further(code) or Face.SONG.value
        metrics = pdfmetrics.getFont(name).face
        width = metrics.charWidths.get(code, metrics.defaultWidth)
        self[char] = glyph = Glyph(name, float(width), not in_run(char))
        return glyph


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
    """Whether it is a digit, letter or sign that is read together with its neighbours of the same
    sort."""
    return "\x20" < char < "\u0250"


_homes: dict[Face, _Homes] = {}
_kinds: dict[Face, _Kinds] = {}
_loading = threading.Lock()
_loaded: dict[str, Any] = {}  # further faces by their files; None where there is no file


def _home(face: Face, code: int) -> str:
    """The first of our faces that has a character: figures of 仿宋 and 楷体 come from 宋体, all
    else from the face."""
    order = (face, Face.SONG, Face.FANG, Face.KAI)
    if face in LATIN_IN_SONG and 0x20 < code < 0x250:
        order = (Face.SONG, face, Face.FANG, Face.KAI)
    return next(
        (name.value for name in order if code in pdfmetrics.getFont(name).face.charToGlyph), ""
    )


def _further(code: int) -> str:
    """The further face that has a character, loaded now if it was not; none, or none on this
    machine, is «»."""
    name = next((f.file for f in FURTHER if f.first <= code <= f.last), "")
    if not name:
        return ""
    with _loading:
        if name not in _loaded:
            _loaded[name] = _load_further(name)
    face = _loaded[name]
    return name if face is not None and code in face.charToGlyph else ""


def _load_further(name: str) -> Any:
    """The face of a file; None where the machine has no such file."""
    path = further_folder() / f"{name}.ttf"
    if not path.is_file():
        return None
    font = _font(name, path)
    pdfmetrics.registerFont(font)
    return font.face


class _Mapped:
    """A file that is mapped, not copied, when reportlab reads it: the pages of unused glyphs never
    enter memory, and the others leave it first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> mmap.mmap:
        """The whole file as a map of memory."""
        with self.path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _font(name: str, path: Path) -> TTFont:
    return TTFont(name, _Mapped(path), asciiReadable=False, shapable=False)


def further_folder() -> Path:
    """Where the further faces lie: ``CASEWORK_RARE_FONTS``, else where Debian's package puts
    them."""
    return Path(os.environ.get("CASEWORK_RARE_FONTS") or HANAZONO)


def further_missing() -> bool:
    """Whether this machine has no face for rare characters of names."""
    return not (further_folder() / "HanaMinB.ttf").is_file()


def load_faces(fangsong: Path | None = None) -> None:
    """Register the faces, once; later calls do nothing.

    `fangsong`: the bureau's own licensed 仿宋 (static TrueType), used in place of the free one;
    pass it at start-up, before the first paper.
    """
    if _homes:
        return
    with _loading:
        if _homes:
            return
        for face in Face:
            path = fangsong if fangsong and face is Face.FANG else FONT_DIR / f"{face}.ttf"
            pdfmetrics.registerFont(_font(face.value, path))
        _homes.update({face: _Homes(face) for face in Face})
        _kinds.update({face: _Kinds(table) for face, table in _homes.items()})


def load_aside() -> None:
    """Begin to load the faces in a thread of their own, if nobody has: no request waits for
    them."""
    if not _homes:
        threading.Thread(target=load_faces, name="fonts", daemon=True).start()


def homes(face: Face) -> dict[str, Glyph]:
    """Glyph of each character of a text set in `face`; one that no face has is an empty box (see
    `letters.drawable`)."""
    load_faces()
    return _homes[face]


def character_kinds(face: Face) -> dict[str, tuple[str, bool]]:
    """Character → name of its face, and whether it is full-width, for a text set in `face`."""
    load_faces()
    return _kinds[face]


def own(char: str) -> bool:
    """Whether one of our own faces has the character."""
    load_faces()
    return bool(_home(Face.FANG, ord(char)))


def has(char: str) -> bool:
    """Whether any face has it; loads a further one to find out."""
    return own(char) or bool(_further(ord(char)))
