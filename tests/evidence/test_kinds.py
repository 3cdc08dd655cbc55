"""Kinds of files as people have them: old office files, scans, faxes, archives, fixed pages, PDFs
with something before."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest
from flask import Flask
from PIL import Image, ImageDraw
from werkzeug.datastructures import FileStorage

from casework.evidence import clean, ole
from casework.evidence.clean import cleaned
from casework.evidence.kinds import (
    ALLOWED,
    COPIED,
    OFD,
    PDF,
    RTF,
    SEALED_ALONE,
    TIFF,
    WORD,
    ZIP,
    copy_type,
    kind_of,
)
from casework.evidence.preview import page_picture
from casework.evidence.uploads import download_name, take_in
from tests.evidence.made import MARK, archive, pdf, word

SECTOR, FREE, END, FAT, DIFAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def entry(name: str, right: int = FREE, inside: int = FREE) -> bytes:
    """An entry of the directory of an old office file."""
    letters = name.encode("utf-16-le")
    head = (
        letters.ljust(64, b"\0")
        + struct.pack("<H", len(letters) + 2)
        + bytes([5 if inside != FREE else 2, 1])
    )
    return (head + struct.pack("<3I", FREE, right, inside)).ljust(128, b"\0")


def old_office(*names: str, filler: int = 20, embedded: str = "") -> bytes:
    """An old office file whose directory lies behind so many sectors of content, as in files of
    real size; ``embedded`` is the name of a part within a part."""
    entries = [entry("Root Entry", inside=1)]
    for number, name in enumerate(names, 1):
        entries.append(entry(name, right=number + 1 if number < len(names) else FREE))
    if embedded:
        entries[-1] = entry("ObjectPool", inside=len(entries))
        entries.append(entry(embedded))
    directory = b"".join(entries)
    directory += bytes(-len(directory) % SECTOR)
    first, length = filler, len(directory) // SECTOR
    tables = 1
    while tables * 128 < filler + length + tables + 1:
        tables += 1
    far = tables > 109
    table = (
        [END] * filler
        + [first + n + 1 for n in range(length - 1)]
        + [END]
        + [FAT] * tables
        + [DIFAT] * far
    )
    table += [FREE] * (tables * 128 - len(table))
    places = [filler + length + n for n in range(tables)]
    near, rest = places[:109], places[109:]
    where = filler + length + tables if far else END
    head = ole.SIGNATURE + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, first, 0, 4096, END, 0, where, int(far))
    head += struct.pack("<109I", *(near + [FREE] * (109 - len(near))))
    lists = struct.pack("<128I", *(rest + [FREE] * (127 - len(rest)) + [END])) if far else b""
    return (
        head + bytes(filler * SECTOR) + directory + struct.pack(f"<{len(table)}I", *table) + lists
    )


@pytest.mark.parametrize("filler", [1, 20, 600, 16_000], ids=["small", "9 kB", "300 kB", "8 MB"])
def test_old_office_files_of_any_size_are_told_by_their_directory(filler: int) -> None:
    for name, kind in (("Workbook", ole.XLS), ("Book", ole.XLS), ("WordDocument", ole.DOC)):
        assert kind_of(old_office("\x05SummaryInformation", name, filler=filler)) == kind, name


def test_what_is_embedded_in_an_old_file_does_not_say_what_it_is() -> None:
    assert kind_of(old_office("WordDocument", "ObjectPool", embedded="Workbook")) == ole.DOC
    assert kind_of(old_office("Workbook", "ObjectPool", embedded="WordDocument")) == ole.XLS
    assert kind_of(old_office("EncryptedPackage")) == ole.LOCKED  # a document with a password
    assert kind_of(old_office("Contents")) is None


def test_an_old_file_that_lies_about_its_sectors_ends() -> None:
    whole = old_office("Workbook")
    rounds = bytearray(whole)
    # the directory's first sector is followed by itself
    struct.pack_into("<I", rounds, SECTOR * 22, 20)
    for data in (bytes(rounds), whole[:600], whole[:76], whole[:8], whole[:30] + b"\xff" * 600):
        assert kind_of(data) in (None, ole.XLS)


def test_an_archive_of_very_many_names_is_taken_and_not_even_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = archive({f"{n}": b"" for n in range(10_001)})
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_a: pytest.fail("it is listed"))
    assert kind_of(many) == ZIP


def drawn(kind: str, mode: str = "RGB", pages: int = 1, **more: object) -> bytes:
    """Pictures with the page's number as a bar of so many steps, in one file."""
    made = []
    for number in range(1, pages + 1):
        page = Image.new("RGB", (80, 60), "white")
        ImageDraw.Draw(page).rectangle((0, 0, 10 * number, 10), "black")
        made.append(page.convert(mode))
    out = io.BytesIO()
    several = {"save_all": True, "append_images": made[1:]} if pages > 1 else {}
    made[0].save(out, kind, **several, **more)
    return out.getvalue()


