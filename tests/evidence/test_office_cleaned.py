"""What the working copy of an office file no longer holds, and archives that burst."""

import io
import struct
import zipfile
from typing import Any

import pytest
from PIL import Image

from casework.evidence.clean import cleaned
from casework.evidence.kinds import SHEET, WORD, kind_of
from tests.evidence.made import MARK, TYPES, archive, picture, word


def test_office_files_lose_authors_and_calls_home() -> None:
    copy = cleaned(word(), WORD)
    assert copy
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        everything = b"".join(made.read(n) for n in made.namelist())
        assert "docProps/core.xml" not in made.namelist()
        assert b"646 not 5087" in made.read("word/document.xml")
        assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in made.infolist())
    for gone in (MARK, b"evil.example", b"docProps", b"00A1"):
        assert gone not in everything


def other(kind: str) -> bytes:
    """A picture of a kind that Office keeps too, with a mark in its notes."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = MARK.decode()
    notes: dict[str, Any] = {"comment": MARK} if kind == "GIF" else {"exif": exif}
    Image.new("RGB", (12, 9), "white").save(out, kind, **notes)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jfif", picture()),
        ("jpe", picture()),
        ("bmp", picture()),
        ("tif", other("TIFF")),
        ("gif", other("GIF")),
        ("x", other("WEBP")),
    ],
)
def test_pictures_in_office_files_lose_their_notes_whatever_their_names_say(
    name: str, content: bytes
) -> None:
    assert MARK in content
    copy = cleaned(word(**{f"word__media__image9_dot_{name}": content}), WORD)
    assert copy
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        assert all(MARK not in made.read(part) for part in made.namelist())
        with Image.open(io.BytesIO(made.read(f"word/media/image9.{name}"))) as shown:
            assert shown.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_a_photograph_hidden_in_another_part_makes_no_copy() -> None:
    drawing = b"\x01\0\0\0 lines and curves" + bytes(40)
    assert cleaned(word(word__media__a_dot_emf=drawing), WORD)
    assert cleaned(word(word__media__a_dot_emf=drawing + picture()), WORD) is None


def test_a_real_workbook_still_opens_after_cleaning() -> None:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = MARK.decode()
    book.active["A1"] = "应收账款"
    book.save(out)
    copy = cleaned(out.getvalue(), SHEET)
    assert copy
    again = openpyxl.load_workbook(io.BytesIO(copy))
    assert again.active["A1"].value == "应收账款"
    assert again.properties.creator != MARK.decode()


BOMBS = {
    "packed too tightly": word(word__media__x_dot_xml=bytes(30_000_000)),
    "a program inside": word(word__vbaProject_dot_bin=b"x"),
    "too many parts": archive(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": b"",
            **{f"p{n}": b"" for n in range(2001)},
        }
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_programs_have_no_copy(name: str) -> None:
    assert kind_of(BOMBS[name]) == WORD
    assert cleaned(BOMBS[name], WORD) is None


def test_an_archive_of_very_many_names_is_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name costs the reader a hundred times what it takes in the file."""
    many = archive(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": b"",
            **{f"{n}": b"" for n in range(10_001)},
        }
    )
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_a: pytest.fail("it is listed"))
    assert kind_of(picture() + many) is None


def test_a_bomb_that_lies_about_its_size_has_no_copy() -> None:
    honest = archive({"[Content_Types].xml": TYPES, "word/document.xml": bytes(5_000_000)})
    size = struct.pack("<I", 5_000_000)
    assert cleaned(honest.replace(size, struct.pack("<I", 1000)), WORD) is None
