"""Working copies before a judge that is not ours: mat2, which finds what it would remove, finds
nothing left."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from casework.evidence.clean import cleaned
from casework.evidence.kinds import SHEET, WORD
from tests.conftest import need
from tests.evidence.made import MARK, pdf, photograph, picture, sound, word

# how it says of a PDF that there is none
NOTHING = {"creation-date: -1", "mod-date: -1", "format: PDF-1.3"}


def workbook() -> bytes:
    out, book = io.BytesIO(), openpyxl.Workbook()
    book.properties.creator = MARK.decode()
    book.save(out)
    return out.getvalue()


def tagged_sound() -> bytes:
    """A recording that names its artist."""
    name = MARK + b"\0" * (len(MARK) % 2)
    words = b"INFO" + b"IART" + struct.pack("<I", len(name)) + name
    plain = bytearray(sound() + b"LIST" + struct.pack("<I", len(words)) + words)
    plain[4:8] = struct.pack("<I", len(plain) - 8)
    return bytes(plain)


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "photo.jpg": (picture, "image/jpeg"),
    "photo.png": (lambda: picture("PNG"), "image/png"),
    "photo.heic": (lambda: photograph("HEIF"), "image/heic"),
    "paper.pdf": (pdf, "application/pdf"),
    "letter.docx": (word, WORD),
    "table.xlsx": (workbook, SHEET),
    "call.wav": (tagged_sound, "audio/x-wav"),
}


def found(file: Path) -> list[str]:
    """What mat2 would remove."""
    need("mat2", shutil.which("mat2") is not None)
    said = subprocess.run(
        ["mat2", "--show", str(file)], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    assert lines, "mat2 said nothing"
    return [x for x in lines if not x.startswith(("[+", "No metadata found")) and x not in NOTHING]


@pytest.mark.parametrize("name", MADE)
def test_another_program_finds_nothing_in_a_working_copy(name: str, tmp_path: Path) -> None:
    """In what was sent it does find whose it is: the mark, the place, or the program."""
    make, media_type = MADE[name]
    sent, copy = tmp_path / name, tmp_path / f"copy-{name.replace('.heic', '.jpg')}"
    sent.write_bytes(make())
    assert any(
        mark in line for line in found(sent) for mark in (MARK.decode(), "GPS", "Application: ")
    ), found(sent)
    clean = cleaned(make(), media_type)
    assert clean
    copy.write_bytes(clean)
    assert found(copy) == []