PACKED = {
    OFD: archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"}),
    ZIP: archive({"账.txt": b"x", "evil.exe": b"MZ"}),
    RTF: b"{\\rtf1\\ansi \\u21488?}",
    "application/x-7z-compressed": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40),
    "application/x-rar": b"Rar!\x1a\x07\x01\x00" + bytes(40),
    "audio/x-silk": b"\x02#!SILK_V3" + bytes(200),
    "audio/ogg": b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(40),
}


@pytest.mark.parametrize("kind", PACKED)
def test_what_cannot_be_cleaned_is_taken_and_stays_sealed(app: Flask, kind: str) -> None:
    taken = take_in(FileStorage(io.BytesIO(PACKED[kind]), "材料"), 10**7)
    assert (taken.media_type, taken.cleaned) == (kind, "")
    assert app.extensions["sealed_store"].read(taken.stored) == PACKED[kind]


def test_every_kind_is_either_copied_or_sealed_alone() -> None:
    assert not set(COPIED) & set(SEALED_ALONE)
    assert set(clean._MAKERS) | set(clean._PHOTOGRAPHS) == set(COPIED)
    assert set(ALLOWED) == set(COPIED) | set(SEALED_ALONE)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("GIF", "image/gif"), ("BMP", "image/bmp"), ("TIFF", TIFF)]
)
def test_pictures_of_old_programs_have_a_copy_that_opens_everywhere(
    kind: str, media_type: str
) -> None:
    noted = (
        {"comment": MARK}
        if kind == "GIF"
        else {"software": MARK.decode()}
        if kind == "TIFF"
        else {}
    )
    source = drawn(kind, **noted)
    assert kind_of(source) == media_type
    copy = cleaned(source, media_type)
    assert copy
    assert MARK not in copy
    assert kind_of(copy) == copy_type(media_type)
    assert page_picture(copy, copy_type(media_type), 1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "LA", "I;16"])
def test_a_fax_keeps_all_its_pages(mode: str) -> None:
    fax = drawn("TIFF", "L", 1) if mode == "I;16" else drawn("TIFF", mode, 3)
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (60, 40), 60_000).save(out, "TIFF")
        fax = out.getvalue()
    copy = cleaned(fax, TIFF)
    assert copy
    with pikepdf.open(io.BytesIO(copy)) as pages:
        assert len(pages.pages) == (1 if mode == "I;16" else 3)
        assert "/Info" not in pages.trailer


def test_a_moving_picture_keeps_its_frames() -> None:
    copy = cleaned(drawn("GIF", pages=4, duration=80), "image/gif")
    assert copy
    with Image.open(io.BytesIO(copy)) as moving:
        assert (moving.format, getattr(moving, "n_frames", 1)) == ("PNG", 4)


@pytest.mark.parametrize("media_type", ["image/gif", "image/bmp", TIFF])
def test_a_picture_that_is_larger_than_can_be_drawn_has_no_copy(media_type: str) -> None:
    kind = media_type.split("/")[1].upper()
    huge = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(huge, kind)
    assert cleaned(huge.getvalue(), media_type) is None


