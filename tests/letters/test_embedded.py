"""Faces in papers: each character with its own outline and width, in as many subsets as it takes,
and read back as written."""

from __future__ import annotations

import io
import re
import subprocess
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics

from letters import fonts
from letters.fonts import Face
from tests.conftest import need
from tests.support.letters import drawn

RARE = "谢䶮𬱟堃"
SEVERAL_SUBSETS = "".join(chr(0x4E00 + i) for i in range(600)) + RARE
OF_PARTS = "米∕秒−一"  # 楷体 puts two of these signs together from others


@pytest.mark.parametrize(
    ("text", "face"),
    [(SEVERAL_SUBSETS, Face.FANG), (SEVERAL_SUBSETS, Face.SONG), (OF_PARTS, Face.KAI)],
)
def test_a_text_reads_back_as_it_was_written(text: str, face: Face, tmp_path: Path) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    (tmp_path / "a.pdf").write_bytes(drawn(text, face))
    subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], check=True, capture_output=True)
    read = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "a.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "".join(read.split()) == text


@pytest.mark.parametrize(("text", "face"), [(SEVERAL_SUBSETS, Face.FANG), (OF_PARTS, Face.KAI)])
def test_every_character_has_its_outline_and_its_width(text: str, face: Face) -> None:
    """Held against the whole face, character by character, by the program that the paper
    carries."""
    met = ""
    with pikepdf.open(io.BytesIO(drawn(text, face))) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            program = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
            written = _written(font)
            for code, char in written.items():
                name = program["cmap"].tables[0].cmap[code]
                whole = pdfmetrics.getFont(fonts.homes(face)[char].face).face
                assert (
                    font.Widths[code] == whole.charWidths[ord(char)] == program["hmtx"][name][0]
                ), char
                assert _shape(program, name) == _shape_in(face, char), char
            met += "".join(written.values())
    assert sorted(met) == sorted(set(text))


def _written(font: pikepdf.Object) -> dict[int, str]:
    """Code → character, as the table for copying says."""
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall("<([0-9A-F]{2})> <([0-9A-F]{4,8})>", table)
    read = {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
    # reportlab keeps codes free for a space
    return {code: char for code, char in read.items() if code and char != " "}


def _shape(program: TTFont, name: str) -> list[tuple[int, int]]:
    return list(program["glyf"][name].getCoordinates(program["glyf"])[0])


def _shape_in(face: Face, char: str) -> list[tuple[int, int]]:
    whole = _whole(fonts.homes(face)[char].face)
    return _shape(whole, whole.getBestCmap()[ord(char)])


@cache
def _whole(name: str) -> TTFont:
    return TTFont(fonts.FONT_DIR / f"{name}.ttf", lazy=True)