BEFORE = {
    "line ends": b"\r\n\r\n",
    "a mark of Unicode": b"\xef\xbb\xbf",
    "words": b"hello\n",
    "a web server's head": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nX-From: "
    + MARK
    + b"\r\n\r\n",
    "zeros": bytes(512),
}


@pytest.mark.parametrize("name", BEFORE)
def test_a_pdf_with_something_before_it_is_one(name: str) -> None:
    """Readers look for it within the first 1,024 bytes. The copy begins as it should."""
    source = BEFORE[name] + pdf()
    assert kind_of(source) == PDF
    copy = cleaned(source, PDF)
    assert copy
    assert copy.startswith(b"%PDF-")
    assert MARK not in copy


def test_a_program_or_a_picture_before_a_pdf_is_not() -> None:
    for before in (b"MZ\x90\0" + bytes(60), b"\xff\xd8\xff\xe0\0\x10JFIF\0"):
        assert kind_of(before + pdf()) is None
    assert kind_of(bytes(1100) + pdf()) is None


def with_marks(marks: object, on_root: bool = False) -> bytes:
    """A PDF whose page has such a thing where its marks stand."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as made:
        holder = made.Root if on_root else made.pages[0].obj
        for name in ("/Names", "/Outlines", "/AcroForm", "/AA", "/AF") if on_root else ("/Annots",):
            holder[name] = marks
        made.save(out)
    return out.getvalue()


ODD = {
    "nothing": None,
    "a number": 7,
    "a word": pikepdf.String("x"),
    "a name": pikepdf.Name.Text,
    "a dictionary": pikepdf.Dictionary(Subtype=pikepdf.Name.Text),
    "an empty list": pikepdf.Array(),
    "a list of nothing": pikepdf.Array([None, 7, pikepdf.Array([None])]),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("on_root", [False, True], ids=["page", "root"])
def test_a_pdf_with_odd_things_where_marks_stand_is_cleaned(name: str, on_root: bool) -> None:
    if ODD[name] is None:  # pikepdf itself does not write it
        source = with_marks(pikepdf.Array([7]), on_root).replace(b"[ 7 ]", b"null ")
        assert b"null" in source
    else:
        source = with_marks(ODD[name], on_root)
    copy = clean.made(source, PDF)
    assert copy
    assert MARK not in copy


def test_a_pdf_with_a_mark_that_is_not_there_is_cleaned() -> None:
    """A reference to an object that the file does not hold, in place of a mark and of the whole
    list."""
    for odd in (b"[ 99 0 R ]", b"99 0 R    "):
        source = with_marks(pikepdf.Array([1234567])).replace(b"[ 1234567 ]", odd.ljust(11))
        assert odd.strip() in source
        copy = clean.made(source, PDF)
        assert copy
        assert page_picture(copy, PDF, 1)


def test_a_fault_that_nobody_thought_of_means_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(_data: bytes) -> bytes:
        raise AttributeError("what a library says")

    monkeypatch.setitem(clean._MAKERS, "audio/mpeg", odd)
    assert cleaned(b"x", "audio/mpeg") is None


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        "账".encode(),
        "账".encode("gbk"),
        b"import os\n",
        b'{"a": 1}\n',
        b"a,b\r\n1,2\r\n\x1a",
        "第一行\r\n".encode("utf-16"),
        b"#!/bin/sh\nls\n",
        b"- a\n- b\n",
    ],
)
def test_short_and_odd_texts_are_texts(data: bytes) -> None:
    assert kind_of(data) in ("text/plain", "text/csv")


def test_a_copy_is_saved_under_the_name_of_its_kind() -> None:
    assert download_name("传真.tif", copy_type(TIFF)) == "传真.tif.pdf"
    assert download_name("动图.gif", copy_type("image/gif")) == "动图.gif.png"
    assert kind_of(word()) == WORD
